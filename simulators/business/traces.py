"""What work leaves behind: bills, the stock ledger and labour."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from simulators.business import words
from simulators.business.spec import Record
from simulators.business.world import World, iso, mixed


def bill(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    tied = rng.random() < 0.85
    return {
        "id": f"bill-{mixed(index, world.spec.seed + 6):08x}",
        "warehouse_customer_id": rng.choice(world.customers),
        **world.moments(rng, arrived).fields(),
        "object_id": world.any_order(rng) if tied else None,
        "object_type": "order" if tied else None,
        "charge_type": rng.choice(words.CHARGES),
        "amount": rng.choice((3.1, 12, 0.07, 145.5, -2.5, 1999.99)),
        "currency_code": rng.choice(words.CURRENCIES),
        "extras": {},
    }


def ledger_entry(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    item, event = world.referenced(rng.randrange(world.spec.size)), rng.choice(words.LEDGER_EVENTS)
    moments = world.moments(rng, arrived)
    return {
        "id": f"led-{mixed(index, world.spec.seed + 7):08x}",
        **moments.fields(),
        "entry_date": moments.created,
        "inventory_item_id": world.item_id(item),
        "sku": world.item_sku(item) or f"NOSKU-{item}",
        "quantity": rng.choice((-12, -2, -1, 1, 24)),
        "event_type": event,
        "raw_event_type": event.upper(),
        "reason": rng.choice((None, "count")),
        "object_id": None,
        "object_type": None,
        "warehouse_id": rng.choice(world.warehouses),
        "location_id": world.stocked_location(mixed(item, 29)),
        "extras": {},
    }


def labor_activity(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    moments = world.moments(rng, arrived)
    start = datetime.strptime(moments.created, "%Y-%m-%dT%H:%M:%S%z")
    return {
        "id": f"lab-{mixed(index, world.spec.seed + 8):08x}",
        **moments.fields(),
        "user_id": f"u-{rng.randrange(9)}",
        "user_first_name": rng.choice(("Inventa", "Пример")),
        "user_last_name": None,
        "warehouse_id": rng.choice(world.warehouses),
        "activity_type": rng.choice(words.LABOR),
        "activity_start_time": moments.created,
        "activity_end_time": None if rng.random() < 0.1 else iso(start + timedelta(minutes=rng.randint(1, 30))),
        "associated_object_type": "order",
        "associated_object_id": world.any_order(rng),
        "quantity": rng.choice((None, 1, 4)),
        "extras": {},
    }
