"""Cutting Ongoing's answers into source records: bare lists, wrapped ones, and lists inside lists.

What one record needs from several answers is laid into it here, as members that the vendor's own record does not have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec

from planster_sync.connectors.ongoing.shipping_methods import shipping_method
from planster_sync.errors import RecordInvalid
from planster_sync.mapping.fields import decoded
from planster_sync.mapping.pages import split
from planster_sync.ports.source import SourceRecord

IDENTITIES: Mapping[str, str] = MappingProxyType(
    {
        "purchase_orders": "purchaseOrderInfo.purchaseOrderId",
        "return_orders": "returnOrderInfo.returnOrderId",
        "orders": "orderInfo.orderId",
        "articles": "articleSystemId",
        "warehouses": "id",
    }
)
"""Where each list's records hold their id."""

_MARKS: Sequence[tuple[bytes, str]] = tuple(
    (f'"{path.split(".")[0]}"'.encode(), read) for read, path in IDENTITIES.items()
)
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def records(read: str, body: bytes) -> Sequence[SourceRecord]:
    """The records of a bare list.

    Raises:
        AnswerBroken: it is not a list.
    """
    return split(body, records="", identity=IDENTITIES[read]).records


def record(read: str, body: bytes) -> SourceRecord:
    """The one record of an answer to a question for its id.

    Raises:
        AnswerBroken: it is not a record.
    """
    return records(read, b"[" + body + b"]")[0]


def ways_of_delivery(body: bytes) -> Sequence[SourceRecord]:
    found = split(body, records="wayOfDeliveryTypes", identity="code").records
    return tuple(SourceRecord(_method_id(each.raw), each.raw) for each in found)


def transporters(body: bytes) -> Sequence[SourceRecord]:
    """One record for each service of each transporter, or for the transporter; contracts may repeat them."""
    found = split(body, records="", identity="transporterCode").records
    methods: dict[str | int, SourceRecord] = {}
    for place, raw in enumerate(service for each in found for service in _services(each.raw)):
        key = _method_id(raw)
        methods.setdefault(key or place, SourceRecord(key, raw))
    return tuple(methods.values())


def places(body: bytes, warehouse: str | None = None) -> Sequence[SourceRecord]:
    """The locations of a warehouse's zones, with its id where that is known."""
    found = (
        place.raw
        for zone in split(body, records="").records
        for aisle in _inside(zone.raw, "aisles")
        for place in _inside(aisle.raw, "locations")
    )
    added = {} if warehouse is None else {"warehouseId": warehouse.encode()}
    listed = b",".join(with_members(raw, added) for raw in found)
    return split(b"[" + listed + b"]", records="").records


def any_records(body: bytes) -> Sequence[SourceRecord]:
    """The records of any list, or of a single answer, told apart by the members that only one of them has."""
    text = body.strip()
    if text.startswith(b"{") and b'"wayOfDeliveryTypes"' in text:
        return ways_of_delivery(text)
    listed = b"[" + text + b"]" if text.startswith(b"{") else text
    if b'"aisles"' in listed:
        return places(listed)
    if b'"orderInfo"' not in listed and (b'"transporterName"' in listed or b'"transporterCode"' in listed):
        return transporters(listed)
    read = next((read for mark, read in _MARKS if mark in listed), "warehouses")
    found = records(read, listed)
    return [_defined(each) for each in found] if read == "articles" and b'"rows"' in listed else found


def _defined(article: SourceRecord) -> SourceRecord:
    """A kit's definition that comes by itself is laid into what it says of the article."""
    if "rows" not in members(article.raw):
        return article
    return SourceRecord(article.id, with_members(article.raw, {"structureDefinition": article.raw}))


def with_members(raw: bytes, added: Mapping[str, bytes]) -> bytes:
    """The record with further members in front. What is not an object stays as it is, for the mapping to refuse."""
    text = raw.strip()
    if not added or not text.startswith(b"{"):
        return raw
    front = b",".join(b'"%s":%s' % (name.encode(), value) for name, value in added.items())
    rest = text[1:].lstrip()
    return b"{" + front + (b"" if rest.startswith(b"}") else b",") + rest


def _inside(raw: bytes, name: str) -> Sequence[SourceRecord]:
    """The objects of an inner list; none where it is null."""
    found = bytes(members(raw).get(name, b"null"))
    return () if found == b"null" else split(found, records="").records


def _services(raw: bytes) -> Iterator[bytes]:
    services = _inside(raw, "transporterServices")
    contract = {name: value for name, value in members(raw).items() if name != "transporterServices"}
    for each in services:
        yield msgspec.json.encode({**contract, **members(each.raw)})
    if not services:
        yield msgspec.json.encode(contract)


def _method_id(raw: bytes) -> str | None:
    try:
        return shipping_method(decoded(raw)).id
    except RecordInvalid:
        return None


def members(raw: bytes) -> dict[str, msgspec.Raw]:
    """The members of a record, unparsed; none of one that is malformed, which its mapping will refuse."""
    try:
        return _MEMBERS.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
