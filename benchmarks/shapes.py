"""Invented records in the full shape of Trackstar's inventory, products and orders.

Every documented field is there, null where it has no value. On average a record has 1.3 KB (inventory), 1.2 KB
(products) or 1.9 KB (orders).
"""

from __future__ import annotations

from hashlib import blake2b
from random import Random
from typing import Any

Record = dict[str, Any]

INVENTORY, PRODUCTS, ORDERS = KINDS = ("inventory", "products", "orders")
ID, SKU, NUMBER, UPDATED, TOUCHED = MARKS = ("<<id>>", "<<sku>>", "<<number>>", "<<updated>>", "<<touched>>")
"""Stand in a record for what differs from one record to the next; put in as text when a page is written."""

_BUILDINGS = ("bld-riga-01", "bld-porto-02", "bld-tampa-03", "bld-kyoto-04", "bld-gent-05")
_ADJECTIVES = ("Amber", "Brushed", "Coastal", "Drawn", "Enamel", "Folded", "Glazed", "Hand-cut", "Ivory", "Knitted")
_THINGS = ("apron", "basket", "carafe", "doormat", "espresso cup", "flask", "gift box", "hook rail", "jar", "lantern")
_SIZES = ("S", "M", "L", "XL", "0.5 l", "250 g", "30 x 40 cm", "set of 4")
_PEOPLE = ("Ada Invented", "Björn Beispiel", "Chloé Fictive", "Dario Esempio", "Edita Vymyšlená", "Fumiko Mihon")
_PLACES = (
    ("Rīga", None, "LV-1010", "LV"),
    ("Tampa", "FL", "33602", "US"),
    ("Gent", None, "9000", "BE"),
    ("Ostrava", None, "702 00", "CZ"),
    ("Halifax", "NS", "B3H 4R2", "CA"),
)
_CARRIERS = (("dhl", "DHL", None), ("ups", "UPS", "UPSN"), ("gls", "GLS", None), ("fedex", "FedEx", "FDEG"))
_OPEN = ("open", "open", "confirmed", "processing", "picked", "packed", "backordered")


def record(kind: str, number: int, version: int) -> Record:
    """The `number`-th variant; version 1 is what it becomes on the second day."""
    rng = Random(f"{kind}/{number}")
    make = {INVENTORY: _inventory, PRODUCTS: _product, ORDERS: _order}[kind]
    return make(rng, number, version)


def _named(kind: str, number: int) -> str:
    """The id of another record that this one names."""
    return blake2b(f"{kind}/{number}".encode(), digest_size=12).hexdigest()


def _common(rng: Random) -> Record:
    created = f"2025-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}T{rng.randrange(24):02d}:15:00Z"
    return {
        "id": ID,
        "warehouse_customer_id": f"merchant-{rng.randrange(60):04d}",
        "created_date": created,
        "updated_date": UPDATED,
        "trackstar_created_date": created.replace(":15:", ":45:"),
        "trackstar_updated_date": TOUCHED,
    }


def _name(rng: Random) -> str:
    return f"{rng.choice(_ADJECTIVES)} {rng.choice(_THINGS)} {rng.choice(_SIZES)}"


def _measurements(rng: Random) -> Record:
    sides = {side: round(rng.uniform(1, 80), 1) for side in ("length", "width", "height")}
    return {**sides, "unit": "cm", "weight": round(rng.uniform(0.02, 25), 3), "weight_unit": "kg"}


