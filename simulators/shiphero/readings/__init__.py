"""What the product must have stored for each record of the simulated vendor, read from that record alone.

An independent second reading: it shares nothing with the connector, so that the same mistake is not made twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from local_cloud.agreement import Expected, Fields, Readings, Source
from simulators.shiphero.readings import trade
from simulators.shiphero.readings.values import agreed_cash, cash, item, latest, measurements, moment, only, placed

QUANTITIES = {
    "on_hand": "on_hand",
    "committed": "allocated",
    "fulfillable": "available",
    "unsellable": "non_sellable_quantity",
    "backordered": "backorder",
}
LOCATION_WORDS = {"shelf": "shelf", "pallet": "pallet"}
IN_USE = {"active": True, "inactive": False}


def inventory_level(source: Source) -> Expected:
    """Nothing lies on a shelf of a virtual product, nor of a kit that is put together when it is sold."""
    rows: Sequence[Source] = source["warehouse_products"]
    if source["virtual"] or (source["kit"] and not source["kit_build"]) or not rows:
        return
    yield (
        item(source["account_id"], source["sku"]),
        {
            "warehouse_customer_id": source["account_id"],
            "created_at": moment(source["created_at"]),
            "updated_at": latest(row["updated_at"] for row in rows),
            "sku": source["sku"],
            "name": source["name"],
            "active": any(row["active"] for row in rows),
            "unit_cost": agreed_cash(rows, "value"),
            **{ours: _sum(rows, theirs) for ours, theirs in QUANTITIES.items()},
            "warehouses": [_house(row) for row in sorted(rows, key=lambda row: str(row["warehouse_id"]))],
            "measurements": measurements(source),
        },
    )


def _sum(rows: Sequence[Source], name: str) -> int | None:
    values = [row[name] for row in rows]
    return None if None in values else sum(values)


def _house(row: Source) -> Fields:
    return {"warehouse_id": row["warehouse_id"], **{ours: row[theirs] for ours, theirs in QUANTITIES.items()}}


def product(source: Source) -> Expected:
    rows: Sequence[Source] = source["warehouse_products"]
    bought: Sequence[Source] = source["vendors"]
    yield (
        source["id"],
        {
            "warehouse_customer_id": source["account_id"],
            "created_at": moment(source["created_at"]),
            "updated_at": moment(source["updated_at"]),
            "sku": source["sku"],
            "name": source["name"],
            "active": any(row["active"] for row in rows) if rows else None,
            "barcodes": [source["barcode"]] if source["barcode"] else [],
            "is_kit": source["kit"],
            "holds_own_stock": source["kit_build"] if source["kit"] else None,
            "components": _components(source),
            "unit_price": agreed_cash(rows, "price"),
            "unit_cost": agreed_cash(rows, "value"),
            "supplier_id": only(row["vendor_id"] for row in bought),
            "suppliers": [_offer(row) for row in bought],
            "country_of_origin": source["country_of_manufacture"],
            "harmonized_code": source["tariff_code"],
            "measurements": measurements(source),
        },
    )


def _offer(row: Source) -> Fields:
    return {"supplier_id": row["vendor_id"], "supplier_sku": row["vendor_sku"], "unit_cost": cash(row["price"])}


def _components(source: Source) -> list[Fields]:
    parts: Sequence[Source] = source["kit_components"] if source["kit"] else [{"sku": source["sku"], "quantity": 1}]
    owner = source["account_id"]
    return [
        {"inventory_item_id": item(owner, part["sku"]), "sku": part["sku"], "quantity": part["quantity"]}
        for part in parts
    ]


def supplier(source: Source) -> Expected:
    yield (
        source["id"],
        {
            "warehouse_customer_id": source["account_id"],
            "created_at": moment(source["created_at"]),
            "name": source["name"],
            "currency": source["currency"],
            "country": source["address"]["country"],
        },
    )


def warehouse(source: Source) -> Expected:
    place = source["address"]
    yield (
        source["id"],
        {
            "name": source["identifier"],
            "active": source["active"],
            "city": place["city"],
            "region": place["state"],
            "postal_code": place["zip"],
            "country": place["country"],
        },
    )


def warehouse_customer(source: Source) -> Expected:
    """A username that is an e-mail address is nobody's business name."""
    username = source["username"]
    is_email = "@" in username
    code, active = str(source["legacy_id"]), IN_USE.get(source["status"])
    yield source["id"], {"name": None if is_email else username, "code": code, "active": active}


def warehouse_location(source: Source) -> Expected:
    yield (
        source["id"],
        {
            "created_at": moment(source["created_at"]),
            "location_id": source["id"],
            "warehouse_id": source["warehouse_id"],
            "name": source["name"],
            "type": placed((source["type"] or {}).get("name"), LOCATION_WORDS),
            "pickable": source["pickable"],
            "sellable": source["sellable"],
            "measurements": measurements(source),
        },
    )


_PERSON = ("first_name", "company", "address1", "email", "phone")


def _personal_texts(source: Source) -> frozenset[str]:
    """What a record tells about people and must not be stored anywhere."""
    addresses = [source.get("shipping_address"), *(each["address"] for each in source.get("shipments") or ())]
    texts = {address.get(name) for address in addresses if address for name in _PERSON}
    own = source.get("address") or {}
    texts |= {own.get("name"), own.get("address1"), own.get("phone")}
    texts |= {source.get(name) for name in ("email", "phone_number", "invoice_email", "po_note", "packing_note")}
    return frozenset(text for text in texts if isinstance(text, str) and len(text) > 3)


def _source_id(_collection: str, source: Source) -> str:
    return str(source["id"])


READINGS = Readings(
    of=MappingProxyType(
        {
            "inventory_levels": ("products", inventory_level),
            "products": ("products", product),
            "orders": ("orders", trade.order),
            "order_shipments": ("orders", trade.order_shipments),
            "order_channels": ("orders", trade.order_channel),
            "shipping_methods": ("orders", trade.shipping_methods),
            "inbound_shipments": ("purchase_orders", trade.inbound_shipment),
            "inbound_shipment_suppliers": ("vendors", supplier),
            "returns": ("returns", trade.returned),
            "bills": ("bills", trade.bill),
            "warehouses": ("warehouses", warehouse),
            "warehouse_customers": ("customers", warehouse_customer),
            "warehouse_locations": ("locations", warehouse_location),
        }
    ),
    source_id=_source_id,
    personal_texts=_personal_texts,
)
