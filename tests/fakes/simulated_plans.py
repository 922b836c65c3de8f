"""A request's expressions, checked together and compiled once for each wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.fakes.simulated_expressions import Condition, condition, inside
from tests.fakes.simulated_reader import Malformed, Path, Reader
from tests.fakes.simulated_updates import Update, read_update
from tests.fakes.simulated_values import Attribute, Item


@dataclass(frozen=True, slots=True)
class SortRange:
    """What a key condition asks of the sort key; `values` are names of one or two values."""

    sign: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyRange:
    """`attributes` are the names that the condition speaks of, the partition key's first."""

    attributes: tuple[str, ...]
    partition: str
    sort: SortRange | None


@dataclass(frozen=True, slots=True)
class Plan:
    condition: Condition | None
    update: Update | None
    keys: KeyRange | None
    filter: Condition | None
    projection: tuple[Path, ...] | None


def plan_of(request: Mapping[str, Any]) -> Plan:
    """Raises Malformed."""
    get = request.get
    names, values = get("ExpressionAttributeNames"), get("ExpressionAttributeValues")
    return _plan(
        get("ConditionExpression"),
        get("UpdateExpression"),
        get("KeyConditionExpression"),
        get("FilterExpression"),
        get("ProjectionExpression"),
        None if names is None else tuple(names.items()),
        None if values is None else tuple(values),
    )


@cache
def _plan(
    condition_text: str | None,
    update_text: str | None,
    keys_text: str | None,
    filter_text: str | None,
    projection_text: str | None,
    names: tuple[tuple[str, str], ...] | None,
    values: tuple[str, ...] | None,
) -> Plan:
    reading = _Reading(dict(names or ()))
    plan = Plan(
        reading.condition("ConditionExpression", condition_text),
        reading.update(update_text),
        reading.keys(keys_text),
        reading.condition("FilterExpression", filter_text),
        reading.projection(projection_text),
    )
    reading.check([name for name, _ in names or ()] if names is not None else None, values)
    return plan


class _Reading:
    """Reads the expressions of one request and remembers which names and values they used."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._used: set[str] = set()
        self._texts = 0

    def condition(self, parameter: str, text: str | None) -> Condition | None:
        return None if text is None else self._read(parameter, text, condition)

    def update(self, text: str | None) -> Update | None:
        return None if text is None else self._read("UpdateExpression", text, read_update)

    def keys(self, text: str | None) -> KeyRange | None:
        return None if text is None else self._read("KeyConditionExpression", text, _key_range)

    def projection(self, text: str | None) -> tuple[Path, ...] | None:
        return None if text is None else self._read("ProjectionExpression", text, _paths)

    def _read(self, parameter: str, text: str, read: Any) -> Any:
        self._texts += 1
        try:
            reader = Reader(text, self._names)
            result = read(reader)
            reader.end()
        except Malformed as error:
            raise Malformed(f"Invalid {parameter}: {error}") from None
        self._used |= reader.used
        return result

    def check(self, names: Sequence[str] | None, values: Sequence[str] | None) -> None:
        for kind, given in (("Names", names), ("Values", values)):
            if given is None:
                continue
            if not self._texts:
                raise Malformed(f"ExpressionAttribute{kind} can only be specified when using expressions")
            if not given:
                raise Malformed(f"ExpressionAttribute{kind} must not be empty")
            unused = [name for name in given if name not in self._used]
            if unused:
                raise Malformed(
                    f"Value provided in ExpressionAttribute{kind} unused in expressions: keys: {{{', '.join(unused)}}}"
                )
        missing = sorted(name for name in self._used if name.startswith(":") and name not in (values or ()))
        if missing:
            raise Malformed(
                f"An expression attribute value used in expression is not defined; attribute value: {missing[0]}"
            )


def _paths(reader: Reader) -> tuple[Path, ...]:
    paths = [reader.path()]
    while reader.take(","):
        paths.append(reader.path())
    if any(isinstance(step, int) for path in paths for step in path):
        raise NotImplementedError("the simulated DynamoDB projects no places of lists")
    return tuple(paths)


def _key_range(reader: Reader) -> KeyRange:
    parts = [_key_part(reader)]
    while reader.take("AND"):
        parts.append(_key_part(reader))
    parts.sort(key=lambda part: part[1].sign != "=")
    if len(parts) > 2 or parts[0][1].sign != "=":
        raise Malformed("Query key condition not supported")
    names = tuple(name for name, _ in parts)
    return KeyRange(names, parts[0][1].values[0], parts[1][1] if len(parts) > 1 else None)


def _key_part(reader: Reader) -> tuple[str, SortRange]:
    if reader.take("("):
        part = _key_part(reader)
        reader.expect(")")
        return part
    if reader.peek() == "begins_with":
        reader.next()
        reader.expect("(")
        name = _key_name(reader)
        reader.expect(",")
        start = reader.value()
        reader.expect(")")
        return name, SortRange("begins_with", (start,))
    name = _key_name(reader)
    if reader.take("BETWEEN"):
        low = reader.value()
        reader.expect("AND")
        return name, SortRange("BETWEEN", (low, reader.value()))
    sign = reader.next()
    if sign not in ("=", "<", "<=", ">", ">="):
        raise Malformed("Query key condition not supported" if sign == "<>" else f'Syntax error; token: "{sign}"')
    return name, SortRange(sign, (reader.value(),))


def _key_name(reader: Reader) -> str:
    path = reader.path()
    if len(path) != 1:
        raise Malformed("KeyConditionExpressions cannot have conditions on nested attributes")
    return str(path[0])


def projected(item: Item, paths: tuple[Path, ...]) -> Item:
    """The parts of an item that lie at the paths, nested as they were."""
    shown: Item = {}
    for path in paths:
        value = inside(item, path)
        if value is None:
            continue
        container: dict[str, Attribute] = shown
        for step in path[:-1]:
            container = container.setdefault(str(step), {"M": {}})["M"]
        container[str(path[-1])] = value
    return shown
