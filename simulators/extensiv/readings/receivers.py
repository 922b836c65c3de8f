"""What must be stored of the vendor's receivers: inbound shipments, their suppliers, and returns."""

from __future__ import annotations

from local_cloud.agreement import Expected, Fields, Placed, Source
from simulators.extensiv.readings.values import (
    at,
    cash,
    children,
    common,
    day,
    key,
    moment,
    stock_item,
)

LIFE = {0: "open", 1: "received", 2: "cancelled"}


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
            "receipts": [_receipt(source, lines)] if confirmed else [],
        },
    )


def _receipt(source: Source, lines: list[Source]) -> Fields:
    counted = [
        {
            **_named(line),
            "quantity": line["qty"],
            "lot_id": line.get("lotNumber") or None,
            "expires_on": day(line, "expirationDate"),
        }
        for line in lines
    ]
    number = str(source["readOnly"]["receiverId"])
    return {"receipt_id": number, "received_at": moment(source, "arrivalDate"), "lines": counted}


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
            "lines": [_returned_line(line, own["status"]) for line in lines],
            "shipments": [parcel],
        },
    )


def _returned_line(line: Source, status: int) -> Fields:
    stocked = status == 1 and not line["onHold"]
    return {**_named(line), **_counts(line, status), "restocked": line["qty"] if stocked else 0}


def _found(line: Source, status: int) -> list[Fields]:
    if status != 1:
        return []
    word = "quarantined" if line["onHold"] else "restocked"
    return [{"quantity": line["qty"], "disposition": Placed(word, frozenset())}]
