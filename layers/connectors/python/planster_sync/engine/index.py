"""What is known of a stream: which source records it has, what each became, and what this run has seen.

It is loaded from the valid index object plus the journal written since, and rebuilt from the table where the index is
lost (`index_source`). What comes by the hundred thousand lies packed in columns; an `Entry` is made of a row when it is
asked for, and is only ever replaced by another.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from planster_sync.engine.index_entries import Edge, Entry, Shared
from planster_sync.engine.index_file import FORMAT, Header, Standing
from planster_sync.engine.index_owners import Owners
from planster_sync.engine.index_rows import UNKNOWN, Rows
from planster_sync.engine.index_shapes import ODD
from planster_sync.engine.sightings import Sightings

NAMELESS = "?"
"""Begins the made-up id of a source record that has none; a hash of its bytes follows. It is never stored."""

_MOMENTS = 0xFFFF
"""So many moments can be told apart; later ones count as the last of them, so that nothing seems fresher than it is."""


@dataclass(slots=True)
class Index:
    """A stream's knowledge while a segment works on it.

    `restart` says that the index was lost, or belongs to another table or mapping: what the run has seen so far does
    not count, and only a snapshot from the start brings the fingerprints back. `needs_snapshot` says so until one has
    ended: what the lost index knew, an incremental read would not bring back. `based` is how many rows the object has
    that the journal is written against; `sheets` how many objects that is; `is_changed` whether they are out of date.
    """

    generation: str
    mapping: str
    rows: Rows = field(default_factory=Rows)
    owners: Owners = field(init=False)
    standing: Standing = field(default_factory=Standing)
    edges: dict[Edge, int] = field(default_factory=dict)
    shared: dict[tuple[str, str], Shared] = field(default_factory=dict)
    moments: list[int] = field(default_factory=lambda: [0])
    moment: int = 0
    seen: int = 0
    latest: int = -1
    restart: bool = False
    needs_snapshot: bool = False
    is_changed: bool = True
    journal_chunks: int = 0
    based: int = 0
    sheets: int = 1

    def __post_init__(self) -> None:
        self.owners = Owners(self.rows)

    def __len__(self) -> int:
        return len(self.rows) - self.rows.gone

    @property
    def header(self) -> Header:
        return Header(FORMAT, self.generation, self.mapping)

    @property
    def complete(self) -> bool:
        """Whether every record's bytes are known, so that an incremental read suffices."""
        return not (self.restart or self.needs_snapshot or self.standing.unknown)

    def get(self, source: str) -> Entry | None:
        row = self.rows.find(source)
        return None if row < 0 else self.rows.entry(row)

    def __getitem__(self, source: str) -> Entry:
        entry = self.get(source)
        if entry is None:
            raise KeyError(source)
        return entry

    def put(self, source: str, entry: Entry | None) -> None:
        """Puts an entry in the place of what was known of the source record; None forgets it."""
        row = self.rows.find(source)
        before = None if row < 0 else self.rows.entry(row)
        if before is not None:
            self._count(before, -1)
        if entry is not None:
            self._count(entry, 1)
            row = self.rows.put(row, source, entry)
            self.owners.note(source, row, entry.outputs)
        elif before is not None:
            self.seen -= self.rows.seen[row] != 0
            self.rows.drop(row)
        self.is_changed = True

    def put_raw(self, row: int, raw: int) -> None:
        """Notes other bytes of a source record that became what it was."""
        self.standing.unknown -= self.rows.raws[row] == UNKNOWN
        self.rows.raws[row] = raw
        self.is_changed = True

    def map_anew(self, mapping: str) -> None:
        """Another mapping makes another thing of the same bytes: none count as known."""
        self.mapping = mapping
        self.rows.raws = array("Q", bytes(8 * len(self.rows)))
        self.standing.unknown = len(self)
        self.restart = self.is_changed = True

    def snapshot_ended(self) -> None:
        """Everything that the source has is known again."""
        self.is_changed |= self.needs_snapshot
        self.needs_snapshot = False

    def put_shared(self, key: tuple[str, str], shared: Shared | None) -> None:
        if shared is None:
            self.shared.pop(key, None)
        else:
            self.shared[key] = shared
        self.is_changed = True

    def is_nameless(self, source: str) -> bool:
        """Whether the source record has no id of its own (a vendor's id may well begin with the same character)."""
        if not source.startswith(NAMELESS):
            return False
        entry = self.get(source)
        return entry is None or not entry.outputs

    def owner(self, data_type: str, id_: str) -> str:
        return self.owners.find(data_type, id_) or id_

    def live(self) -> Counter[str]:
        """Live unified records by data type."""
        return Counter(self.standing.live) + Counter(shared.data_type for shared in self.shared.values())

    def quarantined(self) -> int:
        return self.standing.quarantined

    def odd(self) -> Iterator[tuple[str, Entry]]:
        """Every source record with which something is the matter: in quarantine, missing, or with missing outputs."""
        return self._entries(self.rows.where(ODD))

    def missing(self) -> Iterator[str]:
        """Source records that are known and that this run has not seen."""
        return map(self.rows.id_of, self.rows.unseen())

    def mentions(self, keys: set[tuple[str, str]]) -> Iterator[tuple[int, int, tuple[Edge, ...]]]:
        """The rows of all source records that name one of these shared records, with their stamps and edges."""
        rows = self.rows
        numbers = rows.shapes.naming(keys)
        for row, number in enumerate(rows.which):
            if number in numbers:
                yield row, rows.stamp(row), rows.shapes[number].edges
        for row in rows.where(ODD):
            entry = rows.entry(row)
            if entry is not None and any(edge.key in keys for edge in entry.edges):
                yield row, entry.stamp, entry.edges

    def turn(self, read_at: int) -> None:
        """Begins a page that was read at a moment (epoch ms): what is marked from now on was seen then."""
        if self.moments[-1] != read_at and len(self.moments) < _MOMENTS:
            self.moments.append(read_at)
        self.moment = len(self.moments) - 1

    def skim(self, source: str, raw: int, sightings: Sightings) -> tuple[str, ...] | None:
        """Marks a record with which nothing is the matter and whose bytes are known; None where it needs a look.

        Gives the data types of what it became; none where the run has seen it before.
        """
        rows = self.rows
        row = rows.guess(source, raw)
        if row < 0:
            return None
        number = rows.which[row]
        if number == ODD:
            return None
        if row < self.based:
            sightings.rows.append(row)
        else:
            sightings.ids.append(source)
        seen, self.latest = rows.seen, row
        is_first = not seen[row]
        seen[row] = self.moment
        if not is_first:
            return ()
        self.seen += 1
        return rows.shapes.known[number].types

    def mark(self, source: str, sightings: Sightings) -> None:
        """Marks a known record as seen."""
        row = self.rows.find(source)
        if row < 0:
            return
        if row < self.based:
            sightings.rows.append(row)
        else:
            sightings.ids.append(source)
        self.mark_row(row)

    def mark_row(self, row: int) -> None:
        seen = self.rows.seen
        self.seen += not seen[row]
        seen[row], self.latest = self.moment, row

    def read_at(self, source: str) -> int:
        """When this run last read a source record (epoch ms); 0 where it has not."""
        row = self.rows.find(source)
        return 0 if row < 0 else self.moments[self.rows.seen[row]]

    def has_seen(self, source: str) -> bool:
        row = self.rows.find(source)
        return row >= 0 and self.rows.seen[row] != 0

    def seen_lately(self) -> Iterator[str]:
        """What this run has seen, from the record that was marked last backwards in the list's order."""
        rows = self.rows
        for row in chain(range(self.latest, -1, -1), range(len(rows) - 1, self.latest, -1)):
            if rows.seen[row]:
                yield rows.id_of(row)

    def forget_seen(self) -> None:
        self.rows.seen = array("H", bytes(2 * len(self.rows)))
        self.moments = [0]
        self.moment, self.seen, self.latest = 0, 0, -1

    def named_now(self) -> set[tuple[str, str]]:
        """The shared records that are named by what this run has seen."""
        shapes = self.rows.shapes
        seen = self.rows.numbers_seen() - {ODD}
        keys = {edge.key for number in seen for edge in shapes[number].edges}
        odd = (row for row in self.rows.where(ODD) if self.rows.seen[row])
        return keys | {edge.key for _, entry in self._entries(odd) for edge in entry.edges}

    def tidy(self) -> None:
        """Lets go of what is no longer needed, before the index is stored. Rows may have other numbers then."""
        if self.rows.is_wasteful:
            self.rows = self.rows.compact()
            self.owners.renew(self.rows)
            self.latest = -1
        self.rows.tidy()

    def _entries(self, rows: Iterator[int]) -> Iterator[tuple[str, Entry]]:
        for row in rows:
            entry = self.rows.entry(row)
            if entry is not None:
                yield self.rows.id_of(row), entry

    def _count(self, entry: Entry, by: int) -> None:
        standing = self.standing
        for output in entry.outputs:
            standing.live[output.data_type] = standing.live.get(output.data_type, 0) + by
        standing.quarantined += by if entry.quarantined else 0
        standing.unknown += by if entry.raw is None else 0
        for edge in entry.edges:
            count = self.edges[edge] = self.edges.get(edge, 0) + by
            if not count:
                del self.edges[edge]
