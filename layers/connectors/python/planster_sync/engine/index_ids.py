"""Ids of source records as few bytes: hexadecimal ones and UUIDs take half of their length or less.

A packed id says its own length, so that none is the beginning of another.
"""

from __future__ import annotations

import re

_DIGITS = "0123456789abcdef"
_DASHED = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch

_TEXT, _HEX, _UUID = 0x00, 0x40, 0x80
_FORM = 0xC0
_LONG = 0x3F
"""Stands in the length's place where the length needs four bytes of its own."""


def packed(id_: str) -> bytes:
    """One byte for form and length, then the id."""
    form, content = _content(id_)
    if len(content) < _LONG:
        return bytes((form | len(content),)) + content
    return bytes((form | _LONG,)) + len(content).to_bytes(4, "little") + content


def unpacked(heap: bytes | bytearray, spot: int) -> str:
    """The id that begins at `spot`."""
    start, end = _bounds(heap, spot)
    form = heap[spot] & _FORM
    if form == _TEXT:
        return heap[start:end].decode()
    digits = heap[start:end].hex()
    return digits if form == _HEX else _with_dashes(digits)


def end_of(heap: bytes | bytearray, spot: int) -> int:
    """Where the id that begins at `spot` ends."""
    return _bounds(heap, spot)[1]


def _bounds(heap: bytes | bytearray, spot: int) -> tuple[int, int]:
    length = heap[spot] & _LONG
    start = spot + 1
    if length == _LONG:
        length = int.from_bytes(heap[start : start + 4], "little")
        start += 4
    return start, start + length


def _content(id_: str) -> tuple[int, bytes]:
    if not len(id_) % 2 and not id_.strip(_DIGITS):
        return _HEX, bytes.fromhex(id_)
    if len(id_) == 36 and _DASHED(id_):
        return _UUID, bytes.fromhex(id_.replace("-", ""))
    return _TEXT, id_.encode()


def _with_dashes(digits: str) -> str:
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
