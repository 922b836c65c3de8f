"""The vendor's routes: which path reads or writes what, and in which order a request is judged.

Order: route (404), keys (401), rate limit (429), fault rules, capability (501), policy (403), parameters (422),
record (404).
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable

from simulators.business.spec import Record
from simulators.serving.exchange import Answer, Refusal, Request, refusal
from simulators.serving.routing import Route
from simulators.serving.simulation import Call
from simulators.trackstar import filters
from simulators.trackstar.account import Account, display_name
from simulators.trackstar.answers import (
    PageParts,
    key_before,
    missing,
    page_answer,
    refused,
    single_answer,
    token_after,
)
from simulators.trackstar.inbound import create_inbound, update_inbound

Wanted = Call[Account]


def _list(collection: str) -> Callable[[Wanted], Answer]:
    def serve(call: Wanted) -> Answer:
        return page_of(call, collection, prefix="")

    return serve


def _single(collection: str) -> Callable[[Wanted], Answer]:
    def serve(call: Wanted) -> Answer:
        filters.no_parameters(call.request.query)
        return single_answer(_found(call, collection, call.ids["id"], call.ids["id"]))

    return serve


def _found(call: Wanted, collection: str, key: str, shown_id: str) -> bytes:
    with call.account.shelf(collection) as shelf:
        record = shelf.raw(key)
    if record is None:
        raise missing(shown_id)
    return record


def page_of(call: Wanted, collection: str, prefix: str) -> Answer:
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


def _warehouse_locations(call: Wanted) -> Answer:
    warehouse = call.ids["warehouse"]
    _found(call, "warehouses", warehouse, warehouse)
    return page_of(call, "locations", prefix=f"{warehouse}/")


def _warehouse_location(call: Wanted) -> Answer:
    filters.no_parameters(call.request.query)
    return single_answer(_found(call, "locations", "/".join(call.ids.values()), call.ids["id"]))


def _order_packs(call: Wanted) -> Answer:
    filters.no_parameters(call.request.query)
    order = json.loads(_found(call, "orders", call.ids["id"], call.ids["id"]))
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


def _create_inbound(call: Wanted) -> Answer:
    return create_inbound(call.account, call.request.headers, call.request.body, call.now)


def _update_inbound(call: Wanted) -> Answer:
    return update_inbound(call.account, call.ids["id"], call.request.headers, call.request.body, call.now)


def _live(call: Wanted) -> list[Account]:
    return [account for account in call.simulation.accounts() if not account.revoked]


def _connections(call: Wanted) -> Answer:
    """One page, by `page_token` only; a revoked connection is gone."""
    if call.request.query and not call.request.query.startswith("page_token="):
        filters.no_parameters(call.request.query)
    records = [json.dumps(account.connection_record()).encode() for account in _live(call)]
    return page_answer(PageParts(records, None, None))


def _connection(call: Wanted) -> Answer:
    filters.no_parameters(call.request.query)
    for account in _live(call):
        if account.name == call.ids["id"]:
            return single_answer(json.dumps(account.connection_record()).encode())
    raise missing(call.ids["id"])


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


def _routes() -> tuple[Route[Account], ...]:
    lists = [Route("GET", f"/wms/{path}", _list(name), action) for path, action, name in LISTS]
    singles = [
        Route("GET", f"/wms/{path}/{{id}}", _single(name), action) for path, action, name in LISTS if "/" not in path
    ]
    house = "/wms/warehouses/{warehouse}/locations"
    asn = "/wms/inbound-shipments"
    return (
        Route("GET", "/connections", _connections),
        Route("GET", "/connections/{id}", _connection),
        *lists,
        *singles,
        Route("GET", house, _warehouse_locations, "get_warehouse_locations"),
        Route("GET", f"{house}/{{id}}", _warehouse_location, "get_warehouse_locations"),
        Route("GET", "/wms/orders/{id}/packs", _order_packs, "get_orders"),
        Route("POST", asn, _create_inbound, "create_inbound_shipment"),
        Route("PUT", f"{asn}/{{id}}", _update_inbound, "update_inbound_shipment"),
    )


ROUTES = _routes()
"""Fixed words come before ids, so that `/wms/orders/channels` is never read as an order."""


def unknown(_request: Request) -> Refusal:
    """The vendor has no such route (404)."""
    return refused(404, "Route not found")


def permit(account: Account, action: str) -> None:
    """Lets a supported and allowed action pass.

    Raises:
        Refusal: 501 when the connected system lacks it, 403 when a policy switched it off.
    """
    if action in account.spec.unsupported:
        system = display_name(account.spec.integration_name)
        raise refusal(501, {"error": f"Endpoint {action} is not implemented for {system}"})
    if action in account.forbidden:
        raise refused(403, f"{action} is disabled for this connection")
