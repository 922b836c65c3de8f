"""Products with bills of materials and suppliers, and stock by product, location, bin and batch."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.business.articles import Article, articles, kits
from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.business.words import CURRENCIES
from simulators.cin7_core.names import (
    bin_guid,
    bin_name,
    guid,
    item_product,
    kit_guid,
    product_guid,
    stamp,
    warehouse_name,
)

BASE_CURRENCY = "EUR"
FREIGHT = "_10_"
"""A system row that is among the products of every account."""


def products(business: Business) -> Iterator[Record]:
    for article in articles(business):
        yield _plain(business, article)
        if _has_pack(article):
            yield _pack(article)
    for kit in kits(business):
        yield _kit(business, kit)
    yield {
        **_row(FREIGHT, FREIGHT, "Freight", {"updated_at": "2020-01-01T00:00:00Z"}),
        "ID": guid("service", 1),
        "Type": "Service",
    }


def _plain(business: Business, article: Article) -> Record:
    told = article.product or article.item or {}
    size = (article.item or {}).get("measurements") or {}
    return {
        **_row(article.code, article.name, "Stock", told),
        "ID": product_guid(article.number),
        "AverageCost": (article.item or {}).get("unit_cost") or 0,
        "Weight": size.get("weight") or 0,
        "WeightUnits": size.get("weight_unit") or "kg",
        "Length": size.get("length") or 0,
        "Width": size.get("width") or 0,
        "Height": size.get("height") or 0,
        "DimensionsUnits": size.get("unit") or "cm",
        "Suppliers": [_supplied(business, each, article.number) for each in told.get("supplier_products") or ()],
    }


def _has_pack(article: Article) -> bool:
    """Some goods are sold by the half dozen as well, which makes a second product of them."""
    return article.number % 20 == 2 and article.item is not None


def _pack(article: Article) -> Record:
    part = {
        "ComponentProductID": product_guid(article.number),
        "ProductCode": article.code,
        "Name": None,
        "Quantity": 6,
    }
    return {
        **_row(f"{article.code}-X6", f"{article.name}, six", "Stock", article.item or {}),
        "ID": guid("pack", article.number),
        "UOM": "Case 6",
        "BillOfMaterial": True,
        "BOMType": "Assembly",
        "AutoAssembly": True,
        "AutoDisassembly": True,
        "QuantityToProduce": 1,
        "BillOfMaterialsProducts": [part],
    }


def _kit(business: Business, kit: Record) -> Record:
    """Assembled when the sale is authorised, ahead, or made to order, one after the other."""
    own, made = kit["number"], 2 if kit["number"] % 5 == 0 else 1
    kind = ("Assembly", "Assembly", "Make to Order")[own % 3]
    parts = [
        {
            "ComponentProductID": item_product(business, part["inventory_item_id"]).upper(),
            "ProductCode": part["sku"] or f"NOSKU-{business.number('inventory', part['inventory_item_id'])}",
            "Name": None,
            "Quantity": part["unit_quantity"] * made,
            "WastagePercent": 0,
        }
        for part in kit["inventory_items"]
    ]
    return {
        **_row(kit["sku"], kit["name"], "Stock", kit),
        "ID": kit_guid(kit),
        "BillOfMaterial": True,
        "BOMType": kind,
        "AutoAssembly": own % 3 == 0,
        "QuantityToProduce": made,
        "BillOfMaterialsProducts": parts,
    }


def _row(sku: str, name: str, category: str, told: Record) -> Record:
    """What every product has; a plain one has no bill of materials."""
    origin = told.get("country_of_origin")
    return {
        "SKU": sku,
        "Name": name,
        "Category": category,
        "Brand": None,
        "Type": "Stock",
        "CostingMethod": "FIFO",
        "Status": "Active" if told.get("active", True) else "Deprecated",
        "UOM": "Item",
        "Barcode": told.get("gtin") or "",
        "PriceTier1": told.get("unit_price") or 0,
        "AverageCost": 0,
        "BillOfMaterial": False,
        "BOMType": "None",
        "AutoAssembly": False,
        "AutoDisassembly": False,
        "QuantityToProduce": 0,
        "HSCode": told.get("harmonized_code") or "",
        "CountryOfOrigin": origin or "",
        "CountryOfOriginCode": origin or "",
        "InternalNote": "call Ana Invented",
        "BillOfMaterialsProducts": [],
        "Suppliers": [],
        "LastModifiedOn": stamp(told["updated_at"]),
    }


def _supplied(business: Business, told: Record, number: int) -> Record:
    own = told["supplier_id"]
    return {
        "SupplierID": guid("supplier", own),
        "SupplierName": told["supplier_name"],
        "SupplierInventoryCode": told["external_id"],
        "SupplierProductName": "",
        "Cost": float(told["unit_cost"]),
        "FixedCost": 0 if number % 2 else float(told["unit_cost"]) - 0.5,
        "Currency": supplier_currency(business, own),
        "ProductSupplierOptions": [
            {
                "LocationID": guid("warehouse", place),
                "Lead": 7 * (1 + number % 4) + step,
                "MinimumToReorder": number % 3,
            }
            for step, place in enumerate(business.world.warehouses[:2])
        ],
    }


def supplier_currency(business: Business, supplier: str) -> str:
    return CURRENCIES[business.number("suppliers", supplier) % len(CURRENCIES)]


def stock(business: Business) -> Iterator[Record]:
    """One record for each product with stock, its rows inside; the list shows the rows."""
    for article in articles(business):
        if article.item is None:
            continue
        own = product_guid(article.number)
        named = {"ID": own, "SKU": article.code, "Name": article.name, "Barcode": None}
        rows = [row for place in article.stock for row in _rows(business, article, place)]
        yield {"ID": own, "Rows": [{**named, **row} for row in rows]}
        if _has_pack(article):
            pack = {"ID": guid("pack", article.number), "SKU": f"{article.code}-X6", "Name": "six", "Barcode": None}
            place = next(iter(article.stock))
            free = _quantities(business, place, available=article.stock[place]["onhand"] // 6)
            yield {"ID": pack["ID"], "Rows": [{**pack, **free}]}
    for kit in kits(business):
        if kit["number"] % 3 == 0:
            named = {"ID": kit_guid(kit), "SKU": kit["sku"], "Name": kit["name"], "Barcode": None}
            row = _quantities(business, business.world.warehouses[0], available=7)
            yield {"ID": named["ID"], "Rows": [{**named, **row}]}


def _rows(business: Business, article: Article, warehouse: str) -> Iterator[Record]:
    """One warehouse's rows: in bins and batches what is on hand, without either what is promised and on order.

    Every third product has no bins: what it has stands in one row.
    """
    told = article.stock[warehouse]
    on_hand, committed, coming = told["onhand"], told["committed"], told["awaiting"]
    lots = [each for each in (article.item or {}).get("lots") or () if each.get("warehouse_id", warehouse) == warehouse]
    place = _bin(business, article, warehouse)
    if not place and not lots:
        yield _quantities(business, warehouse, on_hand, committed, on_hand - committed, coming)
        return
    left = on_hand
    for lot in lots if warehouse == next(iter(article.stock)) else ():
        batch = {"Batch": lot["lot_id"], "ExpiryDate": _expiry(lot["expiration_date"])}
        piece = min(lot["onhand"], left)
        yield {**_quantities(business, warehouse, piece, 0, piece), **place, **batch}
        left -= piece
    if left:
        yield {**_quantities(business, warehouse, left, 0, left), **place}
    yield _quantities(business, warehouse, 0, committed, -committed, coming)


def _bin(business: Business, article: Article, warehouse: str) -> Record:
    """The bin in which a product lies in a warehouse; nothing where it lies in none."""
    places = (article.item or {}).get("locations") or ()
    held = next((each["location_id"] for each in places if each["warehouse_id"] == warehouse), None)
    if held is None or article.number % 3 == 0:
        return {}
    return {"Bin": bin_name(business, warehouse, held), "_bin": bin_guid(warehouse, held)}


def _expiry(moment: str | None) -> str | None:
    return None if moment is None else f"{moment[:10]}T00:00:00"


def _quantities(
    business: Business, warehouse: str, on_hand: int = 0, allocated: int = 0, available: int = 0, on_order: int = 0
) -> Record:
    return {
        "_location": guid("warehouse", warehouse),
        "Location": warehouse_name(business, warehouse),
        "Bin": None,
        "Batch": None,
        "ExpiryDate": None,
        "OnHand": float(on_hand),
        "Allocated": float(allocated),
        "Available": float(available),
        "OnOrder": float(on_order),
        "StockOnHand": on_hand * 3.48,
        "InTransit": float(on_order),
        "NextDeliveryDate": None,
    }
