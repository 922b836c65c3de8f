"""What the warehouse really holds, with every version that a record ever had: the truth that everything is judged by.

A version has a stamp (what the record says) and a moment from which the API shows it: a late commit is shown later than
it says. `None` as content is a deletion. Nothing here knows the product.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from random import Random
from zlib import crc32

from tests.chaos.hub import START

PATHS = {"orders": "/wms/orders", "inventory_levels": "/wms/inventory", "warehouses": "/wms/warehouses"}
SECRET = "CANARY-SECRET"
PERSON = "CANARY-PERSON"
_TWO_YEARS = 2 * 365 * 86_400


@dataclass(frozen=True, slots=True)
class Version:
    """`number` counts up over a record's life; `keys` are the unified records of its own that it becomes."""

    number: int
    shown_at: float
    stamp: float
    raw: bytes | None
    keys: frozenset[tuple[str, str]] = frozenset()
    channel: str | None = None
    valid: bool = True
    content: tuple[str, ...] = ()


@dataclass(eq=False)
class Shelf:
    """One list of one account."""

    tenant: str
    read: str
    versions: dict[str, list[Version]] = field(default_factory=dict)
    changes: int = 0

    def shown(self, id_: str, now: float) -> Version | None:
        """What the API shows of a record; None where it shows nothing."""
        versions = self.versions.get(id_, ())
        for version in reversed(versions):
            if version.shown_at <= now:
                return version if version.raw is not None else None
        return None

    def list(self, now: float, since: float | None) -> Sequence[tuple[str, Version]]:
        found = []
        for id_ in sorted(self.versions):
            version = self.shown(id_, now)
            if version is not None and (since is None or version.stamp >= since):
                found.append((id_, version))
        return found

    def live(self, now: float) -> dict[str, Version]:
        return dict(self.list(now, None))

    def during(self, id_: str, since: float, until: float) -> Iterator[Version | None]:
        """Every state of a record within a span of time; None for absence."""
        versions = self.versions.get(id_, [])
        first = bisect_right([version.shown_at for version in versions], since) - 1
        if first < 0:
            yield None
        for version in versions[max(first, 0) :]:
            if version.shown_at <= until:
                yield version if version.raw is not None else None

    def numbered(self, id_: str, number: int | None) -> Version | None:
        """The last version of a record with that number."""
        return next((version for version in reversed(self.versions[id_]) if version.number == number), None)

    def was_absent(self, data_type: str, id_: str, since: float, until: float) -> bool:
        """Whether there was a moment at which the API did not show this unified record."""
        if data_type == "order_channels":
            return self._was_unnamed(id_, since, until)
        source = id_.partition("/")[0] if data_type == "order_shipments" else id_
        return any(
            version is None or (data_type, id_) not in version.keys for version in self.during(source, since, until)
        )

    def _was_unnamed(self, channel: str, since: float, until: float) -> bool:
        moments = {since, until}
        for versions in self.versions.values():
            moments.update(version.shown_at for version in versions if since <= version.shown_at <= until)
        return any(
            all(version is None or not version.valid or version.channel != channel for version in self._all_at(moment))
            for moment in moments
        )

    def _all_at(self, moment: float) -> Iterator[Version | None]:
        return (self.shown(id_, moment) for id_ in self.versions)

    def put(self, id_: str, version: Version) -> None:
        self.versions.setdefault(id_, []).append(version)
        self.changes += 1


