"""What must be stored of the simulated vendor's orders, purchase orders, returns and bills."""

from __future__ import annotations

from local_cloud.agreement import Expected, Fields, Placed, Source, Told
from simulators.shiphero.readings.values import cash, item, latest, measurements, method, moment, only, placed

ORDER_WORDS = {"pending": "open", "fulfilled": "fulfilled", "canceled": "cancelled"}
INBOUND_WORDS = {"pending": "open", "closed": "closed", "canceled": "cancelled"}
RETURN_WORDS = {
    "pending": "open",
    "in transit": "in_transit",
    "receiving": "receiving",
    "warehouse complete": "received",
    "canceled": "cancelled",
}
BILL_WORDS = {"draft": "draft", "finalized": "open", "paid": "paid"}
CHARGE_WORDS = {"shipping": "shipping", "storage": "storage", "pick": "picking", "pack": "packing"}


def order(source: Source) -> Expected:
    paid_in, ways = source["currency"], source["shipping_lines"]
    totals = {"total_price": "total_price", "total_tax": "total_tax", "total_discount": "total_discounts"}
    shop = source["shop_name"]
    yield (
        source["id"],
        {
            "warehouse_customer_id": source["account_id"],
            "created_at": moment(source["created_at"]),
            "updated_at": moment(source["updated_at"]),
            "number": source["order_number"],
            "reference_id": source["partner_order_id"],
            "status": _order_status(source),
            "channel_id": None if shop is None else f"{source['account_id']}/{shop}",
            "channel_name": shop,
            "warehouse_id": _warehouse(source),
            "ordered_at": moment(source["order_date"]),
            "required_ship_at": moment(source["required_ship_date"]),
            "shipping_method_id": method(ways["carrier"], ways["method"]),
            "shipping_method_name": ways["method"],
            "carrier_name": ways["carrier"],
            **{ours: cash(source[theirs], paid_in) for ours, theirs in totals.items()},
            "total_shipping": cash(ways["price"], paid_in),
            "destination": _place(source),
            "lines": [_ordered(line, paid_in) for line in source["line_items"]],
        },
    )


def _order_status(source: Source) -> Placed | None:
    status = source["fulfillment_status"]
    if status == "pending" and True in source["holds"].values():
        return Placed("on_hold", frozenset({status}))
    return placed(status, ORDER_WORDS)


def _warehouse(source: Source) -> object:
    allocated = [each["warehouse_id"] for each in source["allocations"]]
    return only(allocated or [line["warehouse_id"] for line in source["line_items"]])


def _place(source: Source) -> Fields:
    address = source["shipping_address"]
    return {"region": address["state_code"], "postal_code": address["zip"], "country": address["country_code"]}


def _ordered(line: Source, currency: str) -> Fields:
    is_off = line["fulfillment_status"] == "canceled"
    return {
        "line_id": line["id"],
        "product_id": line["product_id"],
        "sku": line["sku"],
        "quantity": line["quantity"],
        "shipped": line["quantity_shipped"],
        "cancelled": line["quantity"] - line["quantity_shipped"] if is_off else None,
        "backordered": line["backorder_quantity"],
        "unit_price": cash(line["price"], currency),
        "discount": cash(line["promotion_discount"], currency),
    }


def order_shipments(source: Source) -> Expected:
    for shipment in source["shipments"]:
        sent = moment(shipment["created_date"])
        yield (
            f"{source['id']}/{shipment['id']}",
            {
                "warehouse_customer_id": source["account_id"],
                "created_at": sent,
                "shipment_id": shipment["id"],
                "order_id": source["id"],
                "order_number": source["order_number"],
                "status": _shipment_status(shipment),
                "warehouse_id": shipment["warehouse_id"],
                "shipped_at": sent,
                "destination": _place(source),
                "lines": [
                    {**{name: line["line_item"][name] for name in ("sku", "product_id")}, "quantity": line["quantity"]}
                    for line in shipment["line_items"]
                ],
                "packages": [_package(label) for label in shipment["shipping_labels"]],
            },
        )


def _shipment_status(shipment: Source) -> Placed:
    if shipment["delivered"]:
        return Placed("delivered", frozenset())
    labels = [label["status"] for label in shipment["shipping_labels"]]
    return Placed("cancelled" if labels and set(labels) == {"voided"} else "shipped", frozenset())


