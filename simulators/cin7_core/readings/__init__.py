"""What the product must have stored for each record of the simulated vendor, read from that record alone.

An independent second reading: it shares nothing with the connector. Fields that begin with a stroke are what the
simulator knows besides, the ids behind names above all. A field that is not named here is not judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from types import MappingProxyType

from local_cloud.agreement import Cash, Expected, Fields, Placed, Readings, Source
from simulators.cin7_core.readings import buying, trade
from simulators.cin7_core.readings.values import BASE_CURRENCY, changed, day, measured

Rows = Sequence[Source]


def inventory_level(source: Source) -> Expected:
    rows = source["Rows"]
    places = {place: _stock(same) for place, same in sorted(_by(rows, lambda row: row["_location"]).items())}
    batches = _by([row for row in rows if row["Batch"]], lambda row: f"{row['Batch']} {row['ExpiryDate'] or ''}")
    bins = _by([row for row in rows if row["Bin"]], lambda row: row["_bin"])
    yield (
        source["ID"],
        {
            "sku": rows[0]["SKU"],
            "name": rows[0]["Name"],
            **{name: sum(stock[name] for stock in places.values()) for name in _QUANTITIES},
            "warehouses": [{"warehouse_id": place, **stock} for place, stock in places.items()],
            "lots": [
                {
                    "lot_id": same[0]["Batch"],
                    "on_hand": _sum(same, "OnHand"),
                    "expires_on": day(same[0]["ExpiryDate"]),
                    "warehouse_id": same[0]["_location"],
                }
                for _, same in sorted(batches.items())
            ],
            "locations": [
                {"location_id": place, "quantity": _sum(same, "OnHand"), "warehouse_id": same[0]["_location"]}
                for place, same in sorted(bins.items())
            ],
        },
    )


_QUANTITIES = ("on_hand", "committed", "fulfillable", "awaiting")


def _stock(rows: Rows) -> dict[str, int]:
    """What is on hand is promised or free; kits that are not assembled yet have nothing."""
    on_hand, committed = _sum(rows, "OnHand"), _sum(rows, "Allocated")
    told = {"on_hand": on_hand, "committed": committed, "awaiting": _sum(rows, "OnOrder")}
    return {**told, "fulfillable": on_hand - committed}


def _sum(rows: Rows, name: str) -> int:
    return int(sum(row[name] for row in rows))


def _by(rows: Rows, key: Callable[[Source], str]) -> dict[str, list[Source]]:
    found: dict[str, list[Source]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def product(source: Source) -> Expected:
    if source["Type"] == "Service":
        return
    parts = source["BillOfMaterialsProducts"]
    suppliers = [_terms(row) for row in source["Suppliers"]]
    only: Fields = suppliers[0] if len(suppliers) == 1 else {}
    yield (
        source["ID"],
        {
            "updated_at": changed(source["LastModifiedOn"]),
            "sku": source["SKU"],
            "name": source["Name"],
            "active": source["Status"] == "Active",
            "barcodes": [source["Barcode"]] if source["Barcode"] else [],
            "is_kit": bool(parts) and not source["AutoDisassembly"],
            "holds_own_stock": not source["AutoAssembly"] and source["BOMType"] == "Assembly" if parts else None,
            "components": [_part(part, source["QuantityToProduce"]) for part in parts] or [_itself(source)],
            "unit_price": Cash(source["PriceTier1"], BASE_CURRENCY),
            "unit_cost": Cash(source["AverageCost"], BASE_CURRENCY),
            "supplier_id": only.get("supplier_id"),
            "supplier_name": only.get("supplier_name"),
            "suppliers": suppliers,
            "country_of_origin": source["CountryOfOriginCode"] or None,
            "harmonized_code": source["HSCode"] or None,
            "category": source["Category"],
            "brand": source["Brand"],
            "measurements": measured(source) if source.get("WeightUnits") else None,
        },
    )


def _itself(source: Source) -> Fields:
    return {"inventory_item_id": source["ID"], "sku": source["SKU"], "quantity": 1}


def _part(part: Source, made: int) -> Fields:
    own = part["ComponentProductID"].lower()
    return {"inventory_item_id": own, "sku": part["ProductCode"], "quantity": part["Quantity"] / made}


def _terms(row: Source) -> Fields:
    options = row["ProductSupplierOptions"]
    return {
        "supplier_id": row["SupplierID"],
        "supplier_name": row["SupplierName"],
        "supplier_sku": row["SupplierInventoryCode"],
        "unit_cost": Cash(row["FixedCost"] or row["Cost"], row["Currency"]),
        "lead_time_days": max(each["Lead"] for each in options),
        "minimum_quantity": max(each["MinimumToReorder"] for each in options) or None,
    }


def supplier(source: Source) -> Expected:
    business = next(each for each in source["Addresses"] if each["Type"] == "Business")
    yield (
        source["ID"],
        {
            "updated_at": changed(source["LastModifiedOn"]),
            "name": source["Name"],
            "active": source["Status"] == "Active",
            "currency": source["Currency"],
            "country": business["Country"],
        },
    )


def warehouse(source: Source) -> Expected:
    if source["ParentID"] is None:
        yield (
            source["ID"],
            {
                "name": source["Name"],
                "active": not source["IsDeprecated"],
                "city": source["AddressCitySuburb"] or None,
                "region": source["AddressStateProvince"] or None,
                "postal_code": source["AddressZipPostCode"] or None,
                "country": source["AddressCountry"] or None,
            },
        )


def warehouse_location(source: Source) -> Expected:
    """The bins inside a warehouse; their own rows are named otherwise and are not read."""
    for each in source["Bins"] or ():
        own = each["ID"].lower()
        yield (
            own,
            {
                "location_id": own,
                "warehouse_id": source["ID"],
                "name": each["Name"],
                "type": Placed("staging" if each["IsStaging"] else "bin", frozenset()),
                "active": not each["IsDeprecated"],
            },
        )


def carrier(source: Source) -> Expected:
    own, name = source["CarrierID"], source["Description"]
    yield own, {"name": name, "carrier_id": own, "carrier_name": name}


def _personal_texts(source: Source) -> frozenset[str]:
    """What a source record tells about people and must not be stored anywhere."""
    address = source.get("ShippingAddress") or {}
    texts = {source.get(name) for name in ("Contact", "Email", "Phone")} | {
        address.get("Line1"),
        address.get("Contact"),
    }
    return frozenset(text for text in texts if isinstance(text, str) and len(text) > 3)


READINGS = Readings(
    of=MappingProxyType(
        {
            "inventory_levels": ("stock", inventory_level),
            "products": ("products", product),
            "orders": ("sales", trade.order),
            "order_shipments": ("sales", trade.order_shipments),
            "order_channels": ("sales", trade.order_channel),
            "returns": ("sales", trade.returned),
            "inbound_shipments": ("purchases", buying.inbound_shipment),
            "bills": ("purchases", buying.bill),
            "inbound_shipment_suppliers": ("suppliers", supplier),
            "warehouses": ("locations", warehouse),
            "warehouse_locations": ("locations", warehouse_location),
            "shipping_methods": ("carriers", carrier),
        }
    ),
    source_id=lambda _, source: str(next(source[name] for name in ("ID", "CarrierID", "TaskID") if name in source)),
    personal_texts=_personal_texts,
)
