"""What must be stored of sales orders, shipments, purchase orders, returns and billed activities."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import quote

from local_cloud.agreement import Day, Expected, Fields, Source, number
from simulators.deposco.readings.values import cash, common, key, moment, own, pieces, place, placed

ORDER_WORDS = {
    "New": "open",
    "Ready for Fulfillment": "confirmed",
    "Released": "processing",
    "Pick Complete": "picked",
    "Staged": "packed",
    "Partially Shipped": "partially_fulfilled",
    "Ship Complete": "fulfilled",
    "Back Ordered": "backordered",
    "Needs Attention": "exception",
    "Hold": "on_hold",
    "Canceled": "cancelled",
}
INBOUND_WORDS = {
    "New": "open",
    "Hold": "open",
    "Draft": "draft",
    "In-Transit": "in_transit",
    "Arrived": "receiving",
    "Receiving": "receiving",
    "Partial Receipt": "receiving",
    "Received": "received",
    "Closed": "closed",
    "Canceled": "cancelled",
}
RETURN_WORDS = {
    "New": "open",
    "Hold": "open",
    "Receiving": "receiving",
    "Partial Receipt": "receiving",
    "Received": "received",
    "Canceled": "cancelled",
}
SHIPMENT_WORDS = {"New": "open", "Shipping": "open", "Shipped": "shipped", "Rolled Back": "cancelled"}
BILL_WORDS = {"Approved": "open", "Pending Approval": "draft", "Rejected": "cancelled"}
CHARGE_WORDS = {"Shipment": "shipping", "Storage": "storage", "Pick": "picking", "Pack": "packing"}
OVER = frozenset({"Received", "Closed", "Canceled"})


def _method(source: Source) -> str | None:
    carrier, service = source.get("shipVendor") or "", source.get("shipVia")
    return f"{quote(carrier, safe=' ')}/{service}" if service else None


def _carried(source: Source) -> Fields:
    return {
        "shipping_method_id": _method(source),
        "shipping_method_name": source.get("shipVia"),
        "carrier_id": source.get("shipVendor"),
        "carrier_name": source.get("shipVendor"),
    }


def order(source: Source) -> Expected:
    money = {
        "total_price": "orderTotal",
        "total_tax": "orderTaxTotal",
        "total_discount": "orderDiscountSubtotal",
        "total_shipping": "orderShippingTotal",
    }
    is_shipped = source["orderStatus"] == "Ship Complete"
    yield (
        own(source),
        {
            **common(source),
            "number": source["number"],
            "reference_id": source.get("customerOrderNumber"),
            "status": placed(source["orderStatus"], ORDER_WORDS),
            "channel_id": source.get("orderSource"),
            "channel_name": source.get("orderSource"),
            "warehouse_id": key(source.get("shipFromFacility"), "number"),
            "ordered_at": moment(source.get("placedDate")),
            "required_ship_at": moment(source.get("cancelByShipDate")),
            "shipped_at": moment(source.get("actualShipDate")) if is_shipped else None,
            **_carried(source),
            **{ours: cash(source.get(theirs)) for ours, theirs in money.items()},
            "destination": place(source.get("shipToAddress")),
            "lines": [_order_line(line) for line in source["orderLines"]["data"]],
        },
    )


def _order_line(line: Source) -> Fields:
    ordered, discount = pieces(line, "orderPackQuantity"), number(line.get("discountAmount"))
    left = Decimal(line["orderPackQuantity"]) - Decimal(line["canceledPackQuantity"])
    return {
        "line_id": own(line),
        "product_id": str(line["item"]["id"]),
        "inventory_item_id": key(line["item"], "number"),
        "sku": key(line["item"], "number"),
        "quantity": ordered,
        "shipped": pieces(line, "shippedPackQuantity"),
        "cancelled": pieces(line, "canceledPackQuantity"),
        "unit_price": cash(line.get("unitPrice")),
        "discount": None if discount is None else cash(discount * Decimal(str(ordered))),
        "is_picked": Decimal(line["pickedPackQuantity"]) >= left,
    }


def order_channel(source: Source) -> Expected:
    if source.get("orderSource"):
        yield source["orderSource"], {"name": source["orderSource"]}


def shipping_method(source: Source) -> Expected:
    found = _method(source)
    if found is not None:
        carrier = source.get("shipVendor")
        yield found, {"name": source["shipVia"], "carrier_id": carrier, "carrier_name": carrier}


def order_shipment(source: Source) -> Expected:
    headers, dates = source["orderHeaders"]["data"], source.get("shipmentDates") or {}
    only = headers[0] if len(headers) == 1 else {}
    costs = source.get("shippingCosts") or {}
    package = {
        "package_id": source.get("lpnNumber"),
        "tracking_number": source.get("trackingNumber"),
        **_carried(source),
        "cost": cash(costs.get("shippingCost"), costs.get("currencyCode")),
    }
    yield (
        own(source),
        {
            **common(source),
            "shipment_id": own(source),
            "order_id": str(only["id"]) if only else None,
            "order_number": key(only, "number"),
            "status": placed(source["status"], SHIPMENT_WORDS),
            "warehouse_id": key(source.get("shipFromFacility"), "number"),
            "shipped_at": moment(dates.get("actualShipDate")) if source["status"] == "Shipped" else None,
            "delivered_at": moment(dates.get("actualArrivalDate")),
            "destination": place(source.get("shipToAddress")),
            "lines": [_shipment_line(line) for line in source["shipmentLines"]["data"]],
            "packages": [package],
        },
    )


def _shipment_line(line: Source) -> Fields:
    pack = line.get("pack") or (line.get("orderLineDetails") or {}).get("pack")
    expires = line.get("expirationDate")
    return {
        "inventory_item_id": key(line["item"], "number"),
        "sku": key(line["item"], "number"),
        "quantity": pieces(line, "shippedPackQuantity", pack),
        "lot_id": line.get("lotNumber"),
        "expires_on": None if expires is None else Day(expires),
    }


def inbound_shipment(source: Source) -> Expected:
    status = source["orderStatus"]
    yield (
        own(source),
        {
            **common(source),
            "purchase_order_number": source["number"],
            "status": placed(status, INBOUND_WORDS),
            "supplier_id": key(source.get("consigneePartner"), "code"),
            "warehouse_id": key(source.get("shipToFacility"), "number"),
            "ordered_at": moment(source.get("placedDate")),
            "expected_at": moment(source.get("plannedArrivalDate")),
            "received_at": moment(source.get("actualArrivalDate")) if status in OVER else None,
            "origin": place(source.get("shipFromAddress")),
            "lines": [_inbound_line(line, status, source.get("currencyCode")) for line in source["orderLines"]["data"]],
        },
    )


def _inbound_line(line: Source, status: str, currency: str | None) -> Fields:
    ordered, received = pieces(line, "orderPackQuantity"), pieces(line, "receivedPackQuantity")
    ended_early = line["orderLineStatus"] in OVER and status not in OVER
    return {
        "line_id": own(line),
        "inventory_item_id": key(line["item"], "number"),
        "sku": key(line["item"], "number"),
        "expected": received if ended_early else ordered,
        "received": received,
        "rejected": pieces(line, "receivedDamagedPackQuantity"),
        "unit_cost": cash(line.get("unitCost"), currency),
    }


def returned(source: Source) -> Expected:
    parent = source.get("parentOrder")
    lines = [
        {
            "inventory_item_id": key(line["item"], "number"),
            "sku": key(line["item"], "number"),
            "expected": pieces(line, "orderPackQuantity"),
            "received": pieces(line, "receivedPackQuantity"),
        }
        for line in source["orderLines"]["data"]
    ]
    yield (
        own(source),
        {
            **common(source),
            "order_id": None if parent is None else str(parent["id"]),
            "status": placed(source["orderStatus"], RETURN_WORDS),
            "lines": lines,
        },
    )


def bill(source: Source) -> Expected:
    amount = cash(source["totalPrice"], source.get("currencyCode"))
    header = source.get("orderHeader")
    line = {
        "charge": placed(source["transactionType"], CHARGE_WORDS),
        "quantity": source["quantity"],
        "amount": amount,
        "object_id": None if header is None else str(header["id"]),
    }
    yield (
        own(source),
        {
            **common(source),
            "number": source["transactionNumber"],
            "status": placed(source["status"], BILL_WORDS),
            "total": amount,
            "lines": [line],
        },
    )
