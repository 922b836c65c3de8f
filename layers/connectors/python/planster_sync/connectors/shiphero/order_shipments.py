"""Shipments, nested in orders; each label is a parcel. SKUs come from the order's lines."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.shiphero.capabilities import ShipheroSettings
from planster_sync.connectors.shiphero.orders import destination
from planster_sync.connectors.shiphero.shapes import measured, moment, nodes
from planster_sync.connectors.shiphero.shipping_methods import method_id
from planster_sync.connectors.shiphero.statuses import LABEL
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.numbers import money, required_quantity
from planster_sync.model.record import Word
from planster_sync.model.shipments import OrderShipment, Package, ShipmentLine, ShipmentStatus


def order_shipments(order: Fields, settings: ShipheroSettings) -> tuple[OrderShipment, ...]:
    """Every shipment of an order, in its order.

    Raises:
        RecordInvalid: two shipments of the order have the same id.
    """
    found = order.each("shipments", partial(_shipment, order=order, settings=settings))
    if len({each.id for each in found}) < len(found):
        raise invalid(order.path("shipments"), "holds the same shipment twice")
    return found


def _shipment(source: Fields, order: Fields, settings: ShipheroSettings) -> OrderShipment:
    shipment_id, order_id = source.required_id("id"), order.required_id("id")
    return OrderShipment(
        id=f"{order_id}/{shipment_id}",
        shipment_id=shipment_id,
        warehouse_customer_id=order.identifier("account_id"),
        created_at=moment(source, "created_date"),
        order_id=order_id,
        order_number=order.text("order_number"),
        status=_status(source),
        warehouse_id=source.identifier("warehouse_id"),
        shipped_at=moment(source, "created_date"),
        destination=destination(order),
        lines=tuple(map(_line, nodes(source, "line_items"))),
        packages=source.each("shipping_labels", partial(_package, settings=settings)),
    )


def _status(source: Fields) -> Word[ShipmentStatus]:
    """A shipment exists once its label does: it is shipped, unless it was delivered or all its labels are void."""
    told = [each.text("status") for each in source.children("shipping_labels")]
    if source.flag("delivered"):
        return Word(value=ShipmentStatus.DELIVERED)
    if told and all(map(LABEL.known, told)):
        return Word(value=ShipmentStatus.CANCELLED, vendor=told[0])
    return Word(value=ShipmentStatus.SHIPPED)


def _line(source: Fields) -> ShipmentLine:
    return ShipmentLine(
        product_id=source.identifier("line_item.product_id"),
        sku=source.text("line_item.sku"),
        quantity=required_quantity(source, "quantity"),
    )


def _package(source: Fields, settings: ShipheroSettings) -> Package:
    carrier, method = source.text("carrier"), source.text("shipping_method")
    return Package(
        package_id=source.identifier("id"),
        name=source.text("box_name"),
        tracking_number=source.text("tracking_number"),
        shipping_method_id=method_id(carrier, method),
        shipping_method_name=method,
        carrier_name=carrier,
        cost=money(source, "cost", settings.currency),
        measurements=measured(source, settings.weight_unit),
    )
