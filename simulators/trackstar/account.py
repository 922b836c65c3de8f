"""One connection with its data: made on first use, changed by days, writes and tests, always under one lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from threading import RLock
from typing import Any

from simulators.business import dataset, evolve
from simulators.business.spec import Record
from simulators.business.world import World, iso
from simulators.serving.exchange import refusal
from simulators.trackstar.config import LISTED_ACTIONS, AccountSpec
from simulators.trackstar.shelf import Shelf
from simulators.trackstar.spelling import Evolving, spelled

CHANGED = ("updated_date", "trackstar_updated_date")
STAMPS = ("created_date", "trackstar_created_date", *CHANGED)
KEPT_KEYS_FOR = timedelta(hours=24)


class Account:
    """A connection's state. A collection is generated when somebody first asks for it, then brought to today."""

    def __init__(self, spec: AccountSpec, base: datetime) -> None:
        self.spec = spec
        self.name = spec.connection_id
        self.credentials: Mapping[str, str] = {"access_token": spec.access_token}
        self.forbidden = set(spec.forbidden)
        self.world = World(spec.business, base)
        self.revoked = False
        self.times_used = 0
        self.last_used: datetime | None = None
        self.replays: dict[str, Replay] = {}
        self._days: list[datetime] = []
        self._shelves: dict[str, Shelf] = {}
        self._lock = RLock()

    @property
    def day(self) -> int:
        """How many days have passed since day 0."""
        return len(self._days)

    @contextmanager
    def shelf(self, collection: str) -> Iterator[Shelf]:
        """The collection as it stands today, locked while it is used."""
        with self._lock:
            if collection not in self._shelves:
                self._shelves[collection] = self._made(collection)
            yield self._shelves[collection]

    def advance(self, stamp: datetime) -> None:
        """Lets a day pass: everything that changes is stamped `stamp`."""
        with self._lock:
            self._days.append(stamp)
            for shelf in self._shelves.values():
                evolve.advance(self.world, Evolving(shelf), self.day, stamp)

    def counts(self) -> dict[str, int]:
        """Live records of the collections that exist already."""
        with self._lock:
            return {collection: len(shelf) for collection, shelf in sorted(self._shelves.items())}

    @property
    def collections(self) -> Sequence[str]:
        return tuple(dataset.MAKERS)

    def described(self) -> Mapping[str, Any]:
        """What the control route tells of this connection."""
        told = self.spec
        return {"integration_name": told.integration_name, "seed": told.seed, "size": told.size}

    def prepare(self, collection: str) -> None:
        """Makes a collection now, so that the first request for it does not wait."""
        with self.shelf(collection):
            pass

    def truth(self, collection: str) -> list[bytes]:
        with self.shelf(collection) as shelf:
            return shelf.lines()

    def mutate(self, collection: str, change: Record, now: datetime) -> Mapping[str, Any]:
        """One of `set`/`unset` or `delete: true` (with `id`), or `create`: a whole record, or true for the next one."""
        with self.shelf(collection) as shelf:
            if change.get("create") is True:
                key = evolve.add(self.world, Evolving(shelf), self._rng_at(shelf.next_index), now)
            elif "create" in change:
                shelf.next_index += 1
                key = shelf.put(dict.fromkeys(STAMPS, iso(now)) | change["create"])
            elif change.get("delete") is True:
                shelf.drop(change["id"])
                return {"key": change["id"], "record": None}
            else:
                key = shelf.put(_edited(shelf.get(change["id"]), change, now))
            return {"key": key, "record": shelf.get(key)}

    def used(self, now: datetime) -> None:
        """Notes one call made with this connection's token."""
        with self._lock:
            self.times_used += 1
            self.last_used = now

    def open_replay(self, key: str, request: bytes, now: datetime) -> Replay | None:
        """The earlier use of an idempotency key within 24 hours, or None after reserving the key for this request."""
        with self._lock:
            known = self.replays.get(key)
            if known is not None and now - known.began < KEPT_KEYS_FOR:
                return known
            self.replays[key] = Replay(request, now)
            return None

    def close_replay(self, key: str, answer: bytes | None) -> None:
        """Keeps a successful write's answer under its key; a failed write (None) frees the key."""
        with self._lock:
            if answer is None:
                self.replays.pop(key, None)
            else:
                self.replays[key].answer = answer

    def _rng_at(self, index: int) -> Random:
        """A generator for a record that a test creates."""
        return Random(f"{self.spec.seed}:made:{index}")

    def _made(self, collection: str) -> Shelf:
        shelf = Shelf(collection)
        shelf.next_index = dataset.first_count(self.world, collection)
        shelf.fill(map(spelled, dataset.first(self.world, collection, shelf.deletable)))
        for number, stamp in enumerate(self._days, start=1):
            evolve.advance(self.world, Evolving(shelf), number, stamp)
        return shelf

    def connection_record(self) -> Record:
        """The connection as the vendor's `/connections` shows it; never its token."""
        off = self.spec.unsupported | self.forbidden
        actions = [action for action in LISTED_ACTIONS if action not in off]
        crawled = iso(self._days[-1] if self._days else self.world.base)
        reads = [action for action in actions if action.startswith("get_")]
        return {
            "connection_id": self.spec.connection_id,
            "integration_name": self.spec.integration_name,
            "integration_display_name": display_name(self.spec.integration_name),
            "integration_type": "wms",
            "customer_id": self.spec.customer_id,
            "created_at": iso(self.world.base - timedelta(days=365)),
            "last_used": iso(self.last_used) if self.last_used else None,
            "times_used": self.times_used,
            "available_actions": actions,
            "available_endpoints": actions,
            "webhooks_disabled": False,
            "latest_sync": crawled,
            "me": None,
            "historical_sync_completed": dict.fromkeys(reads, True),
            "sync_schedules": [_schedule(action, crawled) for action in reads],
            "errors": [],
        }


class Replay:
    """One idempotency key in use: the request it came with, and the answer once there is one."""

    def __init__(self, request: bytes, began: datetime) -> None:
        self.request = request
        self.began = began
        self.answer: bytes | None = None


def _edited(record: Record | None, change: Record, now: datetime) -> Record:
    if record is None:
        raise refusal(404, {"error": f"No record {change['id']}"})
    if change.get("touch", True):
        record |= dict.fromkeys(CHANGED, iso(now))
    record.update(change.get("set", {}))
    for name in change.get("unset", ()):
        record.pop(name, None)
    return record


def display_name(integration_name: str) -> str:
    """The warehouse system's name as the vendor prints it."""
    return " ".join(part.capitalize() for part in integration_name.split("-"))


def _schedule(action: str, crawled: str) -> dict[str, Any]:
    seldom = action in {"get_shipping_methods", "get_warehouses", "get_warehouse_customers", "get_warehouse_locations"}
    return {
        "function_name": action,
        "last_crawl_start": crawled,
        "last_crawl_end": crawled,
        "latest_data": crawled,
        "sync_frequency": 43_200 if seldom else 3_600,
        "sync_status": "enabled",
    }
