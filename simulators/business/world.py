"""The facts of one business that every record agrees on: who is who, derived from the seed without storing anything.

A record's neighbours are computed, not looked up: the SKU of item 17 is the same wherever it is named. That lets each
collection be made alone and only when somebody asks for it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from simulators.business import words
from simulators.business.spec import BusinessSpec, Record

HALF_YEAR_SECONDS = 180 * 86_400
REFERENCED = 17
"""Of each 20 items, the first 17 are named by other records; the rest may vanish without leaving a dangling id."""


def iso(moment: datetime) -> str:
    """The spelling of a moment here: whole seconds, `Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def mixed(number: int, salt: int = 0) -> int:
    """A well-spread 32-bit number; different numbers stay different under one salt."""
    value = (number + salt * 0x9E37_79B1) * 2_654_435_761 & 0xFFFF_FFFF
    return (value ^ value >> 15) * 0x2C1B_3C6D & 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Moments:
    """The four stamps of a record: created and updated at the source, first and last seen so by a copy of it."""

    created: str
    updated: str
    first_seen: str
    last_seen: str

    def fields(self) -> Record:
        """The record's four date fields, in their order."""
        return {
            "created_at": self.created,
            "updated_at": self.updated,
            "first_seen_at": self.first_seen,
            "seen_at": self.last_seen,
        }


@dataclass(frozen=True, slots=True)
class World:
    """One business's fixed facts. `base` is the end of day 0."""

    spec: BusinessSpec
    base: datetime
    warehouses: tuple[str, ...] = field(init=False)
    customers: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        count = 2 + self.spec.seed % 3
        plain = tuple(f"wh-{number}" for number in range(1, count))
        encoded = base64.b64encode(f"Warehouse:{9000 + self.spec.seed}".encode()).decode()
        object.__setattr__(self, "warehouses", (*plain, encoded))
        object.__setattr__(self, "customers", tuple(f"cust-{number}" for number in range(1, 4)))

    def count(self, collection: str) -> int:
        """How many records of a collection day 0 has."""
        size = self.spec.size
        proportion = {
            "inventory": size,
            "products": size,
            "kits": size // 12 + 1,
            "orders": 2 * size,
            "returns": size // 10 + 1,
            "bills": size // 2 + 1,
            "inbound_shipments": max(4, size // 20),
            "suppliers": max(6, size // 60),
            "channels": len(words.CHANNELS),
            "warehouses": len(self.warehouses),
            "locations": max(12, size // 8) * len(self.warehouses),
            "shipping_methods": len(words.METHODS),
            "warehouse_customers": len(self.customers),
            "inventory_ledger": size // 5 + 1,
            "labor_activities": size // 20 + 1,
        }
        return self.spec.sizes.get(collection, proportion[collection])

    def moments(self, rng: Random, arrived: datetime | None = None) -> Moments:
        """Stamps of a record that lived before the base date, or that arrived at a later moment."""
        if arrived is not None:
            source = iso(arrived - timedelta(seconds=rng.randrange(60, 2400)))
            return Moments(source, source, iso(arrived), iso(arrived))
        updated_ago = int(HALF_YEAR_SECONDS * rng.random() ** 3) + 3600
        created_ago = updated_ago + int(rng.random() * HALF_YEAR_SECONDS)
        crawl = timedelta(seconds=rng.randrange(60, 3600))
        created, updated = (self.base - timedelta(seconds=ago) for ago in (created_ago, updated_ago))
        return Moments(iso(created), iso(updated), iso(created + crawl), iso(updated + crawl))

    def future(self, rng: Random, first: int, last: int) -> str:
        """A midnight between `first` and `last` days after the base date (negative: before)."""
        day = self.base.replace(hour=0, minute=0, second=0) + timedelta(days=rng.randint(first, last))
        return iso(day)

    def item_id(self, index: int) -> str:
        return f"inv-{mixed(index, self.spec.seed):08x}"

    def item_sku(self, index: int) -> str | None:
        if index % 211 == 7:
            return None
        return f"{words.SKU_HEADS[index % len(words.SKU_HEADS)]}-{index:05d}"

    def item_name(self, index: int) -> str:
        first = words.FIRST[mixed(index, 3) % len(words.FIRST)]
        return f"{first} {words.THINGS[mixed(index, 5) % len(words.THINGS)]} {index}"

    def item_cost(self, index: int) -> float:
        return 1 + mixed(index, 11) % 9_000 / 100

    def item_lot(self, index: int) -> tuple[str, str] | None:
        """The first lot of an item that expires: its id and its expiration date."""
        if index % 7 != 0:
            return None
        expires = self.base.replace(hour=0, minute=0, second=0) + timedelta(days=30 + mixed(index, 13) % 900)
        return f"L{mixed(index, 17) % 10_000:04d}", iso(expires)

    def owner(self, index: int) -> str:
        return self.customers[mixed(index, 19) % len(self.customers)]

    def product_id(self, index: int) -> str:
        return f"prd-{mixed(index, self.spec.seed + 1):08x}"

    def kit_id(self, index: int) -> str:
        return f"kit-{mixed(index, self.spec.seed + 2):08x}"

    def kit_parts(self, index: int) -> list[tuple[int, int]]:
        """A kit's components: item index and number of pieces."""
        parts = 2 + index % 2
        return [(self.referenced(mixed(index * 4 + part, 23)), 1 + (index + part) % 3) for part in range(parts)]

    def order_id(self, index: int) -> str:
        return f"ord-{mixed(index, self.spec.seed + 3):08x}"

    def any_order(self, rng: Random) -> str:
        """The id of an order of day 0; orders never vanish."""
        return self.order_id(rng.randrange(max(1, self.count("orders"))))

    def supplier(self, number: int) -> Record:
        """A supplier that never vanishes, as other records name it."""
        index = number % max(1, self.count("suppliers"))
        index -= index % 5 == 4
        return {"supplier_id": f"sup-{index:04d}", "supplier_name": words.supplier_name(index)}

    def referenced(self, number: int) -> int:
        """An item index that is safe to refer to."""
        index = number % self.spec.size
        return index - 3 if index % 20 >= REFERENCED else index

    def location_id(self, number: int) -> str:
        """A location's id, unique within its warehouse only."""
        return f"{'ABCDEFGH'[number % 8]}-{number // 8:03d}"

    def stocked_location(self, number: int) -> str:
        """A location that inventory lies in: never one that may vanish."""
        index = number % max(1, self.count("locations") // len(self.warehouses))
        return self.location_id(index - (index % 10 == 9))
