"""Write-back: receiving orders created with POST and changed with PATCH /receiving (2026-07 pages).

There is no idempotency key and no ETag: nothing is sent twice, and an order is found again by its purchase order's
number, which carries our reference.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec

from planster_sync.connectors.shipbob.compounds import Compounds
from planster_sync.connectors.shipbob.drafts import changed_order, new_order
from planster_sync.connectors.shipbob.joins import listed
from planster_sync.connectors.shipbob.lists import Listing, Lists, Paging, numbers
from planster_sync.connectors.shipbob.refusals import refused
from planster_sync.errors import AnswerBroken
from planster_sync.http.messages import Replay, Request
from planster_sync.mapping.pages import split
from planster_sync.ports.source import SourceRecord
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft

RECEIVING = Listing("receiving", Paging.NUMBERED, "Limit")
PAGE = 50

_NO = frozenset({400, 409, 422})
"""How a refusal is answered: 400 until 2026-01, 422 since (migration page)."""

_UNKNOWN_PLACE = frozenset({404})
"""POST: the centre or an item does not exist."""


@dataclass(frozen=True, slots=True)
class ReceivingDesk:
    """Takes an account's inbound shipments to ShipBob."""

    lists: Lists
    compounds: Compounds

    def find(self, reference: str) -> SourceRecord | None:
        """The order with this purchase order's number; of orders that were split at the warehouse the first one.

        A filter that takes a list of numbers may find more than was asked for.
        """
        if "," in reference:
            return None
        found = self.lists.all(RECEIVING, (("PurchaseOrderNumbers", reference),), PAGE)
        ours = {each.id: each for each in found if _read(each.raw).get(_NUMBER) == reference}
        first = ours.get(min(numbers(ours), key=int, default=None))
        return None if first is None else self._whole(first.raw)

    def create(self, draft: InboundShipmentDraft) -> SourceRecord:
        return self._whole(self._send("POST", "receiving", new_order(draft), _NO | _UNKNOWN_PLACE))

    def update(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        """Reads the order and its boxes first where they change, for they can only be replaced as a whole."""
        path = f"receiving/{quote(shipment_id, safe='')}"
        if change.lines is None and change.tracking_numbers is None:
            return self._whole(self._send("PATCH", path, changed_order(change, (), {}), _NO))
        lines = _read(self.lists.get(path).body).get("inventory_quantities") or ()
        boxes = _boxes(self.lists.get(f"{path}/boxes").body)
        skus = {each["sku"]: each["inventory_id"] for each in lines if each.get("sku")}
        return self._whole(self._send("PATCH", path, changed_order(change, boxes, skus), _NO))

    def _send(self, method: str, path: str, body: Mapping[str, Any], refusals: frozenset[int]) -> bytes:
        """The order as the vendor has it now.

        Raises:
            WriteRefused: the vendor says no.
        """
        request = Request(
            method,
            f"/{self.lists.version}/{path}",
            headers={"content-type": "application/json"},
            body=json.dumps(body).encode(),
            replay=Replay.NEVER,
            expects=refusals,
        )
        answer = self.lists.client.send(request, deadline=None)
        if answer.status in refusals:
            raise refused(answer.body)
        return answer.body

    def _whole(self, order: bytes) -> SourceRecord:
        """The order as the read gives it, with its boxes."""
        (found,) = self.compounds.boxes(split(listed((order,)), records="", identity="id").records, None)
        return found


_NUMBER = "purchase_order_number"


def _read(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise AnswerBroken("The source's answer has no receiving order.") from error


def _boxes(body: bytes) -> list[dict[str, Any]]:
    try:
        return msgspec.json.decode(body, type=list[dict[str, Any]])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise AnswerBroken("The source's answer has no boxes.") from error
