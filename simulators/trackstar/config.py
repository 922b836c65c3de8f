"""What a simulated server is told at start: its accounts, its clock and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from simulators.business.spec import SIZES, BusinessSpec, Clock, base_of, utc_now

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
        _ = self.business

    @property
    def business(self) -> BusinessSpec:
        """What its data is made of. Raises ValueError for a size below 1."""
        return BusinessSpec(self.seed, self.size, self.sizes)


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
        return base_of(self.base_date, self.clock)
