"""What must have been stored of the simulated vendor's orders, purchase orders and returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from local_cloud.agreement import Expected, Fields, Placed, Source
from simulators.ongoing.readings.values import day, moment, named, place, supplier_key

ORDER_WORDS: Mapping[int, str] = {
    100: "on_hold",
    120: "on_hold",
    150: "exception",
    200: "open",
    210: "open",
    220: "open",
    300: "processing",
    400: "picked",
    410: "picked",
    425: "fulfilled",
    450: "fulfilled",
    1000: "cancelled",
}
INBOUND_WORDS: Mapping[int, str] = {
    50: "other",
    100: "open",
    110: "open",
    200: "receiving",
    500: "received",
    900: "cancelled",
}
ORDER_TYPES = frozenset({"d2c", "b2b", "dropship", "transfer"})
REASONS: Mapping[str, str] = {"DAMAGED": "damaged", "SIZE": "size"}


def _placed(word: str, status: Source) -> Placed:
    return Placed(word, frozenset({status["text"]}))


def _is_sent(info: Source) -> bool:
    return info["shippedTime"] is not None or 425 <= info["orderStatus"]["number"] < 900


def _channel(info: Source) -> tuple[str | None, str | None]:
    if info["marketPlace"] is not None:
        name = info["marketPlace"]["marketPlace"]
        return f"market:{name}", name
    kind = info["orderType"]
    return (None, None) if kind is None else (f"type:{kind['code']}", kind["name"])


def _carried(source: Source) -> Fields:
    way, carrier = source["orderInfo"]["wayOfDelivery"], source["transporter"] or {}
    by_carrier = f"tr:{carrier['code']}/{carrier['serviceCode']}" if carrier else None
    return {
        "shipping_method_id": f"wod:{way['code']}" if way else by_carrier,
        "shipping_method_name": way["name"] if way else carrier.get("name"),
        "carrier_id": carrier.get("code"),
        "carrier_name": carrier.get("transporterName"),
    }


def order(source: Source) -> Expected:
    info = source["orderInfo"]
    kind, channel = info["orderType"], _channel(info)
    yield (
        str(info["orderId"]),
        {
            "warehouse_customer_id": str(source["goodsOwner"]["id"]),
            "created_at": moment(info["createdDate"]),
            "number": info["orderNumber"],
            "reference_id": info["goodsOwnerOrderId"],
            "status": _placed(ORDER_WORDS[info["orderStatus"]["number"]], info["orderStatus"]),
            "type": None if kind is None else _kind(kind),
            "channel_id": channel[0],
            "channel_name": channel[1],
            "warehouse_id": _id(info["warehouse"]),
            "required_ship_at": moment(info["deliveryDate"]),
            "shipped_at": moment(info["shippedTime"]),
            **_carried(source),
            "destination": place(source["consignee"]),
            "lines": [_line(each, info) for each in source["orderLines"]],
        },
    )


def _kind(kind: Source) -> Placed:
    word = kind["code"].lower()
    return Placed(word if word in ORDER_TYPES else "other", frozenset({kind["name"]}))


def _id(named_record: Source | None) -> str | None:
    return None if named_record is None else str(named_record["id"])


def _line(line: Source, info: Source) -> Fields:
    parts = line["subOrderLines"] or []
    whole = bool(parts) and all(part["pickedNumberOfItems"] >= part["orderedNumberOfItems"] for part in parts)
    picked = line["orderedNumberOfItems"] if whole else line["pickedNumberOfItems"]
    is_kit = line["article"]["articleKind"] == "Structure"
    article = str(line["article"]["articleSystemId"])
    return {
        "line_id": str(line["id"]),
        "product_id": article,
        "inventory_item_id": None if is_kit else article,
        "sku": line["article"]["articleNumber"],
        "quantity": line["orderedNumberOfItems"],
        "shipped": picked if _is_sent(info) else 0,
        "is_picked": picked >= line["orderedNumberOfItems"],
    }


def order_shipment(source: Source) -> Expected:
    """An order that has left is one shipment; of kits, their parts have left."""
    info = source["orderInfo"]
    if not _is_sent(info):
        return
    yield (
        str(info["orderId"]),
        {
            "warehouse_customer_id": str(source["goodsOwner"]["id"]),
            "order_id": str(info["orderId"]),
            "order_number": info["orderNumber"],
            "status": _placed("shipped", info["orderStatus"]),
            "warehouse_id": _id(info["warehouse"]),
            "shipped_at": moment(info["shippedTime"]),
            "destination": place(source["consignee"]),
            "lines": [each for line in source["orderLines"] for each in _left(line)],
            "packages": list(_packages(source)),
        },
    )


def _left(line: Source) -> Iterator[Fields]:
    for part in line["subOrderLines"] or [line]:
        taken = [item for item in part["pickedArticleItems"] or () if item["isPicked"]]
        told: list[Mapping[str, Any]] = taken or [{"numberOfItems": part["pickedNumberOfItems"]}]
        for each in told:
            if each["numberOfItems"]:
                yield {
                    "inventory_item_id": str(part["article"]["articleSystemId"]),
                    "product_id": str(line["article"]["articleSystemId"]),
                    "sku": part["article"]["articleNumber"],
                    "quantity": each["numberOfItems"],
                    "lot_id": named(each.get("batchNumber")),
                    "expires_on": day(each.get("expiryDate")),
                }


def _packages(source: Source) -> Iterator[Fields]:
    parcels = [each for each in source["parcels"] or () if not each["isReturnParcel"]]
    for each in parcels:
        yield {**_carried(source), "package_id": str(each["id"]), "tracking_number": named(each["parcelNumber"])}
    waybills = [source["orderInfo"]["wayBill"], *(each["waybill"] for each in source["tracking"] or ())]
    if not parcels:
        for number in dict.fromkeys(filter(None, waybills)):
            yield {**_carried(source), "package_id": None, "tracking_number": number}


def order_channel(source: Source) -> Expected:
    """Channels live as long as an order names them."""
    key, name = _channel(source["orderInfo"])
    if key is not None:
        yield key, {"name": name}


def inbound_shipment(source: Source) -> Expected:
    info, lines = source["purchaseOrderInfo"], source["purchaseOrderLines"]
    supplier = source["supplierInfo"] or {}
    yield (
        str(info["purchaseOrderId"]),
        {
            "warehouse_customer_id": str(source["goodsOwner"]["id"]),
            "created_at": moment(info["createdDate"]),
            "purchase_order_number": info["purchaseOrderNumber"],
            "status": _inbound_status(info["purchaseOrderStatus"], lines),
            "supplier_id": supplier_key(supplier),
            "supplier_name": named(supplier.get("supplierName")),
            "warehouse_id": _id(info["warehouse"]),
            "ordered_at": moment((info["advanced"] or {}).get("orderDate")),
            "expected_at": moment(info["inDate"]),
            "lines": [_announced(line) for line in lines],
            "receipts": [_receipt(line, item) for line in lines for item in line["articleItems"]],
        },
    )


def _inbound_status(status: Source, lines: list[Source]) -> Placed:
    missing = any(line["receivedNumberOfItems"] < line["advisedNumberOfItems"] for line in lines)
    deviation = "receiving" if missing else "received"
    return _placed(deviation if status["number"] == 400 else INBOUND_WORDS[status["number"]], status)


def _announced(line: Source) -> Fields:
    return {
        "line_id": str(line["id"]),
        "inventory_item_id": str(line["article"]["articleSystemId"]),
        "sku": line["article"]["articleNumber"],
        "supplier_sku": named(line["externalOrderLineId"]),
        "expected": line["advisedNumberOfItems"],
        "received": line["receivedNumberOfItems"],
        "unit_cost": None,
    }


def _receipt(line: Source, item: Source) -> Fields:
    brought = {
        "inventory_item_id": str(line["article"]["articleSystemId"]),
        "sku": line["article"]["articleNumber"],
        "quantity": item["numberOfItems"],
        "lot_id": named(item["batchNumber"]),
        "expires_on": day(item["expiryDate"]),
    }
    key = str(item["originalArticleItemId"])
    return {"receipt_id": key, "received_at": moment(item["inDate"]), "lines": [brought]}


def supplier(source: Source) -> Expected:
    """Suppliers live as long as a purchase order names them."""
    told = source["supplierInfo"] or {}
    key = supplier_key(told)
    if key is not None:
        yield key, {"name": told["supplierName"], "code": named(told["supplierNumber"])}


def returned(source: Source) -> Expected:
    info, lines = source["returnOrderInfo"], source["returnOrderLines"]
    customer = source["customerOrderInfo"]
    yield (
        str(info["returnOrderId"]),
        {
            "order_id": None if customer is None else str(customer["orderId"]),
            "status": _placed(_progress(info["returnOrderStatus"]["number"], lines), info["returnOrderStatus"]),
            "lines": [_came_back(line) for line in lines],
        },
    )


def _progress(number: int, lines: list[Source]) -> str:
    if number >= 900:
        return "cancelled"
    if not any(line["returnedNumberOfItems"] for line in lines):
        return "open"
    missing = any(line["returnedNumberOfItems"] < line["toBeReturnedNumberOfItems"] for line in lines)
    return "receiving" if missing else "received"


def _came_back(line: Source) -> Fields:
    removed, cause = line.get("returnedRemovedByInventoryNumberOfItems"), line["returnCause"]
    return {
        "inventory_item_id": str(line["article"]["articleSystemId"]),
        "sku": line["article"]["articleNumber"],
        "expected": line["toBeReturnedNumberOfItems"],
        "received": line["returnedNumberOfItems"],
        "restocked": None if removed is None else line["returnedNumberOfItems"] - removed,
        "reason": None if cause is None else Placed(REASONS.get(cause["code"], "other"), frozenset({cause["name"]})),
    }
