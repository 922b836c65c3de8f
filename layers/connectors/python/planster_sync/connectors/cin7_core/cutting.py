"""Cutting Cin7 Core's bodies into source records: rows of lists, single documents, stock rows gathered by product."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec

from planster_sync.connectors.cin7_core.places import PLACES, bin_key
from planster_sync.errors import AnswerBroken
from planster_sync.mapping.pages import split
from planster_sync.ports.source import SourceRecord

STOCK = "ProductAvailabilityList"
_IDENTITIES: Mapping[str, str] = MappingProxyType(
    {"CarrierList": "CarrierID", "SaleList": "SaleID", "StockTransferList": "TaskID"},
)
_LISTS = (
    STOCK,
    "Products",
    "LocationList",
    "SupplierList",
    "CarrierList",
    "SaleList",
    "PurchaseList",
    "StockTransferList",
)
_SINGLE = b'{"record":['
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class _Row(msgspec.Struct):
    """What tells a row of a list from others, before it is mapped; anything may stand in a field."""

    Type: Any = None
    ParentID: Any = None
    Location: Any = None
    Bin: Any = None
    Batch: Any = None
    ExpiryDate: Any = None


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of a list: its rows with lower-case ids, and how many there are in all, by the vendor's own count."""

    records: Sequence[SourceRecord]
    total: int


def rows(body: bytes, key: str) -> Rows:
    """One page.

    Raises:
        AnswerBroken: it has no such list, or no count.
    """
    found = split(body, records=key, identity=_IDENTITIES.get(key, "ID"), envelope=("Total",))
    total = found.read("Total")
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise AnswerBroken("The source's answer has an undocumented shape.", detail=f"{key} without a count")
    return Rows(tuple(_folded(each) for each in found.records), total)


def document(body: bytes) -> SourceRecord:
    """The one record of a body that is the record itself."""
    found: SourceRecord | None = None
    for identity in ("ID", "CarrierID", "SaleID", "TaskID"):
        found = _folded(split(_SINGLE + body.strip() + b"]}", records="record", identity=identity).records[0])
        if found.id is not None:
            return found
    return found or SourceRecord(None, body)


def cut(body: bytes) -> Sequence[SourceRecord]:
    """The records of a page of any list, or the one record of a single answer.

    Raises:
        AnswerBroken: it is neither.
    """
    for key in _LISTS:
        if f'"{key}"'.encode() in body:
            found = split(body, records=key, identity=_IDENTITIES.get(key, "ID")).records
            return wanted(key, tuple(_folded(each) for each in found))
    if not body.strip().startswith(b"{"):
        raise AnswerBroken("The source's answer has an undocumented shape.", detail="neither a list nor a record")
    return (document(body),)


def wanted(key: str, found: Sequence[SourceRecord]) -> Sequence[SourceRecord]:
    """The rows that are records: no services among products, no bins among warehouses; stock by product."""
    if key == STOCK:
        return gathered(found, {})
    keep = _KEPT.get(key)
    return found if keep is None else tuple(each for each in found if keep(row_of(each.raw)))


def gathered(found: Iterable[SourceRecord], places: Mapping[str, str]) -> tuple[SourceRecord, ...]:
    """Stock rows as one record per product, in the order of their ids; a row that names no product stays alone."""
    groups: dict[str, list[bytes]] = {}
    alone = []
    for each in found:
        if each.id is None:
            alone.append(each)
        else:
            groups.setdefault(each.id, []).append(each.raw)
    return (*(SourceRecord(own, _product(own, groups[own], places)) for own in sorted(groups)), *alone)


def key_of(record: SourceRecord) -> tuple[str, ...]:
    """What makes a stock row the same row on another page."""
    row = row_of(record.raw)
    return (str(record.id), *(str(each) for each in (row.Location, row.Bin, row.Batch, row.ExpiryDate)))


def row_of(raw: bytes) -> _Row:
    try:
        return msgspec.json.decode(raw, type=_Row)
    except _UNREADABLE:
        return _Row()  # what cannot be read goes to quarantine when it is mapped


_KEPT: Mapping[str, Callable[[_Row], bool]] = MappingProxyType(
    {"Products": lambda row: row.Type != "Service", "LocationList": lambda row: not row.ParentID}
)


def _product(own: str, raws: list[bytes], places: Mapping[str, str]) -> bytes:
    named = {name for raw in raws for name in _places_of(row_of(raw))}
    front = msgspec.json.encode(
        {"ID": own, PLACES: {name: places[name] for name in sorted(named) if name in places}, "Rows": []}
    )
    return front[:-2] + b",".join(sorted(raws)) + b"]}"


def _places_of(row: _Row) -> tuple[str, ...]:
    if not isinstance(row.Location, str):
        return ()
    inside = (bin_key(row.Location, row.Bin).casefold(),) if isinstance(row.Bin, str) else ()
    return (row.Location.casefold(), *inside)


def _folded(record: SourceRecord) -> SourceRecord:
    """The record under its id in lower case: the same GUID comes in capitals from other endpoints."""
    return SourceRecord(record.id.lower(), record.raw) if record.id else record
