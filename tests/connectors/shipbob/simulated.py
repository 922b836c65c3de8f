"""ShipBob's connector and simulator in the contract over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from simulators.serving.server import RunningServer, serve
from simulators.serving.simulation import Simulation
from simulators.shipbob.readings import READINGS
from simulators.shipbob.vendor import ShipBob
from tests.contract.over_http.simulated import SIZE, Simulated

_GOOD = {"token": "sim-pat-1"}


def _start(base: datetime, clock: Callable[[], datetime], rate: float | None) -> RunningServer[Any]:
    account = {"connection_id": "con-1", "credentials": _GOOD, "size": SIZE}
    return serve(Simulation(ShipBob(rate), base, clock), [account])


SIMULATED = Simulated(
    start=_start,
    good=_GOOD,
    wrong={"token": {"token": "another"}},
    settings=lambda url: {"base_url": url},
    page_sizes=({"page_limit": 3}, {"page_limit": 7}),
    lists={
        "inventory_levels": "/2026-07/inventory-level",
        "orders": "/2026-07/order",
        "products": "/2026-07/product",
        "inbound_shipments": "/2026-07/receiving",
        "returns": "/2026-07/return",
        "bills": "/2026-07/invoices",
        "warehouses": "/2026-07/location",
        "order_channels": "/2026-07/channel",
        "shipping_methods": "/2026-07/shipping-method",
    },
    readings=READINGS,
    scopes={
        "inventory_levels": "inventory_read",
        "orders": "orders_read",
        "products": "products_read",
        "inbound_shipments": "receiving_read",
        "returns": "returns_read",
        "bills": "billing_read",
        "warehouses": "locations_read",
        "order_channels": "channels_read",
    },
    check_scope="inventory_read",
    strangers=("1", "none-such"),
)