@dataclass(frozen=True, slots=True)
class Author:
    """Writes versions of records. `random` is the source's own: a story can be told again under other faults."""

    random: Random

    def write(self, shelf: Shelf, id_: str, now: float, *, late: float = 0.0, stamp: float | None = None) -> None:
        """A new version of a record, or its first."""
        last = shelf.versions[id_][-1] if id_ in shelf.versions else None
        content = self._content(shelf, last)
        self.store(shelf, id_, content, now, late=late, stamp=stamp)

    def store(
        self,
        shelf: Shelf,
        id_: str,
        content: tuple[str, ...],
        now: float,
        *,
        late: float = 0.0,
        stamp: float | None = None,
    ) -> None:
        last = shelf.versions[id_][-1] if id_ in shelf.versions else None
        number = last.number + 1 if last else 1
        shown_at = max(now + late, last.shown_at if last else 0.0)
        stamp = float(int(now if stamp is None else stamp))
        raw = _raw(shelf, id_, number, stamp, content)
        keys, channel = _outputs(shelf, id_, content)
        shelf.put(id_, Version(number, shown_at, stamp, raw, keys, channel, True, content))

    def spoil(self, shelf: Shelf, id_: str, now: float) -> None:
        """The record's next version cannot be understood."""
        last = shelf.versions[id_][-1]
        if last.raw is None:
            return
        number = last.number + 1
        stamp = float(int(now))
        poisons = POISONS[:3] if shelf.read == "warehouses" else POISONS  # its mapper reads no customer
        raw = self.random.choice(poisons)(_raw(shelf, id_, number, stamp, last.content))
        shelf.put(
            id_, Version(number, max(now, last.shown_at), stamp, raw, last.keys, last.channel, False, last.content)
        )

    def repeat(self, shelf: Shelf, id_: str, now: float, version: Version) -> None:
        """The record is again, byte for byte, what it once was."""
        last = shelf.versions[id_][-1]
        again = Version(
            version.number,
            max(now, last.shown_at),
            version.stamp,
            version.raw,
            version.keys,
            version.channel,
            version.valid,
            version.content,
        )
        shelf.put(id_, again)

    def delete(self, shelf: Shelf, id_: str, now: float) -> None:
        last = shelf.versions[id_][-1]
        if last.raw is not None:
            shelf.put(id_, Version(last.number, max(now, last.shown_at), float(int(now)), None))

    def _content(self, shelf: Shelf, last: Version | None) -> tuple[str, ...]:
        """Of an order: its channel, then its shipments; of anything else nothing."""
        if shelf.read != "orders":
            return ()
        channel = self.random.choice(("", "ch1", "ch2", "ch3"))
        if last is not None and self.random.random() < 0.6:
            channel = last.channel or ""
        shipments = tuple(f"s{number}" for number in range(3) if self.random.random() < 0.4)
        return (channel, *shipments)


def _outputs(shelf: Shelf, id_: str, content: tuple[str, ...]) -> tuple[frozenset[tuple[str, str]], str | None]:
    keys = {(shelf.read, id_)}
    if shelf.read != "orders":
        return frozenset(keys), None
    keys |= {("order_shipments", f"{id_}/{shipment}") for shipment in content[1:]}
    return frozenset(keys), content[0] or None


@lru_cache(65536)
def iso(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(65536)
def created(id_: str) -> str | None:
    """When a record says that it was created: anywhere in two years, or never, the same in every version of it."""
    number = crc32(id_.encode())
    return None if number % 10 == 3 else iso(-float(number % _TWO_YEARS))


def status(id_: str) -> str:
    """What an order says of itself, the same in every version of it."""
    return "open" if crc32(id_.encode()) % 3 == 0 else "fulfilled"


def _raw(shelf: Shelf, id_: str, number: int, stamp: float, content: tuple[str, ...]) -> bytes:
    name = f"{shelf.tenant} ~m1~ v{number}"
    made = created(id_)
    made = "null" if made is None else f'"{made}"'
    head = f'{{"id":"{id_}","created_date":{made},"updated_date":"{iso(stamp)}",'
    head += f'"trackstar_updated_date":"{iso(stamp)}",'
    if shelf.read == "inventory_levels":
        return f'{head}"sku":"{id_}","name":"{name}","onhand":{number}}}'.encode()
    if shelf.read == "warehouses":
        return f'{head}"name":"{name}","address":{{"address1":"{PERSON} street","city":"Malm\u00f6"}}}}'.encode()
    channel, *shipments = content
    nested = ",".join(
        f'{{"shipment_id":"{each}","status":"shipped","raw_status":"{name}",'
        f'"ship_to_address":{{"full_name":"{PERSON}","country":"SE"}},"line_items":[]}}'
        for each in shipments
    )
    named = f'{{"channel_id":"{channel}","channel_name":"{shelf.tenant} {channel}"}}' if channel else "null"
    return (
        f'{head}"order_number":"{name}","status":"{status(id_)}","channel_object":{named},'
        f'"ship_to_address":{{"full_name":"{PERSON}","postal_code":"211 20","country":"SE"}},'
        f'"line_items":[],"shipments":[{nested}]}}'
    ).encode()


POISONS: tuple[Callable[[bytes], bytes], ...] = (
    lambda raw: raw.replace(b'"updated_date":"2026', b'"updated_date":"never', 1),
    lambda raw: raw[:-1] + b',"created_date":NaN}',
    lambda raw: raw.replace(b"~m1~", b"\xff\xfe", 1),
    lambda raw: raw[:-1] + b',"warehouse_customer_id":' + b"[" * 40 + b"]" * 40 + b"}",
    lambda raw: raw[:-1] + b',"warehouse_customer_id":{"a":1}}',
)
