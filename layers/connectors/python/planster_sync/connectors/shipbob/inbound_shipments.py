"""Warehouse receiving orders: GET /receiving, with the order's boxes from /receiving/{id}/boxes.

Received is what was stowed: only that is on hand. What was merely counted is still to come, or it would be in neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from planster_sync.connectors.shipbob.shapes import Defaults, latest
from planster_sync.connectors.shipbob.statuses import INBOUND
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import day, instant
from planster_sync.mapping.numbers import quantity
from planster_sync.mapping.words import folded, word
from planster_sync.model.inbound import InboundLine, InboundShipment, Receipt, ReceiptLine


def inbound_shipment(source: Fields, defaults: Defaults) -> InboundShipment:
    boxes = source.children("boxes")
    skus = {each.identifier("inventory_id"): each.text("sku") for each in source.children("inventory_quantities")}
    receipts = (_receipt(each, skus, defaults) for each in boxes)
    return InboundShipment(
        id=source.required_id("id"),
        created_at=instant(source, "insert_date", defaults.zone),
        updated_at=instant(source, "last_updated_date", defaults.zone),
        purchase_order_number=source.text("purchase_order_number"),
        status=word(source, "status", INBOUND),
        warehouse_id=source.identifier("fulfillment_center.id"),
        expected_at=instant(source, "expected_arrival_date", defaults.zone),
        received_at=latest(_completed(each, defaults) for each in source.children("status_history")),
        tracking_numbers=tuple(dict.fromkeys(each for box in boxes if (each := box.text("tracking_number")))),
        lines=source.each("inventory_quantities", _line),
        receipts=tuple(each for each in receipts if each.lines),
    )


def _completed(source: Fields, defaults: Defaults) -> str | None:
    is_completed = folded(source.text("status") or "") == "completed"
    return instant(source, "timestamp", defaults.zone) if is_completed else None


def _line(source: Fields) -> InboundLine:
    return InboundLine(
        inventory_item_id=source.identifier("inventory_id"),
        sku=source.text("sku"),
        expected=quantity(source, "expected_quantity"),
        received=_stowed(source),
    )


def _receipt(source: Fields, skus: Mapping[str | None, str | None], defaults: Defaults) -> Receipt:
    arrived = [item for item in source.children("box_items") if _stowed(item)]
    return Receipt(
        receipt_id=source.identifier("box_id"),
        received_at=instant(source, "received_date", defaults.zone) or instant(source, "arrived_date", defaults.zone),
        lines=tuple(map(partial(_receipt_line, skus=skus), arrived)),
    )


def _receipt_line(source: Fields, skus: Mapping[str | None, str | None]) -> ReceiptLine:
    item = source.identifier("inventory_id")
    return ReceiptLine(
        inventory_item_id=item,
        sku=skus.get(item),
        quantity=_stowed(source) or 0,
        lot_id=source.text("lot_number"),
        expires_on=day(source, "lot_date"),
    )


def _stowed(source: Fields) -> int | Decimal | None:
    """What was put away; where that is not told, what was counted."""
    stowed = quantity(source, "stowed_quantity")
    return quantity(source, "received_quantity") if stowed is None else stowed
