"""DynamoDB's expressions, each compiled once into a function of the item and the request's values.

Understood is what a table of text keys needs: comparisons, BETWEEN, IN, AND, OR, NOT, the functions of conditions,
SET with + and -, if_not_exists and list_append, REMOVE, ADD of numbers, nested paths. Sets are not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.fakes.simulated_reader import Path, Reader
from tests.fakes.simulated_values import Attribute, Item, rank

Values = Mapping[str, Attribute]
Operand = Callable[[Item, Values], Attribute | None]
Condition = Callable[[Item, Values], bool]

_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})


def operand(reader: Reader) -> Operand:
    """A path, a value or size(path)."""
    token = reader.peek()
    if token.startswith(":"):
        name = reader.value()
        return lambda item, values: values[name]
    if token == "size":
        reader.next()
        reader.expect("(")
        path = reader.path()
        reader.expect(")")
        return _measured(path)
    return found_at(reader.path())


def found_at(path: Path) -> Operand:
    """What lies at a path, or None."""
    if len(path) == 1:
        name = str(path[0])
        return lambda item, values: item.get(name)
    return lambda item, values: inside(item, path)


def inside(item: Item, path: Path) -> Attribute | None:
    value: Attribute | None = item.get(str(path[0]))
    for step in path[1:]:
        if value is None:
            return None
        if isinstance(step, int):
            places = value.get("L", ())
            value = places[step] if step < len(places) else None
        else:
            value = value.get("M", {}).get(step)
    return value


def _measured(path: Path) -> Operand:
    there = found_at(path)

    def measured(item: Item, values: Values) -> Attribute | None:
        value = there(item, values)
        if value is None:
            return None
        ((kind, content),) = value.items()
        if kind not in ("S", "B", "M", "L"):
            return None
        return {"N": str(len(content.encode()) if kind == "S" else len(content))}

    return measured


def condition(reader: Reader) -> Condition:
    """A whole condition, as deep as its parentheses go."""
    parts = [_all_of(reader)]
    while reader.take("OR"):
        parts.append(_all_of(reader))
    if len(parts) == 1:
        return parts[0]
    return lambda item, values: any(part(item, values) for part in parts)


def _all_of(reader: Reader) -> Condition:
    parts = [_negated(reader)]
    while reader.take("AND"):
        parts.append(_negated(reader))
    if len(parts) == 1:
        return parts[0]

    def all_of(item: Item, values: Values) -> bool:
        for part in parts:  # noqa: SIM110  a loop is twice as fast as all() over a generator
            if not part(item, values):
                return False
        return True

    return all_of


def _negated(reader: Reader) -> Condition:
    if reader.take("NOT"):
        inner = _negated(reader)
        return lambda item, values: not inner(item, values)
    if reader.take("("):
        inner = condition(reader)
        reader.expect(")")
        return inner
    if reader.peek() in _FUNCTIONS:
        return _FUNCTIONS[reader.next()](reader)
    return _compared(reader)


def _compared(reader: Reader) -> Condition:
    left = operand(reader)
    if reader.take("BETWEEN"):
        low = operand(reader)
        reader.expect("AND")
        high = operand(reader)
        return lambda item, values: _between(left(item, values), low(item, values), high(item, values))
    if reader.take("IN"):
        choices = _listed(reader)
        return lambda item, values: any(equal(left(item, values), choice(item, values)) for choice in choices)
    if reader.peek() not in _COMPARISONS:
        reader.fail()
    sign = reader.next()
    return comparison(sign, left, operand(reader))


def _listed(reader: Reader) -> list[Operand]:
    reader.expect("(")
    choices = [operand(reader)]
    while reader.take(","):
        choices.append(operand(reader))
    reader.expect(")")
    return choices


def comparison(sign: str, left: Operand, right: Operand) -> Condition:
    """`<>` holds for a missing attribute too; every other comparison with one does not."""
    if sign == "=":
        return lambda item, values: equal(left(item, values), right(item, values))
    if sign == "<>":
        return lambda item, values: not equal(left(item, values), right(item, values))
    return lambda item, values: ordered(sign, left(item, values), right(item, values))


def equal(left: Attribute | None, right: Attribute | None) -> bool:
    return left is not None and left == right


def ordered(sign: str, left: Attribute | None, right: Attribute | None) -> bool:
    if left is None or right is None:
        return False
    first, second = rank(left), rank(right)
    if first is None or second is None or first[0] != second[0]:
        return False
    below, above = first[1] < second[1], first[1] > second[1]
    if sign == "<":
        return bool(below)
    if sign == ">":
        return bool(above)
    return bool(not above if sign == "<=" else not below)


def _between(value: Attribute | None, low: Attribute | None, high: Attribute | None) -> bool:
    return ordered(">=", value, low) and ordered("<=", value, high)


def _exists(reader: Reader) -> Condition:
    there = found_at(_path_argument(reader))
    return lambda item, values: there(item, values) is not None


def _not_exists(reader: Reader) -> Condition:
    there = found_at(_path_argument(reader))
    return lambda item, values: there(item, values) is None


def _path_argument(reader: Reader) -> Path:
    reader.expect("(")
    path = reader.path()
    reader.expect(")")
    return path


def _two_arguments(reader: Reader) -> tuple[Operand, Operand]:
    reader.expect("(")
    first = operand(reader)
    reader.expect(",")
    second = operand(reader)
    reader.expect(")")
    return first, second


def _begins(reader: Reader) -> Condition:
    whole, start = _two_arguments(reader)
    return lambda item, values: begins_with(whole(item, values), start(item, values))


def begins_with(whole: Attribute | None, start: Attribute | None) -> bool:
    return whole is not None and start is not None and "S" in whole and str(whole["S"]).startswith(start.get("S", "\0"))


def _contains(reader: Reader) -> Condition:
    whole, part = _two_arguments(reader)

    def contains(item: Item, values: Values) -> bool:
        there, wanted = whole(item, values) or {}, part(item, values)
        if wanted is None:
            return False
        return wanted in there.get("L", ()) or ("S" in wanted and wanted["S"] in there.get("S", ""))

    return contains


def _type(reader: Reader) -> Condition:
    there, kind = _two_arguments(reader)

    def of_type(item: Item, values: Values) -> bool:
        wanted = kind(item, values) or {}
        return wanted.get("S") in (there(item, values) or {})

    return of_type


_FUNCTIONS: Mapping[str, Callable[[Reader], Condition]] = {
    "attribute_exists": _exists,
    "attribute_not_exists": _not_exists,
    "attribute_type": _type,
    "begins_with": _begins,
    "contains": _contains,
}
