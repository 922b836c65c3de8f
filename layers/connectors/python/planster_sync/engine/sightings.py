"""What was read and not yet journalled: which records, and when."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from planster_sync.engine.index_file import Seen


@dataclass(slots=True)
class Sightings:
    """The records read at one moment (epoch ms): rows of the index that the journal changes, ids of newer ones."""

    read_at: int
    rows: array[int] = field(default_factory=lambda: array("I"))
    ids: list[str] = field(default_factory=list)

    @property
    def packed(self) -> Seen:
        return Seen(self.read_at, self.rows.tobytes(), self.ids)
