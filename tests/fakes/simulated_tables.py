"""Tables of text keys in memory, with their global secondary indexes, which may lag behind."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.fakes.simulated_values import Item

LONGEST_PARTITION_KEY = 2048
LONGEST_SORT_KEY = 1024
"""Bytes."""

FURTHEST_BEHIND = 1000
"""An index that nobody asks is never more than this many steps behind."""

Place = tuple[str, str]
"""A partition key and a sort key."""

Entry = tuple[str, str, str]
"""Where an item stands in an index's partition: the index's sort key, then the table's keys."""


class Write(NamedTuple):
    """One accepted change of one item; `old` is None for a new item, `new` for a deleted one."""

    table: str
    key: Place
    old: Item | None
    new: Item | None


@dataclass(frozen=True, slots=True)
class IndexLayout:
    """A global secondary index of text keys, with keys only or the whole item projected."""

    name: str
    hash_key: str
    range_key: str
    keys_only: bool


@dataclass(frozen=True, slots=True)
class TableLayout:
    """`index_keys` are the attributes that indexes go by, and how long each may be."""

    name: str
    hash_key: str
    range_key: str
    indexes: tuple[IndexLayout, ...] = ()
    index_keys: dict[str, int] = field(init=False, hash=False, compare=False)

    def __post_init__(self) -> None:
        sorts = {index.range_key: LONGEST_SORT_KEY for index in self.indexes}
        partitions = {index.hash_key: LONGEST_PARTITION_KEY for index in self.indexes}
        own = (self.hash_key, self.range_key)
        keys = {name: longest for name, longest in (sorts | partitions).items() if name not in own}
        object.__setattr__(self, "index_keys", keys)


def table_layout(name: str, description: dict[str, Any]) -> TableLayout:
    """From CreateTable's arguments, which a template's properties are too."""
    indexes = tuple(
        IndexLayout(index["IndexName"], *_keys(index["KeySchema"]), _keys_only(index["Projection"]))
        for index in description.get("GlobalSecondaryIndexes", ())
    )
    return TableLayout(name, *_keys(description["KeySchema"]), indexes)


def _keys(schema: Sequence[dict[str, str]]) -> tuple[str, str]:
    by_kind = {key["KeyType"]: key["AttributeName"] for key in schema}
    return by_kind["HASH"], by_kind["RANGE"]


def _keys_only(projection: dict[str, str]) -> bool:
    kind = projection["ProjectionType"]
    if kind not in ("KEYS_ONLY", "ALL"):
        raise NotImplementedError(f"the simulated DynamoDB knows no {kind} projection")
    return kind == "KEYS_ONLY"


@dataclass(slots=True)
class Index:
    """What queries of it see. A change becomes two steps, the new place first and then the end of the old one."""

    layout: IndexLayout
    table: TableLayout
    _partitions: dict[str, list[Entry]] = field(default_factory=dict)
    _items: dict[tuple[str, Entry], Item] = field(default_factory=dict)
    _waiting: deque[tuple[str, Entry, Item | None]] = field(default_factory=deque)

    def changed(self, key: Place, old: Item | None, new: Item | None) -> None:
        if old is not None and new is not None and self.layout.keys_only and self._stands_still(old, new):
            return
        before = None if old is None else self._place(key, old)
        after = None if new is None else self._place(key, new)
        if after is not None and new is not None and (before != after or not self.layout.keys_only):
            self._waiting.append((*after, self._projected(new)))
        if before is not None and before != after:
            self._waiting.append((*before, None))
        if len(self._waiting) > FURTHEST_BEHIND:
            self.catch_up(FURTHEST_BEHIND)

    def catch_up(self, behind: int) -> None:
        """Takes over what was written, all but the last `behind` steps."""
        while len(self._waiting) > behind:
            partition, entry, item = self._waiting.popleft()
            entries = self._partitions.setdefault(partition, [])
            if item is None:
                if self._items.pop((partition, entry), None) is not None:
                    del entries[bisect_left(entries, entry)]
            else:
                if (partition, entry) not in self._items:
                    insort(entries, entry)
                self._items[partition, entry] = item

    def entries(self, partition: str) -> Sequence[Entry]:
        return self._partitions.get(partition, ())

    def item(self, partition: str, entry: Entry) -> Item:
        return self._items[partition, entry]

    def _stands_still(self, old: Item, new: Item) -> bool:
        partition, sort = self.layout.hash_key, self.layout.range_key
        return old.get(partition) == new.get(partition) and old.get(sort) == new.get(sort)

    def _place(self, key: Place, item: Item) -> tuple[str, Entry] | None:
        """None for an item that lacks one of the index's keys: the index is sparse."""
        partition, sort = item.get(self.layout.hash_key), item.get(self.layout.range_key)
        if partition is None or sort is None:
            return None
        return partition["S"], (sort["S"], *key)

    def _projected(self, item: Item) -> Item:
        if not self.layout.keys_only:
            return item
        table, own = self.table, self.layout
        return {name: item[name] for name in (table.hash_key, table.range_key, own.hash_key, own.range_key)}


class Table:
    """Items by key, partitions in the order of their sort keys. Items are never changed in place."""

    def __init__(self, layout: TableLayout, created_at: float, accepted: Callable[[Write], None] | None) -> None:
        self.layout = layout
        self.created_at = created_at
        self.indexes = {index.name: Index(index, layout) for index in layout.indexes}
        self.accepted = accepted
        self._items: dict[Place, Item] = {}
        self._bounds: dict[Place, int] = {}
        self._partitions: dict[str, list[str]] = {}

    def get(self, key: Place) -> Item | None:
        return self._items.get(key)

    def put(self, key: Place, item: Item, bound: int) -> None:
        """`bound`: the item is surely no larger, in bytes."""
        old = self._items.get(key)
        if old is None:
            insort(self._partitions.setdefault(key[0], []), key[1])
        self._items[key] = item
        self._bounds[key] = bound
        self._changed(key, old, item)

    def bound(self, key: Place) -> int:
        """A number of bytes that the item surely does not pass; 0 where there is none."""
        return self._bounds.get(key, 0)

    def delete(self, key: Place) -> None:
        old = self._items.pop(key, None)
        if old is not None:
            del self._bounds[key]
            sorts = self._partitions[key[0]]
            del sorts[bisect_left(sorts, key[1])]
            self._changed(key, old, None)

    def sort_keys(self, partition: str) -> Sequence[str]:
        return self._partitions.get(partition, ())

    def items(self) -> Iterator[tuple[Place, Item]]:
        """A copy's items, so that the table may be written meanwhile."""
        return iter(list(self._items.items()))

    def _changed(self, key: Place, old: Item | None, new: Item | None) -> None:
        for index in self.indexes.values():
            index.changed(key, old, new)
        if self.accepted is not None:
            self.accepted(Write(self.layout.name, key, old, new))
