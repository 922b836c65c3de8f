"""What must be stored of the simulated vendor's orders, inbound shipments, returns and bills."""

from __future__ import annotations

from local_cloud.agreement import Cash, Expected, Fields, Moment, Placed, Source, Told
from simulators.trackstar.readings.values import cash, common, day, measurements, moment, place, word

INBOUND_WORDS = {"open": "open", "in-transit": "in_transit", "receiving": "receiving", "received": "received"}
ORDER_WORDS = frozenset(
    {
        "open",
        "confirmed",
        "processing",
        "picked",
        "packed",
        "partially_fulfilled",
        "fulfilled",
        "backordered",
        "exception",
        "cancelled",
    }
)
ORDER_TYPES = frozenset({"d2c", "b2b", "dropship", "transfer"})
CHARGE_WORDS = {"shipping": "shipping", "storage": "storage", "pick": "picking", "pack": "packing"}


def order(source: Source) -> Expected:
    currency = source.get("invoice_currency_code")
    channel = source.get("channel_object") or {}
    kind = source.get("type")
    carried = ("shipping_method_id", "shipping_method_name", "carrier_id", "carrier_name")
    lines = [
        {
            **{name: line.get(name) for name in ("product_id", "sku", "quantity", "is_picked")},
            "unit_price": cash(line.get("unit_price"), currency),
            "discount": cash(line.get("discount_amount"), currency),
        }
        for line in source["line_items"]
    ]
    money = ("total_price", "total_tax", "total_discount", "total_shipping")
    yield (
        source["id"],
        {
            **common(source),
            "number": source.get("order_number"),
            **{name: source.get(name) for name in ("reference_id", "warehouse_id", *carried)},
            "status": word(source, {each: each for each in ORDER_WORDS}),
            "type": None if kind is None else Placed(kind if kind in ORDER_TYPES else "other", frozenset()),
            "channel_id": channel.get("channel_id"),
            "channel_name": channel.get("channel_name"),
            "required_ship_at": moment(source.get("required_ship_date")),
            **{name: cash(source.get(name), currency) for name in money},
            "destination": place(source.get("ship_to_address")),
            "lines": lines,
        },
    )


def order_shipments(source: Source) -> Expected:
    for shipment in source.get("shipments") or ():
        lines = [_shipped_line(line) for line in shipment["line_items"]]
        yield (
            f"{source['id']}/{shipment['shipment_id']}",
            {
                "shipment_id": shipment["shipment_id"],
                "order_id": source["id"],
                "order_number": source.get("order_number"),
                "status": word(shipment, {each: each for each in ("open", "shipped", "cancelled")}),
                "warehouse_id": shipment.get("warehouse_id"),
                "shipped_at": moment(shipment.get("shipped_date")),
                "destination": place(shipment.get("ship_to_address")),
                "lines": lines,
                "packages": [_package(package) for package in shipment.get("packages") or ()],
            },
        )


def _shipped_line(line: Source) -> Fields:
    direct = {name: line.get(name) for name in ("inventory_item_id", "sku", "quantity")}
    return {**direct, "product_id": line.get("parent_product_id")}


def _package(package: Source) -> Fields:
    same = ("package_id", "tracking_number", "shipping_method_id", "shipping_method_name", "carrier_id", "carrier_name")
    lines = [
        {**_shipped_line(line), "lot_id": line.get("lot_id"), "expires_on": day(line.get("expiration_date"))}
        for line in package["line_items"]
    ]
    return {
        **{name: package.get(name) for name in (*same, "scac")},
        "name": package.get("package_name"),
        "cost": cash(package.get("shipping_cost")),
        "measurements": measurements(package.get("measurements")),
        "lines": lines,
    }


def order_channel(source: Source) -> Expected:
    """Channels live as long as an order names them."""
    channel = source.get("channel_object")
    if channel is not None:
        yield channel["channel_id"], {"name": channel.get("channel_name")}


def inbound_shipment(source: Source) -> Expected:
    supplier = source.get("supplier_object") or {}
    lines = [
        {
            "inventory_item_id": line["inventory_item_id"],
            "sku": line.get("sku"),
            "supplier_sku": line.get("external_id"),
            "expected": line["expected_quantity"],
            "received": line["received_quantity"],
            "unit_cost": cash(line.get("unit_cost")),
        }
        for line in source["line_items"]
    ]
    receipts = [
        {
            "receipt_id": receipt["id"],
            "received_at": Moment(receipt["arrived_date"]),
            "lines": [dict(line) for line in receipt["line_items"]],
        }
        for receipt in source.get("receipts") or ()
    ]
    yield (
        source["id"],
        {
            **common(source),
            "purchase_order_number": source.get("purchase_order_number"),
            "status": word(source, {**INBOUND_WORDS, "cancelled": "cancelled"}),
            "supplier_id": supplier.get("supplier_id"),
            "supplier_name": supplier.get("supplier_name"),
            "warehouse_id": source.get("warehouse_id"),
            "expected_at": moment(source.get("expected_arrival_date")),
            "origin": place(source.get("ship_from_address")),
            "tracking_numbers": list(source.get("tracking_numbers") or ()),
            "lines": lines,
            "receipts": receipts,
        },
    )


def returned(source: Source) -> Expected:
    lines = [
        {
            "inventory_item_id": line["inventory_item_id"],
            "sku": line.get("sku"),
            "expected": line["expected_quantity"],
            "received": line["received_quantity"],
            "restocked": line.get("restocked_quantity"),
            "reason": None if line.get("return_reason") is None else Told(),
        }
        for line in source["line_items"]
    ]
    yield (
        source["id"],
        {
            **common(source),
            "order_id": source.get("order_id"),
            "status": word(source, {**INBOUND_WORDS, "cancelled": "cancelled"}),
            "lines": lines,
            "shipments": [_parcel(parcel) for parcel in source.get("shipments") or ()],
        },
    )


def _parcel(parcel: Source) -> Fields:
    same = ("tracking_number", "warehouse_id", "carrier_id", "carrier_name", "scac")
    lines = [
        {
            **{name: line.get(name) for name in ("inventory_item_id", "sku", "quantity")},
            "inspections": [_inspection(found) for found in line["receiving_details"]],
        }
        for line in parcel["line_items"]
    ]
    return {
        **{name: parcel.get(name) for name in same},
        "shipped_at": moment(parcel.get("shipped_date")),
        "arrived_at": moment(parcel.get("arrived_date")),
        "cost": cash(parcel.get("shipping_cost")),
        "measurements": measurements(parcel.get("measurements")),
        "lines": lines,
    }


def _inspection(found: Source) -> Fields:
    words = {name: found.get(name) for name in ("condition", "disposition")}
    placed = {
        name: None if found_word is None else Placed(found_word, frozenset()) for name, found_word in words.items()
    }
    return {"quantity": found["quantity"], **placed}


def bill(source: Source) -> Expected:
    amount = Cash(source["amount"], source["currency_code"])
    kind = source.get("object_type")
    line = {
        "charge": Placed(CHARGE_WORDS.get(source["charge_type"], "other"), frozenset()),
        "amount": amount,
        "object_id": source.get("object_id"),
        "object_type": None if kind is None else Placed(kind, frozenset()),
    }
    yield source["id"], {**common(source), "total": amount, "lines": [line]}
