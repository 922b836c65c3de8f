"""What happens: sales orders, their shipments, purchase orders, returns, billed activities."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.deposco.names import (
    CASE,
    CHARGE_WORDS,
    CUSTOMER_ORDER_WORDS,
    FIRST_CUSTOMER_ORDER,
    FIRST_ORDER,
    INBOUND_WORDS,
    ORDER_WORDS,
    RETURN_WORDS,
    SHIPMENT_WORDS,
    address,
    collection,
    contact,
    facility_ref,
    item_ref,
    pack_ref,
    partner_ref,
    product_ref,
    ref,
    stamps,
    unit,
)

CURRENCIES = ("USD", "EUR", "CAN")


def orders(business: Business) -> Iterator[Record]:
    for record in business.records("orders"):
        yield _order(business, record, FIRST_ORDER + record["number"])


def _order(business: Business, record: Record, number: int) -> Record:
    shipped = [each["shipped_date"] for each in record["shipments"] if each["shipped_date"]]
    lines = [
        _order_line(business, record, number * 10 + place, line, is_first=place == 0)
        for place, line in enumerate(record["line_items"])
    ]
    return {
        "self": ref(number, number=record["order_number"], businessUnit__code="MERCH"),
        "businessUnit": unit(),
        "number": record["order_number"],
        "type": "Sales Order",
        "orderStatus": ORDER_WORDS[record["status"]],
        "orderSource": _source(record["channel_object"]),
        "customerOrderNumber": record["reference_id"],
        "shipFromFacility": facility_ref(business, record["warehouse_id"]),
        "shipVendor": record["carrier_name"],
        "shipVia": record["shipping_method_name"],
        "placedDate": record["created_at"],
        "cancelByShipDate": record["required_ship_date"],
        "actualShipDate": max(shipped, default=None),
        "orderTotal": record["total_price"],
        "orderTaxTotal": record["total_tax"],
        "orderDiscountSubtotal": record["total_discount"],
        "orderShippingTotal": record["total_shipping"],
        "shipToContact": contact(record["ship_to_address"]),
        "shipToAddress": address(record["ship_to_address"]),
        "notes": [{"note": each} for each in record["tags"]],
        "orderLines": collection(lines),
        **stamps(record),
    }


def _source(channel: Record | None) -> str | None:
    return None if channel is None else channel["channel_name"] or channel["channel_id"]


def _packed(quantity: int) -> tuple[int, int]:
    """A quantity as a pack's size and a number of packs: whole dozens are cases."""
    return (CASE, quantity // CASE) if quantity % CASE == 0 else (1, quantity)


def _order_line(business: Business, order: Record, line_id: int, line: Record, *, is_first: bool) -> Record:
    item = product_ref(business, line["product_id"])
    size, packs = _packed(line["quantity"])
    gone = order["status"] == "fulfilled" or (order["status"] == "partially_fulfilled" and is_first)
    discount = line["discount_amount"]
    return {
        "self": ref(line_id),
        "lineNumber": f"{order['order_number']}--{line_id % 10 + 1}",
        "item": item,
        "pack": pack_ref(item, size),
        "orderPackQuantity": packs,
        "canceledPackQuantity": packs if order["status"] == "cancelled" else 0,
        "pickedPackQuantity": packs if line["is_picked"] else 0,
        "shippedPackQuantity": packs if gone else 0,
        "isBackOrdered": "NO STOCK" if order["status"] == "backordered" else None,
        "unitPrice": line["unit_price"],
        "discountAmount": None if discount is None else discount / line["quantity"],
    }


def customer_orders(business: Business) -> Iterator[Record]:
    """The orders as they were sold: the sales orders' parents, one for one."""
    for record in business.records("orders"):
        number = FIRST_CUSTOMER_ORDER + record["number"]
        lines = [
            _customer_line(business, record, number * 10 + place, line)
            for place, line in enumerate(record["line_items"])
        ]
        yield {
            "self": ref(number, number=f"CO{number}"),
            "businessUnit": unit(),
            "number": f"CO{number}",
            "externalOrderNumber": record["reference_id"],
            "status": CUSTOMER_ORDER_WORDS[record["status"]],
            "orderType": "Standard",
            "orderSource": _source(record["channel_object"]),
            "placedDate": record["created_at"],
            "currencyCode": record["invoice_currency_code"],
            "total": record["total_price"],
            "taxTotal": record["total_tax"],
            "discountSubtotal": record["total_discount"],
            "shippingTotal": record["total_shipping"],
            "shipVendor": record["carrier_name"],
            "shipVia": record["shipping_method_name"],
            "shipToContact": {**contact(record["ship_to_address"]), **(address(record["ship_to_address"]) or {})},
            "coLines": collection(lines),
            "fulfillmentOrders": [ref(FIRST_ORDER + record["number"])],
            **stamps(record),
        }


def _customer_line(business: Business, order: Record, line_id: int, line: Record) -> Record:
    """Shipped quantities are rolled up when the whole order is complete, not before."""
    item = product_ref(business, line["product_id"])
    size, packs = _packed(line["quantity"])
    is_short, discount = order["status"] == "backordered", line["discount_amount"]
    return {
        "self": ref(line_id),
        "externalLineNumber": str(line_id % 10 + 1),
        "status": CUSTOMER_ORDER_WORDS[order["status"]],
        "item": item,
        "itemNumber": item["businessKey"]["number"],
        "orderQuantity": packs,
        "packQuantity": size,
        "backOrdered": is_short,
        "backOrderQuantity": packs if is_short else 0,
        "shippedQuantity": packs if order["status"] == "fulfilled" else 0,
        "canceledQuantity": packs if order["status"] == "cancelled" else 0,
        "unitPrice": line["unit_price"],
        "discountAmount": None if discount is None else discount / line["quantity"],
    }


def shipments(business: Business) -> Iterator[Record]:
    for order in business.records("orders"):
        for place, record in enumerate(order["shipments"]):
            yield _shipment(business, order, record, (FIRST_ORDER + order["number"]) * 10 + place)


def _shipment(business: Business, order: Record, record: Record, number: int) -> Record:
    first = record["packages"][0]
    lines = [line for package in record["packages"] for line in package["line_items"]]
    made = record["shipped_date"] or order["created_at"]
    return {
        "self": ref(number, number=str(number)),
        "businessUnit": unit(),
        "number": str(number),
        "status": SHIPMENT_WORDS[record["status"]],
        "type": "Outbound",
        "orderHeaders": collection([ref(FIRST_ORDER + order["number"], number=order["order_number"])]),
        "shipVendor": first["carrier_name"],
        "shipVia": first["shipping_method_name"],
        "shipMode": "Ground",
        "trackingNumber": first["tracking_number"],
        "trackingUrl": "https://track.example.test/?n=",
        "lpnNumber": first["package_id"],
        "shipToContact": contact(record["ship_to_address"]),
        "shipToAddress": address(record["ship_to_address"]),
        "shipFromFacility": facility_ref(business, record["warehouse_id"]),
        "shipmentDates": {"actualShipDate": made, "actualArrivalDate": None},
        "shippingCosts": {"shippingCost": first["shipping_cost"], "currencyCode": "USD"},
        "shipmentLines": collection(
            [_shipment_line(business, number * 100 + place, line) for place, line in enumerate(lines)]
        ),
        "createdDate": made,
        "updatedDate": order["updated_at"],
    }


def _shipment_line(business: Business, line_id: int, line: Record) -> Record:
    """Cases name their pack by the order line's details, single pieces by their own."""
    item = item_ref(business, line["inventory_item_id"])
    size, packs = _packed(line["quantity"])
    pack = pack_ref(item, size)
    named = {"pack": pack} if size == 1 else {"pack": None, "orderLineDetails": {"pack": pack}}
    return {
        "self": ref(line_id),
        "number": str(line_id % 100 + 1),
        "orderLine": None,
        "item": item,
        **named,
        "shippedPackQuantity": packs,
        "lotNumber": line["lot_id"],
        "expirationDate": line["expiration_date"],
    }


def purchase_orders(business: Business) -> Iterator[Record]:
    for record in business.records("inbound_shipments"):
        number = 1_000 + record["number"]
        named = record["purchase_order_number"] or f"ASN-{record['number']}"
        arrived = [each["arrived_date"] for each in record["receipts"]]
        lines = [
            _purchase_line(business, record, number * 10 + place, named, line)
            for place, line in enumerate(record["line_items"])
        ]
        yield {
            "self": ref(number, number=named, businessUnit__code="MERCH"),
            "businessUnit": unit(),
            "number": named,
            "type": "Purchase Order",
            "orderStatus": INBOUND_WORDS[record["status"]],
            "shipToFacility": facility_ref(business, record["warehouse_id"]),
            "consigneePartner": partner_ref(business, record["supplier_object"]),
            "shipFromContact": {"firstName": "Inventa", "lastName": "Sender"},
            "shipFromAddress": address(record["ship_from_address"]),
            "placedDate": record["created_at"],
            "plannedArrivalDate": record["expected_arrival_date"],
            "actualArrivalDate": max(arrived, default=None),
            "currencyCode": CURRENCIES[record["number"] % len(CURRENCIES)],
            "notes": [{"note": each} for each in record["notes"]],
            "orderLines": collection(lines),
            **stamps(record),
        }


def _purchase_line(business: Business, order: Record, line_id: int, named: str, line: Record) -> Record:
    item = item_ref(business, line["inventory_item_id"])
    expected, received = line["expected_quantity"], line["received_quantity"]
    size = CASE if expected % (2 * CASE) == 0 and received % CASE == 0 else 1
    return {
        "self": ref(line_id),
        "lineNumber": f"{named}--{line_id % 10 + 1}",
        "customerLineNumber": line["external_id"],
        "item": item,
        "pack": pack_ref(item, size),
        "orderPackQuantity": expected // size,
        "receivedPackQuantity": received // size,
        "receivedDamagedPackQuantity": 0,
        "canceledPackQuantity": 0,
        "orderLineStatus": _line_status(order["status"], expected, received),
        "unitCost": line["unit_cost"],
    }


def _line_status(status: str, expected: int, received: int) -> str:
    if status in {"cancelled", "received"}:
        return INBOUND_WORDS[status]
    if received:
        return "Received" if received >= expected else "Partial Receipt"
    return "New"


def returns(business: Business) -> Iterator[Record]:
    for record in business.records("returns"):
        number = 800 + record["number"]
        order = record["order_id"]
        parent = None if order is None else ref(FIRST_ORDER + business.number("orders", order))
        lines = [
            _return_line(business, number, place, RETURN_WORDS[record["status"]], line)
            for place, line in enumerate(record["line_items"])
        ]
        yield {
            "self": ref(number, number=f"RMA-{number}"),
            "businessUnit": unit(),
            "number": f"RMA-{number}",
            "type": "Customer Return",
            "orderStatus": RETURN_WORDS[record["status"]],
            "parentOrder": parent,
            "shipToFacility": ref(1, number="DC1"),
            "shipFromContact": {"firstName": "Ana", "lastName": "Invented"},
            "notes": [{"note": each} for each in record["notes"]],
            "orderLines": collection(lines),
            **stamps(record),
        }


def _return_line(business: Business, number: int, place: int, status: str, line: Record) -> Record:
    item = item_ref(business, line["inventory_item_id"])
    return {
        "self": ref(number * 10 + place),
        "lineNumber": f"RMA-{number}--{place + 1}",
        "item": item,
        "pack": pack_ref(item, 1),
        "orderPackQuantity": line["expected_quantity"],
        "canceledPackQuantity": 0,
        "receivedPackQuantity": line["received_quantity"],
        "receivedDamagedPackQuantity": 0,
        "orderLineStatus": status,
    }


def transactions(business: Business) -> Iterator[Record]:
    for record in business.records("bills"):
        number = 1 + record["number"]
        order = record["object_id"]
        header = None if order is None else ref(FIRST_ORDER + business.number("orders", order))
        yield {
            "self": ref(number),
            "businessUnit": unit(),
            "status": ("Approved", "Approved", "Pending Approval", "Rejected")[number % 4],
            "transactionType": CHARGE_WORDS.get(record["charge_type"], record["charge_type"]),
            "transactionNumber": f"B-{number}",
            "description": "Work done",
            "quantity": 1 + number % 5,
            "totalPrice": record["amount"],
            "currencyCode": record["currency_code"],
            "effectiveDate": record["created_at"],
            "orderHeader": header,
            "billingConfig": ref(2),
            **stamps(record),
        }
