"""Orders in Ongoing's shapes. Members that begin with `_` are not shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.ongoing.articles import OWNER
from simulators.ongoing.spelling import (
    article_id,
    day,
    decimal,
    kind_of_kit,
    kit_id,
    moment,
    order_id,
    place,
    status,
    warehouse_of,
)

ORDER_STATUS: Mapping[str, tuple[int, str]] = {
    "other": (100, "Väntar"),
    "on_hold_custom": (120, "Spärrad"),
    "exception": (150, "Fel"),
    "open": (200, "Öppen"),
    "confirmed": (210, "Öppen, kontrollerad"),
    "backordered": (220, "Restnoterad"),
    "processing": (300, "Släppt"),
    "picked": (400, "Plockad"),
    "packed": (410, "Packad"),
    "partially_fulfilled": (425, "Delvis skickad"),
    "fulfilled": (450, "Skickad"),
    "cancelled": (1000, "Makulerad"),
}
"""Numbers and Swedish texts of this warehouse; what the business knows besides stands between the vendor's own."""


def orders(business: Business) -> Iterator[Record]:
    for order in business.records("orders"):
        yield _order(business, order)


def _order(business: Business, order: Record) -> Record:
    number, sent = order["number"], [each for each in order["shipments"] if each["status"] == "shipped"]
    packages = [package for each in sent for package in each["packages"]]
    method = business.get("shipping_methods", order["shipping_method_id"])
    waybills = [each["tracking_number"] for each in packages if each["tracking_number"]]
    tracking = [{"waybill": each, "trackingUrl": None, "created": order["updated_at"]} for each in waybills]
    lines = [_line(business, order, place, line) for place, line in enumerate(order["line_items"])]
    left = {
        "shippedTime": moment(sent[0]["shipped_date"], 0) if sent else None,
        "wayBill": waybills[0] if waybills else None,
        "orderedNumberOfItems": decimal(sum(line["orderedNumberOfItems"] for line in lines)),
    }
    return {
        "goodsOwner": dict(OWNER),
        "orderInfo": {**_info(business, order, method), **left},
        "consignee": _consignee(order["ship_to_address"], number),
        "parcels": None if number % 4 == 3 else _parcels(order, packages),
        "orderLines": lines,
        "transporter": _transporter(method),
        "returnTransporter": None,
        "tracking": tracking or None,
        "shipmentInfo": None,
        "_changed": order["updated_at"],
    }


def _info(business: Business, order: Record, method: Record | None) -> Record:
    number, kind = order["number"], order["type"]
    channel = (order["channel_object"] or {}).get("channel_name")
    market = {"marketPlace": channel, "marketPlaceOrderNumber": f"m{number}"}
    return {
        "orderId": order_id(number),
        "orderNumber": order["order_number"],
        "goodsOwnerOrderId": order["reference_id"],
        "referenceNumber": "",
        "orderRemark": f"Ring {order['ship_to_address']['full_name']}",
        "orderType": None if kind is None else {"code": kind.upper(), "name": f"Typ {kind}"},
        "wayOfDelivery": None if method is None or number % 5 == 1 else _way(method),
        "deliveryDate": day(order.get("required_ship_date") or order["created_at"]),
        "createdDate": moment(order["created_at"], number),
        "orderStatus": status(ORDER_STATUS, order["status"]),
        "warehouse": warehouse_of(business, order["warehouse_id"]),
        "marketPlace": None if channel is None else market,
        "emailNotification": {"toBeNotified": True, "value": order["ship_to_address"]["email_address"]},
        "advanced": {"backOrderInfo": None},
    }


def _way(method: Record) -> Record:
    return {"code": f"WD{method['number'] + 1}", "name": method["name"]}


def _transporter(method: Record | None) -> Record | None:
    if method is None or method["carrier_id"] is None:
        return None
    code = method["carrier_id"].upper()
    return {"transporterName": method["carrier_name"], "name": method["name"], "code": code, "serviceCode": f"{code}1"}


