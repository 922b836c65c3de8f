"""One business as it stands today: the neutral records of each collection, and a day that passes."""

from __future__ import annotations

import copy
from bisect import bisect_left, insort
from collections.abc import Sequence
from datetime import datetime

from simulators.business import dataset, evolve
from simulators.business.spec import BusinessSpec, Record
from simulators.business.world import World

COLLECTIONS: tuple[str, ...] = tuple(dataset.MAKERS)


class Collection:
    """The live records of one collection by key, in key order. `get` gives a fresh copy."""

    def __init__(self, world: World, collection: str) -> None:
        self.collection = collection
        self.next_index = dataset.first_count(world, collection)
        self.deletable: set[str] = set()
        self._records = {
            dataset.key_of(collection, record): record for record in dataset.first(world, collection, self.deletable)
        }
        self._order = sorted(self._records)

    def __len__(self) -> int:
        return len(self._order)

    def keys(self) -> Sequence[str]:
        return self._order

    def get(self, key: str) -> Record | None:
        return copy.deepcopy(self._records.get(key))

    def seen(self, key: str) -> Record | None:
        """The record itself, to be read only."""
        return self._records.get(key)

    def put(self, record: Record) -> str:
        key = dataset.key_of(self.collection, record)
        if key not in self._records:
            insort(self._order, key)
        self._records[key] = record
        return key

    def drop(self, key: str) -> None:
        del self._records[key]
        del self._order[bisect_left(self._order, key)]
        self.deletable.discard(key)


class Business:
    """A seeded business. The same spec, base and days give the same records, whoever asks for what and when.

    A collection is made when somebody first asks for it, then brought to today. Not thread-safe: an account's lists
    hold the lock. Records are shared: read them, copy what goes into another record and is changed there.
    """

    def __init__(self, spec: BusinessSpec, base: datetime) -> None:
        self.spec = spec
        self.base = base
        self.world = World(spec, base)
        self._days: list[datetime] = []
        self._collections: dict[str, Collection] = {}

    @property
    def day(self) -> int:
        """How many days have passed since day 0."""
        return len(self._days)

    def advance(self, stamp: datetime) -> None:
        """Lets a day pass: some records change, some appear, some vanish; `seen_at` of what changed is `stamp`."""
        self._days.append(stamp)
        for collection in self._collections.values():
            evolve.advance(self.world, collection, self.day, stamp)

    def records(self, collection: str) -> list[Record]:
        """Every live record in key order. Raises KeyError for an unknown collection."""
        held = self._held(collection)
        return [record for record in map(held.seen, held.keys()) if record is not None]

    def get(self, collection: str, key: str | None) -> Record | None:
        """One live record by key, or None."""
        return None if key is None else self._held(collection).seen(key)

    def number(self, collection: str, key: str) -> int:
        """A live record's `number`: unique within its collection, the same for ever. Raises KeyError when gone."""
        record = self.get(collection, key)
        if record is None:
            raise KeyError(key)
        number: int = record["number"]
        return number

    def _held(self, collection: str) -> Collection:
        if collection not in self._collections:
            made = Collection(self.world, collection)
            for number, stamp in enumerate(self._days, start=1):
                evolve.advance(self.world, made, number, stamp)
            self._collections[collection] = made
        return self._collections[collection]
