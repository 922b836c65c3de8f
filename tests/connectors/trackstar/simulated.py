"""Trackstar's connector and simulator in the contract over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from simulators.serving.server import RunningServer
from simulators.trackstar.config import AccountSpec, ServerConfig
from simulators.trackstar.readings import READINGS
from simulators.trackstar.server import serve
from tests.contract.over_http.simulated import SIZE, Simulated

_GOOD = {"api_key": "sim-api-key", "access_token": "sim-token-1"}


def _start(base: datetime, clock: Callable[[], datetime], rate: float | None) -> RunningServer[Any]:
    spec = AccountSpec("con-1", "sim-token-1", size=SIZE)
    return serve(ServerConfig((spec,), rate_get=10 if rate is None else 0, base_date=base, clock=clock))


SIMULATED = Simulated(
    start=_start,
    good=_GOOD,
    wrong={"key": {**_GOOD, "api_key": "another"}, "token": {**_GOOD, "access_token": "another"}},
    settings=lambda url: {"base_url": url},
    page_sizes=({"page_limit": 3}, {"page_limit": 7}),
    lists={
        "inventory_levels": "/wms/inventory",
        "orders": "/wms/orders",
        "products": "/wms/products",
        "inbound_shipments": "/wms/inbound-shipments",
        "inbound_shipment_suppliers": "/wms/inbound-shipments/suppliers",
        "returns": "/wms/returns",
        "bills": "/wms/billing",
        "warehouses": "/wms/warehouses",
        "shipping_methods": "/wms/shipping-methods",
        "warehouse_customers": "/wms/warehouse-customers",
        "warehouse_locations": "/wms/warehouses/",
    },
    readings=READINGS,
    scopes={"inventory_levels": "get_inventory", "orders": "get_orders", "returns": "get_returns"},
    check_scope="get_warehouses",
    strangers=("wh-1/none", "none,at all"),
)
