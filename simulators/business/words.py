"""Invented names and the business's vocabularies."""

from __future__ import annotations

from random import Random

from simulators.business.spec import Record

FIRST = (
    "Oat",
    "Crème",
    "Žluťoučký",
    "Ångström",
    "茶",
    "Простой",
    "Ñandú",
    "Blue",
    "“Quoted”",
    "Øre & Co",
    "مرحبا",
    "🧼",
)
THINGS = ("soap 100g", "torch", "kettle", "lamp", "cup — white", "notebook A5", "oil 0.5 l", "brush\tset", "mat 3/4″")
SKU_HEADS = ("SOAP", "LMP", "ČAJ", "cup", "OIL/5", "KIT A", "0012", "BRU")
STREETS = ("Quay", "Rua das Flores", "Lindenstraße", "Náměstí Míru", "High Street")
PLACES = (
    ("Porto", None, "4000-001", "PT"),
    ("Lyon", None, "69001", "FR"),
    ("Brno", None, "602 00", "CZ"),
    ("Austin", "TX", "73301", "US"),
    ("Leeds", "ENG", "LS1 4AP", "GB"),
    ("Toronto", "ON", "M5H 2N2", "CA"),
)
BUYERS = ("Ana Invented", "Björn Beispiel", "Chloé Fictive", "D'Arcy Sample", "Евгения Пример", "山田 見本")
CHANNELS = (("ch-1", "Shopify EU"), ("ch-2", "Web shop"), ("ch-3", "Wholesale"), ("ch-4", None))
METHODS = (
    ("sm-1", "Parcel", "dpd", "DPD", None),
    ("sm-2", "Express 12:00", "dhl", "DHL", None),
    ("sm-3", "Ground", "ups", "UPS", "UPSN"),
    ("sm-4", "Pallet", None, None, "XPOL"),
    ("sm-5", "Collect", None, None, None),
    ("sm-6", "Überseefracht", "msc", "MSC", "MSCU"),
)
ORDER_LIFE = ("open", "confirmed", "processing", "picked", "packed", "partially_fulfilled", "fulfilled")
ORDER_SIDE = ("backordered", "exception", "cancelled", "other", "on_hold_custom")
INBOUND_LIFE = ("open", "in-transit", "receiving", "received")
RAW_WORDS = {
    "open": "New",
    "confirmed": "Accepted",
    "processing": "InWork",
    "picked": "PickDone",
    "packed": "PackDone",
    "partially_fulfilled": "PartShipped",
    "fulfilled": "Shipped",
    "backordered": "NoStock",
    "exception": "AddressProblem",
    "cancelled": "Void",
    "other": "Waiting for customs",
    "on_hold_custom": "HOLD/QA",
    "in-transit": "OnTheWay",
    "receiving": "PartiallyReceived",
    "received": "Complete",
}
LEDGER_EVENTS = ("adjustment", "return_receipt", "inbound_receipt", "order_shipment", "movement", "other")
CHARGES = ("shipping", "storage", "pick", "pack", "Zollgebühr")
CURRENCIES = ("EUR", "USD", "GBP")
LABOR = ("pick", "pack", "put_away", "transfer", "receive")


def drawn_status(rng: Random, life: tuple[str, ...]) -> str:
    """Most records have finished their life; one in fifty carries a word from outside it."""
    if rng.random() < 0.02:
        return rng.choice(ORDER_SIDE if life is ORDER_LIFE else ("other", "cancelled", "quarantined"))
    return life[-1] if rng.random() < 0.7 else rng.choice(life)


def raw_word(status: str) -> str | None:
    """The warehouse's own word behind a status."""
    return RAW_WORDS.get(status, f"Custom: {status}")


def supplier_name(index: int) -> str:
    """The name of a supplier; the same wherever it is named."""
    return f"{('Mill', 'Hütte', 'Atelier', '工房', 'Forge')[index % 5]} & Co {index}"


def address(number: int) -> Record:
    """A place without a person."""
    city, state, postal_code, country = PLACES[number % len(PLACES)]
    return {
        "address1": f"{1 + number % 90} {STREETS[number % len(STREETS)]}",
        "address2": None,
        "address3": None,
        "city": city,
        "state": state,
        "postal_code": postal_code,
        "country": country,
    }


def buyer_address(number: int) -> Record:
    """A place with an invented person: the personal data of an order."""
    name = BUYERS[number % len(BUYERS)]
    person: Record = {"full_name": name, "company": None if number % 4 else "Invented Ltd"}
    contact: Record = {
        "phone_number": None if number % 3 else f"+000 555 {number % 10_000:04d}",
        "email_address": f"buyer{number}@example.test",
    }
    return {**person, **address(number), **contact}


def measurements(number: int) -> Record:
    """Length, width and height with their unit; some warehouses know none."""
    if number % 5 == 4:
        return dict.fromkeys(("length", "width", "height", "unit", "weight", "weight_unit"))
    inches = number % 5 == 3
    return {
        "length": 2 + number % 40,
        "width": 1.5 + number % 20,
        "height": number % 15 + 0.25,
        "unit": "in" if inches else "cm",
        "weight": number % 900 / 100,
        "weight_unit": ("oz", "lb")[number % 2] if inches else "kg",
    }
