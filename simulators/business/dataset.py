"""Records of stock and of the reference lists, one function per collection.

Every function makes record number `index` of its collection from the account's world and a random generator, so that
the same seed gives the same bytes. `arrived` is the moment at which a record appears after day 0; None on day 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from random import Random
from types import MappingProxyType

from simulators.business import orders, receiving, traces, words
from simulators.business.spec import Record
from simulators.business.world import REFERENCED, World, mixed

Maker = Callable[[World, int, Random, datetime | None], Record]

EXTRAS = ("link", "labels", "extras")


def thinned(record: Record, rng: Random, optional: tuple[str, ...] = EXTRAS) -> Record:
    """Now and then a record names one optional key that its system does not tell, under `untold`."""
    if rng.random() < 0.06:
        record["untold"] = rng.choice(optional)
    return record


def extras(kind: str, record_id: str, rng: Random) -> Record:
    """Deep link, tags and integration-specific fields that close most records."""
    tags: list[object] = [] if rng.random() < 0.9 else ["fragile", {"season": "winter"}]
    more: Record = {} if rng.random() < 0.8 else {"erp_ref": None, "Zusatz": f"x{rng.randrange(99)}"}
    link = None if rng.random() < 0.3 else f"https://wms.example.invalid/{kind}/{record_id}"
    return {"link": link, "labels": tags, "extras": more}


def warehouse_stock(rng: Random) -> Record:
    """One warehouse's quantities; a quantity that the warehouse does not tell is null."""
    committed, unfulfillable, fulfillable = rng.randrange(20), rng.randrange(4), int(rng.random() ** 2 * 400)
    silent = rng.random() < 0.05
    return {
        "onhand": committed + unfulfillable + fulfillable,
        "committed": committed,
        "unfulfillable": None if silent else unfulfillable,
        "fulfillable": fulfillable,
        "unsellable": None,
        "sellable": None if silent else fulfillable,
        "awaiting": rng.choice((0, 0, 0, 24, 60, 144)),
    }


def totals(by_warehouse: Mapping[str, Record]) -> Record:
    """Sums over warehouses: unknown counts as zero, as warehouse systems do."""
    names = ("awaiting", "onhand", "committed", "unfulfillable", "fulfillable", "unsellable", "sellable")
    return {name: sum(stock[name] or 0 for stock in by_warehouse.values()) for name in names}


def _lots(world: World, index: int, by_warehouse: Mapping[str, Record], rng: Random) -> list[Record]:
    first = world.item_lot(index)
    if first is None:
        return []
    lot_id, expires = first
    warehouse, stock = next(iter(by_warehouse.items()))
    if rng.random() < 0.1:
        return [{"lot_id": lot_id, "onhand": stock["onhand"], "expiration_date": expires[:10]}]
    half = stock["onhand"] // 2
    older = {"lot_id": lot_id, "onhand": half, "expiration_date": expires, "warehouse_id": warehouse}
    rest = stock["onhand"] - half
    return [older, {"lot_id": f"{lot_id}-B", "onhand": rest, "expiration_date": None, "warehouse_id": warehouse}]


