"""What has left with an order, which ships once: what is left over becomes a new order. There is no list of shipments.

`trackingUrl` is not read: carriers put the buyer's postal code or e-mail address into it.
"""

from __future__ import annotations

from collections.abc import Iterator

from planster_sync.connectors.ongoing.shapes import Terms, place, transporter_id, way_of_delivery_id
from planster_sync.connectors.ongoing.statuses import SENT, told
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import day
from planster_sync.mapping.numbers import quantity, required_quantity
from planster_sync.model.record import Word
from planster_sync.model.shipments import OrderShipment, Package, ShipmentLine, ShipmentStatus


def is_sent(order: Fields, terms: Terms) -> bool:
    """Whether the order has left the warehouse: it has a time of shipping, or its status says so."""
    status = terms.orders.placed(told(order, "orderInfo.orderStatus"))
    return order.has("orderInfo.shippedTime") or (status is not None and status.value in SENT)


def order_shipments(order: Fields, terms: Terms) -> tuple[OrderShipment, ...]:
    """The order's one shipment, under the order's id; none before it is sent."""
    if not is_sent(order, terms):
        return ()
    info = order.child("orderInfo")
    order_id = info.required_id("orderId")
    _, text = told(info, "orderStatus")
    shipment = OrderShipment(
        id=order_id,
        warehouse_customer_id=order.identifier("goodsOwner.id"),
        order_id=order_id,
        order_number=info.text("orderNumber"),
        status=Word(value=ShipmentStatus.SHIPPED, vendor=text),
        warehouse_id=info.identifier("warehouse.id"),
        shipped_at=terms.moment(info, "shippedTime"),
        destination=place(order.child("consignee")),
        lines=tuple(line for each in order.children("orderLines") for line in _lines(each)),
        packages=tuple(_packages(order, info)),
    )
    return (shipment,)


def _lines(source: Fields) -> Iterator[ShipmentLine]:
    """What was picked for a line, by lot where that is told; of a kit its parts, for they are what left the stock."""
    for part in source.children("subOrderLines") or (source,):
        taken = [each for each in part.children("pickedArticleItems") if each.flag("isPicked") is not False]
        for each in taken or (part,):
            name = "numberOfItems" if taken else "pickedNumberOfItems"
            if quantity(each, name):
                yield ShipmentLine(
                    inventory_item_id=part.identifier("article.articleSystemId"),
                    product_id=source.identifier("article.articleSystemId"),
                    sku=part.text("article.articleNumber"),
                    quantity=required_quantity(each, name),
                    lot_id=each.text("batchNumber") if taken else None,
                    expires_on=day(each, "expiryDate") if taken else None,
                )


def _packages(order: Fields, info: Fields) -> Iterator[Package]:
    """One for each parcel; where none is told, one for each waybill. Labels for the way back are left out."""
    parcels = [each for each in order.children("parcels") if each.flag("isReturnParcel") is not True]
    for each in parcels:
        yield _package(order, info, each.identifier("id"), each.text("parcelNumber"))
    waybills = (info.text("wayBill"), *(each.text("waybill") for each in order.children("tracking")))
    for number in dict.fromkeys(number for number in waybills if number and not parcels):
        yield _package(order, info, None, number)


def _package(order: Fields, info: Fields, package_id: str | None, number: str | None) -> Package:
    carrier = order.child("transporter")
    return Package(
        package_id=package_id,
        tracking_number=number,
        shipping_method_id=way_of_delivery_id(info.text("wayOfDelivery.code"))
        or transporter_id(carrier.text("code"), carrier.text("serviceCode")),
        shipping_method_name=info.text("wayOfDelivery.name") or carrier.text("name"),
        carrier_id=carrier.text("code"),
        carrier_name=carrier.text("transporterName"),
    )
