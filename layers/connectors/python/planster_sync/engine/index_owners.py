"""Which source record a derived record belongs to, where that has an id of its own: the one whose entry lists it.

Only the way there is kept. A place in the table that is no longer true leads to an entry that does not list the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from planster_sync.engine.index_entries import Output
from planster_sync.engine.index_rows import Rows
from planster_sync.engine.index_table import Table


@dataclass(slots=True)
class Owners:
    rows: Rows
    table: Table = field(default_factory=Table)

    def find(self, data_type: str, id_: str) -> str | None:
        """The source record that lists a derived record; None where none does, or where it has the source's own id."""
        for row in self.table.rows(self._key(data_type, id_)):
            entry = self.rows.entry(row)
            if entry is None or all(output.key != (data_type, id_) for output in entry.outputs):
                continue
            source = self.rows.id_of(row)
            if source != id_:
                return source
        return None

    def note(self, source: str, row: int, outputs: Iterable[Output]) -> None:
        """Notes which derived records a source record lists (one with its source's own id needs no note)."""
        for output in outputs:
            if output.id != source:
                key = self._key(output.data_type, output.id)
                if row not in self.table.rows(key):
                    if self.table.is_full:
                        self.table = Table.of(self._all(), self.table.used)
                    self.table.add(key, row)

    def renew(self, rows: Rows) -> None:
        """Starts over with rows that have other numbers."""
        self.rows = rows
        self.table = Table.of(self._all(), self.table.used)

    def _all(self) -> Iterator[tuple[int, int]]:
        for row, number in enumerate(self.rows.which):
            if not self.rows.shapes.is_plain(number):
                entry = self.rows.entry(row)
                source = self.rows.id_of(row)
                for output in entry.outputs if entry else ():
                    if output.id != source:
                        yield self._key(output.data_type, output.id), row

    def _key(self, data_type: str, id_: str) -> int:
        return self.rows.digest(f"{data_type}/{id_}".encode())
