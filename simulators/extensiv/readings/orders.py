"""What must be stored of the vendor's orders."""

from __future__ import annotations

from local_cloud.agreement import Expected, Fields, Placed, Source
from simulators.extensiv.readings.values import (
    at,
    cash,
    children,
    common,
    day,
    inches_and_pounds,
    key,
    moment,
    stock_item,
)

TYPES = {"D2C": "d2c", "B2B": "b2b", "AmazonFBA": "transfer"}
STEPS = (
    ("onHoldDate", "on_hold"),
    ("packDoneDate", "packed"),
    ("pickDoneDate", "picked"),
    ("pickTicketPrintDate", "processing"),
    ("fullyAllocated", "confirmed"),
)


def order(source: Source) -> Expected:
    own = source["readOnly"]
    reached = next((word for name, word in STEPS if own.get(name)), "open")
    status = {1: "fulfilled", 2: "cancelled"}.get(own["status"], reached)
    kind = source.get("orderType")
    yield (
        str(own["orderId"]),
        {
            **common(source),
            "number": source["referenceNum"],
            "reference_id": source["externalId"],
            "status": Placed(status, frozenset({str(own["status"])})),
            "type": None if kind is None else Placed(TYPES[kind], frozenset({kind})),
            "channel_id": key(source, "readOnly.importChannelIdentifier.id"),
            "channel_name": at(source, "readOnly.importChannelIdentifier.name"),
            "warehouse_id": key(source, "readOnly.facilityIdentifier.id"),
            "required_ship_at": moment(source, "shipCancelDate"),
            "shipped_at": _left(source),
            **_carried(source),
            "total_tax": cash(source, "fulfillInvInfo.fulfillInvTax"),
            "total_discount": cash(source, "fulfillInvInfo.fulfillInvDiscountAmount"),
            "total_shipping": cash(source, "fulfillInvInfo.fulfillInvShippingAndHandling"),
            "destination": _place(source),
            "lines": [_ordered(each, own["status"]) for each in children(source, "orders/item")],
        },
    )


def _ordered(line: Source, status: int) -> Fields:
    return {
        "line_id": key(line, "readOnly.orderItemId"),
        "product_id": key(line, "itemIdentifier.id"),
        "inventory_item_id": stock_item(line),
        "sku": line["itemIdentifier"]["sku"],
        "quantity": line["qty"],
        "shipped": line["qty"] if status == 1 else 0,
        "unit_price": cash(line, "fulfillInvSalePrice"),
    }


def _left(source: Source) -> object:
    if source["readOnly"]["status"] != 1:
        return None
    return moment(source, "readOnly.shipDate") or moment(source, "readOnly.processDate")


def _carried(source: Source) -> Fields:
    carrier, service = at(source, "routingInfo.carrier"), at(source, "routingInfo.mode")
    return {
        "carrier_id": carrier,
        "carrier_name": carrier,
        "shipping_method_id": f"{carrier}/{service}",
        "shipping_method_name": service,
    }


def _place(source: Source) -> Fields:
    return {
        "region": at(source, "shipTo.state"),
        "postal_code": at(source, "shipTo.zip"),
        "country": at(source, "shipTo.country"),
    }


def order_shipments(source: Source) -> Expected:
    """One for each order that has packages or is closed."""
    own, items = source["readOnly"], children(source, "orders/item")
    packages = [_package(source, each, items) for each in children(source, "orders/package")]
    numbers = str(at(source, "routingInfo.trackingNumber") or "").split(", ") + source.get("parcelResponse", {}).get(
        "trackingNumbers", []
    )
    carried = {each["tracking_number"] for each in packages}
    packages += [{"tracking_number": number} for number in numbers if number and number not in carried]
    if not packages and own["status"] != 1:
        return
    lines = [_line(each, each) for each in items] if own["status"] == 1 else []
    yield (
        str(own["orderId"]),
        {
            "warehouse_customer_id": key(source, "readOnly.customerIdentifier.id"),
            "order_id": str(own["orderId"]),
            "order_number": source["referenceNum"],
            "status": Placed({0: "open", 1: "shipped", 2: "cancelled"}[own["status"]], frozenset()),
            "warehouse_id": key(source, "readOnly.facilityIdentifier.id"),
            "shipped_at": _left(source),
            "destination": _place(source),
            "lines": lines,
            "packages": packages,
        },
    )


def _package(source: Source, package: Source, items: list[Source]) -> Fields:
    by_number = {each["readOnly"]["orderItemId"]: each for each in items}
    contents = children(package, "orders/packagecontent")
    return {
        **_carried(source),
        "package_id": key(package, "packageId"),
        "name": at(package, "packageDefIdentifier.name"),
        "tracking_number": package.get("trackingNumber"),
        "scac": at(source, "routingInfo.scacCode"),
        "measurements": inches_and_pounds(package),
        "lines": [_line(each, by_number[each["orderItemId"]]) for each in contents],
    }


def _line(counted: Source, item: Source) -> Fields:
    return {
        "inventory_item_id": stock_item(item),
        "product_id": key(item, "itemIdentifier.id"),
        "sku": item["itemIdentifier"]["sku"],
        "quantity": counted["qty"],
        "lot_id": counted.get("lotNumber") or None,
        "expires_on": day(counted, "expirationDate"),
    }


def order_channel(source: Source) -> Expected:
    channel = source["readOnly"].get("importChannelIdentifier")
    if channel:
        yield str(channel["id"]), {"name": channel.get("name")}
