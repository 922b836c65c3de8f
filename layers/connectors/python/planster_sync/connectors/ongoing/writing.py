"""PUT /purchaseOrders: creates a purchase order, or updates the one with that number; PATCH changes its date alone.

There are no versions: the last writer wins. The vendor refuses changes once the warehouse works on the order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from planster_sync.connectors.ongoing.cutting import record, records
from planster_sync.connectors.ongoing.paging import Walk
from planster_sync.connectors.ongoing.refusals import begun, refusal
from planster_sync.connectors.ongoing.statuses import LAST_EDITABLE, told
from planster_sync.errors import AnswerBroken, Conflict, NotFound, WriteRefused
from planster_sync.http.messages import Replay, Request
from planster_sync.mapping.fields import Fields, decoded
from planster_sync.mapping.numbers import pieces
from planster_sync.model.record import Quantity
from planster_sync.ports.source import SourceRecord
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft

PATH = "/purchaseOrders"
_READ = "purchase_orders"
_MOST_FOUND = 10
_JSON = MappingProxyType({"content-type": "application/json"})
_TOLD = frozenset({400, 409, 422})
_ENCODER = msgspec.json.Encoder(decimal_format="number")

_KEPT: Mapping[str, str] = MappingProxyType(
    {
        "supplierOrderNumber": "purchaseOrderInfo.supplierOrderNumber",
        "goodsOwnerReference": "purchaseOrderInfo.goodsOwnerReference",
        "referenceNumber": "purchaseOrderInfo.referenceNumber",
        "inDate": "purchaseOrderInfo.inDate",
        "supplierInfo": "supplierInfo",
        "sellerInfo": "sellerInfo",
        "purchaseOrderType": "purchaseOrderInfo.purchaseOrderType",
        "purchaseOrderRemark": "purchaseOrderInfo.purchaseOrderRemark",
        "warehouseId": "purchaseOrderInfo.warehouse.id",
    }
)
"""What an update repeats, from where it is read: what it leaves out might be cleared (assumption)."""

_KEPT_ADVANCED: Mapping[str, str] = MappingProxyType(
    {
        "container": "container",
        "orderDate": "orderDate",
        "advisedDate": "arrivalDate",
        "purchaseOrderIsReturnType": "purchaseOrderIsReturnType",
    }
)
_KEPT_OF_LINE: Mapping[str, str] = MappingProxyType(
    {
        "rowNumber": "rowNumber",
        "articleNumber": "article.articleNumber",
        "numberOfItems": "advisedNumberOfItems",
        "comment": "comment",
        "rowPrice": "rowPrice",
        "externalOrderLineId": "externalOrderLineId",
        "lineType": "lineType",
    }
)


@dataclass(frozen=True, slots=True)
class InboundShipmentWrites:
    """The writes of one goods owner; `zone` is where days are days."""

    walk: Walk
    zone: ZoneInfo

    def find(self, reference: str) -> SourceRecord | None:
        """The purchase order with this number.

        Raises:
            AnswerBroken: the answer holds others, so that it says nothing about this one.
        """
        asked = (("purchaseOrderNumber", reference), ("maxPurchaseOrdersToGet", str(_MOST_FOUND)))
        found = records(_READ, self.walk.owned(PATH, asked))
        numbers = [decoded(each.raw).text("purchaseOrderInfo.purchaseOrderNumber") for each in found]
        if any(number is None or number.casefold() != reference.casefold() for number in numbers):
            raise AnswerBroken(
                "The source answered with records that were not asked for.", detail="purchaseOrderNumber"
            )
        same = [each for each, number in zip(found, numbers, strict=True) if number == reference]
        if len(same) > 1:
            raise Conflict(f"The warehouse system has several purchase orders with the number {reference}.")
        return same[0] if same else None

    def create(self, draft: InboundShipmentDraft) -> SourceRecord:
        """By the reference as its number, so that a second sending would update the first."""
        wanted: dict[str, Quantity] = {}
        for line in draft.lines:
            number = self._article_number(line)
            wanted[number] = pieces(wanted.get(number, 0) + line.quantity)
        lines = [
            {"rowNumber": str(place), "articleNumber": number, "numberOfItems": many}
            for place, (number, many) in enumerate(wanted.items(), start=1)
        ]
        return self._sent("PUT", PATH, {**self._head(draft), "purchaseOrderLines": lines})

    def update(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        """The date alone by its own address; lines as the whole order, for a missing line might be removed."""
        if not shipment_id.isdecimal():
            raise NotFound("The warehouse system numbers its purchase orders.")
        path = f"{PATH}/{shipment_id}"
        there = decoded(record(_READ, self.walk.body(path)).raw)
        number, _ = told(there, "purchaseOrderInfo.purchaseOrderStatus")
        if number is not None and number > LAST_EDITABLE:
            raise begun()
        day = {} if change.expected_at is None else {"inDate": self._day(change.expected_at)}
        if change.lines is None:
            return self._sent("PATCH", f"{path}/inDate", day)
        return self._sent(
            "PUT", path, {**self._repeated(there), **day, "purchaseOrderLines": self._merged(there, change.lines)}
        )

    def _head(self, draft: InboundShipmentDraft) -> dict[str, Any]:
        owner = str(self.walk.goods_owner_id)
        if draft.warehouse_customer_id not in (None, owner):
            raise WriteRefused(f"This integration writes for the goods owner {owner} only.")
        if draft.warehouse_id is not None and not draft.warehouse_id.isdecimal():
            raise WriteRefused("The warehouse system does not have this warehouse.")
        return {
            "goodsOwnerId": self.walk.goods_owner_id,
            "purchaseOrderNumber": draft.reference,
            **({} if draft.expected_at is None else {"inDate": self._day(draft.expected_at)}),
            **_supplier(draft),
            **({} if draft.warehouse_id is None else {"warehouseId": int(draft.warehouse_id)}),
        }

    def _repeated(self, there: Fields) -> dict[str, Any]:
        number = there.text("purchaseOrderInfo.purchaseOrderNumber")
        return {
            "goodsOwnerId": self.walk.goods_owner_id,
            "purchaseOrderNumber": number,
            **_told(there, _KEPT),
            **_part("advanced", _told(there.child("purchaseOrderInfo.advanced"), _KEPT_ADVANCED)),
            **_part("freeValues", _free_values(there.child("purchaseOrderInfo.freeValues"))),
        }

    def _merged(self, there: Fields, changes: Sequence[DraftLine]) -> list[dict[str, Any]]:
        """What changes, what is new, and the rest as it is."""
        new = {self._article_number(line): line.quantity for line in changes}
        lines = [
            {**_told(line, _KEPT_OF_LINE), **_part("lineFreeValues", _free_values(line.child("freeValues")))}
            for line in there.children("purchaseOrderLines")
        ]
        named = [line["articleNumber"] for line in lines if line.get("articleNumber") in new]
        if len(set(named)) < len(named):
            raise WriteRefused("An article stands on several lines of this purchase order: change it in the warehouse.")
        for line in lines:
            line["numberOfItems"] = new.pop(line.get("articleNumber") or "", line.get("numberOfItems"))
        last = max((int(line["rowNumber"]) for line in lines if str(line.get("rowNumber")).isdecimal()), default=0)
        added = [
            {"rowNumber": str(row), "articleNumber": number, "numberOfItems": many}
            for row, (number, many) in enumerate(new.items(), start=last + 1)
        ]
        return [*lines, *added]

    def _article_number(self, line: DraftLine) -> str:
        """The SKU; of a line that names only its inventory item, that article's."""
        if line.sku is not None:
            return line.sku
        unknown = WriteRefused("The warehouse does not know one of the articles.")
        if not (line.inventory_item_id or "").isdecimal():
            raise unknown
        try:
            article = decoded(record("articles", self.walk.body(f"/articles/{line.inventory_item_id}")).raw)
        except NotFound:
            raise unknown from None
        number = article.text("articleNumber")
        if number is None:
            raise unknown
        return number

    def _day(self, moment: str) -> str:
        return datetime.fromisoformat(moment).astimezone(self.zone).date().isoformat()

    def _sent(self, method: str, path: str, body: Mapping[str, Any]) -> SourceRecord:
        """The order as it stands after the change, which is sent once.

        Raises:
            WriteRefused: the vendor says no, or confirms without an id.
        """
        request = Request(method, path, (), _JSON, _ENCODER.encode(body), replay=Replay.NEVER, expects=_TOLD)
        answer = self.walk.client.send(request, deadline=None)
        if answer.status in _TOLD:
            raise refusal(answer.body)
        made = decoded(answer.body).identifier("purchaseOrderId")
        if made is None:
            raise refusal(answer.body)
        return record(_READ, self.walk.body(f"{PATH}/{made}"))


def _supplier(draft: InboundShipmentDraft) -> dict[str, Any]:
    """A supplier's id is its number, or `name:` and its name."""
    number, name = draft.supplier_id or "", draft.supplier_name
    if number.startswith("name:"):
        number, name = "", name or number.removeprefix("name:")
    given = {"supplierNumber": number, "supplierName": name}
    named = {key: value for key, value in given.items() if value}
    return {"supplierInfo": named} if named else {}


def _told(source: Fields, names: Mapping[str, str]) -> dict[str, Any]:
    """The fields that hold something, under the names by which they are written."""
    return {theirs: found for theirs, path in names.items() if (found := source.value(path)) is not None}


def _free_values(source: Fields) -> dict[str, Any]:
    """Written under the names by which they are read, but for truth values."""
    told = {name: value for name, value in source.values.items() if value is not None}
    return {name.replace("freeBool", "freeBoolean"): value for name, value in told.items()}


def _part(name: str, inside: dict[str, Any]) -> dict[str, Any]:
    return {name: inside} if inside else {}
