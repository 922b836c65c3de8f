"""The business's stock and reference lists, in the vendor's shapes."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.business.articles import Article, articles, kits
from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.extensiv.shapes import (
    CUSTOMERS,
    EACH,
    FACILITIES,
    ITEMS,
    KITS,
    OTHER_CARRIER,
    PLACES,
    customer,
    facility,
    item,
    local,
    modified,
    qualifier,
    stock_item,
    told,
)

INCHES = {"in": 1.0, "cm": 1 / 2.54}
POUNDS = {"lb": 1.0, "oz": 1 / 16, "kg": 1 / 0.45359237}


def stock(business: Business) -> Iterator[Record]:
    """Each item with its rows, one for each facility; the list that is served is the rows alone."""
    for article in articles(business):
        rows = [_row(business, article, key, held) for key, held in sorted(article.stock.items())]
        if rows:
            yield {"id": f"{ITEMS + article.number}:{qualifier(article.number)}".rstrip(":"), "rows": rows}


def _row(business: Business, article: Article, warehouse: str, held: Record) -> Record:
    """`allocated` counts what was shipped long ago as well; so does `totalReceived`."""
    shipped = article.number * 37 % 800
    return told(
        {
            **item(article.number, article.sku),
            "totalReceived": float(held["onhand"] + shipped),
            "allocated": float(held["committed"] + shipped),
            "available": float(held["fulfillable"]),
            "onHold": None if held["unfulfillable"] is None else float(held["unfulfillable"]),
            "onHand": float(held["onhand"]),
            "orderedNotAllocated": (None, 0.0, float(held["fulfillable"] + 7), 3.0)[article.number % 4],
            "facilityId": facility(business, warehouse)["id"],
        }
    )


def items(business: Business) -> Iterator[Record]:
    """Every article, and every kit, which is an item with components."""
    for article in articles(business):
        yield _item(business, ITEMS + article.number, article.code, article.item or {}, article.product or {})
    for kit in kits(business):
        record = _item(business, KITS + kit["number"], kit["sku"], {}, kit)
        parts = [
            {**stock_item(business, each["inventory_item_id"], each["sku"]), "qty": float(each["unit_quantity"])}
            for each in kit["inventory_items"]
        ]
        yield {**record, "kit": {"materialNotes": "", "components": parts}}


def _item(business: Business, item_id: int, sku: str, stocked: Record, product: Record) -> Record:
    first = product or stocked
    changed = max(each["updated_at"] for each in (stocked, product) if each)
    return told(
        {
            "itemId": item_id,
            "sku": sku,
            "upc": product.get("gtin"),
            "description": first["name"],
            "cost": stocked.get("unit_cost"),
            "price": product.get("unit_price"),
            "countryOfManufacture": product.get("country_of_origin"),
            "harmonizedCode": product.get("harmonized_code"),
            "classificationIdentifier": {"name": "General", "id": 1} if item_id % 3 else None,
            "readOnly": {
                "customerIdentifier": customer(business, first["warehouse_customer_id"]),
                "itemId": item_id,
                "creationDate": local(first["created_at"]),
                "lastModifiedDate": modified(changed),
                "deactivated": not (product.get("active", True) and stocked.get("active", True)),
            },
            "options": {
                "inventoryUnit": told({"unitIdentifier": EACH, "imperial": _imperial(stocked.get("measurements"))}),
                "packageUnit": {"unitIdentifier": {"name": "Carton", "id": 2}, "inventoryUnitsPerUnit": 24.0},
                "trackBys": {"trackLotNumber": 0, "trackSerialNumber": 0, "trackExpirationDate": 0},
            },
        }
    )


def deactivated(record: Record) -> Record:
    """What stays of an item that is no longer used."""
    return {**record, "readOnly": {**record["readOnly"], "deactivated": True}}


def _imperial(measured: Record | None) -> Record | None:
    if not measured or measured["unit"] is None:
        return None
    inch, pound = INCHES[measured["unit"]], POUNDS[measured["weight_unit"]]
    sizes = {name: round(measured[name] * inch, 4) for name in ("length", "width", "height")}
    return {**sizes, "weight": round(measured["weight"] * pound, 4)}


def customers(business: Business) -> Iterator[Record]:
    for record in business.records("warehouse_customers"):
        contact = told({"name": "Inventa Contact", "emailAddress": record["email"], "address1": "1 Nowhere Lane"})
        yield {
            "readOnly": {
                "customerId": CUSTOMERS + record["number"],
                "creationDate": local(record["created_at"]),
                "deactivated": False,
            },
            "companyInfo": {"companyName": record["name"], "name": "Inventa Contact", "country": "US"},
            "primaryContact": contact,
            "externalId": f"C{record['number']}",
        }


def facilities(business: Business) -> Iterator[Record]:
    for record in business.records("warehouses"):
        address = record["address"]
        contact = {"name": "Inventa Keeper", "address1": address["address1"], "city": address["city"]}
        yield told(
            {
                "facilityId": FACILITIES + record["number"],
                "name": record["name"],
                "code": record["code"],
                "deactivated": False,
                "timeZoneName": ("Eastern Standard Time", "Pacific Standard Time", "Atlantis Standard Time")[
                    record["number"] % 3
                ],
                "shippingZip": address["postal_code"],
                "contact": told(
                    {
                        **contact,
                        "state": address["state"],
                        "zip": address["postal_code"] if record["number"] % 2 else None,
                        "country": address["country"],
                    }
                ),
            }
        )


def places(business: Business) -> Iterator[Record]:
    for record in business.records("locations"):
        yield told(
            {
                "locationId": PLACES + record["number"],
                "name": record["name"],
                "description": record["type"],
                "facilityIdentifier": facility(business, record["warehouse_id"]),
                "deactivated": False,
                "hasInventory": True,
                "nonPickable": None if record["type"] is None else record["type"] == "pallet",
            }
        )


def carriers(business: Business) -> Iterator[Record]:
    """The business's shipping methods by carrier; a method without one belongs to a carrier called Other."""
    methods = business.records("shipping_methods")
    for name in sorted({each["carrier_name"] or OTHER_CARRIER for each in methods}):
        mine = [each for each in methods if (each["carrier_name"] or OTHER_CARRIER) == name]
        services = [
            {"code": each["id"], "description": each["name"], "deactivated": each["number"] % 5 == 3} for each in mine
        ]
        yield told(
            {
                "name": name,
                "displayName": name if name == OTHER_CARRIER else f"{name} Inc",
                "carrierCode": name.lower(),
                "scacCode": next((each["scac"] for each in mine if each["scac"]), None),
                "description": None,
                "deactivated": False,
                "shipmentServices": services,
                "billingCodes": [],
            }
        )
