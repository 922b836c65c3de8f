"""One collection of one account: records as ready-made bytes, in id order, with the columns that filters ask for."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Sequence

from simulators.business import dataset
from simulators.business.spec import Record

Key = str
Reading = Callable[[Record], object]
Condition = tuple[str, Callable[[object], bool]]
"""A column's name and what its value must satisfy."""

CHANGED = "trackstar_updated_date"
KEPT_MATCHES = 16


def rendered(record: Record) -> bytes:
    """A record's bytes on the wire; the same record always gives the same bytes."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


class Shelf:
    """Live records by key. The key is the id, or `<warehouse_id>/<id>` for locations.

    `next_index` numbers the next record that appears; `deletable` holds the keys that no other record names.
    Not thread-safe: the account that owns it holds the lock.
    """

    def __init__(self, collection: str) -> None:
        self.collection = collection
        self.next_index = 0
        self.deletable: set[Key] = set()
        self._bytes: dict[Key, bytes] = {}
        self._order: list[Key] = []
        self._columns: dict[str, dict[Key, object]] = {CHANGED: {}}
        self._readings: dict[str, Reading] = {CHANGED: lambda record: record.get(CHANGED)}
        self._matches: dict[object, list[Key]] = {}

    def __len__(self) -> int:
        return len(self._order)

    def key_of(self, record: Record) -> Key:
        """The key under which a record is kept."""
        return dataset.key_of(self.collection, record)

    def fill(self, records: Iterable[Record]) -> None:
        """Takes many new records at once; cheaper than putting them one by one."""
        for record in records:
            self._keep(self.key_of(record), record)
        self._order = sorted(self._bytes)
        self._matches.clear()

    def put(self, record: Record) -> Key:
        """Stores a record, new or changed, and gives its key."""
        key = self.key_of(record)
        if key not in self._bytes:
            insort(self._order, key)
        self._keep(key, record)
        self._matches.clear()
        return key

    def drop(self, key: Key) -> None:
        """Forgets a record. Raises KeyError when there is none."""
        del self._bytes[key]
        del self._order[bisect_left(self._order, key)]
        self.deletable.discard(key)
        for column in self._columns.values():
            column.pop(key, None)
        self._matches.clear()

    def get(self, key: Key) -> Record | None:
        """A fresh copy of a record, or None."""
        found = self._bytes.get(key)
        if found is None:
            return None
        record: Record = json.loads(found)
        return record

    def raw(self, key: Key) -> bytes | None:
        """A record's bytes, or None."""
        return self._bytes.get(key)

    def keys(self) -> Sequence[Key]:
        """All keys in order; valid until the next change."""
        return self._order

    def lines(self) -> list[bytes]:
        """Every record's bytes in key order."""
        return [self._bytes[key] for key in self._order]

    def known(self, keys: Iterable[Key]) -> list[Key]:
        """Those of the keys that exist, in order."""
        return sorted({key for key in keys if key in self._bytes})

    def under(self, prefix: str) -> list[Key]:
        """The keys that start with a prefix, in order."""
        if not prefix:
            return self._order
        return self._order[bisect_left(self._order, prefix) : bisect_right(self._order, prefix + chr(0x10FFFF))]

    def matching(self, prefix: str, question: object, conditions: Sequence[Condition]) -> list[Key]:
        """The keys under a prefix whose columns satisfy every condition, in order; remembered under `question`."""
        if not conditions:
            return self.under(prefix)
        remembered = self._matches.get((prefix, question))
        if remembered is None:
            columns = [(self._columns[name], passes) for name, passes in conditions]
            remembered = [key for key in self.under(prefix) if all(passes(held[key]) for held, passes in columns)]
            if len(self._matches) >= KEPT_MATCHES:
                self._matches.clear()
            self._matches[prefix, question] = remembered
        return remembered

    def read_columns(self, readings: dict[str, Reading]) -> None:
        """Makes the columns that a filter needs; later changes keep them up to date."""
        missing = {name: reading for name, reading in readings.items() if name not in self._columns}
        if not missing:
            return
        fresh: dict[str, dict[Key, object]] = {name: {} for name in missing}
        for key, found in self._bytes.items():
            record = json.loads(found)
            for name, reading in missing.items():
                fresh[name][key] = reading(record)
        self._columns.update(fresh)
        self._readings.update(missing)

    def _keep(self, key: Key, record: Record) -> None:
        self._bytes[key] = rendered(record)
        for name, reading in self._readings.items():
            self._columns[name][key] = reading(record)
