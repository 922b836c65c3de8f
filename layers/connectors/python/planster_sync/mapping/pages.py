"""Cutting a vendor's page into record slices without parsing the records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from planster_sync.errors import AnswerBroken
from planster_sync.mapping import salvage
from planster_sync.ports.source import SourceRecord

_Envelope = dict[str, msgspec.Raw]
_ENVELOPE = msgspec.json.Decoder(_Envelope)
_LIST = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(frozen=True, slots=True)
class Cut:
    """A page in pieces: its records in order, and the rest of the envelope, unparsed."""

    records: tuple[SourceRecord, ...]
    envelope: Mapping[str, bytes]

    def read(self, name: str) -> Any:
        """One field of the envelope; null where absent.

        Raises:
            AnswerBroken: it is not JSON.
        """
        raw = self.envelope.get(name)
        if raw is None:
            return None
        try:
            return msgspec.json.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise AnswerBroken("The source's answer cannot be read.", detail=f"envelope field {name}") from error


def split(body: bytes, *, records: str = "data", identity: str = "id", prefix: str = "") -> Cut:
    """Cuts `{records: [...], ...}` into the slices of its records, each with `prefix` + its `identity` as id.

    Where a record is malformed inside (NaN, half an emoji), the page is cut by its brackets, so that one record
    goes to quarantine and not the page. A record without a usable id has the id None.

    Raises:
        AnswerBroken: the body is not an object, or `records` is not a list in it, or it was cut short.
    """
    envelope = _members(body)
    if records not in envelope:
        raise AnswerBroken("The source's answer has no list of records.", detail=f"no field {records}")
    slices = _items(envelope.pop(records))
    return Cut(tuple(SourceRecord(_named(piece, identity, prefix), piece) for piece in slices), envelope)


def single(body: bytes, *, record: str = "data", identity: str = "id", prefix: str = "") -> SourceRecord:
    """The one record of `{record: {...}}`.

    Raises:
        AnswerBroken: there is none.
    """
    piece = _members(body).get(record)
    if piece is None or not piece.startswith(b"{"):
        raise AnswerBroken("The source's answer has no record.", detail=f"no object {record}")
    return SourceRecord(_named(piece, identity, prefix), piece)


def _members(body: bytes) -> dict[str, bytes]:
    try:
        return {name: bytes(raw) for name, raw in _ENVELOPE.decode(body).items()}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return salvage.members(body)


def _items(body: bytes) -> list[bytes]:
    try:
        return [bytes(raw) for raw in _LIST.decode(body)]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return salvage.items(body)


@cache
def _identity_decoder(field: str) -> msgspec.json.Decoder[Any]:
    shape = msgspec.defstruct("Identity", [("found", int | str | None, None)], rename={"found": field})
    return msgspec.json.Decoder(shape)


def _named(piece: bytes, field: str, prefix: str) -> str | None:
    try:
        found = _identity_decoder(field).decode(piece).found
    except (msgspec.ValidationError, UnicodeDecodeError):
        return None
    except (msgspec.MsgspecError, RecursionError):
        found = salvage.identity(piece, field)
    return f"{prefix}{found}" if found not in (None, "") else None
