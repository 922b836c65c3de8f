"""Products with their stock, suppliers, warehouses, merchants and bins, in the vendor's shapes."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.business.articles import Article, articles, kits
from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.shiphero.ids import (
    ARTICLES,
    KITS,
    cash,
    code_of,
    customer_id,
    naive,
    named,
    own_account,
    uid,
    vendor_id,
    warehouse_id,
)

_INCHES = {"cm": 1 / 2.54, "in": 1.0}
_POUNDS = {"kg": 1 / 0.45359237, "lb": 1.0, "oz": 1 / 16}


def products(business: Business) -> Iterator[Record]:
    for article in articles(business):
        yield _plain(business, article)
    for kit in kits(business):
        yield _kit(business, kit)


def _plain(business: Business, article: Article) -> Record:
    item, product = article.item or {}, article.product or {}
    told = product or item
    number = ARTICLES + article.number
    return {
        **_described(business, told, number),
        "sku": article.code,
        "name": article.name,
        "kit": False,
        "kit_build": False,
        "virtual": False,
        "barcode": product.get("gtin"),
        "country_of_manufacture": product.get("country_of_origin"),
        "tariff_code": product.get("harmonized_code"),
        "dimensions": dimensions(item.get("measurements")),
        "vendors": _vendors(business, product),
        "kit_components": [],
        "warehouse_products": [_stock(business, article, number, place) for place in article.stock],
    }


def _described(business: Business, told: Record, number: int) -> Record:
    return {
        **named("ProductInfo", number),
        "account_id": customer_id(business, told["warehouse_customer_id"]),
        "is_assembly": False,
        "dropship": False,
        "final_sale": False,
        "customs_value": "0",
        "thumbnail": None,
        "created_at": naive(told["created_at"]),
        "updated_at": naive(told["updated_at"]),
        "product_note": "ask Ana Invented before shipping" if number % 50 == 0 else None,
        "tags": [],
    }


def _vendors(business: Business, product: Record) -> list[Record]:
    bought = {row["supplier_id"]: row for row in product.get("supplier_products") or ()}
    main = product.get("supplier_object")
    told = bought if main is None or main["supplier_id"] in bought else {**bought, main["supplier_id"]: main}
    return [
        {
            "vendor_id": vendor_id(business, row),
            "vendor_sku": row.get("external_id"),
            "price": cash(row.get("unit_cost")),
        }
        for row in told.values()
    ]


def _stock(business: Business, article: Article, number: int, place: str) -> Record:
    told, item = article.stock[place], article.item or {}
    house = business.number("warehouses", place)
    price = (article.product or {}).get("unit_price")
    return {
        **named("WarehouseProduct", number * 10 + house),
        "account_id": customer_id(business, item["warehouse_customer_id"]),
        "sku": article.code,
        "warehouse_id": warehouse_id(business, place),
        "warehouse_identifier": f"House {house + 1}",
        "active": item["active"],
        "on_hand": told["onhand"],
        "allocated": told["committed"],
        "available": told["fulfillable"],
        "non_sellable_quantity": told["unfulfillable"],
        "backorder": 0,
        "reserve_inventory": 0,
        "in_tote": 0,
        "sell_ahead": 0,
        "price": cash(price),
        "value": cash(item["unit_cost"]),
        "value_currency": "USD",
        "created_at": naive(item["created_at"]),
        "updated_at": naive(item["updated_at"]),
    }


def _kit(business: Business, kit: Record) -> Record:
    number = KITS + kit["number"]
    components = [
        {
            **named("KitComponent", number * 10 + place),
            "account_id": customer_id(business, kit["warehouse_customer_id"]),
            "sku": code_of(part["sku"], business.number("inventory", part["inventory_item_id"])),
            "quantity": part["unit_quantity"],
        }
        for place, part in enumerate(kit["inventory_items"])
    ]
    return {
        **_described(business, kit, number),
        "sku": kit["sku"],
        "name": kit["name"],
        "kit": True,
        "kit_build": kit["number"] % 4 == 0,
        "virtual": kit["number"] % 4 == 1,
        "barcode": kit["gtin"],
        "country_of_manufacture": kit["country_of_origin"],
        "tariff_code": kit["harmonized_code"],
        "dimensions": {"length": "", "width": "", "height": "", "weight": ""},
        "vendors": _vendors(business, kit),
        "kit_components": components,
        "warehouse_products": [_empty_stock(business, kit, number)],
    }


def _empty_stock(business: Business, kit: Record, number: int) -> Record:
    counts = ("on_hand", "allocated", "available", "non_sellable_quantity", "backorder", "reserve_inventory", "in_tote")
    return {
        **named("WarehouseProduct", number * 10),
        "account_id": customer_id(business, kit["warehouse_customer_id"]),
        "sku": kit["sku"],
        "warehouse_id": warehouse_id(business, None),
        "warehouse_identifier": "House 1",
        "active": kit["active"],
        **dict.fromkeys(counts, 0),
        "price": cash(kit["unit_price"]),
        "value": None,
        "value_currency": "USD",
        "created_at": naive(kit["created_at"]),
        "updated_at": naive(kit["updated_at"]),
    }


def dimensions(told: Record | None) -> Record:
    """Inches and pounds as text; empty where nobody measured."""
    source = told or {}
    size, weight = _INCHES.get(source.get("unit") or ""), _POUNDS.get(source.get("weight_unit") or "")
    sides = {side: _measure(source.get(side), size) for side in ("length", "width", "height")}
    return {**sides, "weight": _measure(source.get("weight"), weight)}


def _measure(value: float | None, factor: float | None) -> str:
    return "" if value is None or factor is None else f"{value * factor:.2f}"


def vendors(business: Business) -> Iterator[Record]:
    for supplier in business.records("suppliers"):
        number = 70 + supplier["number"]
        yield {
            **named("Vendor", number),
            "account_id": customer_id(business, supplier["warehouse_customer_id"]),
            "name": supplier["name"],
            "email": f"sales{number}@supplier.example.test",
            "account_number": f"A-{number}",
            "currency": ("USD", "EUR", None)[number % 3],
            "address": {"name": "Björn Beispiel", "address1": "1 Quay", "city": "Porto", "country": "PT"},
            "internal_note": "calls on Mondays",
            "created_at": naive(supplier["created_at"]),
        }


def warehouses(business: Business) -> Iterator[Record]:
    for house in business.records("warehouses"):
        place = house["address"]
        yield {
            **named("Warehouse", 11_000 + house["number"]),
            "account_id": own_account(business),
            "identifier": house["name"],
            "company_name": "Invented Logistics",
            "active": house["number"] != 1,
            "phone_number": "+000 555 0100",
            "invoice_email": "bills@warehouse.example.test",
            "address": {
                "name": "Chloé Fictive",
                "address1": place["address1"],
                "city": place["city"],
                "state": place["state"],
                "zip": place["postal_code"],
                "country": place["country"],
                "phone": "+000 555 0100",
            },
        }


def customers(business: Business) -> Iterator[Record]:
    for merchant in business.records("warehouse_customers"):
        number = merchant["number"]
        email = merchant["email"] or "owner@merchant.example.test"
        yield {
            **named("Account", 7_000 + number),
            "email": email,
            "username": email if number == 2 else merchant["name"],
            "status": ("active", "inactive", "trial")[number % 3],
            "is_3pl": False,
        }


def locations(business: Business) -> Iterator[Record]:
    for place in business.records("locations"):
        number = 20_000 + place["number"]
        kind = place["type"]
        yield {
            **named("Bin", number),
            "account_id": own_account(business),
            "warehouse_id": warehouse_id(business, place["warehouse_id"]),
            "name": place["name"],
            "zone": None,
            "type": None if kind is None else {"id": uid("LocationType", len(kind)), "name": kind},
            "pickable": kind != "pallet",
            "sellable": place["number"] % 9 != 0,
            "is_cart": False,
            "dimensions": dimensions(place["measurements"]),
            "created_at": naive(place["created_at"]),
        }
