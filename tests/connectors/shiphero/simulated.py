"""ShipHero's connector and simulator in the contract over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from simulators.serving.limits import Bucket
from simulators.serving.server import RunningServer, serve
from simulators.serving.simulation import Simulation
from simulators.shiphero.ids import uid
from simulators.shiphero.readings import READINGS
from simulators.shiphero.vendor import CAPACITY, PER_SECOND, Shiphero
from tests.contract.over_http.simulated import SIZE, Lapse, Simulated

GOOD = {"refresh_token": "sim-refresh-1"}


def started(base: datetime, clock: Callable[[], datetime], rate: float | None, **more: Any) -> RunningServer[Any]:
    """A server with one account of SIZE items; `rate` 0 lets nothing cost anything."""
    credits_ = Bucket(CAPACITY, PER_SECOND) if rate is None else None
    account = {"connection_id": "con-1", "credentials": GOOD, "size": SIZE, **more}
    return serve(Simulation(Shiphero(credits_), base, clock), [account])


SIMULATED = Simulated(
    start=started,
    good=GOOD,
    wrong={"token": {"refresh_token": "of-somebody-else"}},
    settings=lambda url: {"base_url": url},
    page_sizes=({"page_limit": 3, "line_limit": 1}, {"page_limit": 7, "line_limit": 2}),
    lists={
        "products": "/graphql/products",
        "orders": "/graphql/orders",
        "inbound_shipments": "/graphql/purchase_orders",
        "inbound_shipment_suppliers": "/graphql/vendors",
        "returns": "/graphql/returns",
        "bills": "/graphql/bills",
        "warehouses": "/graphql/account",
        "warehouse_customers": "/graphql/account",
        "warehouse_locations": "/graphql/locations",
    },
    readings=READINGS,
    lapses=(Lapse("access ended", ("expire-access",), mended=True), Lapse("revoked", ("revoke",))),
    scopes={
        "products": "view:products",
        "orders": "view:orders",
        "inbound_shipments": "view:purchase_orders",
        "returns": "view:returns",
        "bills": "view:billing",
    },
    check_scope="view:products",
    strangers=(uid("ProductInfo", 987_654_321), "none-such"),
)
