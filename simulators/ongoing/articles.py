"""Articles with everything that the API tells of them in different lists: stock, split, items, what kits are made of.

Members that begin with an underscore, and `inventoryPerWarehouse`, `items` and `structureDefinition`, are not in GET
/articles; the routes show them where the vendor does.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulators.business.articles import Article, articles, kits
from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.ongoing.spelling import (
    article_id,
    day,
    decimal,
    kind_of_kit,
    kit_id,
    moment,
    sizes,
    supplier_of,
    warehouse_of,
)

OWNER = {"id": 77, "name": "Nordlicht Handel AB"}
"""The goods owner of every account: each is the user of a warehouse system of its own."""

BESIDE = ("inventoryPerWarehouse", "items", "structureDefinition")


def every_article(business: Business) -> Iterator[Record]:
    for article in articles(business):
        yield _article(business, article)
    for kit in kits(business):
        yield _kit(business, kit)


def _article(business: Business, article: Article) -> Record:
    item, product, number = article.item or {}, article.product or {}, article.number
    split = [_in_warehouse(business, name, stock) for name, stock in article.stock.items()]
    return {
        **_head(article_id(number), article.code, article.name, article.product or item),
        "unitCode": ("st", "pcs", "förp")[number % 3],
        "description": f"Lagras torrt, {number}",
        "isStockArticle": article.item is not None,
        "articleKind": None,
        "supplierInfo": _suppliers(business, product),
        "barCodeInfo": _barcodes(product.get("gtin"), number),
        **sizes(item.get("measurements")),
        **_prices(item, product, number),
        "countryOfOriginCode": product.get("country_of_origin"),
        "statisticsNumber": product.get("harmonized_code") or "",
        "articleGroup": None if number % 8 == 3 else {"code": f"G{number % 8}", "name": f"Grupp {number % 8}"},
        "stockLimit": number % 50,
        "minimumReorderQuantity": None if number % 4 else decimal(12 * (1 + number % 10)),
        "storageProperties": {"isObsolete": number % 47 == 46},
        "inventoryInfo": _totals(article),
        "inventoryPerWarehouse": [each for each in split if each is not None],
        "items": list(_items(business, article)),
        "_changed": max(each["updated_at"] for each in (item, product) if each),
    }


def _head(key: int, sku: str, name: str, told: Record) -> Record:
    """What every article has."""
    return {
        "goodsOwner": dict(OWNER),
        "articleSystemId": key,
        "articleNumber": sku,
        "articleName": name,
        "productCode": "",
        "isActive": told["active"],
        "quantityPerPackage": 12,
        "quantityPerPallet": 480,
        "linkToPicture": None,
        "articleDataLastUpdated": moment(told["updated_at"], key),
    }


def _prices(item: Record, product: Record, number: int) -> Record:
    return {
        "purchasePrice": decimal(item.get("unit_cost")),
        "stockValuationPrice": None if number % 6 == 1 else decimal(item.get("unit_cost")),
        "customerPrice": decimal(product.get("unit_price")),
        "purcaseCurrencyCode": ("SEK", "EUR", "")[number % 3],
    }


def _suppliers(business: Business, product: Record) -> Record:
    bought = product.get("supplier_products") or []
    main = supplier_of(business, product.get("supplier_object"))
    others = [{**supplier_of(business, each), "supplierArticleNumber": each["external_id"]} for each in bought]
    return {"supplierArticleNumber": bought[0]["external_id"] if bought else "", **main, "alternativeSuppliers": others}


def _barcodes(gtin: str | None, number: int) -> Record:
    packs = [{"barCode": f"73{number:011d}", "quantityPerBarCode": 12.0, "barCodeType": None}]
    eaches = [{"barCode": f"54{number:011d}", "quantityPerBarCode": 1.0, "barCodeType": {"code": "EAN", "name": "EAN"}}]
    return {
        "barCode": gtin or "",
        "barCodePackage": f"72{number:011d}",
        "barCodePallet": "",
        "alternativeBarCodes": (packs, eaches, [], None)[number % 4],
    }


def locked_for_sale(stock: Record) -> int:
    """What can neither be sold nor is promised."""
    return int(stock["onhand"] - stock["committed"] - stock["fulfillable"])


def _totals(article: Article) -> Record:
    houses = article.stock.values()
    sums = {name: sum(stock[name] for stock in houses) for name in ("onhand", "committed", "fulfillable", "awaiting")}
    locked = sum(map(locked_for_sale, houses))
    return {
        "numberOfItems": decimal(sums["onhand"]),
        "numberOfBookedItems": decimal(sums["committed"]),
        "numberOfLockedItems": decimal(locked + article.number % 4),
        "toReceiveNumberOfItems": decimal(sums["awaiting"]),
        "allocatedNumberOfItems": decimal(min(sums["committed"], article.number % 5)),
        "lockedForSaleNumberOfItems": decimal(locked),
        "pickedToBeCollectedNumberOfItems": decimal(article.number % 3),
        "receivedToBeFinishedNumberOfItems": 0.0,
        "lastInDate": None,
        "sellableNumberOfItems": decimal(sums["fulfillable"]),
        "totalStockValue": 0.0,
    }


def _in_warehouse(business: Business, name: str, stock: Record) -> Record | None:
    house = warehouse_of(business, name)
    if house is None:
        return None
    return {
        "warehouseId": house["id"],
        "numberOfItems": decimal(stock["onhand"]),
        "numberOfLockedItems": decimal(locked_for_sale(stock) + 1),
        "sellableNumberOfItems": decimal(stock["fulfillable"]),
        "availableForSaleNumberOfItems": decimal(stock["fulfillable"]),
        "reported": None,
    }


def _items(business: Business, article: Article) -> Iterator[Record]:
    """What lies where: a warehouse's lots or its whole stock, what is locked for sale kept apart."""
    item = article.item or {}
    at = {each["warehouse_id"]: each["location_id"] for each in item.get("locations") or ()}
    lots = item.get("lots") or ()
    for place, (name, stock) in enumerate(article.stock.items()):
        locked = locked_for_sale(stock)
        chunks = [(each["lot_id"], day(each["expiration_date"]), each["onhand"]) for each in lots if not place]
        for batch, expiry, pieces in chunks or [("", None, stock["onhand"])]:
            apart = min(locked, pieces)
            locked -= apart
            told = {"batch": batch, "expiryDate": expiry, "location": at.get(name, "")}
            for quantity, is_locked in ((pieces - apart, False), (apart, True)):
                if quantity:
                    yield {**told, **_item(business, name, quantity, is_locked)}


