"""Creating and changing receivers. A change is made to the whole model as it was read, under its ETag.

Source: rel pages inventory/receivers and headers; which fields are demanded, and that lines travel as `receiveItems`,
are assumptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec

from planster_sync.connectors.extensiv.cutting import one
from planster_sync.connectors.extensiv.paging import HAL, Lists, Params, Part
from planster_sync.connectors.extensiv.refusals import REFUSING, refusal
from planster_sync.connectors.extensiv.shapes import local
from planster_sync.errors import AnswerBroken, AskCustomer, RefuseCaller, WriteRefused
from planster_sync.http.messages import Answer, Replay, Request
from planster_sync.mapping.pages import inner
from planster_sync.ports.source import SourceRecord
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from planster_sync.reading.walks import whole

PATH = "/inventory/receivers"
IDENTITY = "readOnly.receiverId"

_WRITTEN = {**HAL, "content-type": "application/hal+json"}
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_SPECIAL = "%!()*=,;"
_NOT_WRITTEN = ("_links", "_embedded")


@dataclass(frozen=True, slots=True)
class ReceiverWriter:
    """The inbound shipments of one account. `detail` is what the read asks for: what is given back is as it reads."""

    lists: Lists
    zone: ZoneInfo
    detail: Params

    def find(self, reference: str, parts: Sequence[Part]) -> SourceRecord | None:
        """Looks among receivers of all kinds; `referenceNum` is unique for each customer."""
        asked = ("rql", f"referenceNum=={rql_text(reference)}")
        sought = [replace(part, params=(*part.params, asked)) for part in parts]
        found = whole(self.lists.pages(sought, after=None, deadline=None))
        return next((each for each in found if _reference(each.raw) == reference), None)

    def create(self, draft: InboundShipmentDraft) -> SourceRecord:
        model = {
            "customerIdentifier": {"id": _number(draft.warehouse_customer_id)},
            "facilityIdentifier": {"id": _number(draft.warehouse_id)},
            "referenceNum": draft.reference,
            "poNum": draft.reference,
            "receiveItems": [{**_item(each), **_told(each), **_supplied(draft.supplier_id)} for each in draft.lines],
            **_header(draft, self.zone),
        }
        answer = self._sent(Request("POST", PATH, (), _WRITTEN, _encoded(model), Replay.NEVER, REFUSING))
        return self._read(str(one(answer.body, IDENTITY).id))

    def update(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        path = _place(shipment_id)
        present = self.lists.client.send(Request("GET", path, (("detail", "All"),), HAL), deadline=None)
        etag = present.headers.get("etag")
        if etag is None:
            raise AnswerBroken("The source's answer names no version of the record.", detail="no ETag")
        model = _changed(_model(present.body), change, self.zone)
        headers = {**_WRITTEN, "if-match": etag}
        self._sent(Request("PUT", path, (), headers, _encoded(model), Replay.NEVER, REFUSING))
        return self._read(shipment_id)

    def _sent(self, request: Request) -> Answer:
        """The answer to a change that the vendor took."""
        answer = self.lists.client.send(request, deadline=None)
        refused = refusal(answer)
        if refused is not None:
            raise refused
        return answer

    def _read(self, shipment_id: str) -> SourceRecord:
        """The shipment as the read gives it, after a change that the vendor took: a refusal now undoes nothing."""
        try:
            return one(self.lists.body(_place(shipment_id), self.detail), IDENTITY)
        except (RefuseCaller, AskCustomer) as error:
            raise AnswerBroken("The warehouse took the change, but does not show it.", detail=error.code) from error


def rql_text(value: str) -> str:
    """A value inside of RQL: what has a meaning there is escaped, before the whole is escaped for the address."""
    return "".join(f"%{ord(letter):02X}" if letter in _SPECIAL else letter for letter in value)


def _place(shipment_id: str) -> str:
    return f"{PATH}/{quote(shipment_id, safe='')}"


def _reference(raw: bytes) -> object:
    try:
        return msgspec.json.decode(inner(raw, "referenceNum"))
    except (AnswerBroken, msgspec.MsgspecError):
        return None


def _model(body: bytes) -> dict[str, Any]:
    """The model that is written back: the read one, with its lines where a writer puts them."""
    found = _DECODER.decode(body)
    if not isinstance(found, dict):
        raise AnswerBroken("The source's answer has no record.", detail="no object")
    embedded = found.get("_embedded") or {}
    lines = [value for name, value in embedded.items() if name.casefold().endswith("/receiveritem")]
    kept = {name: value for name, value in found.items() if name not in _NOT_WRITTEN}
    return {"receiveItems": [_bare(each) for part in lines for each in part], **kept}


def _bare(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in _NOT_WRITTEN}


def _changed(model: dict[str, Any], change: InboundShipmentChange, zone: ZoneInfo) -> dict[str, Any]:
    lines: list[dict[str, Any]] = list(model["receiveItems"])
    for each in change.lines or ():
        meant = [place for place, line in enumerate(lines) if _names(each, line)]
        if len(meant) > 1:
            raise WriteRefused("The inbound shipment holds the same item on several lines; say it to the warehouse.")
        if meant:
            lines[meant[0]] = {**lines[meant[0]], **_told(each)}
        else:
            lines.append({**_item(each), **_told(each)})
    return {**model, "receiveItems": lines, **_header(change, zone)}


def _names(line: DraftLine, model: dict[str, Any]) -> bool:
    """Whether the line of a change means this line of the receiver; a SKU alone means the one without a qualifier."""
    item, qualifier = model.get("itemIdentifier") or {}, model.get("qualifier")
    if line.inventory_item_id is not None:
        return line.inventory_item_id == (f"{item.get('id')}:{qualifier}" if qualifier else str(item.get("id")))
    return line.sku == item.get("sku") and not qualifier


def _header(wanted: InboundShipmentDraft | InboundShipmentChange, zone: ZoneInfo) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if wanted.expected_at is not None:
        found["expectedDate"] = local(datetime.fromisoformat(wanted.expected_at), zone)
    if wanted.tracking_numbers:
        found["trackingNumber"] = ", ".join(wanted.tracking_numbers)
    return found


def _item(line: DraftLine) -> dict[str, Any]:
    """Which item a new line is of: by its id, with the qualifier behind a colon, or else by its SKU."""
    item, _, qualifier = (line.inventory_item_id or "").partition(":")
    named = {"id": _number(item)} if item else {"sku": line.sku}
    return {"itemIdentifier": named, "qualifier": qualifier} if qualifier else {"itemIdentifier": named}


def _told(line: DraftLine) -> dict[str, Any]:
    told: dict[str, Any] = {"qty": line.quantity}
    return told if line.supplier_sku is None else {**told, "externalId": line.supplier_sku}


def _supplied(supplier_id: str | None) -> dict[str, Any]:
    return {} if supplier_id is None else {"supplierIdentifier": {"id": _number(supplier_id)}}


def _number(key: str | None) -> int:
    """One of the vendor's own ids, which are numbers.

    Raises:
        WriteRefused: it is none.
    """
    if key is None or not (key.isascii() and key.isdigit()):
        raise WriteRefused("A merchant, warehouse, supplier or item is named by something else than its number.")
    return int(key)


def _encoded(model: dict[str, Any]) -> bytes:
    return _ENCODER.encode(model)
