"""Finds rows by a 64-bit hash in four bytes a cell: open addressing, the row number with six bits of the hash.

Several rows may have one hash, and other hashes may look alike: the caller compares what it really looks for.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

MAX_ROWS = (1 << 26) - 2
_ROW = (1 << 26) - 1
_TAG = 0xFFFFFFFF ^ _ROW
_LEAST = 8


class Table:
    """At most three quarters full; whoever needs more room makes a table of more cells."""

    __slots__ = ("cells", "used")

    def __init__(self, cells: array[int] | None = None, used: int = 0) -> None:
        self.cells = array("I", bytes(4 * _LEAST)) if cells is None else cells
        self.used = used

    @classmethod
    def of(cls, placed: Iterable[tuple[int, int]], cells: int) -> Table:
        """A table of (hash, row) pairs, at most three quarters as many as there are cells."""
        count = max(_LEAST, cells)
        made = array("I", bytes(4 * count))
        used = 0
        for key, row in placed:
            if used * 4 >= count * 3:
                raise ValueError("A table was made too small.")
            at = key % count
            while made[at]:
                at = (at + 1) % count
            made[at] = ((key >> 32) & _TAG) | (row + 1)
            used += 1
        return cls(made, used)

    def has_room(self, more: int = 1) -> bool:
        return (self.used + more) * 4 <= len(self.cells) * 3

    @property
    def is_roomy(self) -> bool:
        return len(self.cells) > max(_LEAST, self.used * 2)

    def add(self, key: int, row: int) -> None:
        cells = self.cells
        at = key % len(cells)
        while cells[at]:
            at = (at + 1) % len(cells)
        cells[at] = ((key >> 32) & _TAG) | (row + 1)
        self.used += 1

    def rows(self, key: int) -> Iterator[int]:
        """The rows that may have been added under the hash, each once for every time that it was."""
        cells = self.cells
        at, tag = key % len(cells), (key >> 32) & _TAG
        while cell := cells[at]:
            if cell & _TAG == tag:
                yield (cell & _ROW) - 1
            at = (at + 1) % len(cells)
