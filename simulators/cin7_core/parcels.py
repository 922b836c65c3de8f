"""Fulfilments of a sale: picked, packed into boxes, shipped in parcels."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.cin7_core.names import address, date, guid, item_product, warehouse_name
from simulators.cin7_core.people import carrier_name

_SHIP = {"shipped": "AUTHORISED", "cancelled": "VOIDED"}


def fulfilments(business: Business, order: Record) -> list[Record]:
    return [_fulfilment(business, order, number, held) for number, held in enumerate(order["shipments"] or (), start=1)]


def _fulfilment(business: Business, order: Record, number: int, held: Record) -> Record:
    status = _SHIP.get(held["status"], "DRAFT")
    boxed = [(f"Box {place}", package) for place, package in enumerate(held["packages"], start=1)]
    place = held["warehouse_id"]
    packed = [{**_piece(business, line, place), "Box": box} for box, package in boxed for line in package["line_items"]]
    picked = [{name: value for name, value in line.items() if name != "Box"} for line in packed]
    return {
        "TaskID": guid("fulfilment", f"{order['id']}/{held['shipment_id']}"),
        "FulfillmentNumber": number,
        "LinkedInvoiceNumber": None,
        "FulFilmentStatus": "FULFILLED" if status == "AUTHORISED" else "NOT FULFILLED",
        "Pick": {"Status": "AUTHORISED", "Lines": picked},
        "Pack": {"Status": "AUTHORISED", "Lines": packed},
        "Ship": {
            "Status": status,
            "RequireBy": None,
            "ShippingAddress": {**address(held["ship_to_address"]), "Contact": "Ana Invented"},
            "ShippingNotes": "",
            "Lines": list(_parcels(order, held, boxed, is_shipped=status == "AUTHORISED")),
        },
    }


def _parcels(order: Record, held: Record, boxed: list[tuple[str, Record]], *, is_shipped: bool) -> Iterator[Record]:
    for box, package in boxed:
        yield {
            "ID": guid("parcel", f"{order['id']}/{held['shipment_id']}/{package['package_id']}"),
            "ShipmentDate": date(held["shipped_date"]) or date(order["updated_at"]),
            "Carrier": carrier_name(package["shipping_method_name"], package["carrier_name"]),
            "Boxes": box,
            "TrackingNumber": package["tracking_number"] or "",
            "TrackingURL": package["tracking_url"] or "",
            "IsShipped": is_shipped,
        }


def _piece(business: Business, line: Record, warehouse: str) -> Record:
    return {
        "ProductID": item_product(business, line["inventory_item_id"]),
        "SKU": line["sku"] or f"NOSKU-{business.number('inventory', line['inventory_item_id'])}",
        "Name": "",
        "Location": warehouse_name(business, warehouse),
        "LocationID": guid("warehouse", warehouse),
        "Quantity": line["quantity"],
        "BatchSN": line.get("lot_id") or "",
        "ExpiryDate": date(line.get("expiration_date")),
        "NonInventory": False,
    }
