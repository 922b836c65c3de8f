"""Deposco's connector and simulator in the contract over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from simulators.deposco.__main__ import credentials, make
from simulators.deposco.readings import READINGS
from simulators.serving.server import RunningServer, serve
from simulators.serving.simulation import Simulation
from tests.contract.over_http.simulated import SIZE, Lapse, Simulated

_GOOD = dict(credentials(1))
_V2 = {
    "orders": "orders/salesOrders",
    "order_shipments": "shipments/outboundShipments",
    "products": "items",
    "inbound_shipments": "orders/purchaseOrders",
    "inbound_shipment_suppliers": "tradingPartners",
    "returns": "orders/customerReturns",
    "bills": "billing/transactions",
    "warehouses": "facilities",
    "warehouse_customers": "companies",
    "warehouse_locations": "locations",
}


def start(base: datetime, clock: Callable[[], datetime], rate: float | None, **settings: Any) -> RunningServer[Any]:
    """One account, whose nested collections are cut off after two rows instead of ten."""
    account = {"connection_id": "con-1", "credentials": _GOOD, "size": SIZE}
    simulation = Simulation(make(rate), base, clock)
    return serve(simulation, [{**account, "settings": {"nested_rows": 2, **settings}}])


def settings(url: str) -> Mapping[str, Any]:
    return {
        "stock_url": f"{url}/integration/SIM",
        "api_url": f"{url}/latest",
        "auth_url": url,
        "business_unit": "MERCH",
        "currency": "USD",
    }


SIMULATED = Simulated(
    start=start,
    good=_GOOD,
    wrong={each: {**_GOOD, each: "another"} for each in ("password", "client_secret", "refresh_token")},
    settings=settings,
    page_sizes=({"page_limit": 3}, {"page_limit": 7}),
    lists={
        "inventory_levels": "/integration/SIM/enterpriseinventory",
        **{read: f"/latest/{path}" for read, path in _V2.items()},
    },
    readings=READINGS,
    lapses=(Lapse("revoked", ("revoke",)), Lapse("expired", ("expire-access",), mended=True)),
    scopes={
        "inventory_levels": "enterpriseinventory",
        "orders": "salesOrders",
        "products": "items",
        "inbound_shipments": "purchaseOrders",
        "bills": "transactions",
    },
    check_scope="facilities",
    strangers=("none,at all", "999999999"),
)
