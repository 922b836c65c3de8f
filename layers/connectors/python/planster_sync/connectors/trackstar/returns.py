"""GET /wms/returns. `notes` are not read; reasons and findings only where they are known words."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.trackstar.shapes import measured, moment, owned
from planster_sync.connectors.trackstar.statuses import CONDITION, DISPOSITION, REASON, RETURN
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import money, quantity, required_quantity
from planster_sync.mapping.words import discreet_word, word
from planster_sync.model.returns import Inspection, Return, ReturnLine, ReturnShipment, ReturnShipmentLine


def return_(source: Fields, currency: str | None) -> Return:
    return Return(
        **owned(source),
        order_id=source.identifier("order_id"),
        status=word(source, "status", RETURN, shown="raw_status"),
        lines=source.each("line_items", _line),
        shipments=source.each("shipments", partial(_shipment, currency=currency)),
    )


def _line(source: Fields) -> ReturnLine:
    return ReturnLine(
        inventory_item_id=source.identifier("inventory_item_id"),
        sku=source.text("sku"),
        expected=quantity(source, "expected_quantity"),
        received=quantity(source, "received_quantity"),
        restocked=quantity(source, "restocked_quantity"),
        reason=discreet_word(source, "return_reason", REASON),
    )


def _shipment(source: Fields, currency: str | None) -> ReturnShipment:
    return ReturnShipment(
        tracking_number=source.text("tracking_number"),
        shipped_at=moment(source, "shipped_date"),
        arrived_at=moment(source, "arrived_date"),
        warehouse_id=source.identifier("warehouse_id"),
        carrier_id=source.identifier("carrier_id"),
        carrier_name=source.text("carrier_name"),
        scac=source.text("scac"),
        cost=money(source, "shipping_cost", currency),
        measurements=measured(source),
        lines=source.each("line_items", _shipment_line),
    )


def _shipment_line(source: Fields) -> ReturnShipmentLine:
    return ReturnShipmentLine(
        inventory_item_id=source.identifier("inventory_item_id"),
        sku=source.text("sku"),
        quantity=required_quantity(source, "quantity"),
        inspections=source.each("receiving_details", _inspection),
    )


def _inspection(source: Fields) -> Inspection:
    return Inspection(
        quantity=required_quantity(source, "quantity"),
        condition=discreet_word(source, "condition", CONDITION),
        disposition=discreet_word(source, "disposition", DISPOSITION),
    )
