"""What must be stored of the simulated vendor's orders, receiving orders and returns."""

from __future__ import annotations

from decimal import Decimal

from local_cloud.agreement import Expected, Fields, Placed, Roughly, Source
from simulators.shipbob.readings.values import cash, day, identity, latest, moment, place

_ORDER = {
    "Processing": "processing",
    "Exception": "exception",
    "PartiallyFulfilled": "partially_fulfilled",
    "Fulfilled": "fulfilled",
    "Cancelled": "cancelled",
    "ImportReview": "on_hold",
}
_TYPE = {"DTC": "d2c", "B2B": "b2b", "DropShip": "dropship"}
_SHIPMENT = {
    **dict.fromkeys(("None", "Processing", "Exception", "OnHold", "ImportReview", "LabeledCreated"), "open"),
    "Completed": "shipped",
    "Cancelled": "cancelled",
}
_RECEIVING = {
    "Awaiting": "open",
    "InternalTransfer": "in_transit",
    **dict.fromkeys(("Processing", "ProcessingAtHub", "Arrived", "ArrivedAtHub"), "receiving"),
    **dict.fromkeys(("PartiallyArrived", "PartiallyArrivedAtHub"), "receiving"),
    "Completed": "received",
    "Cancelled": "cancelled",
}
_RETURN = {
    "Awaiting Arrival": "open",
    "Arrived": "receiving",
    "Processing": "receiving",
    "Completed": "closed",
    "Cancelled": "cancelled",
}
_ACTION = {"Restock": "restocked", "Quarantine": "quarantined", "Dispose": "discarded"}


def _word(text: str, words: dict[str, str]) -> Placed:
    return Placed(words.get(text, "other"), frozenset({text}))


def order(source: Source) -> Expected:
    channel = source["channel"] or {}
    shipments = source["shipments"]
    centres = {each["location"]["id"] for each in shipments}
    shipped = latest(each["actual_fulfillment_date"] for each in shipments)
    yield (
        str(source["id"]),
        {
            "created_at": moment(source["created_date"]),
            "updated_at": latest(each["last_update_at"] for each in shipments),
            "number": source["order_number"],
            "reference_id": source["reference_id"],
            "status": _word(source["status"], _ORDER),
            "type": _word(source["type"], _TYPE),
            "channel_id": identity(channel.get("id")),
            "channel_name": channel.get("name") or None,
            "warehouse_id": str(min(centres)) if len(centres) == 1 else None,
            "ordered_at": moment(source["purchase_date"] or source["created_date"]),
            "required_ship_at": moment(source["retailer_program_data"]["shipByDate"]),
            "shipped_at": shipped if source["status"] == "Fulfilled" else None,
            "shipping_method_name": source["shipping_method"],
            "total_price": cash(source["financials"]["total_price"], "USD"),
            "destination": place(source["recipient"]["address"]),
            "lines": [_ordered(line) for line in source["products"]],
        },
    )


def _ordered(line: Source) -> Fields:
    return {
        "line_id": str(line["external_line_id"]),
        "sku": line["sku"] or line["reference_id"],
        "quantity": line["quantity"],
        "unit_price": cash(line["unit_price"], "USD"),
        "product_id": None,
    }


def order_shipments(source: Source) -> Expected:
    for each in source["shipments"]:
        is_delivered = each["delivery_date"] or any(detail["id"] == 203 for detail in each["status_details"])
        ours = _SHIPMENT.get(each["status"], "other")
        status = "delivered" if ours == "shipped" and is_delivered else ours
        yield (
            f"{source['id']}/{each['id']}",
            {
                "shipment_id": str(each["id"]),
                "order_id": str(source["id"]),
                "order_number": source["order_number"],
                "created_at": moment(each["created_date"]),
                "updated_at": moment(each["last_update_at"]),
                "status": Placed(status, frozenset({each["status"]})),
                "warehouse_id": str(each["location"]["id"]),
                "shipped_at": moment(each["actual_fulfillment_date"]),
                "delivered_at": moment(each["delivery_date"]),
                "destination": place(each["recipient"]["address"]),
                "lines": [_picked(item) for product in each["products"] for item in product["inventory_items"]],
                "packages": [_parcel(each)] if each["tracking"] else [],
            },
        )


def _picked(item: Source) -> Fields:
    own = {"inventory_item_id": str(item["id"]), "quantity": item["quantity"], "sku": None}
    return {**own, "lot_id": item["lot"], "expires_on": day(item["expiration_date"])}


