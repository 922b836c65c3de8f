"""Cin7 Core's connector and simulator in the contract over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from simulators.cin7_core.readings import READINGS
from simulators.cin7_core.vendor import BASE, credentials, make
from simulators.serving.server import RunningServer, serve
from simulators.serving.simulation import Simulation
from tests.contract.over_http.simulated import SIZE, Simulated

_GOOD = credentials(1)


def _start(base: datetime, clock: Callable[[], datetime], rate: float | None) -> RunningServer[Any]:
    sizes = {"inbound_shipments": 12}  # four would all have changed within three days
    account = {"connection_id": "con-1", "credentials": _GOOD, "size": SIZE, "sizes": sizes}
    return serve(Simulation(make(rate), base, clock), [account])


SIMULATED = Simulated(
    start=_start,
    good=_GOOD,
    wrong={
        "account": {**_GOOD, "account_id": "another"},
        "key": {**_GOOD, "application_key": "another"},
    },
    settings=lambda url: {"base_url": f"{url}/ExternalApi/v2", "zone": "Europe/Berlin", "currency": "EUR"},
    page_sizes=({"page_limit": 3}, {"page_limit": 7}),
    lists={
        "inventory_levels": f"{BASE}/ref/productavailability",
        "orders": f"{BASE}/sale",
        "products": f"{BASE}/product",
        "inbound_shipments": f"{BASE}/purchase",
        "inbound_shipment_suppliers": f"{BASE}/supplier",
        "warehouses": f"{BASE}/ref/location",
        "shipping_methods": f"{BASE}/ref/carrier",
    },
    readings=READINGS,
    scopes={"orders": "sale", "products": "product", "inbound_shipments": "purchase"},
    check_scope="me",
    strangers=("00000000-0000-4000-8000-000000000000", "none-such-2"),
)
