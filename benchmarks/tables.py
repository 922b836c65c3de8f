"""DynamoDB tables in memory, with AWS's accounting of what every access costs."""

from __future__ import annotations

import time
from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from benchmarks.expressions import Item
from benchmarks.item_size import item_bytes, read_units, write_units

encode = msgspec.json.encode
decode = msgspec.json.decode

Place = tuple[str, str]
"""Hash key and range key; the range key is "" in a table without one."""


@dataclass(slots=True)
class Stored:
    """An item as its JSON text, with the bytes that DynamoDB counts for it."""

    text: bytes
    size: int

    def item(self) -> Item:
        return decode(self.text)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Keys:
    """The names of the key attributes; `range` is "" where there is none."""

    hash: str
    range: str = ""

    def place(self, item: Item) -> Place:
        return self._of(item, self.hash), self._of(item, self.range) if self.range else ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.hash, self.range) if self.range else (self.hash,)

    @staticmethod
    def _of(item: Item, name: str) -> str:
        ((_, content),) = item[name].items()
        return str(content)

    @classmethod
    def described(cls, schema: Sequence[Mapping[str, str]]) -> Keys:
        found = {part["KeyType"]: part["AttributeName"] for part in schema}
        return cls(found["HASH"], found.get("RANGE", ""))


@dataclass
class Index:
    """A global secondary index. Its order is kept from the first Query on, and not before: loads need none."""

    name: str
    keys: Keys
    projected: frozenset[str] | None
    sorted: dict[str, list[tuple[str, Place]]] | None = None

    def image(self, item: Item | None) -> Item | None:
        """What the index holds of an item; None where it is not in the index."""
        if item is None or any(name not in item for name in self.keys.names):
            return None
        return item if self.projected is None else {n: item[n] for n in self.projected if n in item}

    def moved(self, place: Place, old: Item | None, new: Item | None) -> int:
        """Keeps the order and gives the write units: none where the image stays, two writes where its key moves."""
        before, after = self.image(old), self.image(new)
        if before == after:
            return 0
        if self.sorted is not None:
            self._reorder(place, before, after)
        sizes = [write_units(item_bytes(image)) for image in (before, after) if image is not None]
        key_moved = before is not None and after is not None and self.keys.place(before) != self.keys.place(after)
        return sum(sizes) if key_moved else max(sizes)

    def _reorder(self, place: Place, before: Item | None, after: Item | None) -> None:
        assert self.sorted is not None  # noqa: S101  for the types
        if before is not None:
            partition, position = self.keys.place(before)
            entries = self.sorted[partition]
            del entries[bisect_left(entries, (position, place))]
        if after is not None:
            partition, position = self.keys.place(after)
            insort(self.sorted.setdefault(partition, []), (position, place))


@dataclass
class Usage:
    """What was asked of a table, and what it costs."""

    puts: int = 0
    updates: int = 0
    deletes: int = 0
    refused: int = 0
    write_units: int = 0
    index_units: int = 0
    read_units: float = 0.0


@dataclass
class Table:
    name: str
    keys: Keys
    indexes: dict[str, Index] = field(default_factory=dict)
    items: dict[Place, Stored] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
    created_at: float = field(default_factory=time.time)
    partitions: dict[str, list[str]] | None = None

    def copied(self) -> Table:
        """The same items in another table, which has cost nothing yet."""
        indexes = {name: replace(index, sorted=None) for name, index in self.indexes.items()}
        return Table(self.name, self.keys, indexes, dict(self.items), created_at=self.created_at)

    def get(self, place: Place) -> Item | None:
        stored = self.items.get(place)
        return stored.item() if stored is not None else None

    def write(self, place: Place, new: Item | None, text: bytes | None = None) -> None:
        """Puts or (None) removes an item and charges for it: the larger of old and new, and each index's part."""
        old = self.items.get(place)
        size = item_bytes(new) if new is not None else 0
        self.usage.write_units += write_units(max(size, old.size if old is not None else 0))
        if self.indexes:
            before = old.item() if old is not None else None
            self.usage.index_units += sum(index.moved(place, before, new) for index in self.indexes.values())
        if new is None:
            self.items.pop(place, None)
        else:
            self.items[place] = Stored(text if text is not None else encode(new), size)
        if self.partitions is not None:
            self._reorder(place, was=old is not None, is_there=new is not None)

    def charge_read(self, sizes: int, *, consistent: bool) -> None:
        self.usage.read_units += read_units(sizes, consistent=consistent)

    def places(self, index: str | None, partition: str) -> list[tuple[str, Place]]:
        """Every (range key, place) of a partition, in order."""
        if index is None:
            return [(position, (partition, position)) for position in self._ordered().get(partition, ())]
        return self._indexed(self.indexes[index]).get(partition, [])

    def live(self, prefix: str) -> Iterator[Item]:
        """Every item whose hash key begins so."""
        return (stored.item() for (partition, _), stored in self.items.items() if partition.startswith(prefix))

    def _ordered(self) -> dict[str, list[str]]:
        if self.partitions is None:
            self.partitions = {}
            for partition, position in self.items:
                self.partitions.setdefault(partition, []).append(position)
            for positions in self.partitions.values():
                positions.sort()
        return self.partitions

    def _indexed(self, index: Index) -> dict[str, list[tuple[str, Place]]]:
        if index.sorted is None:
            index.sorted = {}
            for place, stored in self.items.items():
                image = index.image(stored.item())
                if image is not None:
                    partition, position = index.keys.place(image)
                    index.sorted.setdefault(partition, []).append((position, place))
            for entries in index.sorted.values():
                entries.sort()
        return index.sorted

    def _reorder(self, place: Place, *, was: bool, is_there: bool) -> None:
        assert self.partitions is not None  # noqa: S101  for the types
        positions = self.partitions.setdefault(place[0], [])
        if was and not is_there:
            del positions[bisect_left(positions, place[1])]
        elif is_there and not was:
            insort(positions, place[1])


def described(request: Mapping[str, Any]) -> Table:
    """A table as CreateTable asks for it."""
    keys = Keys.described(request["KeySchema"])
    indexes = {}
    for each in request.get("GlobalSecondaryIndexes", ()):
        own = Keys.described(each["KeySchema"])
        projection = each.get("Projection", {})
        named = frozenset((*keys.names, *own.names, *projection.get("NonKeyAttributes", ())))
        everything = projection.get("ProjectionType") == "ALL"
        indexes[each["IndexName"]] = Index(each["IndexName"], own, None if everything else named)
    return Table(request["TableName"], keys, indexes)