def _parcel(shipment: Source) -> Fields:
    tracking, size, currency = shipment["tracking"], shipment["measurements"], shipment["invoice_currency_code"]
    lengths = {"length_mm": "length_in", "width_mm": "width_in", "height_mm": "depth_in"}
    sizes = {
        ours: Roughly(size[theirs] * Decimal("25.4")) if size[theirs] else None for ours, theirs in lengths.items()
    }
    ounces = size["total_weight_oz"]
    return {
        "name": shipment["package_material_type"],
        "tracking_number": tracking["tracking_number"] or None,
        "carrier_name": tracking["carrier"] or None,
        "scac": tracking["scac"] or None,
        "shipping_method_name": shipment["ship_option"] or None,
        "cost": cash(shipment["invoice_amount"], currency) if currency else None,
        "measurements": {**sizes, "weight_g": Roughly(ounces * Decimal("28.349523125")) if ounces else None},
    }


def inbound_shipment(source: Source) -> Expected:
    """What was stowed counts as received. A cancelled order's boxes are not asked for."""
    boxes = () if source["status"] == "Cancelled" else source["_boxes"]
    skus = {line["inventory_id"]: line["sku"] for line in source["inventory_quantities"]}
    receipts = [_receipt(box, skus) for box in boxes if any(item["stowed_quantity"] for item in box["box_items"])]
    done = [each["timestamp"] for each in source["status_history"] if each["status"] == "Completed"]
    yield (
        str(source["id"]),
        {
            "purchase_order_number": source["purchase_order_number"],
            "created_at": moment(source["insert_date"]),
            "updated_at": moment(source["last_updated_date"]),
            "status": _word(source["status"], _RECEIVING),
            "warehouse_id": str(source["fulfillment_center"]["id"]),
            "expected_at": moment(source["expected_arrival_date"]),
            "received_at": moment(done[-1]) if done else None,
            "tracking_numbers": list(dict.fromkeys(box["tracking_number"] for box in boxes)),
            "lines": [
                {
                    "inventory_item_id": str(line["inventory_id"]),
                    "sku": line["sku"],
                    "expected": line["expected_quantity"],
                    "received": line["stowed_quantity"],
                }
                for line in source["inventory_quantities"]
            ],
            "receipts": receipts,
        },
    )


def _receipt(box: Source, skus: dict[int, str | None]) -> Fields:
    return {
        "receipt_id": str(box["box_id"]),
        "received_at": moment(box["received_date"] or box["arrived_date"]),
        "lines": [
            {
                "inventory_item_id": str(item["inventory_id"]),
                "sku": skus[item["inventory_id"]],
                "quantity": item["stowed_quantity"],
                "lot_id": item["lot_number"],
                "expires_on": day(item["lot_date"]),
            }
            for item in box["box_items"]
            if item["stowed_quantity"]
        ],
    }


def returned(source: Source) -> Expected:
    lines = source["inventory"]
    yield (
        str(source["id"]),
        {
            "created_at": moment(source["insert_date"]),
            "order_id": None,
            "status": Placed(_RETURN.get(source["status"], "other"), frozenset({source["status"]})),
            "lines": [_expected_back(line) for line in lines],
            "shipments": [
                {
                    "tracking_number": source["tracking_number"],
                    "arrived_at": moment(source["arrived_date"]),
                    "warehouse_id": str(source["fulfillment_center"]["id"]),
                    "lines": [_came_back(line) for line in lines],
                }
            ],
        },
    )


def _expected_back(line: Source) -> Fields:
    done = line["action_taken"]
    restocked = sum(each["quantity_processed"] for each in done if each["action"] == "Restock")
    return {
        "inventory_item_id": str(line["id"]),
        "sku": line["sku"],
        "expected": line["quantity"],
        "received": sum(each["quantity_processed"] for each in done) if done else None,
        "restocked": restocked if done else None,
    }


def _came_back(line: Source) -> Fields:
    return {
        "inventory_item_id": str(line["id"]),
        "sku": line["sku"],
        "quantity": line["quantity"],
        "inspections": [
            {
                "quantity": each["quantity_processed"],
                "disposition": Placed(_ACTION[each["action"]], frozenset({each["action"]})),
            }
            for each in line["action_taken"]
        ],
    }
