"""Shipments, nested in orders. `tracking_url` is not read: carriers put the buyer's postal code or e-mail into it."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.trackstar.shapes import Owned, measured, moment, owned, place
from planster_sync.connectors.trackstar.statuses import SHIPMENT
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.instants import day
from planster_sync.mapping.numbers import money, required_quantity
from planster_sync.mapping.words import word
from planster_sync.model.shipments import OrderShipment, Package, ShipmentLine


def order_shipments(order: Fields, currency: str | None) -> tuple[OrderShipment, ...]:
    """Every shipment of an order, in its order. Without stamps: the order's would rewrite them with every change.

    Raises:
        RecordInvalid: two shipments of the order have the same id.
    """
    nested = order.children("shipments")
    if not nested:
        return ()
    parent = owned(order)
    found = tuple(_shipment(each, parent, order.text("order_number"), currency) for each in nested)
    if len({each.id for each in found}) < len(found):
        raise invalid(order.path("shipments"), "holds the same shipment twice")
    return found


def _shipment(source: Fields, order: Owned, number: str | None, currency: str | None) -> OrderShipment:
    shipment_id = source.required_id("shipment_id")
    return OrderShipment(
        id=f"{order['id']}/{shipment_id}",  # one parcel may serve two orders: each has its own record
        shipment_id=shipment_id,
        warehouse_customer_id=order["warehouse_customer_id"],
        order_id=order["id"],
        order_number=number,
        status=word(source, "status", SHIPMENT, shown="raw_status"),
        warehouse_id=source.identifier("warehouse_id"),
        shipped_at=moment(source, "shipped_date"),
        destination=place(source, "ship_to_address"),
        lines=source.each("line_items", _line),
        packages=source.each("packages", partial(_package, currency=currency)),
    )


def _package(source: Fields, currency: str | None) -> Package:
    return Package(
        package_id=source.identifier("package_id"),
        name=source.text("package_name"),
        tracking_number=source.text("tracking_number"),
        shipping_method_id=source.identifier("shipping_method_id"),
        shipping_method_name=source.text("shipping_method_name"),
        carrier_id=source.identifier("carrier_id"),
        carrier_name=source.text("carrier_name"),
        scac=source.text("scac"),
        cost=money(source, "shipping_cost", currency),
        measurements=measured(source),
        lines=source.each("line_items", _line),
    )


def _line(source: Fields) -> ShipmentLine:
    return ShipmentLine(
        inventory_item_id=source.identifier("inventory_item_id"),
        product_id=source.identifier("parent_product_id"),
        sku=source.text("sku"),
        quantity=required_quantity(source, "quantity"),
        lot_id=source.identifier("lot_id"),
        expires_on=day(source, "expiration_date"),
    )
