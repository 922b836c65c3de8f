"""What an order's closing and its packages tell of its shipment. The vendor has no shipments: an order has one at most.

It begins with the first package, and is shipped when the order is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from planster_sync.connectors.extensiv.orders import destination, is_cancelled, is_closed, order_items, shipped_at
from planster_sync.connectors.extensiv.products import IMPERIAL
from planster_sync.connectors.extensiv.shapes import Terms, embedded, expiry, item_key, numbers_in
from planster_sync.connectors.extensiv.shipping_methods import method_key
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.measures import MeasureNames, measurements
from planster_sync.mapping.numbers import required_quantity
from planster_sync.model.record import Word
from planster_sync.model.shipments import OrderShipment, Package, ShipmentLine, ShipmentStatus

_NAMES = MeasureNames()


def order_shipments(order: Fields, terms: Terms) -> tuple[OrderShipment, ...]:
    """None before there is a package; without stamps: the order's would rewrite it with every change."""
    packages = _packages(order)
    if not packages and not is_closed(order):
        return ()
    lines = order_items(order) if is_closed(order) else ()
    shipment = OrderShipment(
        id=order.required_id("readOnly.orderId"),
        warehouse_customer_id=order.identifier("readOnly.customerIdentifier.id"),
        order_id=order.identifier("readOnly.orderId"),
        order_number=order.text("referenceNum"),
        status=_status(order),
        warehouse_id=order.identifier("readOnly.facilityIdentifier.id"),
        shipped_at=shipped_at(order, terms),
        destination=destination(order),
        lines=tuple([_line(each, each) for each in lines]),
        packages=packages,
    )
    return (shipment,)


def _status(order: Fields) -> Word[ShipmentStatus]:
    told = order.identifier("readOnly.status")
    if is_cancelled(order):
        return Word(value=ShipmentStatus.CANCELLED, vendor=told)
    return Word(value=ShipmentStatus.SHIPPED if is_closed(order) else ShipmentStatus.OPEN, vendor=told)


def _packages(order: Fields) -> tuple[Package, ...]:
    """Its packages, and one more for each tracking number of the order that no package carries."""
    items = {each.identifier("readOnly.orderItemId"): each for each in order_items(order)}
    sources = embedded(order, "orders/package", "readOnly.packages", "packages")
    found = [_package(each, order, items) for each in sources]
    told = (*numbers_in(order.text("routingInfo.trackingNumber")), *order.texts("parcelResponse.trackingNumbers"))
    carried = {each.tracking_number for each in found}
    bare = [number for number in dict.fromkeys(told) if number not in carried]
    return (*found, *[_with_carrier(order)(tracking_number=number) for number in bare])


def _package(source: Fields, order: Fields, items: Mapping[str | None, Fields]) -> Package:
    contents = embedded(source, "orders/packagecontent", "packageContents")
    return _with_carrier(order)(
        package_id=source.identifier("packageId"),
        name=source.text("packageDefIdentifier.name"),
        tracking_number=source.text("trackingNumber"),
        measurements=measurements(source, _NAMES, units=IMPERIAL),
        lines=tuple([_line(each, items.get(each.identifier("orderItemId"), Fields({}))) for each in contents]),
    )


def _with_carrier(order: Fields) -> partial[Package]:
    """A package of this order, whose carrier and service stand on the order."""
    carrier, service = order.text("routingInfo.carrier"), order.text("routingInfo.mode")
    return partial(
        Package,
        carrier_id=carrier and method_key(carrier),
        carrier_name=carrier,
        scac=order.text("routingInfo.scacCode"),
        shipping_method_id=method_key(carrier, service) if carrier and service else None,
        shipping_method_name=service,
    )


def _line(source: Fields, item: Fields) -> ShipmentLine:
    """What was shipped of an order's item: the item itself, or what a package holds of it."""
    return ShipmentLine(
        inventory_item_id=item_key(item),
        product_id=item.identifier("itemIdentifier.id"),
        sku=item.text("itemIdentifier.sku"),
        quantity=required_quantity(source, "qty"),
        lot_id=source.identifier("lotNumber"),
        expires_on=expiry(source),
    )
