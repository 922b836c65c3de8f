"""The vendor's routes: which path reads or writes what, and in which order a request is judged.

Order: route (404), keys (401), rate limit (429), fault rules, capability (501), policy (403), parameters (422),
record (404).
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from simulators.business.spec import Clock, Record
from simulators.trackstar import filters
from simulators.trackstar.account import Account, display_name
from simulators.trackstar.answers import (
    Answer,
    PageParts,
    Refusal,
    key_before,
    missing,
    page_answer,
    refused,
    single_answer,
    token_after,
)
from simulators.trackstar.inbound import create_inbound, update_inbound


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as the server read it; header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """A request that found its route and its connection; `ids` are the path's variable parts."""

    account: Account
    ids: tuple[str, ...]
    request: Request
    clock: Clock


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path with `*` for an id, the action that it counts as, and what answers it."""

    method: str
    path: tuple[str, ...]
    action: str
    serve: Callable[[Call], Answer]

    def match(self, segments: tuple[str, ...]) -> tuple[str, ...] | None:
        """The ids in a path that fits, or None."""
        if len(segments) != len(self.path):
            return None
        pairs = list(zip(self.path, segments, strict=True))
        if any(wanted not in {"*", found} for wanted, found in pairs):
            return None
        return tuple(found for wanted, found in pairs if wanted == "*")


def _list(collection: str) -> Callable[[Call], Answer]:
    def serve(call: Call) -> Answer:
        return page_of(call, collection, prefix="")

    return serve


def _single(collection: str) -> Callable[[Call], Answer]:
    def serve(call: Call) -> Answer:
        filters.no_parameters(call.request.query)
        return single_answer(_found(call, collection, call.ids[0], call.ids[0]))

    return serve


def _found(call: Call, collection: str, key: str, shown_id: str) -> bytes:
    with call.account.shelf(collection) as shelf:
        record = shelf.raw(key)
    if record is None:
        raise missing(shown_id)
    return record


def page_of(call: Call, collection: str, prefix: str) -> Answer:
    """One page of a list, in id order, after the position in `page_token`."""
    asked = filters.question(collection, call.request.query)
    start = key_before(asked.page_token) if asked.page_token is not None else ""
    with call.account.shelf(collection) as shelf:
        if asked.ids is not None:
            keys = shelf.known(prefix + each for each in asked.ids)
        else:
            shelf.read_columns(dict(asked.readings))
            keys = shelf.matching(prefix, asked.identity, asked.conditions)
        first = bisect_right(keys, start)
        chosen = keys[first : first + asked.limit]
        records = [found for found in map(shelf.raw, chosen) if found is not None]
        more = first + asked.limit < len(keys)
    return page_answer(PageParts(records, asked.page_token, token_after(chosen[-1]) if more else None))


def _warehouse_locations(call: Call) -> Answer:
    warehouse = call.ids[0]
    _found(call, "warehouses", warehouse, warehouse)
    return page_of(call, "locations", prefix=f"{warehouse}/")


def _warehouse_location(call: Call) -> Answer:
    filters.no_parameters(call.request.query)
    return single_answer(_found(call, "locations", "/".join(call.ids), call.ids[1]))


def _order_packs(call: Call) -> Answer:
    filters.no_parameters(call.request.query)
    order = json.loads(_found(call, "orders", call.ids[0], call.ids[0]))
    method = {name: order.get(name) for name in ("carrier_id", "carrier_name", "scac")}
    method |= {name: order.get(name) for name in ("shipping_method_id", "shipping_method_name")}
    lines = [{name: line[name] for name in ("product_id", "sku", "quantity")} for line in order["line_items"]]
    packs = {"packs": list(_packs(order)), **method, "carrier": None, "shipping_method": None}
    packs |= {"ship_to_address": order["ship_to_address"], "order_line_items": lines, "additional_fields": {}}
    return single_answer(json.dumps(packs, ensure_ascii=False).encode())


def _packs(order: Record) -> Iterable[Record]:
    for shipment in order["shipments"]:
        for package in shipment["packages"]:
            lines = [
                {name: line[name] for name in ("inventory_item_id", "sku", "quantity")}
                for line in package["line_items"]
            ]
            measured = {"pack_id": package["package_id"], "measurements": package["measurements"]}
            yield {**measured, "line_items": lines}


def _create_inbound(call: Call) -> Answer:
    return create_inbound(call.account, call.request.headers, call.request.body, call.clock())


def _update_inbound(call: Call) -> Answer:
    return update_inbound(call.account, call.ids[0], call.request.headers, call.request.body, call.clock())


LISTS = (
    ("inventory/ledger", "get_inventory_ledger", "inventory_ledger"),
    ("inventory", "get_inventory", "inventory"),
    ("products", "get_products", "products"),
    ("inbound-shipments/suppliers", "get_inbound_shipment_suppliers", "suppliers"),
    ("inbound-shipments", "get_inbound_shipments", "inbound_shipments"),
    ("orders/channels", "get_order_channels", "channels"),
    ("orders", "get_orders", "orders"),
    ("returns", "get_returns", "returns"),
    ("billing", "get_bills", "bills"),
    ("warehouses", "get_warehouses", "warehouses"),
    ("shipping-methods", "get_shipping_methods", "shipping_methods"),
    ("warehouse-customers", "get_warehouse_customers", "warehouse_customers"),
    ("labor-activities", "get_labor_activities", "labor_activities"),
)


def _routes() -> tuple[Route, ...]:
    lists = [Route("GET", ("wms", *path.split("/")), action, _list(name)) for path, action, name in LISTS]
    singles = [
        Route("GET", ("wms", path, "*"), action, _single(name)) for path, action, name in LISTS if "/" not in path
    ]
    house = ("wms", "warehouses", "*", "locations")
    asn = ("wms", "inbound-shipments")
    return (
        *lists,
        *singles,
        Route("GET", house, "get_warehouse_locations", _warehouse_locations),
        Route("GET", (*house, "*"), "get_warehouse_locations", _warehouse_location),
        Route("GET", ("wms", "orders", "*", "packs"), "get_orders", _order_packs),
        Route("POST", asn, "create_inbound_shipment", _create_inbound),
        Route("PUT", (*asn, "*"), "update_inbound_shipment", _update_inbound),
    )


ROUTES = _routes()
"""Fixed words come before ids, so that `/wms/orders/channels` is never read as an order."""


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]]:
    """The route of a data call with the ids in its path.

    Raises:
        Refusal: 404, the vendor has no such route.
    """
    segments = tuple(unquote(part) for part in path.removeprefix("/").split("/"))
    for route in ROUTES:
        ids = route.match(segments) if route.method == method else None
        if ids is not None:
            return route, ids
    raise Refusal(404, {"error": "Route not found", "origin": "trackstar"})


def permit(account: Account, action: str) -> None:
    """Lets a supported and allowed action pass.

    Raises:
        Refusal: 501 when the connected system lacks it, 403 when a policy switched it off.
    """
    if action in account.spec.unsupported:
        system = display_name(account.spec.integration_name)
        raise Refusal(501, {"error": f"Endpoint {action} is not implemented for {system}"})
    if action in account.spec.forbidden:
        raise refused(403, f"{action} is disabled for this connection")


def connections_answer(accounts: Iterable[Account], request: Request, connection_id: str | None) -> Answer:
    """`/connections` (one page, by `page_token` only) or one connection; a revoked one is gone."""
    live = [account for account in accounts if not account.revoked]
    if connection_id is None:
        if request.query and not request.query.startswith("page_token="):
            filters.no_parameters(request.query)
        records = [json.dumps(account.connection_record()).encode() for account in live]
        return page_answer(PageParts(records, None, None))
    filters.no_parameters(request.query)
    for account in live:
        if account.spec.connection_id == connection_id:
            return single_answer(json.dumps(account.connection_record()).encode())
    raise missing(connection_id)