def _item(business: Business, warehouse: str, quantity: int, is_locked: bool) -> Record:
    return {
        "container": "",
        "isLocked": is_locked,
        "isLockedForSale": is_locked,
        "numberOfItems": decimal(quantity),
        "serial": "",
        "status": {"code": "D", "name": "Skadad"} if is_locked else None,
        "comment": "Kontrolleras av lagret" if is_locked else "",
        "warehouse": warehouse_of(business, warehouse),
        "inDate": "2026-01-11T07:41:09.4Z",
    }


def _kit(business: Business, kit: Record) -> Record:
    number = kit["number"]
    kind = kind_of_kit(number)
    nothing = ("countryOfOriginCode", "articleGroup", "stockLimit", "minimumReorderQuantity", "storageProperties")
    return {
        **_head(kit_id(number), kit["sku"], kit["name"], kit),
        "unitCode": "st",
        "description": "",
        "isStockArticle": True,
        "articleKind": kind,
        "supplierInfo": None,
        "barCodeInfo": _barcodes(kit["gtin"], number),
        **sizes(None),
        **_prices({}, kit, 2),
        "statisticsNumber": "",
        **dict.fromkeys(nothing),
        "inventoryInfo": _of_kit(kind, number),
        "inventoryPerWarehouse": [],
        "items": [],
        "structureDefinition": _definition(business, kit, kind),
        "_changed": kit["updated_at"],
    }


def _definition(business: Business, kit: Record, kind: str) -> Record:
    numbers = [business.number("inventory", part["inventory_item_id"]) for part in kit["inventory_items"]]
    rows = [
        {
            "articleSystemId": article_id(number),
            "articleNumber": part["sku"] or f"NOSKU-{number}",
            "numberOfItems": decimal(part["unit_quantity"]),
        }
        for number, part in zip(numbers, kit["inventory_items"], strict=True)
    ]
    return {"articleSystemId": kit_id(kit["number"]), "articleNumber": kit["sku"], "articleKind": kind, "rows": rows}


def _of_kit(kind: str, number: int) -> Record:
    """A kit that is picked together has no stock; what is sellable of it follows from its parts."""
    held = 5 if kind == "Production" else 0
    names = ("numberOfLockedItems", "allocatedNumberOfItems", "lockedForSaleNumberOfItems", "toReceiveNumberOfItems")
    return {
        "numberOfItems": decimal(held),
        "numberOfBookedItems": 0.0,
        **dict.fromkeys(names, 0.0),
        "sellableNumberOfItems": decimal(held or number % 9),
    }
