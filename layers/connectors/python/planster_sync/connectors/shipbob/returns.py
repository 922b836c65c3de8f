"""GET /return. Reasons and instructions are free text and not read; what was done with an item is."""

from __future__ import annotations

from decimal import Decimal

from planster_sync.connectors.shipbob.shapes import Defaults
from planster_sync.connectors.shipbob.statuses import ACTION, RETURN
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import instant
from planster_sync.mapping.numbers import pieces, quantity, required_quantity
from planster_sync.mapping.words import discreet_word, word
from planster_sync.model.returns import (
    Disposition,
    Inspection,
    Return,
    ReturnLine,
    ReturnShipment,
    ReturnShipmentLine,
)


def return_(source: Fields, defaults: Defaults) -> Return:
    return Return(
        id=source.required_id("id"),
        created_at=instant(source, "insert_date", defaults.zone),
        status=word(source, "status", RETURN),
        lines=source.each("inventory", _line),
        shipments=(_shipment(source, defaults),),
    )


def _line(source: Fields) -> ReturnLine:
    done = [(_action(each), required_quantity(each, "quantity_processed")) for each in source.children("action_taken")]
    return ReturnLine(
        inventory_item_id=source.identifier("id"),
        sku=source.text("sku"),
        expected=quantity(source, "quantity"),
        received=_sum([count for _, count in done]) if done else None,
        restocked=_sum([count for action, count in done if action is Disposition.RESTOCKED]) if done else None,
    )


def _action(source: Fields) -> Disposition | None:
    return ACTION.known(source.text("action"))


def _sum(counts: list[int | Decimal]) -> int | Decimal:
    return pieces(sum(counts, start=0))


def _shipment(source: Fields, defaults: Defaults) -> ReturnShipment:
    return ReturnShipment(
        tracking_number=source.text("tracking_number"),
        arrived_at=instant(source, "arrived_date", defaults.zone),
        warehouse_id=source.identifier("fulfillment_center.id"),
        lines=source.each("inventory", _shipment_line),
    )


def _shipment_line(source: Fields) -> ReturnShipmentLine:
    return ReturnShipmentLine(
        inventory_item_id=source.identifier("id"),
        sku=source.text("sku"),
        quantity=required_quantity(source, "quantity"),
        inspections=source.each("action_taken", _inspection),
    )


def _inspection(source: Fields) -> Inspection:
    return Inspection(
        quantity=required_quantity(source, "quantity_processed"),
        disposition=discreet_word(source, "action", ACTION),
    )
