"""What must be stored of the vendor's orders, receivers and charges."""

from __future__ import annotations

from decimal import Decimal

from local_cloud.agreement import Cash, Expected, Fields, Placed, Source
from simulators.extensiv.readings.values import (
    CURRENCY,
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
LIFE = {0: "open", 1: "received", 2: "cancelled"}
CHARGES = {"shipping": "shipping", "storage": "storage"}


def order(source: Source) -> Expected:
    own = source["readOnly"]
    closed = own["status"] == 1
    reached = next((word for name, word in STEPS if own.get(name)), "open")
    status = {1: "fulfilled", 2: "cancelled"}.get(own["status"], reached)
    kind = source.get("orderType")
    lines = [
        {
            "line_id": key(line, "readOnly.orderItemId"),
            "product_id": key(line, "itemIdentifier.id"),
            "inventory_item_id": stock_item(line),
            "sku": line["itemIdentifier"]["sku"],
            "quantity": line["qty"],
            "shipped": line["qty"] if closed else 0,
            "unit_price": cash(line, "fulfillInvSalePrice"),
        }
        for line in children(source, "orders/item")
    ]
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
            "lines": lines,
        },
    )


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


def inbound_shipment(source: Source) -> Expected:
    own = source["readOnly"]
    if own["receiverType"] == 1:
        return
    confirmed, lines = own["status"] == 1, children(source, "inventory/receiveritem")
    status = "receiving" if own["status"] == 0 and "scannedArrivalDate" in source else LIFE[own["status"]]
    named = {
        each["supplierIdentifier"]["id"]: each["supplierIdentifier"] for each in lines if "supplierIdentifier" in each
    }
    supplier = next(iter(named.values())) if len(named) == 1 else {}
    receipt = {
        "receipt_id": str(own["receiverId"]),
        "received_at": moment(source, "arrivalDate"),
        "lines": [
            {
                **_named(line),
                "quantity": line["qty"],
                "lot_id": line.get("lotNumber") or None,
                "expires_on": day(line, "expirationDate"),
            }
            for line in lines
        ],
    }
    yield (
        str(own["receiverId"]),
        {
            **common(source),
            "purchase_order_number": source.get("poNum") or source["referenceNum"],
            "status": Placed(status, frozenset({str(own["status"])})),
            "supplier_id": key(supplier, "id"),
            "supplier_name": supplier.get("name"),
            "warehouse_id": key(source, "readOnly.facilityIdentifier.id"),
            "expected_at": moment(source, "expectedDate"),
            "received_at": moment(source, "arrivalDate") if confirmed else None,
            "tracking_numbers": [each for each in source.get("trackingNumber", "").split(", ") if each],
            "lines": [_inbound_line(line, own["status"]) for line in lines],
            "receipts": [receipt] if confirmed else [],
        },
    )


def _named(line: Source) -> Fields:
    return {"inventory_item_id": stock_item(line), "sku": line["itemIdentifier"]["sku"]}


def _counts(line: Source, status: int) -> Fields:
    announced = at(line, "readOnly.expectedQty")
    return {
        "expected": line["qty"] if announced is None else announced,
        "received": line["qty"] if status == 1 else 0,
    }


def _inbound_line(line: Source, status: int) -> Fields:
    return {
        **_named(line),
        **_counts(line, status),
        "line_id": key(line, "readOnly.receiveItemId"),
        "supplier_sku": line.get("externalId"),
        "unit_cost": cash(line, "cost"),
    }


def supplier(source: Source) -> Expected:
    """Suppliers live as long as a line of an inbound shipment names them."""
    if source["readOnly"]["receiverType"] == 1:
        return
    for line in children(source, "inventory/receiveritem"):
        if "supplierIdentifier" in line:
            yield str(line["supplierIdentifier"]["id"]), {"name": line["supplierIdentifier"]["name"]}


def returned(source: Source) -> Expected:
    own = source["readOnly"]
    if own["receiverType"] != 1:
        return
    confirmed, lines = own["status"] == 1, children(source, "inventory/receiveritem")
    parcel = {
        "tracking_number": source.get("trackingNumber"),
        "arrived_at": moment(source, "arrivalDate") if confirmed else None,
        "warehouse_id": key(source, "readOnly.facilityIdentifier.id"),
        "carrier_id": source.get("carrier"),
        "carrier_name": source.get("carrier"),
        "scac": source.get("scacCode"),
        "lines": [
            {**_named(line), "quantity": line["qty"], "inspections": _found(line, own["status"])} for line in lines
        ],
    }
    yield (
        str(own["receiverId"]),
        {
            **common(source),
            "status": Placed(LIFE[own["status"]], frozenset({str(own["status"])})),
            "lines": [
                {
                    **_named(line),
                    **_counts(line, own["status"]),
                    "restocked": line["qty"] if confirmed and not line["onHold"] else 0,
                }
                for line in lines
            ],
            "shipments": [parcel],
        },
    )


def _found(line: Source, status: int) -> list[Fields]:
    if status != 1:
        return []
    word = "quarantined" if line["onHold"] else "restocked"
    return [{"quantity": line["qty"], "disposition": Placed(word, frozenset())}]


def bill(source: Source) -> Expected:
    """One for each transaction that carries charges."""
    charges = (source.get("billing") or {}).get("billingCharges", ())
    if not charges:
        return
    own = source["readOnly"]
    is_order = "orderId" in own
    number = str(own["orderId"] if is_order else own["receiverId"])
    kind = "order" if is_order else "return" if own["receiverType"] == 1 else "inbound_shipment"
    confirmed = moment(source, "readOnly.processDate") if is_order else moment(source, "arrivalDate")
    total = sum((Decimal(str(each["subtotal"])) for each in charges), start=Decimal(0))
    lines: list[Fields] = []
    for charge in charges:
        label = charge["details"][0]["chargeLabel"] if charge["details"] else None
        told = label or str(charge["chargeType"])
        lines.append(
            {
                "charge": Placed(CHARGES.get(label or "", "other"), frozenset({told})),
                "quantity": 1 if charge["details"] else None,
                "amount": Cash(charge["subtotal"], CURRENCY),
                "object_id": number,
                "object_type": Placed(kind, frozenset()),
            }
        )
    yield (
        f"{'order' if is_order else 'receiver'}/{number}",
        {
            **common(source),
            "status": Placed("draft", frozenset()) if own["chargesPending"] else None,
            "total": Cash(str(total), CURRENCY),
            "billed_at": confirmed if own["status"] == 1 else None,
            "lines": lines,
        },
    )
