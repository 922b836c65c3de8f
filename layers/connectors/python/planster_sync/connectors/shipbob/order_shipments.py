"""Shipments, nested in orders. Lines are the stock items that were picked: what a bundle consists of, not the bundle.

`tracking_url` is not read: carriers put the recipient's postal code or e-mail address into it.
"""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.shipbob.shapes import Defaults, measured, place
from planster_sync.connectors.shipbob.statuses import DELIVERED_DETAIL, SHIPMENT
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.instants import day, instant
from planster_sync.mapping.measures import MeasureNames
from planster_sync.mapping.numbers import money, required_quantity
from planster_sync.mapping.words import word
from planster_sync.model.record import Money, Word
from planster_sync.model.shipments import OrderShipment, Package, ShipmentLine, ShipmentStatus

_NAMES = MeasureNames(
    "measurements.length_in", "measurements.width_in", "measurements.depth_in", "measurements.total_weight_oz"
)
_UNITS = ("in", "oz")


def order_shipments(order: Fields, defaults: Defaults) -> tuple[OrderShipment, ...]:
    """Every shipment of an order, in its order.

    Raises:
        RecordInvalid: two shipments of the order have the same id.
    """
    found = order.each("shipments", partial(_shipment, order=order, defaults=defaults))
    if len({each.id for each in found}) < len(found):
        raise invalid(order.path("shipments"), "holds the same shipment twice")
    return found


def _shipment(source: Fields, order: Fields, defaults: Defaults) -> OrderShipment:
    order_id, shipment_id = order.required_id("id"), source.required_id("id")
    return OrderShipment(
        id=f"{order_id}/{shipment_id}",
        created_at=instant(source, "created_date", defaults.zone),
        updated_at=instant(source, "last_update_at", defaults.zone),
        shipment_id=shipment_id,
        order_id=order_id,
        order_number=order.text("order_number"),
        status=_status(source),
        warehouse_id=source.identifier("location.id"),
        shipped_at=instant(source, "actual_fulfillment_date", defaults.zone),
        delivered_at=instant(source, "delivery_date", defaults.zone),
        destination=place(source.child("recipient").child("address")),
        lines=tuple(line for product in source.children("products") for line in product.each("inventory_items", _line)),
        packages=_packages(source),
    )


def _status(source: Fields) -> Word[ShipmentStatus] | None:
    """By table; delivered where the carrier said so, for which the vendor has no word of its own."""
    told = word(source, "status", SHIPMENT)
    details = {each.identifier("id") for each in source.children("status_details")}
    is_delivered = source.has("delivery_date") or DELIVERED_DETAIL in details
    if told is None or told.value is not ShipmentStatus.SHIPPED or not is_delivered:
        return told
    return Word(value=ShipmentStatus.DELIVERED, vendor=told.vendor)


def _packages(source: Fields) -> tuple[Package, ...]:
    """A shipment is one parcel; none before there is a label or a measure."""
    tracking, size = source.child("tracking"), measured(source, _NAMES, _UNITS)
    if not tracking.values and size is None:
        return ()
    package = Package(
        name=source.text("package_material_type"),
        tracking_number=tracking.text("tracking_number"),
        shipping_method_name=source.text("ship_option"),
        carrier_name=tracking.text("carrier"),
        scac=tracking.text("scac"),
        cost=_cost(source),
        measurements=size,
    )
    return (package,)


def _cost(source: Fields) -> Money | None:
    """What was invoiced for it; before that the vendor tells null, or 0 without a currency."""
    found = money(source, "invoice_amount", source.text("invoice_currency_code"))
    return None if found is None or (found.amount == "0" and found.currency is None) else found


def _line(source: Fields) -> ShipmentLine:
    return ShipmentLine(
        inventory_item_id=source.identifier("id"),
        quantity=required_quantity(source, "quantity"),
        lot_id=source.text("lot"),
        expires_on=day(source, "expiration_date"),
    )
