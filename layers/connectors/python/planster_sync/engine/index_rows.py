"""The source records of a stream as columns: about forty bytes each, loaded and stored as they lie in memory.

A row keeps its number for as long as the index object lives; new records are appended. A vendor tends to list its
records in the order of the night before, so that the next row is looked at first, and the hash table only where that
one is another.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from itertools import compress

import msgspec
from xxhash import xxh3_64_intdigest

from planster_sync.engine.index_entries import Entry, Output
from planster_sync.engine.index_ids import end_of, packed, unpacked
from planster_sync.engine.index_shapes import GONE, ODD, Shape, Shapes
from planster_sync.engine.index_table import Table

Digest = Callable[[bytes], int]

UNKNOWN = 0
"""Stands in a column for a fingerprint that is not known; a record whose own is 0 is merely mapped every time."""

_ENTRY = msgspec.msgpack.Decoder(Entry)
_CHILDREN = msgspec.msgpack.Decoder(list[tuple[bytes, int]])
_ENCODER = msgspec.msgpack.Encoder()
_LENGTH = 4
_STAMP = 8
_SLACK = 1 << 16


class Rows:
    """One entry a row.

    `raws` and `prints` are the fingerprints of a source record's bytes and of its own unified record's value; `spots`
    says where in `heap` its id lies, followed by whatever else there is; `which` numbers its shape; `seen` is 0 until a
    run has seen it.
    """

    __slots__ = (
        "digest", "expected",
        "found", "gone", "heap", "prints", "raws", "seen", "shapes", "spots", "table", "waste", "which",
    )  # fmt: skip

    def __init__(self, digest: Digest = xxh3_64_intdigest) -> None:
        self.digest = digest
        self.raws: array[int] = array("Q")
        self.prints: array[int] = array("Q")
        self.spots: array[int] = array("I")
        self.which: array[int] = array("B")
        self.seen: array[int] = array("H")
        self.heap = bytearray()
        self.table = Table()
        self.shapes = Shapes()
        self.gone = self.waste = self.expected = 0
        self.found: tuple[str | None, int, bytes] = (None, -1, b"")

    def __len__(self) -> int:
        return len(self.raws)

    @property
    def is_wasteful(self) -> bool:
        """Whether much of it is no longer needed."""
        return self.gone * 4 > len(self) or self.waste * 2 > len(self.heap) + _SLACK

    def find(self, id_: str) -> int:
        """The row of a source record, one that is gone included; -1 where it has none."""
        if id_ == self.found[0]:
            return self.found[1]
        wanted, heap, spots = packed(id_), self.heap, self.spots
        for row in self.table.rows(self.digest(wanted)):
            if heap.startswith(wanted, spots[row]):
                break
        else:
            row = -1
        self.found = (id_, row, wanted)
        return row

    def guess(self, id_: str, raw: int) -> int:
        """The row of a source record that is known with these very bytes; -1 where there is none.

        `raw` is a hash of the id too, so that equal hashes mean the same record.
        """
        row, raws = self.expected, self.raws
        if row >= len(raws) or raws[row] != raw:
            row = self.find(id_)
            if row < 0:
                return row
        self.expected = row + 1
        return row if raws[row] == raw else -1

    def id_of(self, row: int) -> str:
        return unpacked(self.heap, self.spots[row])

    def entry(self, row: int) -> Entry | None:
        """What is known of the row's source record; None where it is gone."""
        number = self.which[row]
        if number == GONE:
            return None
        raw = self.raws[row] or None
        if number == ODD:
            return _ENTRY.decode(self._rest(row)).with_raw(raw)
        shape = self.shapes[number]
        own = (Output(shape.types[0], self.id_of(row), self.prints[row] or None),) if shape.has_own else ()
        if shape.is_plain:
            return Entry(raw, own)
        rest = self._rest(row)
        children = _CHILDREN.decode(rest[_STAMP:])
        others = (
            Output(data_type, unpacked(id_, 0), value or None)
            for data_type, (id_, value) in zip(shape.types[shape.has_own :], children, strict=True)
        )
        return Entry(raw, (*own, *others), shape.edges, int.from_bytes(rest[:_STAMP], "little", signed=True))

    def children(self, row: int) -> list[tuple[str, bytes]]:
        """Data types and packed ids of the outputs that have an id of their own."""
        number = self.which[row]
        if self.shapes.is_plain(number):
            return []
        own = self.heap[self.spots[row] : end_of(self.heap, self.spots[row])]
        if number == ODD:
            entry = _ENTRY.decode(self._rest(row))
            named = [(output.data_type, packed(output.id)) for output in entry.outputs]
        else:
            shape = self.shapes[number]
            ids = [id_ for id_, _ in _CHILDREN.decode(self._rest(row)[_STAMP:])]
            named = list(zip(shape.types[shape.has_own :], ids, strict=True))
        return [child for child in named if child[1] != own]

    def stamp(self, row: int) -> int:
        """The time of change of a row whose shape names shared records."""
        start = end_of(self.heap, self.spots[row]) + _LENGTH
        return int.from_bytes(self.heap[start : start + _STAMP], "little", signed=True)

    def put(self, row: int, id_: str, entry: Entry) -> int:
        """Keeps an entry in its row, or in a new one where `row` is -1; gives the row."""
        shape = _shape(id_, entry)
        number = self.shapes.number(shape) if shape else ODD
        if number > 0xFF:
            self._fit()
        wanted = self.found[2] if id_ == self.found[0] else packed(id_)
        record = wanted + (_odd(entry) if shape is None or number == ODD else _rest(shape, entry))
        own = shape is not None and shape.has_own and entry.outputs[0].fingerprint
        if row < 0:
            row = self._append(id_, wanted, record)
        elif not self.heap.startswith(record, self.spots[row]):
            self.waste += self._end(row) - self.spots[row]
            self.spots[row] = len(self.heap)
            self.heap += record
        self.gone -= self.which[row] == GONE
        self.raws[row], self.prints[row], self.which[row] = entry.raw or UNKNOWN, own or UNKNOWN, number
        return row

    def drop(self, row: int) -> None:
        self.gone += self.which[row] != GONE
        self.raws[row], self.which[row], self.seen[row] = UNKNOWN, GONE, 0

    def where(self, number: int) -> Iterator[int]:
        """The rows that have one number for a shape."""
        return _where(self.which, number)

    def unseen(self) -> Iterator[int]:
        """The rows of known records that have not been seen."""
        which = self.which
        return (row for row in _where(self.seen, 0) if which[row] != GONE)

    def numbers_seen(self) -> set[int]:
        """The numbers of the shapes of the records that have been seen."""
        return set(compress(self.which, self.seen))

    def compact(self) -> Rows:
        """The same without what is no longer needed; rows have other numbers."""
        fresh = Rows(self.digest)
        for row in range(len(self)):
            entry = self.entry(row)
            if entry is not None:
                fresh.seen[fresh.put(-1, self.id_of(row), entry)] = self.seen[row]
        return fresh

    def tidy(self) -> None:
        """Lets go of the shapes that no row has, and of cells that nobody needs for now."""
        if self.table.is_roomy:
            self.table = Table.of(self._keys(), 2 * self.table.used)
        used = set(self.which)
        self.shapes = Shapes({number: shape for number, shape in self.shapes.known.items() if number in used})
        self._fit()

    def _fit(self) -> None:
        if self.which.typecode != self.shapes.typecode:
            self.which = array(self.shapes.typecode, self.which)

    def _append(self, id_: str, wanted: bytes, record: bytes) -> int:
        row = len(self)
        if not self.table.has_room():
            self.table = Table.of(self._keys(), 2 * len(self.table.cells))
        self.table.add(self.digest(wanted), row)
        self.found = (id_, row, wanted)
        self.raws.append(UNKNOWN)
        self.prints.append(UNKNOWN)
        self.spots.append(len(self.heap))
        self.which.append(ODD)
        self.seen.append(0)
        self.heap += record
        return row

    def _keys(self) -> Iterator[tuple[int, int]]:
        heap, digest = self.heap, self.digest
        return ((digest(bytes(heap[spot : end_of(heap, spot)])), row) for row, spot in enumerate(self.spots))

    def _end(self, row: int) -> int:
        """Where the row's part of the heap ends."""
        end = end_of(self.heap, self.spots[row])
        if self.shapes.is_plain(self.which[row]):
            return end
        return end + _LENGTH + int.from_bytes(self.heap[end : end + _LENGTH], "little")

    def _rest(self, row: int) -> bytes:
        end = end_of(self.heap, self.spots[row])
        start = end + _LENGTH
        return bytes(self.heap[start : start + int.from_bytes(self.heap[end:start], "little")])


def _shape(id_: str, entry: Entry) -> Shape | None:
    """None for an entry that has to be looked at whole."""
    if entry.quarantined or entry.missing_since is not None:
        return None
    types = []
    for output in entry.outputs:
        if output.missing_since is not None:
            return None
        types.append(output.data_type)
    return Shape(tuple(types), bool(types) and entry.outputs[0].id == id_, entry.edges)


def _rest(shape: Shape, entry: Entry) -> bytes:
    if shape.is_plain:
        return b""
    children = [(packed(output.id), output.fingerprint or UNKNOWN) for output in entry.outputs[shape.has_own :]]
    return _with_length(entry.stamp.to_bytes(_STAMP, "little", signed=True) + _ENCODER.encode(children))


def _odd(entry: Entry) -> bytes:
    return _with_length(_ENCODER.encode(entry.with_raw(None)))


def _with_length(content: bytes) -> bytes:
    return len(content).to_bytes(_LENGTH, "little") + content


def _where(column: array[int], value: int) -> Iterator[int]:
    row = -1
    while True:
        try:
            row = column.index(value, row + 1)
        except ValueError:
            return
        yield row