def inventory(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    count = rng.randint(1, len(world.warehouses))
    by_warehouse = {warehouse: warehouse_stock(rng) for warehouse in rng.sample(world.warehouses, count)}
    item_id = world.item_id(index)
    locations = [
        {
            "location_id": world.stocked_location(mixed(index, 29)),
            "quantity": stock["onhand"],
            "warehouse_id": warehouse,
        }
        for warehouse, stock in by_warehouse.items()
        if stock["onhand"]
    ]
    record: Record = {
        "id": item_id,
        "warehouse_customer_id": world.owner(index),
        **world.moments(rng, arrived).fields(),
        "name": world.item_name(index),
        "sku": world.item_sku(index),
        "unit_cost": None if index % 31 == 5 else world.item_cost(index),
        "active": index % 41 != 11,
        **totals(by_warehouse),
        "substitute_skus": [] if index % 50 else [world.item_sku(world.referenced(index + 1)) or "SUB-1"],
        "inventory_by_warehouse_id": by_warehouse,
        "lots": _lots(world, index, by_warehouse, rng),
        "locations": locations,
        "measurements": words.measurements(index),
        **extras("items", item_id, rng),
    }
    return thinned(record, rng, (*EXTRAS, "lots", "locations", "measurements", "unit_cost", "substitute_skus"))


def product(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    """A plain product of one item; the last of a catalogue's numbers are kits."""
    plain = world.count("products")
    if arrived is None and index >= plain:
        return _catalogue_entry(world, index, rng, arrived, parts=world.kit_parts(index - plain))
    return _catalogue_entry(world, index, rng, arrived, parts=[(world.referenced(index), 1)])


def _catalogue_entry(
    world: World, index: int, rng: Random, arrived: datetime | None, parts: list[tuple[int, int]]
) -> Record:
    is_kit = parts[0][1] > 1 or len(parts) > 1
    plain = world.count("products")
    product_id = world.kit_id(index - plain) if is_kit else world.product_id(index)
    supplier = world.supplier(index)
    cost = f"{world.item_cost(index):.2f}"
    bought: list[Record] = [{**supplier, "external_id": f"X{index}", "unit_cost": cost}] if index % 3 == 0 else []
    record: Record = {
        "id": product_id,
        "warehouse_customer_id": world.owner(index),
        **world.moments(rng, arrived).fields(),
        "name": f"Set {index - plain}" if is_kit else world.item_name(index),
        "sku": f"SET-{index - plain:04d}" if is_kit else world.item_sku(index),
        "gtin": None if index % 9 == 4 else f"07{mixed(index, 31):010d}"[:13],
        "unit_price": None if index % 37 == 5 else round(world.item_cost(index) * 2.4, 2),
        "inventory_items": [
            {"inventory_item_id": world.item_id(item), "sku": world.item_sku(item), "unit_quantity": quantity}
            for item, quantity in parts
        ],
        "is_kit": is_kit,
        "active": index % 43 != 11,
        "supplier": None,
        "supplier_object": None if index % 6 == 5 else supplier,
        "country_of_origin": (None, "PT", "CZ", "CN")[index % 4],
        "harmonized_code": None if index % 5 == 0 else f"{mixed(index, 37) % 1_000_000:06d}",
        "supplier_products": bought,
        **extras("products", product_id, rng),
    }
    return thinned(record, rng, (*EXTRAS, "gtin", "supplier_products", "country_of_origin", "supplier_object"))


def supplier(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    return {
        "id": f"sup-{index:04d}",
        "name": words.supplier_name(index),
        "warehouse_customer_id": None if index % 3 else world.owner(index),
        **world.moments(rng, arrived).fields(),
        "extras": {},
    }


def channel(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    channel_id, name = words.CHANNELS[index] if index < len(words.CHANNELS) else (f"ch-{index + 1}", f"Shop {index}")
    owner = {"id": channel_id, "name": name, "warehouse_customer_id": world.customers[0]}
    return {**owner, **world.moments(rng, arrived).fields(), "extras": {}}


def warehouse(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    return {
        "id": world.warehouses[index],
        **world.moments(rng, arrived).fields(),
        "name": f"{words.PLACES[index % len(words.PLACES)][0]} sklad č. {index + 1}",
        "code": None if index == 1 else f"W{index + 1}",
        "address": words.address(index),
        "labels": [],
        "extras": {},
    }


def location(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    houses = len(world.warehouses)
    number = index // houses
    return {
        "id": world.location_id(number),
        **world.moments(rng, arrived).fields(),
        "name": None if number % 17 == 3 else f"Bin {world.location_id(number)}",
        "warehouse_id": world.warehouses[index % houses],
        "type": ("shelf", "pallet", None, "Kühlraum")[number % 4],
        "measurements": words.measurements(number),
        "extras": {},
    }


def shipping_method(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    method_id, name, carrier_id, carrier_name, scac = words.METHODS[index % len(words.METHODS)]
    record: Record = {"id": method_id, **world.moments(rng, arrived).fields(), "name": name, "carrier": None}
    return {**record, "carrier_id": carrier_id, "carrier_name": carrier_name, "scac": scac, "extras": {}}


def warehouse_customer(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    return {
        "id": world.customers[index],
        **world.moments(rng, arrived).fields(),
        "name": f"Merchant {'αβγ'[index % 3]}",
        "email": None if index == 1 else f"ops{index}@example.test",
        "extras": {},
    }


MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        "inventory": inventory,
        "inventory_ledger": traces.ledger_entry,
        "products": product,
        "inbound_shipments": receiving.inbound_shipment,
        "suppliers": supplier,
        "orders": orders.order,
        "channels": channel,
        "returns": receiving.returned,
        "bills": traces.bill,
        "warehouses": warehouse,
        "locations": location,
        "shipping_methods": shipping_method,
        "warehouse_customers": warehouse_customer,
        "labor_activities": traces.labor_activity,
    }
)
"""Every collection by name, with the function that makes its records."""


def made(world: World, collection: str, index: int, rng: Random, arrived: datetime | None) -> Record:
    """Record number `index` of a collection; `number` tells it, unique within the collection."""
    return {**MAKERS[collection](world, index, rng, arrived), "number": index}


def key_of(collection: str, record: Record) -> str:
    """The key under which a record is kept: its id, or `<warehouse_id>/<id>` for locations."""
    if collection == "locations":
        return f"{record['warehouse_id']}/{record['id']}"
    return str(record["id"])


def first(world: World, collection: str, deletable: set[str]) -> Iterator[Record]:
    """The records of day 0; the keys of those that may vanish later are added to `deletable`."""
    rng = Random(f"{world.spec.seed}:{collection}")
    for index in range(first_count(world, collection)):
        record = made(world, collection, index, rng, None)
        if is_deletable(world, collection, index):
            deletable.add(key_of(collection, record))
        yield record


def first_count(world: World, collection: str) -> int:
    """How many records day 0 has; a product list holds the plain products and then the kits."""
    kits = world.count("kits") if collection == "products" else 0
    return world.count(collection) + kits


def is_deletable(world: World, collection: str, index: int) -> bool:
    """Whether no other record names this one, so that it may vanish on a later day."""
    newcomer = index >= first_count(world, collection)
    match collection:
        case "inventory":
            return newcomer or index % 20 == 19
        case "products":
            return newcomer or (index < world.count("products") and index % 20 >= REFERENCED)
        case "inbound_shipments":
            return True
        case "suppliers":
            return newcomer or index % 5 == 4
        case "locations":
            return newcomer or index // len(world.warehouses) % 10 == 9
        case _:
            return False
