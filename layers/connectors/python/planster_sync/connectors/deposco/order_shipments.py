"""GET /shipments/outboundShipments. `trackingUrl` is not read: carriers put personal data into it."""

from __future__ import annotations

from planster_sync.connectors.deposco.shapes import (
    Terms,
    count,
    currency_of,
    number_of,
    owned,
    pack_size,
    place,
    rows,
    times,
)
from planster_sync.connectors.deposco.shipping_methods import method_id
from planster_sync.connectors.deposco.statuses import SHIPMENT
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import day, instant
from planster_sync.mapping.numbers import money
from planster_sync.mapping.words import word
from planster_sync.model.shipments import OrderShipment, Package, ShipmentLine, ShipmentStatus


def order_shipment(source: Fields, terms: Terms) -> OrderShipment:
    found, status = owned(source, terms), word(source, "status", SHIPMENT)
    is_shipped = status is not None and status.value is ShipmentStatus.SHIPPED
    order = _only_order(source)
    return OrderShipment(
        **found,
        shipment_id=found["id"],
        order_id=order.identifier("id"),
        order_number=order.identifier("businessKey.number"),
        status=status,
        warehouse_id=number_of(source, "shipFromFacility"),
        shipped_at=instant(source, "shipmentDates.actualShipDate", terms.zone) if is_shipped else None,
        delivered_at=instant(source, "shipmentDates.actualArrivalDate", terms.zone),
        destination=place(source, "shipToAddress"),
        lines=tuple([_line(row) for row in rows(source, "shipmentLines") if row.has("shippedPackQuantity")]),
        packages=_packages(source, terms),
    )


def _only_order(source: Fields) -> Fields:
    """The reference to the order; an empty one where the shipment serves several: no line tells which."""
    orders = source.children("orderHeaders.data")
    return orders[0] if len(orders) == 1 else Fields({})


def _line(source: Fields) -> ShipmentLine:
    item, packs = number_of(source, "item"), count(source, "shippedPackQuantity")
    pack = "pack" if source.has("pack") else "orderLineDetails.pack"
    return ShipmentLine(
        inventory_item_id=item,
        sku=item,
        quantity=times(packs, pack_size(source, pack)) or 0,
        lot_id=source.identifier("lotNumber"),
        expires_on=day(source, "expirationDate"),
    )


def _packages(source: Fields, terms: Terms) -> tuple[Package, ...]:
    """The shipment as one parcel, with the number by which the carrier knows it."""
    costs = source.child("shippingCosts")
    found = Package(
        package_id=source.identifier("lpnNumber"),
        tracking_number=source.text("trackingNumber"),
        shipping_method_id=method_id(source),
        shipping_method_name=source.text("shipVia"),
        carrier_id=source.text("shipVendor"),
        carrier_name=source.text("shipVendor"),
        cost=money(costs, "shippingCost", currency_of(costs, terms)),
    )
    return (found,) if found != Package() else ()
