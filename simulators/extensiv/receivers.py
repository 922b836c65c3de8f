"""The business's inbound shipments and returns in the vendor's shapes: both are receivers."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.extensiv.charges import billing, charges_of
from simulators.extensiv.orders import orders
from simulators.extensiv.shapes import (
    CANCELED,
    CLOSED,
    EACH,
    INBOUND,
    OPEN,
    RECEIVE_ITEM,
    RETURNS,
    SUPPLIERS,
    customer,
    facility,
    local,
    modified,
    stock_item,
    told,
)


def receivers(business: Business) -> Iterator[Record]:
    """Inbound shipments and returns: one list, whose records tell their type."""
    for record in business.records("inbound_shipments"):
        yield _inbound(business, record)
    charges = charges_of(business, "receiver")
    for record in business.records("returns"):
        yield {**_returned(business, record), **told({"billing": billing(charges.get(record["id"], ()))})}


def cancelled(record: Record) -> Record:
    """What stays of a receiver that is given up: transactions are cancelled and never deleted."""
    return {**record, "readOnly": {**record["readOnly"], "status": CANCELED}}


def charged(business: Business) -> Iterator[Record]:
    """Every order and receiver that carries charges."""
    return (each for made in (orders, receivers) for each in made(business) if "billing" in each)


def transaction(record: Record) -> str:
    """What tells an order and a receiver of the same number apart."""
    own = record["readOnly"]
    return f"order/{own['orderId']}" if "orderId" in own else f"receiver/{own['receiverId']}"


def _state(business: Business, record: Record, receiver_id: int, kind: int, warehouse: str | None) -> Record:
    status = {"received": CLOSED, "cancelled": CANCELED}.get(record["status"], OPEN)
    return {
        "receiverId": receiver_id,
        "receiverType": kind,
        "customerIdentifier": customer(business, record["warehouse_customer_id"]),
        "facilityIdentifier": facility(business, warehouse),
        "creationDate": local(record["created_at"]),
        "lastModifiedDate": modified(record["updated_at"]),
        "status": status,
        "chargesPending": False,
    }


def _inbound(business: Business, record: Record) -> Record:
    """An announcement (type 2) until something of it has arrived, a receiver (type 0) from then on."""
    receiver_id = INBOUND + record["number"]
    converted = record["status"] in {"receiving", "received"}
    receipts, expected = record["receipts"], record["expected_arrival_date"]
    arrived = receipts[-1]["arrived_date"] if receipts else expected
    supplier = record["supplier_object"] and _supplier(business, record["supplier_object"])
    lines = [
        _receive_line(business, receiver_id * 10 + place, line, converted=converted)
        | told({"cost": line["unit_cost"], "externalId": line["external_id"], "supplierIdentifier": supplier})
        for place, line in enumerate(record["line_items"])
    ]
    return told(
        {
            "readOnly": _state(business, record, receiver_id, 0 if converted else 2, record["warehouse_id"]),
            "referenceNum": f"ASN-{record['number']}",
            "poNum": record["purchase_order_number"] or "",
            "expectedDate": expected and local(expected),
            "arrivalDate": arrived and local(arrived),
            "scannedArrivalDate": local(record["updated_at"]) if record["status"] == "receiving" else None,
            "trackingNumber": ", ".join(record["tracking_numbers"]) or None,
            "carrier": "Estes",
            "notes": "; ".join(record["notes"]) or None,
            "_embedded": {RECEIVE_ITEM: lines},
        }
    )


def _supplier(business: Business, supplier: Record) -> Record:
    number = business.number("suppliers", supplier["supplier_id"])
    return {"name": supplier["supplier_name"], "id": SUPPLIERS + number}


def _receive_line(business: Business, line_id: int, line: Record, *, converted: bool) -> Record:
    """`expectedQty` once an announcement became a receiver, `qty` then being what was counted; before, the plan."""
    counted = line["received_quantity"] if converted else line["expected_quantity"]
    own = {"receiveItemId": line_id, "unitIdentifier": EACH}
    return {
        "readOnly": {**own, "expectedQty": float(line["expected_quantity"])} if converted else own,
        **stock_item(business, line["inventory_item_id"], line["sku"]),
        "qty": float(counted),
        "lotNumber": f"LOT{line_id % 7}" if line_id % 3 == 0 else "",
    } | ({"expirationDate": "2029-03-01T00:00:00"} if line_id % 3 == 0 else {})


def _returned(business: Business, record: Record) -> Record:
    receiver_id = RETURNS + record["number"]
    parcel = record["shipments"][0] if record["shipments"] else {}
    lines = [
        _receive_line(business, receiver_id * 10 + place, line, converted=record["status"] == "received")
        | {"onHold": line["restocked_quantity"] == 0, "onHoldReason": line["return_reason"] or ""}
        for place, line in enumerate(record["line_items"])
    ]
    return told(
        {
            "readOnly": _state(business, record, receiver_id, 1, parcel.get("warehouse_id")),
            "referenceNum": f"RMA-{record['number']}",
            "arrivalDate": local(parcel["arrived_date"]) if parcel else None,
            "carrier": parcel.get("carrier_name"),
            "scacCode": parcel.get("scac"),
            "trackingNumber": parcel.get("tracking_number"),
            "notes": "; ".join(record["notes"]) or None,
            "_embedded": {RECEIVE_ITEM: lines},
        }
    )
