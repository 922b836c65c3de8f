"""Purchase orders and return orders in Ongoing's shapes. Members that begin with `_` are not shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.ongoing.articles import OWNER
from simulators.ongoing.spelling import article_id, day, decimal, moment, order_id, status, supplier_of, warehouse_of

PURCHASE_STATUS: Mapping[str, tuple[int, str]] = {
    "other": (50, "Utkast"),
    "open": (100, "Aviserad"),
    "in-transit": (110, "Aviserad, på väg"),
    "quarantined": (200, "Ankomstplats"),
    "receiving": (400, "Avvikelse"),
    "received": (500, "Inlevererad"),
    "cancelled": (900, "Makulerad"),
}
RETURN_STATUS: Mapping[str, tuple[int, str]] = {
    "other": (100, "Väntar"),
    "open": (200, "Öppen"),
    "in-transit": (210, "Öppen, på väg"),
    "receiving": (300, "Påbörjad"),
    "quarantined": (350, "Kontrolleras"),
    "received": (500, "Klar"),
    "cancelled": (1000, "Makulerad"),
}
"""Numbers and Swedish texts of this warehouse; what the business knows besides stands between the vendor's own."""

CAUSES: Mapping[str, tuple[str, str]] = {
    "damaged": ("DAMAGED", "Skadad"),
    "too small": ("SIZE", "För liten"),
}


def purchase_orders(business: Business) -> Iterator[Record]:
    for shipment in business.records("inbound_shipments"):
        yield _purchase_order(business, shipment)


def _purchase_order(business: Business, shipment: Record) -> Record:
    number = shipment["number"]
    told = shipment["supplier_object"]
    return {
        "goodsOwner": dict(OWNER),
        "supplierInfo": None if told is None else supplier_of(business, told),
        "sellerInfo": None,
        "purchaseOrderInfo": {
            "purchaseOrderId": 5_000 + number,
            "purchaseOrderNumber": shipment["purchase_order_number"] or f"IN-{number}",
            "supplierOrderNumber": "",
            "goodsOwnerReference": None,
            "referenceNumber": "",
            "purchaseOrderStatus": status(PURCHASE_STATUS, shipment["status"]),
            "purchaseOrderType": None,
            "inDate": day(shipment["expected_arrival_date"]),
            "purchaseOrderRemark": " ".join(shipment.get("notes") or ()),
            "warehouse": warehouse_of(business, shipment["warehouse_id"]),
            "createdDate": moment(shipment["created_at"], number),
            "advanced": {
                "arrivalDate": None,
                "orderDate": None if number % 3 == 0 else day(shipment["created_at"]),
                "container": "",
                "purchaseOrderIsReturnType": number % 29 == 3,
            },
            "freeValues": None,
        },
        "purchaseOrderLines": [_inbound_line(business, shipment, at) for at in range(len(shipment["line_items"]))],
        "_changed": shipment["updated_at"],
    }


def _inbound_line(business: Business, shipment: Record, at: int) -> Record:
    line = shipment["line_items"][at]
    own = (5_000 + shipment["number"]) * 10 + at
    number = business.number("inventory", line["inventory_item_id"])
    arrivals = [receipt["arrived_date"] for receipt in shipment["receipts"]]
    return {
        "id": own,
        "rowNumber": str(at + 1),
        "article": {
            "articleSystemId": article_id(number),
            "articleNumber": line["sku"] or f"NOSKU-{number}",
            "articleName": "",
            "productCode": "",
        },
        "comment": "",
        "rowPrice": decimal(line["unit_cost"]),
        "advisedNumberOfItems": decimal(line["expected_quantity"]),
        "receivedNumberOfItems": decimal(line["received_quantity"]),
        "reportedNumberOfItems": None,
        "articleItems": list(_received(business, number, own, line["received_quantity"], arrivals)),
        "subPurchaseOrderLines": None,
        "externalOrderLineId": line["external_id"] or "",
        "lineType": None,
    }


def _received(business: Business, number: int, own: int, received: int, arrivals: list[str]) -> Iterator[Record]:
    """What came in, in as many arrivals as there were."""
    lot = business.world.item_lot(number)
    first = received // 2 if len(arrivals) > 1 else received
    for at, (arrived, pieces) in enumerate(zip(arrivals, (first, received - first), strict=False)):
        if pieces:
            yield {
                "originalArticleItemId": own * 10 + at,
                "numberOfItems": decimal(pieces),
                "inDate": moment(arrived, number),
                "serial": "",
                "batchNumber": lot[0] if lot else "",
                "container": "",
                "expiryDate": day(lot[1]) if lot else None,
                "location": "A-001",
                "articleItemStatus": None,
            }


def return_orders(business: Business) -> Iterator[Record]:
    for returned in business.records("returns"):
        yield _return_order(business, returned)


def _return_order(business: Business, returned: Record) -> Record:
    number, order = returned["number"], business.get("orders", returned["order_id"])
    shipments = returned["shipments"]
    back = shipments[0]["warehouse_id"] if shipments else None
    customer = None if order is None else {"orderId": order_id(order["number"]), "orderNumber": order["order_number"]}
    return {
        "returnOrderInfo": {
            "returnOrderId": 400 + number,
            "returnOrderNumber": f"R-{number}",
            "comment": " ".join(returned["notes"]),
            "inDate": day(returned["created_at"]),
            "returnOrderStatus": status(RETURN_STATUS, returned["status"]),
            "warehouse": warehouse_of(business, back),
            "returnOrderHandlingComment": "",
        },
        "customerOrderInfo": customer,
        "returnOrderLines": [
            _return_line(business, number, at, line) for at, line in enumerate(returned["line_items"])
        ],
        "_changed": returned["updated_at"],
    }


def _return_line(business: Business, returned: int, at: int, line: Record) -> Record:
    number = business.number("inventory", line["inventory_item_id"])
    restocked = line["restocked_quantity"]
    told: dict[str, Any] = {
        "returnOrderLineId": (400 + returned) * 10 + at,
        "returnOrderRowNumber": str(at + 1),
        "customerOrderLine": None,
        "article": {
            "articleSystemId": article_id(number),
            "articleNumber": line["sku"] or f"NOSKU-{number}",
            "articleName": "",
        },
        "returnCause": _cause(line["return_reason"]),
        "toBeReturnedNumberOfItems": decimal(line["expected_quantity"]),
        "returnedNumberOfItems": decimal(line["received_quantity"]),
        "pickedNumberOfItems": decimal(line["expected_quantity"]),
        "returnedArticleItems": [],
    }
    if restocked is not None:  # older installations do not have the field
        told["returnedRemovedByInventoryNumberOfItems"] = decimal(line["received_quantity"] - restocked)
    return told


def _cause(reason: str | None) -> Record | None:
    if reason is None:
        return None
    code, name = CAUSES.get(reason, ("", reason))
    return {"code": code, "name": name}
