"""What must have been stored of the simulated vendor's articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from local_cloud.agreement import Expected, Fields, Source
from simulators.ongoing.readings.values import cash, day, measurements, moment, named, supplier_key

TOTALS = {
    "on_hand": "numberOfItems",
    "committed": "numberOfBookedItems",
    "fulfillable": "sellableNumberOfItems",
    "awaiting": "toReceiveNumberOfItems",
    "unsellable": "lockedForSaleNumberOfItems",
    "sellable": "sellableNumberOfItems",
}


def goods_owner(source: Source) -> Expected:
    yield str(source["goodsOwner"]["id"]), {"name": source["goodsOwner"]["name"]}


def _common(source: Source) -> Fields:
    obsolete = (source["storageProperties"] or {}).get("isObsolete")
    return {
        "warehouse_customer_id": str(source["goodsOwner"]["id"]),
        "sku": source["articleNumber"],
        "name": source["articleName"],
        "active": source["isActive"] and not obsolete,
        "measurements": measurements(source),
    }


def inventory_level(source: Source) -> Expected:
    """Nothing for what is put together when it is picked, nor for what is not kept in stock."""
    stock = source["inventoryInfo"]
    if source["articleKind"] == "Structure" or (not source["isStockArticle"] and not stock["numberOfItems"]):
        return
    houses = [_house(each, source["items"]) for each in source["inventoryPerWarehouse"]]
    lots = _summed((each["batch"], each["expiryDate"], each["warehouse"]["id"], each) for each in source["items"])
    places = _summed((each["location"], None, each["warehouse"]["id"], each) for each in source["items"])
    yield (
        str(source["articleSystemId"]),
        {
            **_common(source),
            "unit_cost": cash(source["stockValuationPrice"]),
            **{ours: stock[theirs] for ours, theirs in TOTALS.items()},
            "warehouses": sorted(houses, key=lambda each: str(each["warehouse_id"])),
            "lots": [
                {"lot_id": lot, "expires_on": day(expiry), "warehouse_id": str(house), "on_hand": held}
                for (lot, expiry, house), held in lots
            ],
            "locations": [
                {"location_id": place, "warehouse_id": str(house), "quantity": held}
                for (place, _, house), held in places
            ],
        },
    )


def _house(split: Source, items: Iterable[Source]) -> Fields:
    inside = [each for each in items if each["warehouse"]["id"] == split["warehouseId"]]
    locked = sum(Decimal(str(each["numberOfItems"])) for each in inside if each["isLockedForSale"])
    return {
        "warehouse_id": str(split["warehouseId"]),
        "on_hand": split["numberOfItems"],
        "committed": None,
        "fulfillable": split["sellableNumberOfItems"],
        "awaiting": None,
        "sellable": split["sellableNumberOfItems"],
        "unsellable": locked if inside else None,
    }


Key = tuple[str, str, int]


def _summed(told: Iterable[tuple[str, str | None, int, Source]]) -> list[tuple[Key, Decimal]]:
    """By name, day and warehouse, in that order; what has no name is left out."""
    sums: dict[Key, Decimal] = defaultdict(Decimal)
    for name, expiry, house, item in told:
        if name:
            sums[name, expiry or "", house] += Decimal(str(item["numberOfItems"]))
    return sorted(sums.items())


def product(source: Source) -> Expected:
    kind, definition = source["articleKind"], source.get("structureDefinition") or {}
    main, currency = source["supplierInfo"] or {}, source["purcaseCurrencyCode"]
    rows = (definition.get("rows") or ()) if kind else [{**source, "numberOfItems": 1}]
    yield (
        str(source["articleSystemId"]),
        {
            **_common(source),
            "updated_at": moment(source["articleDataLastUpdated"]),
            "barcodes": _barcodes(source["barCodeInfo"]),
            "is_kit": kind is not None,
            "holds_own_stock": None if kind is None else kind == "Production",
            "components": [_part(row) for row in rows],
            "unit_price": cash(source["customerPrice"]),
            "unit_cost": cash(source["purchasePrice"], currency),
            "supplier_id": supplier_key(main),
            "supplier_name": named(main.get("supplierName")),
            "suppliers": _offers(source, main, currency),
            "country_of_origin": named(source["countryOfOriginCode"]),
            "harmonized_code": named(source["statisticsNumber"]),
            "category": (source["articleGroup"] or {}).get("name"),
        },
    )


def _part(row: Source) -> Fields:
    """A plain article is its own only part."""
    told = {"sku": row["articleNumber"], "quantity": row["numberOfItems"]}
    return {"inventory_item_id": str(row["articleSystemId"]), **told}


def _barcodes(told: Source) -> list[object]:
    others = [each["barCode"] for each in told["alternativeBarCodes"] or () if each["quantityPerBarCode"] == 1]
    return [code for code in (told["barCode"], *others) if code]


def _offers(source: Source, main: Source, currency: str | None) -> list[object]:
    """The main supplier's terms are the article's; another is named once, unless it is the main one."""
    found: dict[str, Fields] = {}
    for place, each in enumerate((main, *(main.get("alternativeSuppliers") or ()))):
        key = supplier_key(each)
        if key is not None and key not in found:
            found[key] = {
                "supplier_id": key,
                "supplier_name": named(each["supplierName"]),
                "supplier_sku": named(each["supplierArticleNumber"]),
                "unit_cost": None if place else cash(source["purchasePrice"], currency),
                "minimum_quantity": None if place else source["minimumReorderQuantity"],
            }
    return list(found.values())
