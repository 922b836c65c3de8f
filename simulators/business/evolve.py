"""What happens in a warehouse in a day: about one record in a hundred changes, some appear, some vanish.

Each collection's day depends on the seed, the day's number and the collection alone, never on another collection.
Orders, returns, bills and the append-only lists never vanish.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from types import MappingProxyType
from typing import Protocol

from simulators.business import dataset, orders, receiving, words
from simulators.business.spec import Record
from simulators.business.world import World, iso

Change = Callable[[World, Record, Random, str], None]

GROWING = frozenset(
    {"inventory", "products", "orders", "returns", "bills", "inbound_shipments", "suppliers", "locations"}
)
APPEND_ONLY = frozenset({"inventory_ledger", "labor_activities"})
SHRINKING = frozenset({"inventory", "products", "inbound_shipments", "suppliers", "locations"})


class Kept(Protocol):
    """The live records of one collection, wherever they are kept; `keys` are in order, `get` gives a fresh copy.

    `next_index` numbers the next record that appears; `deletable` holds the keys that no other record names.
    """

    collection: str
    next_index: int
    deletable: set[str]

    def __len__(self) -> int: ...

    def keys(self) -> Sequence[str]: ...

    def get(self, key: str) -> Record | None: ...

    def put(self, record: Record) -> str: ...

    def drop(self, key: str) -> None: ...


def advance(world: World, shelf: Kept, day: int, stamp: datetime) -> None:
    """Turns a shelf into its next day; what changes is stamped with `stamp`."""
    rng = Random(f"{world.spec.seed}:{shelf.collection}:{day}")
    if shelf.collection in SHRINKING:
        _delete(shelf, rng)
    if shelf.collection not in APPEND_ONLY:
        _change(world, shelf, rng, stamp)
    if shelf.collection in GROWING | APPEND_ONLY:
        _create(world, shelf, rng, stamp)


def _share(shelf: Kept, share: float) -> int:
    return min(len(shelf), max(1, round(len(shelf) * share)))


def _delete(shelf: Kept, rng: Random) -> None:
    candidates = sorted(shelf.deletable)
    for key in rng.sample(candidates, min(len(candidates), _share(shelf, 0.003))):
        shelf.drop(key)


def _change(world: World, shelf: Kept, rng: Random, stamp: datetime) -> None:
    for key in rng.sample(shelf.keys(), _share(shelf, 0.01)):
        record = shelf.get(key)
        if record is not None:
            CHANGES[shelf.collection](world, record, rng, iso(stamp))
            touch(record, stamp, timedelta(seconds=rng.randrange(60, 2400)))
            shelf.put(record)


def _create(world: World, shelf: Kept, rng: Random, stamp: datetime) -> None:
    share = 0.01 if shelf.collection in {"orders", "bills", "inventory_ledger", "labor_activities"} else 0.004
    for _ in range(max(1, _share(shelf, share))):
        add(world, shelf, rng, stamp)


def add(world: World, shelf: Kept, rng: Random, stamp: datetime) -> str:
    """Makes the collection's next record, as arrived at `stamp`."""
    index = shelf.next_index
    shelf.next_index += 1
    key = shelf.put(dataset.made(world, shelf.collection, index, rng, stamp))
    if dataset.is_deletable(world, shelf.collection, index):
        shelf.deletable.add(key)
    return key


def touch(record: Record, stamp: datetime, source_lag: timedelta) -> None:
    """Moves a record's change stamps: the source changed `source_lag` before a copy of it did."""
    record["updated_at"] = iso(stamp - source_lag)
    record["seen_at"] = iso(stamp)


def _stock(_world: World, record: Record, rng: Random, _now: str) -> None:
    by_warehouse = record["inventory_by_warehouse_id"]
    warehouse = rng.choice(sorted(by_warehouse))
    by_warehouse[warehouse] = dataset.warehouse_stock(rng)
    record.update(dataset.totals(by_warehouse))
    if rng.random() < 0.1:
        record["active"] = not record["active"]


def _catalogue(_world: World, record: Record, rng: Random, _now: str) -> None:
    if rng.random() < 0.5:
        record["unit_price"] = round((record["unit_price"] or 9) * 1.05 + 0.01, 2)
    else:
        record["name"] = f"{record['name']} ✓"


def _order(world: World, record: Record, rng: Random, now: str) -> None:
    if record["status"] not in words.ORDER_LIFE[:-1]:
        record["tags"] = [*record.get("tags", []), f"checked:{now[:10]}"]
        return
    step = rng.randint(1, 4)
    status = words.ORDER_LIFE[min(words.ORDER_LIFE.index(record["status"]) + step, len(words.ORDER_LIFE) - 1)]
    record.update(status=status, raw_status=words.raw_word(status))
    for line in record["line_items"]:
        line["is_picked"] = words.ORDER_LIFE.index(status) >= words.ORDER_LIFE.index("picked")
    if status in {"partially_fulfilled", "fulfilled"}:
        pieces: list[orders.Pieces] = []
        for line in record["line_items"]:
            item = world.referenced(rng.randrange(world.spec.size))
            pieces.append((world.item_id(item), world.item_sku(item), line["quantity"], None, world.item_lot(item)))
        number = len(record["shipments"]) + 1
        record["shipments"].append(orders.shipment(world, record, number, pieces, rng, now))


def _inbound(_world: World, record: Record, _rng: Random, now: str) -> None:
    if record["status"] not in words.INBOUND_LIFE[:-1]:
        record["notes"] = [*record.get("notes", []), f"geprüft {now[:10]}"]
        return
    status = words.INBOUND_LIFE[words.INBOUND_LIFE.index(record["status"]) + 1]
    record.update(status=status, raw_status=words.raw_word(status))
    if status == "in-transit":
        return
    arriving = []
    for line in record["line_items"]:
        left = line["expected_quantity"] - line["received_quantity"]
        arriving.append(left // 2 if status == "receiving" else left)
        line["received_quantity"] += arriving[-1]
    receipt = receiving.receipt(f"rc-{len(record['receipts']) + 1}-{record['id']}", record["line_items"], now, arriving)
    record["receipts"] += [receipt] if receipt else []


def _return(world: World, record: Record, rng: Random, now: str) -> None:
    if record["status"] not in words.INBOUND_LIFE[:-1]:
        record["notes"] = [*record.get("notes", []), f"checked {now[:10]}"]
        return
    record.update(status="received", raw_status=words.raw_word("received"))
    for line in record["line_items"]:
        line.update(received_quantity=line["expected_quantity"], restocked_quantity=line["expected_quantity"])
    record["shipments"] = [receiving.return_shipment(world, record, rng)]


def _bill(_world: World, record: Record, rng: Random, _now: str) -> None:
    record["amount"] = round(record["amount"] + rng.choice((0.01, 1, -0.5)), 2)


def _name(_world: World, record: Record, _rng: Random, now: str) -> None:
    record["name"] = f"{(record['name'] or 'Unnamed').split(' · ')[0]} · {now[:10]}"


CHANGES: Mapping[str, Change] = MappingProxyType(
    {
        "inventory": _stock,
        "products": _catalogue,
        "orders": _order,
        "inbound_shipments": _inbound,
        "returns": _return,
        "bills": _bill,
        **dict.fromkeys(
            ("suppliers", "channels", "warehouses", "locations", "shipping_methods", "warehouse_customers"), _name
        ),
    }
)
