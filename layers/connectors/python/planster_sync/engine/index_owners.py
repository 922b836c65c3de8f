"""Which source record a derived record belongs to, where that has an id of its own: the one whose entry lists it.

Only the way there is kept. A place in the table that is no longer true leads to a row that does not list the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from planster_sync.engine.index_entries import Output
from planster_sync.engine.index_ids import packed
from planster_sync.engine.index_rows import Rows
from planster_sync.engine.index_table import Table


@dataclass(slots=True)
class Owners:
    rows: Rows
    table: Table = field(default_factory=Table)

    def find(self, data_type: str, id_: str) -> str | None:
        """The source record that lists a derived record; None where none does, or where it has the source's own id."""
        child = (data_type, packed(id_))
        for row in self.table.rows(self._key(child)):
            if child in self.rows.children(row):
                return self.rows.id_of(row)
        return None

    def note(self, source: str, row: int, outputs: Iterable[Output]) -> None:
        """Notes which derived records a source record lists; one with its source's own id needs no note."""
        children = [(output.data_type, packed(output.id)) for output in outputs if output.id != source]
        if not self.table.has_room(len(children)):
            self.table = Table.of(self._all(), 2 * len(self.table.cells) + 2 * len(children))
        for child in children:
            key = self._key(child)
            if row not in self.table.rows(key):
                self.table.add(key, row)

    def renew(self, rows: Rows) -> None:
        """Starts over with rows that have other numbers."""
        self.rows = rows
        self.table = Table.of(self._all(), 2 * self.table.used)

    def _all(self) -> Iterator[tuple[int, int]]:
        for row in range(len(self.rows)):
            for key in {self._key(child) for child in self.rows.children(row)}:
                yield key, row

    def _key(self, child: tuple[str, bytes]) -> int:
        return self.rows.digest(child[0].encode() + b"/" + child[1])