def _package(label: Source) -> Fields:
    return {
        "package_id": label["id"],
        "name": label["box_name"],
        "tracking_number": label["tracking_number"],
        "shipping_method_id": method(label["carrier"], label["shipping_method"]),
        "shipping_method_name": label["shipping_method"],
        "carrier_name": label["carrier"],
        "cost": cash(label["cost"]),
        "measurements": measurements(label),
    }


def order_channel(source: Source) -> Expected:
    """Shops live as long as an order names them."""
    shop, owner = source["shop_name"], source["account_id"]
    if shop is not None:
        yield f"{owner}/{shop}", {"name": shop, "warehouse_customer_id": owner}


def shipping_methods(source: Source) -> Expected:
    """Methods live as long as an order or a label names them."""
    ways = source["shipping_lines"]
    labels = [label for shipment in source["shipments"] for label in shipment["shipping_labels"]]
    pairs = [(ways["carrier"], ways["method"]), *((label["carrier"], label["shipping_method"]) for label in labels)]
    for carrier, name in pairs:
        key = method(carrier, name)
        if key is not None:
            yield key, {"name": name, "carrier_name": carrier}


def inbound_shipment(source: Source) -> Expected:
    lines = source["line_items"]
    stamps = [
        source["created_at"],
        source["arrived_at"],
        source["date_closed"],
        *(each["updated_at"] for each in lines),
    ]
    is_off = source["fulfillment_status"] == "canceled"
    numbers = [source["tracking_number"], *(each["tracking_number"] for each in source["tracking_numbers"])]
    yield (
        source["id"],
        {
            "warehouse_customer_id": source["account_id"],
            "created_at": moment(source["created_at"]),
            "updated_at": latest(stamps),
            "purchase_order_number": source["po_number"],
            "status": placed(source["fulfillment_status"], INBOUND_WORDS),
            "supplier_id": source["vendor_id"] or only(each["vendor_id"] for each in lines),
            "supplier_name": (source["vendor"] or {}).get("name"),
            "warehouse_id": source["warehouse_id"],
            "expected_at": moment(source["po_date"]),
            "received_at": None if is_off else moment(source["date_closed"]),
            "origin": {"country": source["origin_of_shipment"]},
            "tracking_numbers": [each for each in numbers if each],
            "lines": [_expected(each, source["account_id"]) for each in lines],
        },
    )


def _expected(line: Source, account: str) -> Fields:
    return {
        "line_id": line["id"],
        "inventory_item_id": item(account, line["sku"]),
        "sku": line["sku"],
        "supplier_sku": line["vendor_sku"],
        "expected": line["quantity"],
        "received": line["quantity_received"],
        "rejected": line["quantity_rejected"],
        "unit_cost": cash(line["price"]),
    }


def returned(source: Source) -> Expected:
    lines = source["line_items"]
    carrier = source["shipping_carrier"]
    yield (
        source["id"],
        {
            "warehouse_customer_id": source["account_id"],
            "created_at": moment(source["created_at"]),
            "updated_at": latest(line["updated_at"] for line in lines),
            "order_id": source["order_id"],
            "status": placed(source["status"], RETURN_WORDS),
            "lines": [_back(line, source["account_id"]) for line in lines],
            "shipments": [{"carrier_name": carrier, "cost": cash(source["label_cost"])}] if carrier else [],
        },
    )


def _back(line: Source, account: str) -> Fields:
    reason, sku = line["reason"], (line["product"] or line["line_item"])["sku"]
    return {
        "inventory_item_id": item(account, sku),
        "sku": sku,
        "expected": line["quantity"],
        "received": line["quantity_received"],
        "restocked": line["restock"],
        "reason": None if reason is None else Placed("damaged", frozenset({reason})) if reason == "damaged" else Told(),
    }


def bill(source: Source) -> Expected:
    lines = [
        {
            "charge": Placed(CHARGE_WORDS.get(each["category"], "other"), frozenset()),
            "quantity": each["quantity"],
            "amount": cash(each["amount"]),
        }
        for each in source["totals"]
    ]
    made = moment(source["created_at"])
    yield (
        source["id"],
        {
            "created_at": made,
            "billed_at": made,
            "due_at": moment(source["due_date"]),
            "status": placed(source["status"], BILL_WORDS),
            "total": cash(source["amount"]),
            "period_start": moment(source["billing_period"]["start"]),
            "period_end": moment(source["billing_period"]["end"]),
            "lines": lines,
        },
    )
