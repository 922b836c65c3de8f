"""Ongoing's connector and simulator in the contract over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from simulators.ongoing.__main__ import credentials, make
from simulators.ongoing.readings import READINGS
from simulators.serving.server import RunningServer, serve
from simulators.serving.simulation import Simulation
from tests.contract.over_http.simulated import SIZE, Simulated

_GOOD = credentials(1)
_MORE = {"returns": 60, "inbound_shipments": 60, "orders": 200}
"""As many as it takes to have one of each status."""


def _start(base: datetime, clock: Callable[[], datetime], rate: float | None) -> RunningServer[Any]:
    account = {"connection_id": "con-1", "credentials": _GOOD, "size": SIZE, "sizes": _MORE}
    return serve(Simulation(make(rate), base, clock), [account])


SIMULATED = Simulated(
    start=_start,
    good=_GOOD,
    wrong={
        "password": {**_GOOD, "password": "another"},
        "user": {**_GOOD, "username": "WSI-another"},
        "warehouse": {**_GOOD, "warehouse": "another"},
        "goods owner": {**_GOOD, "goods_owner_id": "78"},
    },
    settings=lambda url: {"base_url": url},
    page_sizes=({"page_limit": 3}, {"page_limit": 7}),
    lists={
        "articles": "/articles",
        "orders": "/orders",
        "purchase_orders": "/purchaseOrders",
        "return_orders": "/returnOrders",
        "warehouses": "/warehouses",
        "warehouse_locations": "/warehouses/",
        "shipping_methods": "/orders/wayOfDeliveryTypes",
    },
    readings=READINGS,
    scopes={
        "articles": "articles",
        "orders": "orders",
        "purchase_orders": "purchaseOrders",
        "return_orders": "returnOrders",
        "warehouse_locations": "warehouses",
    },
    check_scope="articles",
    page_faults=("repeat_token", "endless_page"),
    strangers=("999999999", "none"),
)
