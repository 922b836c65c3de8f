"""Cutting Extensiv's answers into records, and the stock summary's rows into one record for each item.

A list under HAL is `{"totalResults": n, "_embedded": {"<rel>": [...]}}`; stock summaries have `summaries` instead. The
rel is an address whose case differs between answers, or a bare word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from planster_sync.connectors.extensiv.shapes import camel, is_plain
from planster_sync.errors import AnswerBroken
from planster_sync.mapping import salvage
from planster_sync.mapping.pages import inner, split
from planster_sync.ports.source import SourceRecord

_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

_PLAIN_LISTS = ("summaries", "resourceList")
_IDENTITIES = (
    "readOnly.orderId",
    "readOnly.receiverId",
    "readOnly.customerId",
    "itemId",
    "locationId",
    "facilityId",
    "name",
)
"""What names a record, of whatever kind, when it comes without a list's name; the first that is there."""


class _ItemIdentifier(msgspec.Struct, frozen=True, rename="camel"):
    id: int | str


class _Row(msgspec.Struct, frozen=True, rename="camel"):
    """What tells the rows of a stock summary apart."""

    item_identifier: _ItemIdentifier
    facility_id: int | str
    qualifier: str | None = None

    @property
    def item(self) -> str:
        return f"{self.item_identifier.id}:{self.qualifier}" if self.qualifier else str(self.item_identifier.id)


_ROW = msgspec.json.Decoder(_Row)


@dataclass(frozen=True, slots=True)
class Listed:
    """One answer of a list, and the vendor's count of the whole list."""

    records: tuple[SourceRecord, ...]
    total: int


def listed(body: bytes, *, rel: str, identity: str, prefix: str = "") -> Listed:
    """The records of a list, each with `prefix` and its `identity` as id. `rel` ends the name of what is embedded.

    Raises:
        AnswerBroken: an undocumented shape, or a count below the page's own.
    """
    total = _count(body)
    members = _members(body)
    name = next((each for each in _PLAIN_LISTS if each in members), None)
    if name is None:
        body = members.get("_embedded", b"{}")
        name = _embedded(body, rel)
    if name is None and total == 0:
        return Listed((), 0)
    if name is None:
        raise AnswerBroken("The source's answer has no list of records.", detail="nothing embedded")
    records = split(body, records=name, identity=identity, prefix=prefix).records
    if total < len(records):
        raise AnswerBroken("The source's answer contradicts itself.", detail=f"totalResults {total}")
    return Listed(records, total)


def items_of(rows: Iterable[SourceRecord]) -> list[SourceRecord]:
    """The stock summary's rows as one record for each item and qualifier, in the order of their keys.

    Of a row that was shown twice, the later one is meant. A row that cannot be told stays a record without an id.
    """
    items: dict[str, dict[str, bytes]] = {}
    unnamed: list[SourceRecord] = []
    for each in rows:
        try:
            row = _ROW.decode(each.raw)
        except _BROKEN:
            unnamed.append(SourceRecord(None, each.raw))
        else:
            items.setdefault(row.item, {})[str(row.facility_id)] = each.raw
    return [SourceRecord(item, _gathered(items[item])) for item in sorted(items)] + unnamed


def rows_counted(rows: Sequence[SourceRecord]) -> int:
    """How many different rows these are; a row that cannot be told counts as one of its own."""
    found = set()
    for place, each in enumerate(rows):
        try:
            row = _ROW.decode(each.raw)
            found.add((row.item, str(row.facility_id)))
        except _BROKEN:
            found.add(("", str(place)))
    return len(found)


def cut(body: bytes) -> tuple[SourceRecord, ...]:
    """The records of any list, or the one of a single answer; plain JSON's PascalCase is turned into HAL's camelCase.

    Raises:
        AnswerBroken: it is neither.
    """
    members = _members(body)
    if is_plain(members):
        return cut(_ENCODER.encode(camel(_decoded(body))))
    if "totalResults" not in members:
        return tuple(items_of((SourceRecord(None, body),))) if _is_row(body) else (SourceRecord(_identity(body), body),)
    if "summaries" in members:
        return tuple(items_of(listed(body, rel="", identity="facilityId").records))
    return tuple([SourceRecord(_identity(each.raw), each.raw) for each in listed(body, rel="", identity="id").records])


def one(body: bytes, identity: str) -> SourceRecord:
    """The record of a single answer.

    Raises:
        AnswerBroken: it is none. A body of status 200 that holds an ErrorCode is such a one.
    """
    wrapped = split(b"[" + body + b"]", records="", identity=identity).records
    if len(wrapped) != 1 or wrapped[0].id is None:
        raise AnswerBroken("The source's answer has no record.", detail=f"no {identity}")
    return wrapped[0]


def _is_row(body: bytes) -> bool:
    try:
        _ROW.decode(body)
    except _BROKEN:
        return False
    return True


def _count(body: bytes) -> int:
    raw = inner(body, "totalResults")
    if not raw.isdigit():
        raise AnswerBroken("The source's answer has an undocumented shape.", detail="totalResults is not a count")
    return int(raw)


def _members(body: bytes) -> dict[str, bytes]:
    try:
        return {name: bytes(raw) for name, raw in _MEMBERS.decode(body).items()}
    except _BROKEN:
        return salvage.members(body)


def _embedded(body: bytes, rel: str) -> str | None:
    """The name of the embedded list: the one that ends so, or else the only one, whatever it is called."""
    names = [name for name, value in _members(body).items() if value[:1] == b"["]
    meant = [name for name in names if rel and name.casefold().endswith(rel)] or names
    return meant[0] if len(meant) == 1 else None


def _gathered(rows: dict[str, bytes]) -> bytes:
    return b'{"rows":[' + b",".join(rows[facility] for facility in sorted(rows)) + b"]}"


def _decoded(body: bytes) -> Any:
    try:
        return _DECODER.decode(body)
    except _BROKEN as error:
        raise AnswerBroken("The source's answer cannot be read.", detail="not JSON") from error


def _identity(raw: bytes) -> str | None:
    for name in _IDENTITIES:
        found = split(b"[" + raw + b"]", records="", identity=name).records[0].id
        if found is not None:
            return found
    return None
