"""Update expressions, compiled once into a function that gives the new item and leaves the old one as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tests.fakes.simulated_expressions import Operand, Values, inside, operand
from tests.fakes.simulated_reader import Malformed, Path, Reader
from tests.fakes.simulated_values import Attribute, Item, total

_TYPE = "An operand in the update expression has an incorrect data type"
_MISSING = "The provided expression refers to an attribute that does not exist in the item"
_NO_PARENT = "The document path provided in the update expression is invalid for update"


class NotApplicable(Exception):
    """An update that this item cannot take."""


@dataclass(slots=True)
class Update:
    """`sets` and `adds` with what they compute, `removes` as paths, in the order written.

    `touched` are the attributes that it changes; `copies` says that it writes what the item itself holds.
    """

    sets: list[tuple[Path, Operand]] = field(default_factory=list)
    adds: list[tuple[Path, str]] = field(default_factory=list)
    removes: list[Path] = field(default_factory=list)
    touched: frozenset[str] = frozenset()
    copies: bool = False

    @property
    def paths(self) -> list[Path]:
        return [*(path for path, _ in self.sets), *self.removes, *(path for path, _ in self.adds)]

    def apply(self, old: Item, values: Values) -> Item:
        """Every operand is read from the old item.

        Raises:
            NotApplicable: a path without a parent, a missing operand, a wrong type.
        """
        new = dict(old)
        for path, compute in self.sets:
            value = compute(old, values)
            if value is None:
                raise NotApplicable(_MISSING)
            _place(new, path, value)
        for path, name in self.adds:
            _place(new, path, _sum(inside(old, path), values[name], 1))
        for path in self.removes:
            _take_out(new, path)
        return new


def read_update(reader: Reader) -> Update:
    update = Update()
    seen: set[str] = set()
    while reader.peek():
        word = reader.word()
        if word in seen:
            raise Malformed(f'The "{word}" section can only be used once in an update expression;')
        seen.add(word)
        _clause(reader, update)
    _refuse_overlap(update.paths)
    update.touched = frozenset(str(path[0]) for path in update.paths)
    update.copies = reader.paths > len(update.paths)
    return update


def _clause(reader: Reader, update: Update) -> None:
    parts: dict[str, Callable[[], None]] = {
        "SET": lambda: update.sets.append(_set(reader)),
        "REMOVE": lambda: update.removes.append(reader.path()),
        "ADD": lambda: update.adds.append((reader.path(), reader.value())),
    }
    part = parts.get(reader.word())
    if part is None:
        reader.fail()
    reader.next()
    part()
    while reader.take(","):
        part()


def _set(reader: Reader) -> tuple[Path, Operand]:
    path = reader.path()
    reader.expect("=")
    left = _set_operand(reader)
    for sign, factor in (("+", 1), ("-", -1)):
        if reader.take(sign):
            return path, _computed(left, _set_operand(reader), factor)
    return path, left


def _computed(left: Operand, right: Operand, factor: int) -> Operand:
    def computed(item: Item, values: Values) -> Attribute | None:
        first, second = left(item, values), right(item, values)
        if first is None or second is None:
            return None
        return _sum(first, second, factor)

    return computed


def _set_operand(reader: Reader) -> Operand:
    token = reader.peek()
    if token not in ("if_not_exists", "list_append"):
        return operand(reader)
    reader.next()
    reader.expect("(")
    first = _set_operand(reader)
    reader.expect(",")
    second = _set_operand(reader)
    reader.expect(")")
    if token == "list_append":
        return lambda item, values: _appended(first(item, values), second(item, values))

    def if_not_exists(item: Item, values: Values) -> Attribute | None:
        there = first(item, values)
        return second(item, values) if there is None else there

    return if_not_exists


def _appended(first: Attribute | None, second: Attribute | None) -> Attribute | None:
    if first is None or second is None:
        return None
    if "L" not in first or "L" not in second:
        raise NotApplicable(_TYPE)
    return {"L": [*first["L"], *second["L"]]}


def _sum(there: Attribute | None, added: Attribute, factor: int) -> Attribute:
    if "N" not in added or (there is not None and "N" not in there):
        raise NotApplicable(_TYPE)
    return added if there is None else {"N": total(there["N"], added["N"], factor)}


def _place(new: Item, path: Path, value: Attribute) -> None:
    """Copies what it changes on the way down: older versions of the item share the rest."""
    container, step = _opened(new, path)
    if isinstance(container, dict):
        container[str(step)] = value
    elif isinstance(step, int) and step < len(container):
        container[step] = value
    else:
        container.append(value)


def _take_out(new: Item, path: Path) -> None:
    container, step = _opened(new, path)
    if isinstance(container, dict):
        container.pop(str(step), None)
    elif isinstance(step, int) and step < len(container):
        del container[step]


def _opened(new: Item, path: Path) -> tuple[Any, str | int]:
    """The copied container that holds the last step of a path."""
    container: Any = new
    for step, following in pairwise(path):
        kind = "L" if isinstance(following, int) else "M"
        value = _at(container, step)
        if value is None or kind not in value:
            raise NotApplicable(_NO_PARENT)
        copied = list(value["L"]) if kind == "L" else dict(value["M"])
        container[step] = {kind: copied}
        container = copied
    return container, path[-1]


def _at(container: Any, step: str | int) -> Attribute | None:
    if isinstance(container, dict):
        found: Attribute | None = container.get(step)
        return found
    return container[step] if isinstance(step, int) and step < len(container) else None


def _refuse_overlap(paths: list[Path]) -> None:
    for place, path in enumerate(paths):
        for other in paths[:place]:
            shorter = min(len(path), len(other))
            if path[:shorter] == other[:shorter]:
                raise Malformed(
                    "Two document paths overlap with each other; must remove or rewrite one of these paths;"
                    f" path one: {_shown(other)}, path two: {_shown(path)}"
                )


def _shown(path: Path) -> str:
    return f"[{', '.join(map(str, path))}]"
