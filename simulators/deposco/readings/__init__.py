"""What the product must have stored for each record of the simulated vendor, read from that record alone.

An independent second reading: it shares nothing with the connector, so that the same mistake is not made twice. A field
that is not named here is not judged.
"""

from __future__ import annotations

from types import MappingProxyType

from local_cloud.agreement import Expected, Fields, Readings, Source
from simulators.deposco.readings import trade
from simulators.deposco.readings.values import cash, common, grams, key, own, placed, sides, stamped

STOCK_FIELDS = {
    "on_hand": "totalOnHandQty",
    "committed": "openOrderLineQty",
    "fulfillable": "atpQty",
    "awaiting": "qtyOnPO",
}
STORAGE_WORDS = {"Split Case Picking": "shelf", "Reserve Storage": "bulk"}


def inventory_level(source: Source) -> Expected:
    warehouses: list[Fields] = [
        {"warehouse_id": each["facility"], **{ours: each.get(theirs) for ours, theirs in STOCK_FIELDS.items()}}
        for each in sorted(source["facilities"], key=lambda each: str(each["facility"]))
    ]
    yield (
        source["itemNumber"],
        {
            "warehouse_customer_id": "MERCH",
            "sku": source["itemNumber"],
            **{ours: source.get(theirs) for ours, theirs in STOCK_FIELDS.items()},
            "unsellable": None,
            "warehouses": warehouses,
        },
    )


def product(source: Source) -> Expected:
    parts = [_part(key(each["subComponent"], "number"), each["quantity"]) for each in source["components"]]
    single: Source = next((pack for pack in source["packs"] if pack["quantity"] == 1), {})
    codes = [row["value"] for row in source["upcs"]["data"]]
    codes += [row["value"] for row in (single.get("upcs") or {"data": []})["data"]]
    yield (
        own(source),
        {
            **common(source),
            "sku": source["number"],
            "name": source.get("name"),
            "active": source.get("active"),
            "barcodes": list(dict.fromkeys(codes)),
            "is_kit": bool(source["components"]),
            "holds_own_stock": _holds_own_stock(source),
            "components": parts or [_part(source["number"], 1)],
            "unit_price": cash(source.get("unitPrice")),
            "unit_cost": cash(source.get("purchaseCost")),
            "supplier_id": key(source.get("tradingPartner"), "code"),
            "suppliers": [_terms(row) for row in source["itemVendors"]["data"]],
            "country_of_origin": source.get("originCountry"),
            "brand": source.get("brandName"),
            "measurements": {**sides(single.get("dimensions")), "weight_g": grams(single.get("weight"))},
        },
    )


def _part(item: str, quantity: int) -> Fields:
    return {"inventory_item_id": item, "sku": item, "quantity": quantity}


def _holds_own_stock(source: Source) -> bool | None:
    if source["kitStockOnly"]:
        return True
    return False if source["kitOrderOnly"] else None


def _terms(row: Source) -> Fields:
    return {
        "supplier_id": key(row["tradingPartner"], "code"),
        "supplier_sku": row.get("itemSkuUpc"),
        "unit_cost": cash(row.get("unitCost")),
        "minimum_quantity": row.get("reorderQuantity"),
    }


def supplier(source: Source) -> Expected:
    if source["partnershipType"] in {"Vendor", "Drop Ship Vendor"}:
        yield (
            source["code"],
            {
                **common(source),
                "name": source["name"],
                "code": source["code"],
                "currency": source.get("defaultCurrencyCode"),
                "country": source["address"]["country"],
            },
        )


def warehouse(source: Source) -> Expected:
    address = source["address"]
    yield (
        source["number"],
        {
            **stamped(source),
            "name": source["name"],
            "code": source["number"],
            "city": address["city"],
            "region": address["stateProvince"],
            "postal_code": address["postalCode"],
            "country": address["country"],
            "zone": source["timeZone"],
        },
    )


def warehouse_customer(source: Source) -> Expected:
    named = {"name": source["name"], "code": source["code"], "active": source["active"]}
    yield source["code"], {**stamped(source), **named}


def warehouse_location(source: Source) -> Expected:
    yield (
        own(source),
        {
            **stamped(source),
            "location_id": source["number"],
            "warehouse_id": key(source["facility"], "number"),
            "name": source["name"] or source["locator"],
            "type": placed(source["storageType"], STORAGE_WORDS),
            "pickable": source["pickable"],
            "measurements": sides(source.get("dimensions")),
        },
    )


_PERSONAL = ("firstName", "lastName", "phone", "email", "line1", "line2")


def _personal_texts(source: Source) -> frozenset[str]:
    """What a source record tells about people and must not be stored anywhere."""
    parties = [source.get(f"{who}{what}") or {} for who in ("shipTo", "shipFrom") for what in ("Contact", "Address")]
    parties.append(source.get("contact") or {})
    texts = {party.get(name) for party in parties for name in _PERSONAL} | {source.get("accountNumber")}
    return frozenset(text for text in texts if isinstance(text, str) and len(text) > 3)


def _source_id(collection: str, source: Source) -> str:
    names = {"stock": "itemNumber", "facilities": "number", "companies": "code", "tradingPartners": "code"}
    return str(source[names[collection]]) if collection in names else own(source)


READINGS = Readings(
    of=MappingProxyType(
        {
            "inventory_levels": ("stock", inventory_level),
            "products": ("items", product),
            "orders": ("salesOrders", trade.order),
            "order_channels": ("salesOrders", trade.order_channel),
            "shipping_methods": ("salesOrders", trade.shipping_method),
            "order_shipments": ("outboundShipments", trade.order_shipment),
            "inbound_shipments": ("purchaseOrders", trade.inbound_shipment),
            "inbound_shipment_suppliers": ("tradingPartners", supplier),
            "returns": ("customerReturns", trade.returned),
            "bills": ("transactions", trade.bill),
            "warehouses": ("facilities", warehouse),
            "warehouse_customers": ("companies", warehouse_customer),
            "warehouse_locations": ("locations", warehouse_location),
        }
    ),
    source_id=_source_id,
    personal_texts=_personal_texts,
)
