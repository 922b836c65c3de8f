"""How long and how large an answer may be, and reading it within these bounds."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from planster_sync.errors import AnswerBroken
from planster_sync.ports.platform import Clock

_CHUNK = 65_536
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_WINDOW_BITS: Mapping[str, int] = {"gzip": _GZIP_OR_ZLIB, "x-gzip": _GZIP_OR_ZLIB, "deflate": _GZIP_OR_ZLIB}

ACCEPTED_ENCODINGS = "gzip, deflate"


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """Bounds of one attempt, in seconds and bytes.

    `total` bounds the whole answer, headers and body, whatever drips in; `read` bounds each silence within it.
    `past_deadline` is how much longer than the caller's deadline an answer that is already under way may take.
    `short_wait` is the longest wait that is slept through; a longer one is raised with its end.
    `size` holds for the bytes as sent and as decompressed.
    """

    connect: float = 10.0
    read: float = 60.0
    total: float = 120.0
    past_deadline: float = 40.0
    short_wait: float = 20.0
    size: int = 64 * 1024 * 1024


class Watch(threading.local):
    """The time left for the attempt that this thread is making, and whether the vendor has seen any of it."""

    def __init__(self, clock: Clock, read: float) -> None:
        self._clock = clock
        self._read = read
        self._ends: datetime | None = None
        self.sent = False

    def start(self, ends: datetime) -> None:
        self._ends = ends
        self.sent = False

    def seconds_left(self) -> float:
        """The longest that the next read may block.

        Raises:
            TimeoutError: the answer has used up its whole time.
        """
        if self._ends is None:
            return self._read
        left = (self._ends - self._clock.now()).total_seconds()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        return min(left, self._read)


def answer_ends(limits: AnswerLimits, now: datetime, deadline: datetime | None) -> datetime:
    """When an attempt that starts now must be over."""
    ends = now + timedelta(seconds=limits.total)
    return ends if deadline is None else min(ends, deadline + timedelta(seconds=limits.past_deadline))


class Readable(Protocol):
    def read1(self, amt: int | None = None, decode_content: bool | None = None) -> bytes: ...


def read_body(source: Readable, headers: Mapping[str, str], limits: AnswerLimits, watch: Watch) -> bytes:
    """The decompressed body. `headers` are lower-cased.

    Raises:
        AnswerBroken: too large, compressed in an unknown way, or not what it says it is.
        EOFError: the compressed stream stops before its end.
        TimeoutError: the answer has used up its whole time.
    """
    if _announced(headers) > limits.size:
        raise _too_large(limits)
    body = _body_of(headers, limits)
    while chunk := source.read1(_CHUNK, decode_content=False):
        body.add(chunk)
        watch.seconds_left()
    return body.whole()


class _Plain:
    def __init__(self, limits: AnswerLimits) -> None:
        self._limits = limits
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._limits.size:
            raise _too_large(self._limits)
        self._parts.append(chunk)

    def whole(self) -> bytes:
        return b"".join(self._parts)


class _Compressed:
    """Never holds more than the limit and one byte, however far the data would expand."""

    def __init__(self, limits: AnswerLimits, window_bits: int) -> None:
        self._limits = limits
        self._plain = _Plain(limits)
        self._received = 0
        self._window_bits = window_bits
        self._decoder = zlib.decompressobj(window_bits)
        self._room = limits.size + 1

    def add(self, chunk: bytes) -> None:
        self._received += len(chunk)
        if self._received > self._limits.size:
            raise _too_large(self._limits)
        while chunk:
            chunk = self._decode(chunk)

    def _decode(self, chunk: bytes) -> bytes:
        if self._decoder.eof:  # RFC 1952 allows several members one after the other
            self._decoder = zlib.decompressobj(self._window_bits)
        try:
            decoded = self._decoder.decompress(chunk, self._room)
        except zlib.error:
            raise AnswerBroken("The warehouse system's answer could not be decompressed.") from None
        self._room -= len(decoded)
        self._plain.add(decoded)
        return self._decoder.unconsumed_tail or self._decoder.unused_data

    def whole(self) -> bytes:
        if self._received and not self._decoder.eof:
            raise EOFError("the compressed answer has no end")
        return self._plain.whole()


def _body_of(headers: Mapping[str, str], limits: AnswerLimits) -> _Plain | _Compressed:
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in {"", "identity"}:
        return _Plain(limits)
    if encoding not in _WINDOW_BITS:
        raise AnswerBroken("The warehouse system's answer is compressed in a way that was not asked for.")
    return _Compressed(limits, _WINDOW_BITS[encoding])


def _announced(headers: Mapping[str, str]) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


def _too_large(limits: AnswerLimits) -> AnswerBroken:
    return AnswerBroken(f"The warehouse system's answer is larger than {limits.size} bytes.")
