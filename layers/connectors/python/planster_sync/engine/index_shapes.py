"""What many source records have in common, kept once: which data types come of them, which shared records they name."""

from __future__ import annotations

import msgspec

from planster_sync.engine.index_entries import Edge

ODD, GONE = 0, 1
"""Numbers of no shape: of a row that must be looked at whole (in quarantine, missing, …), and of one that is gone."""

_FIRST = 2
_MOST = 1 << 16


class Shape(msgspec.Struct, array_like=True, frozen=True):
    """`types` are those of the owned records, in order; `has_own`: the first one has the source record's own id."""

    types: tuple[str, ...]
    has_own: bool
    edges: tuple[Edge, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether columns say all that there is to say of such a row."""
        return not self.edges and len(self.types) == self.has_own


class Shapes:
    """Numbers shapes; a column of numbers takes one byte a row until there are too many for that."""

    __slots__ = ("_free", "_numbers", "_size", "known")

    def __init__(self, known: dict[int, Shape] | None = None) -> None:
        self.known = known or {}
        self._size = max(self.known, default=_FIRST - 1) + 1
        self._numbers = {shape: number for number, shape in self.known.items()}
        self._free = [number for number in range(_FIRST, self._size) if number not in self.known]

    def __getitem__(self, number: int) -> Shape:
        return self.known[number]

    def is_plain(self, number: int) -> bool:
        """Whether a row with this number is gone, or columns say all that there is to say of it."""
        return number == GONE or (number != ODD and self.known[number].is_plain)

    @property
    def typecode(self) -> str:
        return "B" if self._size <= 0x100 else "H"

    def number(self, shape: Shape) -> int:
        """The number of a shape, a new one if need be; ODD where all are taken."""
        number = self._numbers.get(shape)
        if number is not None:
            return number
        if self._free:
            number = self._free.pop()
        elif self._size == _MOST:
            return ODD
        else:
            number, self._size = self._size, self._size + 1
        self._numbers[shape], self.known[number] = number, shape
        return number

    def naming(self, keys: set[tuple[str, str]]) -> set[int]:
        """The numbers of the shapes that name any of these shared records."""
        return {number for number, shape in self.known.items() if any(edge.key in keys for edge in shape.edges)}
