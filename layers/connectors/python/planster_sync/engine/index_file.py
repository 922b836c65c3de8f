"""How a stream's fingerprint index and its journal chunks look as bytes: MessagePack behind a checksum.

An index is one or more immutable objects: a head and, where it is large, further sheets with their share of every
column, so that none has to lie in memory twice as a whole. Chunks are the changes since, each written before the record
writes that it describes. Hashes do not compress, so that nothing is compressed.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import TypeVar

import msgspec
from xxhash import xxh3_64_digest

from planster_sync.engine.index_entries import Edge, Entry, Shared
from planster_sync.engine.index_shapes import Shape

FORMAT = 2
SHEET_BYTES = 1 << 22
_CHECKSUM = 8


class Seen(msgspec.Struct, array_like=True):
    """What one run read at one moment (epoch ms): rows of the index that the journal changes, ids of newer records."""

    read_at: int
    rows: bytes
    ids: list[str]


class Header(msgspec.Struct, array_like=True):
    """What the fingerprints are valid for: the table (a restored one has another generation) and the mapping."""

    format: int
    generation: str
    mapping: str


class Sheet(msgspec.Struct, array_like=True):
    """A share of every column, as it lies in memory (little-endian)."""

    columns: list[memoryview]


class Standing(msgspec.Struct, array_like=True):
    """Sums over all entries: live unified records by data type, source records in quarantine and with unknown bytes."""

    live: dict[str, int] = {}
    quarantined: int = 0
    unknown: int = 0


class IndexFile(msgspec.Struct, array_like=True):
    """The head.

    `run`, `moments` and the column of what was seen belong to the run in progress, so that its next segment buries
    nothing that it has read.
    """

    header: Header
    sheets: int
    first: Sheet
    used: int
    owners_used: int
    gone: int
    waste: int
    shapes: dict[int, Shape]
    standing: Standing
    edges: list[tuple[Edge, int]]
    shared: list[Shared]
    run: str | None
    moments: list[int]
    needs_snapshot: bool


class Chunk(msgspec.Struct, array_like=True):
    """One step of a segment: entries as they are once its record writes are durable (None: removed).

    `raw_rows` and `raws` are new bytes of records that became the same unified records again: rows with fingerprints.
    """

    header: Header
    run: str
    seen: list[Seen]
    changes: dict[str, Entry | None]
    raw_rows: bytes
    raws: bytes
    shared: list[Shared]
    shared_gone: list[tuple[str, str]]


_Content = TypeVar("_Content")

_ENCODER = msgspec.msgpack.Encoder()
_INDEX = msgspec.msgpack.Decoder(IndexFile)
_SHEET = msgspec.msgpack.Decoder(Sheet)
_CHUNK = msgspec.msgpack.Decoder(Chunk)


def pack(content: IndexFile | Sheet | Chunk) -> bytes:
    packed = bytearray(_CHECKSUM)
    _ENCODER.encode_into(content, packed, _CHECKSUM)
    with memoryview(packed) as view:
        packed[:_CHECKSUM] = xxh3_64_digest(view[_CHECKSUM:])
    return bytes(packed)


def unpack_index(content: bytes) -> IndexFile | None:
    """Gives the head, or None where the bytes are damaged or of another format: the index then counts as lost."""
    head = _unpack(content, _INDEX)
    return head if head is not None and head.header.format == FORMAT else None


def unpack_sheet(content: bytes) -> Sheet | None:
    return _unpack(content, _SHEET)


def unpack_chunk(content: bytes) -> Chunk | None:
    """Gives the chunk, or None where the bytes are damaged or of another format."""
    chunk = _unpack(content, _CHUNK)
    return chunk if chunk is not None and chunk.header.format == FORMAT else None


def sheets_of(columns: Sequence[array[int] | bytearray], size: int) -> Iterator[Sheet]:
    """Deals the columns out to as many sheets as keep each at about `size` bytes."""
    total = sum(len(column) * memoryview(column).itemsize for column in columns)
    count = 1 + total // size
    for number in range(count):
        yield Sheet([_share(column, number, count) for column in columns])


def sheet_name(index: str, number: int) -> str:
    """The name of an index's object: the head has the index's own."""
    return f"{index}.{number}" if number else index


def _share(column: array[int] | bytearray, number: int, count: int) -> memoryview:
    start, end = (len(column) * share // count for share in (number, number + 1))
    return memoryview(column)[start:end].cast("B") if end > start else memoryview(b"")


def _unpack(content: bytes, decoder: msgspec.msgpack.Decoder[_Content]) -> _Content | None:
    body = memoryview(content)[_CHECKSUM:]
    if xxh3_64_digest(body) != content[:_CHECKSUM]:
        return None
    try:
        return decoder.decode(body)
    except msgspec.MsgspecError:
        return None
