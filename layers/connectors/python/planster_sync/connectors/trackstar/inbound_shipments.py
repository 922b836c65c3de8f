"""GET /wms/inbound-shipments: purchase orders and shipping notices with their receipts. `notes` are not read."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.trackstar.shapes import moment, owned, place
from planster_sync.connectors.trackstar.statuses import INBOUND
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import money, quantity, required_quantity
from planster_sync.mapping.words import word
from planster_sync.model.inbound import InboundLine, InboundShipment, Receipt, ReceiptLine


def inbound_shipment(source: Fields, currency: str | None) -> InboundShipment:
    return InboundShipment(
        **owned(source),
        purchase_order_number=source.text("purchase_order_number"),
        status=word(source, "status", INBOUND, shown="raw_status"),
        supplier_id=source.identifier("supplier_object.supplier_id"),
        supplier_name=source.text("supplier_object.supplier_name") or source.text("supplier"),  # `supplier`: deprecated
        warehouse_id=source.identifier("warehouse_id"),
        expected_at=moment(source, "expected_arrival_date"),
        origin=place(source, "ship_from_address"),
        tracking_numbers=source.texts("tracking_numbers"),
        lines=source.each("line_items", partial(_line, currency=currency)),
        receipts=source.each("receipts", _receipt),
    )


def _line(source: Fields, currency: str | None) -> InboundLine:
    return InboundLine(
        inventory_item_id=source.identifier("inventory_item_id"),
        sku=source.text("sku"),
        supplier_sku=source.identifier("external_id"),
        expected=quantity(source, "expected_quantity"),
        received=quantity(source, "received_quantity"),
        unit_cost=money(source, "unit_cost", currency),
    )


def _receipt(source: Fields) -> Receipt:
    return Receipt(
        receipt_id=source.identifier("id"),
        received_at=moment(source, "arrived_date"),
        lines=source.each("line_items", _receipt_line),
    )


def _receipt_line(source: Fields) -> ReceiptLine:
    return ReceiptLine(
        inventory_item_id=source.identifier("inventory_item_id"),
        sku=source.text("sku"),
        quantity=required_quantity(source, "quantity"),
    )
