"""Queries of a simulated table and of its indexes, page by page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fakes.simulated_expressions import Values
from tests.fakes.simulated_plans import KeyRange, Plan, SortRange, plan_of, projected
from tests.fakes.simulated_reader import Malformed
from tests.fakes.simulated_tables import Index, Place, Table
from tests.fakes.simulated_values import Attribute, Item, size

LARGEST_PAGE = 1024 * 1024
_BEHIND_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One partition in the order of its sort keys, of a table or of an index.

    `positions` are sort keys, or for an index tuples that begin with one; `key` and `item` are what lies at one.
    """

    positions: Sequence[Any]
    sort_of: Callable[[Any], str] | None
    key: Callable[[Any], Place]
    item: Callable[[Any], Item]
    start: Any

    def within(self, sort: tuple[str, list[str]] | None, *, backwards: bool) -> Sequence[Any]:
        first, last = 0, len(self.positions)
        if sort is not None:
            first, last = _bounds(self.positions, sort, self.sort_of)
        if self.start is not None and backwards:
            last = min(last, bisect_left(self.positions, self.start))
        elif self.start is not None:
            first = max(first, bisect_right(self.positions, self.start))
        found = self.positions[first:last]
        return found[::-1] if backwards else found


def _bounds(positions: Sequence[Any], sort: tuple[str, list[str]], key: Callable[[Any], str] | None) -> tuple[int, int]:
    sign, texts = sort
    left = bisect_left(positions, texts[0], key=key)
    if sign == "begins_with":
        return left, bisect_left(positions, texts[0] + _BEHIND_ALL, key=key)
    right = bisect_right(positions, texts[-1], key=key)
    return {
        "=": (left, right),
        "BETWEEN": (left, right),
        "<": (0, left),
        "<=": (0, right),
        ">": (right, len(positions)),
        ">=": (left, len(positions)),
    }[sign]


def query(table: Table, index: Index | None, request: Mapping[str, Any], most: int) -> dict[str, Any]:
    """One page: at most `most` items are looked at, `Limit`, and 1 MB of them.

    Raises:
        Malformed: DynamoDB refuses such a question.
    """
    plan = plan_of(request)
    if plan.keys is None:
        raise Malformed(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
        )
    values: Values = request.get("ExpressionAttributeValues", {})
    layout = table.layout if index is None else index.layout
    keys = _in_order(plan.keys, layout.hash_key, layout.range_key)
    partition = _text(values[keys.partition])
    sort = None if keys.sort is None else (keys.sort.sign, [_text(values[name]) for name in keys.sort.values])
    start = request.get("ExclusiveStartKey")
    shelf = _of_table(table, partition, start) if index is None else _of_index(table, index, partition, start)
    found = shelf.within(sort, backwards=request.get("ScanIndexForward") is False)
    return _page(table, index, shelf, found, plan, values, min(most, _limit(request)))


def _limit(request: Mapping[str, Any]) -> int:
    limit = request.get("Limit")
    if limit is None:
        return LARGEST_PAGE
    if limit < 1:
        raise Malformed("Limit must be greater than or equal to 1")
    return int(limit)


def _of_table(table: Table, partition: str, start: Item | None) -> _Shelf:
    def key(position: Any) -> Place:
        return partition, position

    def item(position: Any) -> Item:
        there = table.get((partition, position))
        assert there is not None
        return there

    begin = None if start is None else _text(start[table.layout.range_key])
    return _Shelf(table.sort_keys(partition), None, key, item, begin)


def _of_index(table: Table, index: Index, partition: str, start: Item | None) -> _Shelf:
    names = (index.layout.range_key, table.layout.hash_key, table.layout.range_key)
    begin = None if start is None else tuple(_text(start[name]) for name in names)
    return _Shelf(
        index.entries(partition),
        lambda entry: str(entry[0]),
        lambda entry: (entry[1], entry[2]),
        lambda entry: index.item(partition, entry),
        begin,
    )


def _page(
    table: Table, index: Index | None, shelf: _Shelf, found: Sequence[Any], plan: Plan, values: Values, limit: int
) -> dict[str, Any]:
    looked_at = _fitting(table, shelf, found[:limit])
    items = [shelf.item(position) for position in looked_at]
    matching = items if plan.filter is None else [item for item in items if plan.filter(item, values)]
    paths = plan.projection
    answer: dict[str, Any] = {
        "Items": matching if paths is None else [projected(item, paths) for item in matching],
        "Count": len(matching),
        "ScannedCount": len(looked_at),
    }
    # A page that is full says so even where nothing follows.
    if len(looked_at) == limit or len(looked_at) < len(found):
        answer["LastEvaluatedKey"] = _last(table, index, items[-1])
    return answer


def _fitting(table: Table, shelf: _Shelf, found: Sequence[Any]) -> Sequence[Any]:
    """As many as fit into 1 MB; they are measured only where that is in doubt."""
    if sum([table.bound(shelf.key(position)) for position in found]) <= LARGEST_PAGE:
        return found
    total = 0
    for place, position in enumerate(found):
        total += size(shelf.item(position))
        if total > LARGEST_PAGE and place:
            return found[:place]
    return found


def _last(table: Table, index: Index | None, item: Item) -> Item:
    names = [table.layout.hash_key, table.layout.range_key]
    if index is not None:
        names += [index.layout.hash_key, index.layout.range_key]
    return {name: item[name] for name in names}


def _in_order(keys: KeyRange, hash_key: str, range_key: str) -> KeyRange:
    """The condition with the partition key's part first; two equalities may be written in either order."""
    names = keys.attributes
    if names in ((hash_key,), (hash_key, range_key)):
        return keys
    if names == (range_key, hash_key) and keys.sort is not None and keys.sort.sign == "=":
        return KeyRange((hash_key, range_key), keys.sort.values[0], SortRange("=", (keys.partition,)))
    if hash_key not in names:
        raise Malformed(f"Query condition missed key schema element: {hash_key}")
    raise Malformed(f"Query condition missed key schema element: {range_key}")


def _text(value: Attribute) -> str:
    if "S" not in value:
        raise Malformed(
            "One or more parameter values were invalid: Condition parameter type does not match schema type"
        )
    return str(value["S"])
