"""What the product must have stored for each record of the simulated vendor, read from that record alone.

An independent second reading: it shares nothing with the connector, so that the same mistake is not made twice. A field
that is not named here is not judged.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from local_cloud.agreement import Expected, Fields, Readings, Source
from simulators.extensiv.readings import charges, orders, receivers
from simulators.extensiv.readings.values import at, cash, common, inches_and_pounds, key, moment, stock_item

QUANTITIES = {"on_hand": "onHand", "fulfillable": "available", "unsellable": "onHold"}
ZONES = {"Eastern Standard Time": "America/New_York", "Pacific Standard Time": "America/Los_Angeles"}


def inventory_level(source: Source) -> Expected:
    """A total is known where every facility tells its part; nothing is committed or awaited that anybody tells."""
    places: list[Fields] = []
    for row in source["rows"]:
        ordered, free = row.get("orderedNotAllocated"), row["available"]
        place: Fields = {ours: row.get(theirs) for ours, theirs in QUANTITIES.items()}
        place["warehouse_id"] = str(row["facilityId"])
        place["backordered"] = None if ordered is None else max(0, ordered - free)
        places.append({**place, "committed": None, "awaiting": None})
    names = (*QUANTITIES, "backordered")
    parts: dict[str, list[Any]] = {name: [place[name] for place in places] for name in names}
    totals: Fields = {name: None if None in each else sum(each) for name, each in parts.items()}
    places.sort(key=lambda place: str(place["warehouse_id"]))
    first = source["rows"][0]
    untold: Fields = {"committed": None, "awaiting": None}
    yield stock_item(first), {"sku": first["itemIdentifier"]["sku"], **untold, **totals, "warehouses": places}


def product(source: Source) -> Expected:
    parts = [
        {"inventory_item_id": stock_item(each), "sku": each["itemIdentifier"]["sku"], "quantity": each["qty"]}
        for each in at(source, "kit.components") or ()
    ]
    itself = {"inventory_item_id": str(source["itemId"]), "sku": source["sku"], "quantity": 1}
    yield (
        str(source["itemId"]),
        {
            **common(source),
            "sku": source["sku"],
            "name": source["description"],
            "active": not source["readOnly"]["deactivated"],
            "barcodes": [source["upc"]] if "upc" in source else [],
            "is_kit": bool(parts),
            "holds_own_stock": True if parts else None,
            "components": parts or [itself],
            "unit_price": cash(source, "price"),
            "unit_cost": cash(source, "cost"),
            "country_of_origin": source.get("countryOfManufacture"),
            "harmonized_code": source.get("harmonizedCode"),
            "category": at(source, "classificationIdentifier.name"),
            "measurements": inches_and_pounds(at(source, "options.inventoryUnit.imperial")),
        },
    )


def warehouse(source: Source) -> Expected:
    yield (
        str(source["facilityId"]),
        {
            "name": source["name"],
            "code": source.get("code"),
            "active": True,
            "city": at(source, "contact.city"),
            "region": at(source, "contact.state"),
            "postal_code": at(source, "contact.zip") or source["shippingZip"],
            "country": at(source, "contact.country"),
            "zone": ZONES.get(source["timeZoneName"]),
        },
    )


def warehouse_location(source: Source) -> Expected:
    facility, number = str(source["facilityIdentifier"]["id"]), str(source["locationId"])
    picked = None if "nonPickable" not in source else not source["nonPickable"]
    named = {"location_id": number, "warehouse_id": facility, "name": source.get("name")}
    yield f"{facility}/{number}", {**named, "active": True, "pickable": picked}


def warehouse_customer(source: Source) -> Expected:
    yield (
        str(source["readOnly"]["customerId"]),
        {
            "name": at(source, "companyInfo.companyName"),
            "code": source["externalId"],
            "active": True,
            "created_at": moment(source, "readOnly.creationDate"),
        },
    )


def shipping_methods(source: Source) -> Expected:
    """The carrier itself, and each of its services."""
    carrier = {"carrier_id": source["name"], "carrier_name": source["displayName"], "scac": source.get("scacCode")}
    yield source["name"], {**carrier, "name": source["displayName"], "code": source["carrierCode"], "active": True}
    for service in source["shipmentServices"]:
        own = {"name": service["description"], "code": service["code"], "active": not service["deactivated"]}
        yield f"{source['name']}/{service['code']}", {**carrier, **own}


_PERSONAL = ("name", "companyName", "address1", "phoneNumber", "emailAddress")


def _personal_texts(source: Source) -> frozenset[str]:
    """What a record tells about people and must not be stored anywhere."""
    contacts = [source.get("shipTo") or {}, source.get("primaryContact") or {}]
    texts = {each.get(name) for each in contacts for name in _PERSONAL} | {"Inventa", source.get("notes")}
    return frozenset(text for text in texts if isinstance(text, str) and len(text) > 3)


def _source_id(collection: str, source: Source) -> str:
    if collection == "stock":
        return stock_item(source["rows"][0])
    if collection == "locations":
        return f"{source['facilityIdentifier']['id']}/{source['locationId']}"
    own = source.get("readOnly", {})
    if collection == "charged":
        return f"order/{own['orderId']}" if "orderId" in own else f"receiver/{own['receiverId']}"
    named = (own.get("orderId"), own.get("receiverId"), own.get("customerId"), source.get("itemId"))
    return str(next((each for each in named if each), None) or key(source, "facilityId") or source["name"])


READINGS = Readings(
    of=MappingProxyType(
        {
            "inventory_levels": ("stock", inventory_level),
            "products": ("items", product),
            "orders": ("orders", orders.order),
            "order_shipments": ("orders", orders.order_shipments),
            "order_channels": ("orders", orders.order_channel),
            "inbound_shipments": ("receivers", receivers.inbound_shipment),
            "inbound_shipment_suppliers": ("receivers", receivers.supplier),
            "returns": ("receivers", receivers.returned),
            "bills": ("charged", charges.bill),
            "warehouses": ("facilities", warehouse),
            "warehouse_locations": ("locations", warehouse_location),
            "shipping_methods": ("carriers", shipping_methods),
            "warehouse_customers": ("customers", warehouse_customer),
        }
    ),
    source_id=_source_id,
    personal_texts=_personal_texts,
)
