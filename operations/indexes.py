"""Fingerprints of a stream against the table that they speak of, and how they are distrusted.

An index says which value lies in the table. Where somebody put older items into the same table, it is wrong and nobody
notices: equal fingerprints cost no write. A table that was restored as a whole is another table, and its streams are
rebuilt without being asked for (docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xxhash import xxh3_64_intdigest

from operations.desk import Desk, Line
from planster_sync.engine.index import Index
from planster_sync.engine.index_source import IndexSource
from planster_sync.engine.workshop import mapping_digest
from planster_sync.errors import Conflict
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import StreamKey
from planster_sync.model.streams import Stream
from planster_sync.ports.source import Sharing
from planster_sync.storage.keys import instant, stream_key
from planster_sync.storage.table import Change

LOST = "lost-"
"""Begins the name that stands in the place of a distrusted index: no object has it."""

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What an index says of a table, by numbers of records. `unknown`: it says nothing, and they are mapped again.

    `other` have another value in the table, `missing` are not there, `extra` are there and not in the index: no sync
    would mend these by itself.
    """

    records: int = 0
    unknown: int = 0
    other: tuple[Name, ...] = ()
    missing: tuple[Name, ...] = ()
    extra: tuple[Name, ...] = ()

    @property
    def holds(self) -> bool:
        return not (self.other or self.missing or self.extra)


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """One stream's."""

    desk: Desk
    integration: Integration
    stream: Stream

    def distrust(self) -> Line:
        """Has the next task rebuild the index from the table, and read everything before it deletes anything.

        One conditional write, that repeats without effect. The old object stays, for whoever asks what it said.

        Raises:
            Conflict: a run is reading the stream, or has changed it meanwhile.
        """
        index = self.stream.index
        if index is None or index.startswith(LOST):
            return Line(str(self.stream.key), "left", "there is no index; the next sync makes one")
        self._refuse_busy()
        change = Change(
            "fence = :fence AND #index = :seen AND attribute_not_exists(#owner)",
            sets={"index": f"{LOST}{instant(self.desk.clock.now())}"},
            names={"owner": "owner"},
            values={"fence": self.stream.fence, "seen": index},
        )
        if not self.desk.control.change(stream_key(self.stream.key), change).accepted:
            raise Conflict(f"{self.stream.key} was changed meanwhile.", remedy="Ask again; no run may be reading it.")
        return Line(str(self.stream.key), "index distrusted", f"{index} counts as lost; the next sync reads everything")

    def compare(self) -> Agreement | None:
        """Reads every live record's fingerprint; None where the next sync rebuilds the index anyway.

        Raises:
            Conflict: a run is reading the stream: what it is about to write would look wrong.
        """
        if self.stream.index is None or self.stream.index.startswith(LOST):
            return None
        self._refuse_busy()
        index = self._index()
        if index.restart or index.needs_snapshot:
            return None
        return _compared(dict(_known(index)), dict(self._stored()))

    def _refuse_busy(self) -> None:
        if self.stream.owner is not None:
            raise Conflict(
                f"Run {self.stream.owner} is reading {self.stream.key}.",
                remedy="Wait for its end or `cancel` it, then ask again.",
            )

    def _index(self) -> Index:
        capabilities = self.desk.capabilities(self.integration.connector)
        read = capabilities.reads[self.stream.key.read]
        source = IndexSource(self.desk.objects, self.desk.records, self.desk.quarantine, xxh3_64_intdigest)
        return source.load(
            self.stream.key,
            base=self.stream.index,
            run="",
            confirmed={},
            data_types=tuple(read.feeds),
            shared_types=frozenset(type_ for type_, sharing in read.feeds.items() if sharing is Sharing.SHARED),
            mapping=mapping_digest(capabilities, self.integration),
        )

    def _stored(self) -> Iterator[tuple[Name, int | None]]:
        read = self.desk.capabilities(self.integration.connector).reads[self.stream.key.read]
        for there in self.desk.records.live(self.stream.key, tuple(read.feeds)):
            yield (there.key.data_type.value, there.key.id), there.fingerprint


def streams_of(desk: Desk, organisation: str, integration: str | None) -> Iterator[Fingerprints]:
    """Every stream of an organisation, or of one of its integrations, whose read the connector still has."""
    for listed, _ in desk.integrations.status_page(organisation):
        found = desk.integrations.with_streams(organisation, listed.id) if integration in (None, listed.id) else None
        if found is not None:
            one, streams = found
            reads = desk.capabilities(one.connector).reads
            yield from (Fingerprints(desk, one, stream) for stream in streams if stream.key.read in reads)


def told(key: StreamKey, agreement: Agreement | None) -> Line:
    """How a comparison is shown."""
    if agreement is None:
        return Line(str(key), "to be rebuilt", "the next sync does it by itself")
    numbers = f"{agreement.records} records, {agreement.unknown} unknown"
    if agreement.holds:
        return Line(str(key), "agrees", numbers)
    differ = f"{len(agreement.other)} other, {len(agreement.missing)} missing, {len(agreement.extra)} extra"
    example = (*agreement.other, *agreement.missing, *agreement.extra)[0]
    return Line(str(key), "DIFFERS", f"{numbers}: {differ}, such as {'/'.join(example)}; `rebuild-index` mends it")


def _known(index: Index) -> Iterator[tuple[Name, int | None]]:
    for row in range(len(index.rows)):
        entry = index.rows.entry(row)
        if entry is not None:
            yield from ((output.key, output.fingerprint) for output in entry.outputs)
    yield from ((shared.key, shared.fingerprint) for shared in index.shared.values())


def _compared(known: dict[Name, int | None], stored: dict[Name, int | None]) -> Agreement:
    """A record of which the index does not know the value is mapped when it is next read, whatever the table has."""
    unknown = {name for name, value in known.items() if value is None}
    return Agreement(
        records=len(stored),
        unknown=len(unknown),
        other=_sorted(name for name in known.keys() & stored.keys() - unknown if known[name] != stored[name]),
        missing=_sorted(known.keys() - stored.keys() - unknown),
        extra=_sorted(stored.keys() - known.keys()),
    )


def _sorted(names: Sequence[Name] | Iterator[Name] | set[Name]) -> tuple[Name, ...]:
    return tuple(sorted(names))
