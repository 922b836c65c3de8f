"""V2's records as bytes: one that stands alone, wrapped or not, and how much of a nested collection it shows."""

from __future__ import annotations

import msgspec

from planster_sync.errors import AnswerBroken
from planster_sync.mapping.pages import split
from planster_sync.ports.source import SourceRecord

ENVELOPE = ("links", "complete", "pages")
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def entity(body: bytes, identity: str) -> SourceRecord:
    """The record of a single answer; customer orders come as a member of another object, beside notices.

    Raises:
        AnswerBroken: it is no object.
    """
    text = body.strip()
    if not text.startswith(b"{"):
        raise AnswerBroken("The source's answer has no record.", detail="not an object")
    held = _wrapped(text) or text
    return split(b"[" + held + b"]", records="", identity=identity).records[0]


def _wrapped(text: bytes) -> bytes | None:
    """The only object among the members of one that is no record itself."""
    try:
        members = _MEMBERS.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    objects = [bytes(each) for each in members.values() if bytes(each).startswith(b"{")]
    is_record = not {"self", "itemNumber"}.isdisjoint(members)
    return None if is_record or len(objects) != 1 else objects[0]


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