def _levels(rng: Random, more: int) -> Record:
    held = rng.randrange(1000)
    promised, broken = rng.randrange(held // 4 + 1), rng.randrange(4)
    free = max(0, held - promised - broken)
    awaited = rng.choice((0, 0, None, 80, 640))
    quantities = {"onhand": held + more, "committed": promised, "unfulfillable": broken, "fulfillable": free + more}
    return {**quantities, "unsellable": None, "sellable": free + more, "awaiting": awaited}


def _inventory(rng: Random, _number: int, version: int) -> Record:
    buildings = rng.sample(_BUILDINGS, rng.randrange(1, 4))
    by_building = {building: _levels(rng, 7 * version) for building in buildings}
    totals = {
        name: sum(level[name] or 0 for level in by_building.values())
        for name in ("awaiting", "onhand", "committed", "unfulfillable", "fulfillable", "unsellable", "sellable")
    }
    lots = [
        {
            "lot_id": f"L{rng.randrange(10**6):06d}",
            "onhand": rng.randrange(200),
            "expiration_date": f"2027-{rng.randrange(1, 13):02d}-01T00:00:00Z",
            "warehouse_id": building,
        }
        for building in buildings
        if rng.random() < 0.45
    ]
    places = [
        {
            "location_id": f"{rng.choice('ABCD')}-{rng.randrange(60):02d}-{rng.randrange(8)}",
            "quantity": 5,
            "warehouse_id": b,
        }
        for b in buildings
        for _ in range(rng.choice((1, 1, 2)))
    ]
    return {
        **_common(rng),
        "name": _name(rng),
        "sku": SKU,
        "unit_cost": round(rng.uniform(0.4, 120), 2),
        "active": rng.random() > 0.04,
        **totals,
        "substitute_skus": [],
        "inventory_by_warehouse_id": by_building,
        "lots": lots,
        "locations": places,
        "measurements": _measurements(rng),
        "external_system_url": f"https://wms.example.invalid/items/{NUMBER}",
        "trackstar_tags": rng.choice(([], ["seasonal"], ["fragile", {"range": "home"}])),
        "additional_fields": {"bins": len(places), "turnover": rng.choice("ABC"), "hazard_class": None},
    }


def _product(rng: Random, number: int, version: int) -> Record:
    kit = rng.random() < 0.2
    parts = [max(0, number - place) for place in range(rng.randrange(2, 6))] if kit else [number]
    price = round(rng.uniform(2, 240), 2)
    makers = [(f"maker-{n:03d}", f"{_THINGS[n % 10].title()} & Daughters {n}") for n in rng.sample(range(400), 2)]
    return {
        **_common(rng),
        "name": _name(rng),
        "sku": SKU,
        "gtin": f"{rng.randrange(10**12, 10**13)}",
        "unit_price": round(price + 0.5 * version, 2),
        "inventory_items": [
            {
                "inventory_item_id": _named(INVENTORY, part),
                "sku": f"PART-{part:06d}",
                "unit_quantity": rng.randrange(1, 4),
            }
            for part in dict.fromkeys(parts)
        ],
        "is_kit": kit,
        "active": rng.random() > 0.04,
        "supplier": None,
        "supplier_object": {"supplier_id": makers[0][0], "supplier_name": makers[0][1]},
        "country_of_origin": rng.choice(("LV", "PT", "JP", "US", None)),
        "harmonized_code": f"{rng.randrange(10**5, 10**6)}",
        "supplier_products": [
            {"supplier_id": id_, "supplier_name": name, "external_id": f"X{rng.randrange(10**5)}", "unit_cost": "4.20"}
            for id_, name in makers[: rng.randrange(1, 3)]
        ],
        "external_system_url": f"https://wms.example.invalid/products/{NUMBER}",
        "trackstar_tags": rng.choice(([], ["seasonal"])),
        "additional_fields": {
            "former_number": f"OLD-{NUMBER}",
            "customs_text": " ".join(_name(rng) for _ in range(3)),
            "ean": f"{rng.randrange(10**12, 10**13)}",
            "serial_number_required": rng.random() < 0.1,
            "tariff_remark": None,
            "picture": f"https://pictures.example.invalid/{rng.getrandbits(64):016x}/{NUMBER}.jpg",
        },
    }


def _address(rng: Random) -> Record:
    city, state, code, country = rng.choice(_PLACES)
    street = f"{rng.randrange(1, 200)} {rng.choice(_ADJECTIVES)} Lane"
    lines = {"address1": street, "address2": None, "address3": None}
    return {**lines, "city": city, "state": state, "postal_code": code, "country": country}


def _buyer(rng: Random) -> Record:
    person = {"full_name": rng.choice(_PEOPLE), "company": None}
    return {
        **person,
        **_address(rng),
        "phone_number": None,
        "email_address": f"buyer{rng.randrange(999)}@example.invalid",
    }


def _order(rng: Random, number: int, version: int) -> Record:
    shipped = rng.random() < 0.3 or version == 1
    carrier = rng.choice(_CARRIERS)
    method = _method(carrier) if shipped else dict.fromkeys(_method(carrier))
    status = "fulfilled" if shipped else rng.choice(_OPEN)
    lines: list[Record] = [
        {
            "product_id": _named(PRODUCTS, number + place),
            "sku": f"PART-{number + place:06d}",
            "quantity": rng.randrange(1, 5),
            "unit_price": round(rng.uniform(2, 240), 2),
            "is_picked": shipped,
            "discount_amount": rng.choice((0, 0, 1.5)),
        }
        for place in range(rng.choice((1, 1, 1, 2)))
    ]
    total = round(sum(line["unit_price"] * line["quantity"] for line in lines), 2)
    buyer = _buyer(rng)
    return {
        **_common(rng),
        "warehouse_id": rng.choice(_BUILDINGS),
        "reference_id": NUMBER,
        "order_number": f"#{NUMBER}",
        "status": status,
        "raw_status": status.title(),
        "channel": None,
        "channel_object": {"channel_id": f"channel-{number % 3}", "channel_name": "Web shop"},
        "type": rng.choice(("d2c", "d2c", "b2b")),
        "trading_partner": None,
        "service_level": "Standard",
        "shipping_method": None,
        **method,
        "is_third_party_freight": False,
        "third_party_freight_account_number": None,
        "first_party_freight_account_number": None,
        "invoice_currency_code": "EUR",
        "total_price": total,
        "total_tax": round(total * 0.21, 2),
        "total_discount": 0,
        "total_shipping": 4.9,
        "ship_to_address": buyer,
        "line_items": lines,
        "tags": [],
        "required_ship_date": None,
        "saturday_delivery": False,
        "signature_required": False,
        "international_duty_paid_by": None,
        "shipments": [_shipment(rng, lines, buyer, carrier, number)] if shipped else [],
        "external_system_url": None,
        "trackstar_tags": [],
        "additional_fields": {},
    }


def _method(carrier: tuple[str, str, str | None]) -> Record:
    names = ("shipping_method_id", "shipping_method_name", "carrier_id", "carrier_name", "scac")
    return dict(zip(names, ("method-2", "Parcel", *carrier), strict=True))


def _shipment(
    rng: Random, lines: list[Record], buyer: Record, carrier: tuple[str, str, str | None], number: int
) -> Record:
    pieces = [
        {
            "inventory_item_id": _named(INVENTORY, number + place),
            "sku": line["sku"],
            "quantity": line["quantity"],
            "parent_product_id": None,
        }
        for place, line in enumerate(lines)
    ]
    package = {
        "package_id": f"pkg-{NUMBER}",
        "package_name": "Carton 2",
        "tracking_number": f"TRK{NUMBER}",
        "tracking_url": None,
        "shipping_method": None,
        **_method(carrier),
        "carrier": None,
        "shipping_cost": round(rng.uniform(3, 18), 2),
        "measurements": _measurements(rng),
        "line_items": [{**piece, "lot_id": None, "expiration_date": None} for piece in pieces],
    }
    return {
        "shipment_id": f"ship-{NUMBER}",
        "warehouse_id": rng.choice(_BUILDINGS),
        "status": "shipped",
        "raw_status": "Shipped",
        "shipped_date": UPDATED,
        "shipping_method": None,
        "line_items": pieces,
        "ship_to_address": buyer,
        "ship_from_address": _address(rng),
        "packages": [package],
    }
