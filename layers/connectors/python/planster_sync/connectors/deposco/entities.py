"""V2's records as bytes: one that stands alone, wrapped or not, and how much of a nested collection it shows."""

from __future__ import annotations

import msgspec

from planster_sync.errors import AnswerBroken
from planster_sync.mapping.pages import split
from planster_sync.ports.source import SourceRecord

ENVELOPE = ("links", "complete", "pages")
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def entity(body: bytes, identity: str) -> SourceRecord:
    """The record of a single answer; some kinds come as the only member of another object.

    Raises:
        AnswerBroken: it is no object.
    """
    text = body.strip()
    if not text.startswith(b"{"):
        raise AnswerBroken("The source's answer has no record.", detail="not an object")
    held = _only_member(text)
    return split(b"[" + (held or text) + b"]", records="", identity=identity).records[0]


def _only_member(text: bytes) -> bytes | None:
    try:
        members = _MEMBERS.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if len(members) != 1 or "self" in members:
        return None
    held = bytes(next(iter(members.values())))
    return held if held.startswith(b"{") else None


class _Collection(msgspec.Struct):
    complete: bool | None = None
    pages: int | None = None


def is_cut_off(raw: bytes, name: str) -> bool:
    """Whether a record says that it shows only some rows of a collection; False where it cannot be read."""
    try:
        held = msgspec.json.decode(_MEMBERS.decode(raw)[name], type=_Collection)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError):
        return False
    return held.complete is False or (held.pages or 0) > 1
