"""Cutting a vendor's page into record slices without parsing the records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import msgspec

from planster_sync.errors import AnswerBroken
from planster_sync.mapping import salvage
from planster_sync.ports.source import SourceRecord

_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Cut:
    """A page in pieces: its records in order, and the envelope fields that were asked for, unparsed; None if absent."""

    records: tuple[SourceRecord, ...]
    envelope: Mapping[str, bytes | None]

    def read(self, name: str) -> Any:
        """One of the envelope fields that were asked for; null where absent.

        Raises:
            AnswerBroken: it is not JSON.
        """
        raw = self.envelope[name]
        if raw is None:
            return None
        try:
            return msgspec.json.decode(raw)
        except _BROKEN as error:
            raise AnswerBroken("The source's answer cannot be read.", detail=f"envelope field {name}") from error


def split(
    body: bytes,
    *,
    records: str = "data",
    identity: str = "id",
    prefix: str = "",
    envelope: tuple[str, ...] = (),
    inside: str = "",
) -> Cut:
    """Cuts `{records: [...], ...}` into the slices of its records, each with `prefix` + its `identity` as id.

    An empty `records` cuts a body that is the list itself; a list further inside is reached by `inner`. `inside` names
    the member of each item that is the record (GraphQL's `node`). `identity` may be dotted (`readOnly.orderId`).
    `envelope` names the fields beside `records` that will be read.
    Where a record is malformed inside (NaN, half an emoji), the page is cut by its brackets, so that one record
    goes to quarantine and not the page. A record without a usable id has the id None; of an id that stands twice in
    one record, either may be taken.

    Raises:
        AnswerBroken: the body is not an object, or `records` is not a list in it, or it was cut short.
    """
    slices, beside = _pieces(body, records, envelope)
    if slices is None:
        raise AnswerBroken("The source's answer has no list of records.", detail=f"no field {records}")
    pieces = [bytes(each) for each in slices] if not inside else [_member(bytes(each), inside) for each in slices]
    return Cut(tuple(_named(pieces, identity, prefix)), {name: beside.get(name) for name in envelope})


def inner(body: bytes, *steps: str) -> bytes:
    """The bytes of the member that these names lead to, one object inside the other.

    Raises:
        AnswerBroken: there is no such member, or something on the way is not an object.
    """
    for step in steps:
        found = _members(body).get(step)
        if found is None:
            raise AnswerBroken("The source's answer has an undocumented shape.", detail=f"no member {step}")
        body = found
    return body


def _members(body: bytes) -> dict[str, bytes]:
    try:
        return {name: bytes(raw) for name, raw in _MEMBERS.decode(body).items()}
    except _BROKEN:
        return salvage.members(body)


def _member(piece: bytes, name: str) -> bytes:
    """The record in an item; the item itself where it holds none, for the mapping to refuse."""
    try:
        return inner(piece, name)
    except AnswerBroken:
        return piece


def single(body: bytes, *, record: str = "data", identity: str = "id", prefix: str = "") -> SourceRecord:
    """The one record of `{record: {...}}`.

    Raises:
        AnswerBroken: there is none.
    """
    try:
        piece = bytes(_MEMBERS.decode(body).get(record, b""))
    except _BROKEN:
        piece = salvage.members(body).get(record, b"")
    if not piece.startswith(b"{"):
        raise AnswerBroken("The source's answer has no record.", detail=f"no object {record}")
    return next(_named((piece,), identity, prefix))


_Slices = Sequence[msgspec.Raw] | Sequence[bytes]


def _pieces(body: bytes, records: str, envelope: tuple[str, ...]) -> tuple[_Slices | None, dict[str, bytes]]:
    """The records' slices, None where there is no list, and the envelope's fields that are there."""
    if not records:
        return _items(body), {}
    try:
        page = _page(records, envelope).decode(body)
    except _BROKEN:
        members = salvage.members(body)
        return (salvage.items(members[records]) if records in members else None), members
    slices, *beside = (None if part is msgspec.UNSET else part for part in msgspec.structs.astuple(page))
    return slices, {name: bytes(raw) for name, raw in zip(envelope, beside, strict=True) if raw is not None}


def _items(body: bytes) -> _Slices:
    try:
        return _ITEMS.decode(body)
    except _BROKEN:
        return salvage.items(body)


@cache
def _page(records: str, envelope: tuple[str, ...]) -> msgspec.json.Decoder[Any]:
    """Goes through a page once: its records as slices, of the rest only what is asked for."""
    names = {"records": records, **{f"beside_{place}": name for place, name in enumerate(envelope)}}
    kinds = (list[msgspec.Raw] | msgspec.UnsetType, *(msgspec.Raw | msgspec.UnsetType for _ in envelope))
    fields = [(name, kind, msgspec.UNSET) for name, kind in zip(names, kinds, strict=True)]
    return msgspec.json.Decoder(msgspec.defstruct("Page", fields, rename=names))


@cache
def _front(identity: str) -> re.Pattern[bytes]:
    """A record that begins with its id as a plain text, as nearly all do: the id is read without the rest."""
    name = re.escape(identity.encode())
    return re.compile(rb'\{\s*"' + name + rb'"\s*:\s*"([ !#-\[\]-~]+)"')


@cache
def _identity_decoder(field: str) -> msgspec.json.Decoder[Any]:
    """Reads the id at a dotted path and nothing else; `found` of each level is the next."""
    kind: Any = int | str | None
    for step in reversed(field.split(".")):
        kind = msgspec.defstruct("Identity", [("found", kind, None)], rename={"found": step}) | None
    return msgspec.json.Decoder(kind)


def _named(slices: Sequence[bytes], identity: str, prefix: str) -> Iterator[SourceRecord]:
    front = _front(identity).match
    for piece in slices:
        match = front(piece)
        if match is not None:
            yield SourceRecord(prefix + match[1].decode(), piece)
        else:
            found = _sought(piece, identity)
            yield SourceRecord(f"{prefix}{found}" if found not in (None, "") else None, piece)


def _sought(piece: bytes, field: str) -> str | int | None:
    """The id of a record, wherever in it."""
    try:
        found: Any = _identity_decoder(field).decode(piece)
        for _ in field.split("."):
            found = None if found is None else found.found
    except (msgspec.ValidationError, UnicodeDecodeError):
        return None
    except (msgspec.MsgspecError, RecursionError):
        return salvage.identity(piece, field)
    return cast("str | int | None", found)
