"""The live lists of one account at a vendor: rendered on first use, changed by days, write-backs and tests."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import RLock

from simulators.business.business import Business
from simulators.business.spec import BusinessSpec, Record
from simulators.business.view import Key, View

FIRST_OWN_NUMBER = 1_000_000
"""Numbers of the business's records stay below; what is written at the vendor starts here."""


class Listing:
    """One list of one account. Safe for use by several threads; the lock is the account's.

    A live record is replaced, never changed: a reader may keep what it got, and the last rendering shares it.
    """

    def __init__(self, view: View, business: Business, lock: RLock) -> None:
        self.view = view
        self._business = business
        self._lock = lock
        self._rendering = self._rendered()
        self._live: dict[str, Record] = dict(self._rendering)
        self._vanished: dict[str, datetime] = {}
        self._sorted: list[Record] | None = None
        self._stamps: list[datetime | None] | None = None

    def __len__(self) -> int:
        return len(self._live)

    def get(self, key: Key) -> Record | None:
        """A copy of a record, to be changed and put back; None when there is none."""
        with self._lock:
            return copy.deepcopy(self._live.get(str(key)))

    def put(self, record: Record, moment: datetime | None = None) -> Key:
        """Stores a record, new or changed, and gives its key; `moment` is written as its modification."""
        with self._lock:
            if moment is not None:
                self.view.stamp.write(record, moment)
            key = self.view.key(record)
            self._live[str(key)] = copy.deepcopy(record)
            self._vanished.pop(str(key), None)
            self._forget_order()
            return key

    def drop(self, key: Key, moment: datetime) -> None:
        """Deletes a record. Raises KeyError when there is none."""
        with self._lock:
            del self._live[str(key)]
            self._vanished[str(key)] = moment
            self._forget_order()

    def records(self) -> Sequence[Record]:
        """Every live record in key order; to be read only."""
        with self._lock:
            if self._sorted is None:
                self._sorted = sorted(self._live.values(), key=self.view.key)
            return self._sorted

    def changed_since(self, moment: datetime) -> list[Record]:
        """The records whose own stamp is `moment` or later, in key order."""
        with self._lock:
            records = self.records()
            if self._stamps is None:
                self._stamps = [self.view.stamp.read(record) for record in records]
            stamped = zip(records, self._stamps, strict=True)
            return [record for record, stamp in stamped if stamp is not None and stamp >= moment]

    def vanished_since(self, moment: datetime) -> list[str]:
        """Keys, as text, of what vanished at `moment` or later, for vendors that list their deletions."""
        with self._lock:
            return sorted(key for key, at in self._vanished.items() if at >= moment)

    def advance(self, stamp: datetime) -> None:
        """Takes over what a day of the business changed; what tests and write-backs changed stays."""
        with self._lock:
            before, after = self._rendering, self._rendered()
            for key in before.keys() - after.keys():
                self._go(key, stamp)
            for key, record in after.items():
                if before.get(key) != record:
                    self._take(key, before.get(key), record, stamp)
            self._rendering = after
            self._forget_order()

    def _forget_order(self) -> None:
        self._sorted = self._stamps = None

    def _go(self, key: str, stamp: datetime) -> None:
        record = self._live.pop(key, None)
        if record is None:
            return
        left = self.view.gone(copy.deepcopy(record))
        if left is None:
            self._vanished[key] = stamp
            return
        self.view.stamp.write(left, stamp)
        self._live[key] = left

    def _take(self, key: str, before: Record | None, after: Record, stamp: datetime) -> None:
        """A changed record that a test deleted stays deleted."""
        if before is not None and key not in self._live:
            return
        old, live = before or {}, copy.deepcopy(self._live.get(key, {}))
        for name in old.keys() - after.keys():
            live.pop(name, None)
        live |= copy.deepcopy({name: value for name, value in after.items() if name not in old or old[name] != value})
        self.view.stamp.write(live, stamp)
        self._live[key] = live

    def _rendered(self) -> dict[str, Record]:
        return {str(self.view.key(record)): record for record in self.view.render(self._business)}


class Lists:
    """All lists of one account over its business. Raises KeyError for a list that the vendor does not have."""

    def __init__(self, views: Mapping[str, View], spec: BusinessSpec, base: datetime) -> None:
        self.views = views
        self._business = Business(spec, base)
        self._listings: dict[str, Listing] = {}
        self._own: Counter[str] = Counter()
        self._lock = RLock()

    @property
    def day(self) -> int:
        """How many days have passed since day 0."""
        return self._business.day

    def __getitem__(self, name: str) -> Listing:
        with self._lock:
            if name not in self._listings:
                self._listings[name] = Listing(self.views[name], self._business, self._lock)
            return self._listings[name]

    @contextmanager
    def alone(self) -> Iterator[Lists]:
        """Holds every list still, for a write that looks at several records or lists."""
        with self._lock:
            yield self

    def advance(self, stamp: datetime) -> None:
        """Lets a day pass. Lists are made before their first day, so that it does not matter who looked when."""
        with self._lock:
            made = [self[name] for name in self.views]
            self._business.advance(stamp)
            for listing in made:
                listing.advance(stamp)

    def next_number(self, name: str) -> int:
        """The next number of what is written at the vendor itself, counted per name; never one of the business's."""
        with self._lock:
            self._own[name] += 1
            return FIRST_OWN_NUMBER - 1 + self._own[name]

    def counts(self) -> dict[str, int]:
        """Live records of the lists made so far."""
        with self._lock:
            return {name: len(listing) for name, listing in sorted(self._listings.items())}