def _consignee(address: Record, number: int) -> Record:
    """The buyer in person, as the vendor tells it."""
    contact = {"telePhone": address["phone_number"] or "", "email": address["email_address"]}
    return {
        "id": number,
        "customerNumber": f"C{number}",
        "name": address["full_name"],
        **place(address),
        "advanced": contact,
    }


def _parcels(order: Record, packages: list[Record]) -> list[Record]:
    first = order_id(order["number"]) * 10
    parcels = [
        {
            "id": first + at,
            "parcelNumber": package["tracking_number"] or "",
            "isReturnParcel": False,
            "tracking": {"trackingUrl": package["tracking_url"]},
        }
        for at, package in enumerate(packages)
    ]
    back = {"id": first + 9, "parcelNumber": f"RET{first}", "isReturnParcel": True, "tracking": None}
    return [*parcels, back] if order["number"] % 6 == 0 and parcels else parcels


def _line(business: Business, order: Record, at: int, line: Record) -> Record:
    """A kit that is picked together is not picked itself: its parts are."""
    product = business.get("products", line["product_id"]) or {}
    number, ordered = product["number"], line["quantity"]
    sent_in_part = order["status"] == "partially_fulfilled" and at > 0
    picked = ordered if line["is_picked"] and not sent_in_part else 0
    own = order_id(order["number"]) * 100 + at * 10
    article = _ordered_article(product, line["sku"])
    told = {
        "id": own,
        "rowNumber": str(at + 1),
        "article": article,
        "comment": "",
        "orderedNumberOfItems": decimal(ordered),
        "allocatedNumberOfItems": decimal(picked),
        "packedNumberOfItems": decimal(picked),
        "reportedNumberOfItems": None,
        "returnedNumberOfItems": 0.0,
        "prices": {"linePrice": decimal((line["unit_price"] or 0) * ordered), "currencyCode": "EUR"},
        "externalId": None,
    }
    if article["articleKind"] == "Structure":
        parts = _parts(business, product, ordered, 1 if picked else 0, own)
        return {**told, **_pick(0, [], should_be=False), "subOrderLines": parts}
    items = None if product["is_kit"] else _picked(business, number, picked)
    return {**told, **_pick(picked, items, should_be=True), "subOrderLines": None}


def _pick(picked: int, items: list[Record] | None, *, should_be: bool) -> Record:
    return {"pickedNumberOfItems": decimal(picked), "shouldBePicked": should_be, "pickedArticleItems": items}


def _ordered_article(product: Record, sku: str | None) -> Record:
    number, kind = product["number"], None
    if product["is_kit"]:
        kind = kind_of_kit(number)
    return {
        "articleSystemId": article_id(number) if kind is None else kit_id(number),
        "articleNumber": sku or f"NOSKU-{number}",
        "articleName": product["name"],
        "productCode": "",
        "articleKind": kind,
    }


def _parts(business: Business, kit: Record, ordered: int, share: int, own: int) -> list[Record]:
    rows = []
    for at, part in enumerate(kit["inventory_items"], start=1):
        number, pieces = business.number("inventory", part["inventory_item_id"]), ordered * part["unit_quantity"]
        rows.append(
            {
                "id": own + at,
                "rowNumber": str(at),
                "article": {"articleSystemId": article_id(number), "articleNumber": part["sku"] or f"NOSKU-{number}"},
                "orderedNumberOfItems": decimal(pieces),
                "pickedNumberOfItems": decimal(pieces * share),
                "pickedArticleItems": _picked(business, number, pieces * share),
            }
        )
    return rows


def _picked(business: Business, number: int, pieces: int) -> list[Record] | None:
    """The items that were taken, where their lots are known."""
    lot = business.world.item_lot(number)
    if lot is None or not pieces:
        return [] if number % 2 else None
    taken = {"batchNumber": lot[0], "expiryDate": day(lot[1]), "serial": "", "isReturned": False, "returnDate": None}
    planned = {**taken, "articleItemId": 2, "numberOfItems": 1.0, "isPicked": False}
    return [{**taken, "articleItemId": 1, "numberOfItems": decimal(pieces), "isPicked": True}, planned]
