"""What the product must have stored for each record of the simulated vendor, read from that record alone.

An independent second reading: it shares nothing with the connector, so that the same mistake is not made twice. A field
that is not named here is not judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from local_cloud.agreement import AnyOf, Expected, Fields, Holding, Placed, Readings, Source
from simulators.trackstar.readings import trade
from simulators.trackstar.readings.values import cash, common, day, measurements, place

STOCK_FIELDS = {
    "on_hand": "onhand",
    "committed": "committed",
    "fulfillable": "fulfillable",
    "awaiting": "awaiting",
    "unsellable": "unfulfillable",
    "sellable": "sellable",
}


def inventory_level(source: Source) -> Expected:
    """Totals may be unknown where the source says 0 and no warehouse tells the quantity."""
    split: Mapping[str, Source] = source.get("inventory_by_warehouse_id") or {}
    totals: Fields = {}
    for ours, theirs in STOCK_FIELDS.items():
        told = any(stock.get(theirs) is not None for stock in split.values())
        totals[ours] = source.get(theirs) if told or source.get(theirs) else AnyOf((0, None))
    warehouses = [
        {"warehouse_id": warehouse, **{ours: stock.get(theirs) for ours, theirs in STOCK_FIELDS.items()}}
        for warehouse, stock in sorted(split.items())
    ]
    yield (
        source["id"],
        {
            **common(source),
            **{name: source.get(name) for name in ("sku", "name", "active")},
            "unit_cost": cash(source.get("unit_cost")),
            **totals,
            "warehouses": warehouses,
            "lots": [_lot(lot) for lot in source.get("lots") or ()],
            "locations": [dict(each) for each in source.get("locations") or ()],
            "measurements": measurements(source.get("measurements")),
            "substitute_skus": list(source.get("substitute_skus") or ()),
        },
    )


def _lot(lot: Source) -> Fields:
    expires = day(lot.get("expiration_date"))
    told = {"lot_id": lot["lot_id"], "on_hand": lot["onhand"], "expires_on": expires}
    return {**told, "warehouse_id": lot.get("warehouse_id")}


def product(source: Source) -> Expected:
    supplier = source.get("supplier_object") or {}
    terms = [
        {
            "supplier_id": row["supplier_id"],
            "supplier_name": row.get("supplier_name"),
            "supplier_sku": row.get("external_id"),
            "unit_cost": cash(row.get("unit_cost")),
        }
        for row in source.get("supplier_products") or ()
    ]
    components = [
        {"inventory_item_id": part["inventory_item_id"], "sku": part.get("sku"), "quantity": part["unit_quantity"]}
        for part in source.get("inventory_items") or ()
    ]
    direct = ("sku", "name", "active", "is_kit", "country_of_origin", "harmonized_code")
    yield (
        source["id"],
        {
            **common(source),
            **{name: source.get(name) for name in direct},
            "barcodes": [] if source.get("gtin") is None else [source["gtin"]],
            "components": components,
            "unit_price": cash(source.get("unit_price")),
            "supplier_id": supplier.get("supplier_id"),
            "supplier_name": supplier.get("supplier_name"),
            "suppliers": Holding(tuple(terms)),
        },
    )


def warehouse(source: Source) -> Expected:
    address = source.get("address")
    named = {name: source.get(name) for name in ("name", "code")}
    yield source["id"], {**common(source), **named, "city": (address or {}).get("city"), **place(address)}


def warehouse_location(source: Source) -> Expected:
    kind = source.get("type")
    ours = kind if kind in {"shelf", "pallet"} else "other"
    yield (
        f"{source['warehouse_id']}/{source['id']}",
        {
            **common(source),
            "location_id": source["id"],
            "warehouse_id": source["warehouse_id"],
            "name": source.get("name"),
            "type": None if kind is None else Placed(ours, frozenset({kind})),
            "measurements": measurements(source.get("measurements")),
        },
    )


def shipping_method(source: Source) -> Expected:
    direct = {name: source.get(name) for name in ("name", "carrier_id", "carrier_name", "scac")}
    yield source["id"], {**common(source), **direct}


def named(source: Source) -> Expected:
    yield source["id"], {**common(source), "name": source.get("name")}


_PERSONAL = ("full_name", "company", "address1", "address2", "address3", "phone_number", "email_address")


def _personal_texts(source: Source) -> frozenset[str]:
    """What a source record tells about a buyer and must not be stored anywhere."""
    addresses: Sequence[Source] = [source.get("ship_to_address") or {}]
    addresses = [*addresses, *(each.get("ship_to_address") or {} for each in source.get("shipments") or ())]
    texts = {address.get(name) for address in addresses for name in _PERSONAL} | {source.get("email")}
    return frozenset(text for text in texts if isinstance(text, str) and len(text) > 3)


def _source_id(collection: str, source: Source) -> str:
    own = str(source["id"])
    return f"{source['warehouse_id']}/{own}" if collection == "locations" else own


READINGS = Readings(
    of=MappingProxyType(
        {
            "inventory_levels": ("inventory", inventory_level),
            "products": ("products", product),
            "orders": ("orders", trade.order),
            "order_shipments": ("orders", trade.order_shipments),
            "order_channels": ("orders", trade.order_channel),
            "inbound_shipments": ("inbound_shipments", trade.inbound_shipment),
            "inbound_shipment_suppliers": ("suppliers", named),
            "returns": ("returns", trade.returned),
            "bills": ("bills", trade.bill),
            "warehouses": ("warehouses", warehouse),
            "warehouse_locations": ("locations", warehouse_location),
            "shipping_methods": ("shipping_methods", shipping_method),
            "warehouse_customers": ("warehouse_customers", named),
        }
    ),
    source_id=_source_id,
    personal_texts=_personal_texts,
)
