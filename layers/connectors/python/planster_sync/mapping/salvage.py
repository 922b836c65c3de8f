"""Cutting JSON by its brackets alone, for pages in which a single record is malformed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from planster_sync.errors import AnswerBroken

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{},"]', re.DOTALL)
_MEMBER = re.compile(rb'\s*("(?:[^"\\]++|\\.)*+")\s*:\s*(.*)', re.DOTALL)
_PAIRS = {b"[": b"]", b"{": b"}"}


def members(body: bytes) -> dict[str, bytes]:
    """The members of an object by name, their values unparsed.

    Raises:
        AnswerBroken: the brackets do not close, or it is not an object.
    """
    found = {}
    for part in _parts(body, b"{"):
        match = _MEMBER.fullmatch(part)
        if match is None:
            raise _broken("a member without a name")
        try:
            found[msgspec.json.decode(match[1], type=str)] = match[2].strip()
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _broken("a name that cannot be read") from error
    return found


def items(body: bytes) -> list[bytes]:
    """The items of a list, unparsed.

    Raises:
        AnswerBroken: the brackets do not close, or it is not a list.
    """
    found = [part.strip() for part in _parts(body, b"[")]
    if not all(found):
        raise _broken("an item that is missing")
    return found


def identity(piece: bytes, field: str) -> str | int | None:
    """The id of a malformed record at a dotted path, where it can still be made out."""
    try:
        for step in field.split("."):
            piece = members(piece).get(step, b"null")
        return msgspec.json.decode(piece, type=str | int | None)
    except (AnswerBroken, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _parts(body: bytes, opening: bytes) -> Iterator[bytes]:
    """What stands between the commas of the outermost bracket."""
    text = body.strip()
    if text[:1] != opening:
        raise _broken("another kind of value than expected")
    closers: list[bytes] = []
    start, end = 1, -1
    for match in _TOKEN.finditer(text):
        token = match[0]
        if end >= 0 or token == b'"':
            raise _broken("text behind the end, or a string without one")
        if token in _PAIRS:
            closers.append(_PAIRS[token])
        elif token in (b"]", b"}"):
            if closers.pop() != token:
                raise _broken("brackets that do not match")
            end = match.start() if not closers else -1
        elif token == b"," and len(closers) == 1:
            yield text[start : match.start()]
            start = match.end()
    if end != len(text) - 1:
        raise _broken("a bracket that is not closed")
    if text[start:end].strip():
        yield text[start:end]


def _broken(why: str) -> AnswerBroken:
    return AnswerBroken("The source's answer cannot be read.", detail=f"cut by brackets: {why}")
