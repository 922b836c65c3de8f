"""What a simulated server is told at start: its accounts, its clock and its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Record = dict[str, Any]
Clock = Callable[[], datetime]

SIZES: Mapping[str, int] = {"tiny": 25, "small": 200, "medium": 5_000, "large": 100_000}

LISTED_ACTIONS = (
    "get_inventory",
    "get_products",
    "get_inbound_shipments",
    "get_orders",
    "get_warehouses",
    "get_shipping_methods",
    "get_returns",
    "get_bills",
    "get_warehouse_customers",
    "get_warehouse_locations",
    "get_inventory_ledger",
    "create_inbound_shipment",
    "update_inbound_shipment",
)
"""Actions that a connection lists in `available_actions`."""

UNLISTED_ACTIONS = ("get_inbound_shipment_suppliers", "get_order_channels", "get_labor_activities")
"""Routes without a schedule of their own at the vendor; their names here follow the vendor's pattern."""


def utc_now() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


def size_of(text: str) -> int:
    """The number of inventory items that `tiny`, `small`, `medium`, `large` or a number stands for.

    Raises:
        ValueError: neither a known word nor a positive number.
    """
    if text in SIZES:
        return SIZES[text]
    number = int(text)
    if number < 1:
        raise ValueError("a size is at least 1")
    return number


@dataclass(frozen=True, slots=True)
class AccountSpec:
    """One connection: a customer's account in one warehouse system, with its own token and its own data.

    `size` is the number of inventory items; `sizes` overrides the number of records of single collections.
    `unsupported` actions answer 501, `forbidden` ones 403. `rate_get` overrides the server's reads per second.
    """

    connection_id: str
    access_token: str
    integration_name: str = "sandbox"
    seed: int = 1
    size: int = SIZES["small"]
    sizes: Mapping[str, int] = field(default_factory=dict)
    unsupported: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    rate_get: int | None = None
    customer_id: str | None = None

    def __post_init__(self) -> None:
        unknown = (self.unsupported | self.forbidden) - set(LISTED_ACTIONS) - set(UNLISTED_ACTIONS)
        if unknown:
            raise ValueError(f"unknown actions: {', '.join(sorted(unknown))}")
        if self.size < 1:
            raise ValueError("a size is at least 1")


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """A whole server. Port 0 takes a free one; a rate of 0 means no limit.

    `base_date` is the moment at which day 0 ends: nothing in the first data is younger. Default: yesterday, 00:00 UTC.
    """

    accounts: tuple[AccountSpec, ...]
    port: int = 0
    api_key: str = "sim-api-key"
    base_date: datetime | None = None
    rate_get: int = 10
    rate_write: int = 50
    clock: Clock = utc_now

    def base(self) -> datetime:
        """The end of day 0, in UTC."""
        if self.base_date is not None:
            return self.base_date.astimezone(UTC)
        return self.clock().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
