"""Extensiv's connector and simulator in the contract over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from simulators.extensiv.readings import READINGS
from simulators.extensiv.vendor import Extensiv
from simulators.serving.limits import Windows
from simulators.serving.server import RunningServer, serve
from simulators.serving.simulation import Simulation
from tests.contract.over_http.simulated import SIZE, Lapse, Simulated

_GOOD = {"client_id": "sim-client-1", "client_secret": "sim-secret-1", "user_login": "sim-user-1"}
_ACCOUNT = {"connection_id": "con-1", "credentials": _GOOD, "size": SIZE, "sizes": {"inbound_shipments": 20}}
"""With inbound shipments enough that three days do not change them all."""


def _start(base: datetime, clock: Callable[[], datetime], rate: float | None) -> RunningServer[Any]:
    vendor = Extensiv(Windows(5) if rate is None else None)
    return serve(Simulation(vendor, base, clock), [_ACCOUNT])


SIMULATED = Simulated(
    start=_start,
    good=_GOOD,
    wrong={
        "client": {**_GOOD, "client_id": "another"},
        "secret": {**_GOOD, "client_secret": "another"},
        "user": {**_GOOD, "user_login": "another"},
    },
    settings=lambda url: {"base_url": url, "zone": "America/New_York", "currency": "USD"},
    page_sizes=({"page_limit": 3}, {"page_limit": 7}),
    lists={
        "inventory_levels": "/inventory/stocksummaries",
        "orders": "/orders",
        "products": "/customers/",
        "inbound_shipments": "/inventory/receivers",
        "returns": "/inventory/receivers",
        "bills": "/orders",
        "warehouses": "/properties/facilities",
        "shipping_methods": "/properties/carriers",
        "warehouse_customers": "/customers",
        "warehouse_locations": "/properties/facilities/",
    },
    readings=READINGS,
    lapses=(Lapse("revoked", ("revoke",)), Lapse("expired", ("expire-access",), mended=True)),
    scopes={
        "inventory_levels": "InventoryRead",
        "orders": "OrderView",
        "products": "ItemView",
        "inbound_shipments": "ReceiverView",
        "bills": "ReceiverView",
        "warehouses": "ReadPropertiesThirdParty",
        "warehouse_customers": "CustomerView",
    },
    check_scope="InventoryRead",
    strangers=("990000001", "990000002"),
)
