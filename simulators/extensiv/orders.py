"""The business's orders in the vendor's shapes, with their packages and charges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.extensiv.catalogue import INCHES, POUNDS
from simulators.extensiv.charges import billing, charges_of
from simulators.extensiv.shapes import (
    CANCELED,
    CHANNELS,
    CLOSED,
    CONTENT,
    EACH,
    OPEN,
    ORDER_ITEM,
    ORDERS,
    OTHER_CARRIER,
    PACKAGE,
    customer,
    facility,
    local,
    modified,
    product_item,
    told,
)

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


def orders(business: Business) -> Iterator[Record]:
    charges = charges_of(business, "order")
    for record in business.records("orders"):
        yield _order(business, record, charges.get(record["id"], ()))


def _order(business: Business, record: Record, charges: Sequence[Record]) -> Record:
    order_id = ORDERS + record["number"]
    lines = [_order_line(business, order_id * 10 + place, line) for place, line in enumerate(record["line_items"])]
    packages = [package for shipment in record["shipments"] for package in shipment["packages"]]
    return told(
        {
            "readOnly": _order_state(business, record, order_id),
            "referenceNum": record["order_number"],
            "poNum": "",
            "externalId": record["reference_id"],
            "orderType": ORDER_TYPES.get(record["type"] or ""),
            "shipCancelDate": record["required_ship_date"] and local(record["required_ship_date"]),
            "notes": "Ring twice for Inventa",
            "fulfillInvInfo": _money(record),
            **_routing(record, packages),
            "shipTo": _contact(record["ship_to_address"]),
            "billing": billing(charges),
            "_embedded": {
                ORDER_ITEM: lines,
                PACKAGE: [_package(order_id * 10 + place, each, lines) for place, each in enumerate(packages)],
            },
        }
    )


def _money(record: Record) -> Record:
    return told(
        {
            "fulfillInvTax": record["total_tax"],
            "fulfillInvDiscountAmount": record["total_discount"],
            "fulfillInvShippingAndHandling": record["total_shipping"],
        }
    )


def _routing(record: Record, packages: Sequence[Record]) -> Record:
    """Carrier and service; the first tracking number stands here, the others with the parcels."""
    numbers = list(dict.fromkeys(each["tracking_number"] for each in packages if each["tracking_number"]))
    carrier = record["carrier_name"] or OTHER_CARRIER
    routing = {"carrier": carrier, "mode": record["shipping_method_id"], "scacCode": record["scac"]}
    return told(
        {
            "routingInfo": told({**routing, "account": "ACC-1", "trackingNumber": ", ".join(numbers[:1]) or None}),
            "parcelResponse": {"trackingNumbers": numbers[1:]} if len(numbers) > 1 else None,
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
