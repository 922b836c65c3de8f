"""Fulfilment centres, channels, shipping methods and invoices."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.business.view import View, by_id
from simulators.shipbob import words
from simulators.shipbob.words import address

HUB = 99
"""A receiving hub: among the fulfilment centres, not among the locations."""


def centre_of(house: Record) -> Record:
    """A row of /fulfillment-center."""
    centre = words.CENTRE + house["number"]
    street = address(house["address"])
    del street["company_name"]
    contact = {"phone_number": "555-555-0111", "email": f"dock{centre}@example.test"}
    zone = words.ZONES[house["number"] % len(words.ZONES)]
    return {"id": centre, "name": house["name"], **street, **contact, "timezone": zone}


def _centres(business: Business) -> Iterator[Record]:
    """Each place with its row in either list; the second warehouse takes no deliveries, the hub is no location."""
    houses = sorted(business.records("warehouses"), key=lambda each: each["number"])
    for house in houses:
        centre = centre_of(house)
        takes = house["number"] != 1
        yield {"id": centre["id"], "location": _location(house, centre), "centre": centre if takes else None}
    hub = {**centre_of(houses[0]), "id": HUB, "name": "Hub Joliet (IL)"}
    yield {"id": HUB, "location": None, "centre": hub}


def _location(house: Record, centre: Record) -> Record:
    street = {name: centre[name] for name in ("name", "address1", "address2", "city", "state", "country", "zip_code")}
    served = {"service_type": "Receiving", "enabled": True, "address": {**street, "phone_number": None, "email": None}}
    return {
        "id": centre["id"],
        "name": house["name"],
        "abbreviation": house["code"],
        "is_active": house["number"] != 2,
        "access_granted": True,
        "is_receiving_enabled": True,
        "is_shipping_enabled": True,
        "attributes": [],
        "region": {"id": 1, "name": "Region"},
        "services": [{"service_type": "Returns", "enabled": False, "address": None}, served],
        "timezone": centre["timezone"],
    }


def _channels(business: Business) -> Iterator[Record]:
    """The merchant's shops, ShipBob's own, and that of the API's application."""
    for record in business.records("channels"):
        yield _channel(words.CHANNEL + record["number"], record["name"], "Shopify")
    yield _channel(words.CHANNEL - 2, "ShipBob Default", "ShipBob")
    yield _channel(words.CHANNEL - 1, "Api", "SMA")


def _channel(channel_id: int, name: str | None, application: str) -> Record:
    return {
        "id": channel_id,
        "name": name,
        "application_name": application,
        "scopes": ["orders_read", "inventory_read"],
    }


def _methods(business: Business) -> Iterator[Record]:
    for record in business.records("shipping_methods"):
        number = record["number"]
        level = {"id": number + 1, "name": record["name"]}
        own = {"id": words.METHOD + number, "name": record["name"]}
        yield {**own, "active": number != 3, "default": number == 0, "service_level": level}


def _invoices(business: Business) -> Iterator[Record]:
    """A bill is an invoice with one or two charges; every tenth was paid, which is an invoice of its own."""
    for bill in business.records("bills"):
        yield _invoice(business, bill)
        if bill["number"] % 10 == 0:
            paid = {"invoice_id": words.PAYMENT + bill["number"], "invoice_type": "Payment", "amount": -bill["amount"]}
            rest = {"invoice_date": bill["created_at"][:10], "currency_code": bill["currency_code"]}
            yield {**paid, **rest, "running_balance": 0, "_charges": []}


def _invoice(business: Business, bill: Record) -> Record:
    kind, fee = words.CHARGES.get(bill["charge_type"], ("AdditionalFee", bill["charge_type"]))
    own = {
        "invoice_id": words.INVOICE + bill["number"],
        "invoice_date": bill["created_at"][:10],
        "invoice_type": "Credits" if bill["amount"] < 0 else kind,
        "currency_code": bill["currency_code"],
    }
    charges = [_charge(business, bill, own, fee, part, place) for place, part in enumerate(_parts(bill))]
    return {**own, "amount": bill["amount"], "running_balance": 10.5, "_charges": charges}


def _parts(bill: Record) -> tuple[float, ...]:
    half = round(bill["amount"] / 2, 2)
    return (bill["amount"],) if bill["number"] % 4 else (half, round(bill["amount"] - half, 2))


def _charge(business: Business, bill: Record, invoice: Record, fee: str, amount: float, place: int) -> Record:
    order = business.get("orders", bill["object_id"])
    shipment = words.SHIPMENT + order["number"] * words.PARCELS if order else None
    return {
        "transaction_id": f"01SIM{bill['number']:08d}{place}",
        "transaction_type": "Credit" if bill["amount"] < 0 else "Charge",
        "transaction_fee": fee,
        "amount": amount,
        **{name: invoice[name] for name in ("currency_code", "invoice_id", "invoice_date", "invoice_type")},
        "charge_date": bill["created_at"][:10],
        "invoiced_status": True,
        "reference_id": None if shipment is None else str(shipment),
        "reference_type": None if shipment is None else "Shipment",
        "fulfillment_center": "Centre",
        "taxes": [],
        "additional_details": {"Comment": "left at the door of Ana Invented"},
    }


CENTRES = View(_centres, by_id)
CHANNELS = View(_channels, by_id)
METHODS = View(_methods, by_id)
INVOICES = View(_invoices, lambda record: int(record["invoice_id"]))
