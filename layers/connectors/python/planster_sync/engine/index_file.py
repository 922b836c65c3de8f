"""How a stream's fingerprint index and its journal chunks look as bytes: MessagePack, zlib level 1.

An index is an immutable object; chunks are the changes since, each written before the record writes that it describes.
The structs that come by the hundred thousand are trees, so that the garbage collector need not follow them: that halves
the time of a load.
"""

from __future__ import annotations

import zlib
from datetime import datetime

import msgspec

FORMAT = 1


class Output(msgspec.Struct, array_like=True, gc=False):
    """One owned unified record. `fingerprint` None: the stored value is unknown. `missing_since`: epoch ms."""

    data_type: str
    id: str
    fingerprint: int | None
    missing_since: int | None = None


class Edge(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One source record's mention of a shared record, with the value that it gives it."""

    data_type: str
    id: str
    value: bytes


class Entry(msgspec.Struct, array_like=True, gc=False):
    """What is known of one source record. `raw` None: its bytes are unknown, so it is mapped when next read.

    `stamp` is the source's own time of change (epoch ms, 0 unknown); `quarantined` the code of its quarantine.
    """

    raw: int | None
    outputs: list[Output]
    edges: list[Edge] = []
    stamp: int = 0
    missing_since: int | None = None
    quarantined: str | None = None
    quarantined_at: int = 0


class Shared(msgspec.Struct, array_like=True, gc=False):
    """One shared unified record as stored."""

    data_type: str
    id: str
    fingerprint: int | None
    missing_since: int | None = None


class Seen(msgspec.Struct, array_like=True):
    """Source ids that one run read at one moment (epoch ms)."""

    read_at: int
    ids: list[str]


class Header(msgspec.Struct, array_like=True):
    """What the fingerprints are valid for: the table (a restored one has another generation) and the mapping."""

    format: int
    generation: str
    mapping: str


class IndexFile(msgspec.Struct, array_like=True):
    """`run` and `seen` belong to the run in progress, so that its next segment buries nothing that it has read."""

    header: Header
    entries: dict[str, Entry]
    shared: list[Shared]
    run: str | None
    seen: list[Seen]
    needs_snapshot: bool = False


class Chunk(msgspec.Struct, array_like=True):
    """One step of a segment: entries as they are once its record writes are durable (None: removed)."""

    header: Header
    run: str
    seen: list[Seen]
    changes: dict[str, Entry | None]
    shared: list[Shared]
    shared_gone: list[tuple[str, str]]


def millis(moment: datetime) -> int:
    """A moment as indexes hold it: milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


_ENCODER = msgspec.msgpack.Encoder()
_INDEX = msgspec.msgpack.Decoder(IndexFile)
_CHUNK = msgspec.msgpack.Decoder(Chunk)


def pack(content: IndexFile | Chunk) -> bytes:
    return zlib.compress(_ENCODER.encode(content), 1)


def unpack_index(content: bytes) -> IndexFile | None:
    """Gives the index, or None where the bytes are damaged or of another format: it then counts as lost."""
    try:
        index = _INDEX.decode(zlib.decompress(content))
    except (zlib.error, msgspec.MsgspecError):
        return None
    return index if index.header.format == FORMAT else None


def unpack_chunk(content: bytes) -> Chunk | None:
    """Gives the chunk, or None where the bytes are damaged or of another format."""
    try:
        chunk = _CHUNK.decode(zlib.decompress(content))
    except (zlib.error, msgspec.MsgspecError):
        return None
    return chunk if chunk.header.format == FORMAT else None
