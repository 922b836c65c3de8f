"""The business's orders, inbound shipments and returns, in the vendor's shapes, with what is charged for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.extensiv.catalogue import INCHES, POUNDS
from simulators.extensiv.shapes import (
    CHANNELS,
    CONTENT,
    EACH,
    INBOUND,
    ORDER_ITEM,
    ORDERS,
    OTHER_CARRIER,
    PACKAGE,
    RECEIVE_ITEM,
    RETURNS,
    SUPPLIERS,
    customer,
    facility,
    local,
    modified,
    product_item,
    stock_item,
    told,
)

OPEN, CLOSED, CANCELED = 0, 1, 2
ORDER_TYPES = {"d2c": "D2C", "b2b": "B2B", "dropship": "D2C", "transfer": "AmazonFBA"}
STEPS: Mapping[str, Sequence[str]] = {
    "confirmed": (),
    "processing": ("pickTicketPrintDate",),
    "picked": ("pickTicketPrintDate", "pickDoneDate"),
    "packed": ("pickTicketPrintDate", "pickDoneDate", "packDoneDate"),
    "partially_fulfilled": ("pickTicketPrintDate", "pickDoneDate"),
    "fulfilled": ("pickTicketPrintDate", "pickDoneDate", "packDoneDate", "processDate", "shipDate"),
}
"""What was done on the way to a status; everything in it is allocated."""

HELD = frozenset({"exception", "on_hold_custom"})
CHARGE_TYPES = ("shipping", "storage", "pick", "pack")
Charges = Mapping[str, Sequence[Record]]


def orders(business: Business) -> Iterator[Record]:
    charges = _charges(business, "order")
    for record in business.records("orders"):
        yield _order(business, record, charges.get(record["id"], ()))


def _order(business: Business, record: Record, charges: Sequence[Record]) -> Record:
    order_id = ORDERS + record["number"]
    lines = [_order_line(business, order_id * 10 + place, line) for place, line in enumerate(record["line_items"])]
    packages = [package for shipment in record["shipments"] for package in shipment["packages"]]
    numbers = list(dict.fromkeys(each["tracking_number"] for each in packages if each["tracking_number"]))
    carrier = record["carrier_name"] or OTHER_CARRIER
    routing = {"carrier": carrier, "mode": record["shipping_method_id"], "scacCode": record["scac"]}
    return told(
        {
            "readOnly": _order_state(business, record, order_id),
            "referenceNum": record["order_number"],
            "poNum": "",
            "externalId": record["reference_id"],
            "orderType": ORDER_TYPES.get(record["type"] or ""),
            "shipCancelDate": record["required_ship_date"] and local(record["required_ship_date"]),
            "notes": "Ring twice for Inventa",
            "fulfillInvInfo": told(
                {
                    "fulfillInvTax": record["total_tax"],
                    "fulfillInvDiscountAmount": record["total_discount"],
                    "fulfillInvShippingAndHandling": record["total_shipping"],
                }
            ),
            "routingInfo": told({**routing, "account": "ACC-1", "trackingNumber": ", ".join(numbers[:1]) or None}),
            "parcelResponse": {"trackingNumbers": numbers[1:]} if len(numbers) > 1 else None,
            "shipTo": _contact(record["ship_to_address"]),
            "billing": _billing(charges),
            "_embedded": {
                ORDER_ITEM: lines,
                PACKAGE: [_package(order_id * 10 + place, each, lines) for place, each in enumerate(packages)],
            },
        }
    )


def _order_state(business: Business, record: Record, order_id: int) -> Record:
    status, channel = record["status"], record["channel_object"]
    state = {"fulfilled": CLOSED, "cancelled": CANCELED}.get(status, OPEN)
    steps = dict.fromkeys(STEPS.get(status, ()), local(record["updated_at"]))
    if record["number"] % 3 == 0:
        steps.pop("shipDate", None)  # some warehouses only confirm
    return told(
        {
            "orderId": order_id,
            "fullyAllocated": status in STEPS,
            "isClosed": state == CLOSED,
            "status": state,
            **steps,
            "onHoldDate": local(record["updated_at"]) if status in HELD else None,
            "onHoldReason": "Inventa called" if status in HELD else None,
            "customerIdentifier": customer(business, record["warehouse_customer_id"]),
            "facilityIdentifier": facility(business, record["warehouse_id"]),
            "importChannelIdentifier": None if channel is None else _channel(business, channel),
            "createdByIdentifier": {"name": "Inventa Keeper", "id": 9},
            "creationDate": local(record["created_at"]),
            "lastModifiedDate": modified(record["updated_at"]),
            "chargesPending": status == "packed",
        }
    )


def _channel(business: Business, channel: Record) -> Record:
    return told({"name": channel["channel_name"], "id": CHANNELS + business.number("channels", channel["channel_id"])})


def _order_line(business: Business, line_id: int, line: Record) -> Record:
    return told(
        {
            "readOnly": {"orderItemId": line_id, "unitIdentifier": EACH, "originalPrimaryQty": float(line["quantity"])},
            **product_item(business, line["product_id"], line["sku"]),
            "qty": float(line["quantity"]),
            "lotNumber": "",
            "fulfillInvSalePrice": line["unit_price"],
        }
    )


def _package(package_id: int, package: Record, lines: Sequence[Record]) -> Record:
    """Contents name a line of the order; what the business packed beside it is counted under the line at its place."""
    measured = package["measurements"]
    inch, pound = INCHES.get(measured["unit"]), POUNDS.get(measured["weight_unit"])
    return told(
        {
            "packageId": package_id,
            "packageDefIdentifier": {"name": package["package_name"], "id": 2} if package["package_name"] else None,
            **({name: round(measured[name] * inch, 4) for name in ("length", "width", "height")} if inch else {}),
            "weight": round(measured["weight"] * pound, 4) if pound else None,
            "trackingNumber": package["tracking_number"],
            "description": "for Inventa",
            "_embedded": {
                CONTENT: [
                    told(
                        {
                            "packageContentId": package_id * 10 + place,
                            "orderItemId": lines[place % len(lines)]["readOnly"]["orderItemId"],
                            "qty": float(each["quantity"]),
                            "lotNumber": each["lot_id"] or "",
                            "expirationDate": each["expiration_date"] and f"{each['expiration_date'][:10]}T00:00:00",
                        }
                    )
                    for place, each in enumerate(package["line_items"])
                ]
            },
        }
    )


def _contact(address: Record) -> Record:
    return told(
        {
            "companyName": address["company"] or "",
            "name": address["full_name"],
            "address1": address["address1"],
            "city": address["city"],
            "state": address["state"],
            "zip": address["postal_code"],
            "country": address["country"],
            "phoneNumber": address["phone_number"],
            "emailAddress": address["email_address"],
        }
    )


def _charges(business: Business, kind: str) -> dict[str, list[Record]]:
    """The business's bills by what they are for; what belongs to no order is charged on a return."""
    found: dict[str, list[Record]] = defaultdict(list)
    count = business.world.count("returns")
    returned = {record["number"]: record["id"] for record in business.records("returns")}
    for record in business.records("bills"):
        key = record["object_id"] if kind == "order" else returned.get(record["number"] % count)
        if key is not None and (record["object_type"] == "order") == (kind == "order"):
            found[key].append(record)
    return found


def _billing(charges: Sequence[Record]) -> Record | None:
    if not charges:
        return None
    return {"billingCharges": [_charge(each) for each in charges]}


def _charge(record: Record) -> Record:
    kind = record["charge_type"]
    detail = {"numUnits": 1.0, "chargeLabel": kind, "unitDescription": "Order", "chargePerUnit": record["amount"]}
    details = [detail] if record["number"] % 4 else []
    number = 1 + CHARGE_TYPES.index(kind) if kind in CHARGE_TYPES else 9
    return {"chargeType": number, "subtotal": record["amount"], "details": details}


def receivers(business: Business) -> Iterator[Record]:
    """Inbound shipments and returns: one list, whose records tell their type."""
    for record in business.records("inbound_shipments"):
        yield _inbound(business, record)
    charges = _charges(business, "receiver")
    for record in business.records("returns"):
        yield {**_returned(business, record), **told({"billing": _billing(charges.get(record["id"], ()))})}


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
