"""What answers which path, behind /{warehouse}/api/v1. The scope is the right that an API user needs."""

from __future__ import annotations

from collections.abc import Callable

from simulators.ongoing import lists, writes
from simulators.ongoing.receiving import PURCHASE_STATUS, RETURN_STATUS
from simulators.ongoing.trade import ORDER_STATUS
from simulators.serving.account import Account
from simulators.serving.exchange import Answer
from simulators.serving.routing import Route
from simulators.serving.simulation import Call

_BASE = "/{warehouse}/api/v1"


def _get(path: str, serve: Callable[[Call[Account]], Answer], scope: str) -> Route[Account]:
    return Route("GET", f"{_BASE}{path}", serve, scope)


ROUTES: tuple[Route[Account], ...] = (
    _get("/articles", lists.ARTICLES.answer, "articles"),
    _get("/articles/inventoryPerWarehouse", lists.PER_WAREHOUSE.answer, "articles"),
    _get("/articles/structureDefinitions", lists.DEFINITIONS.answer, "articles"),
    _get("/articles/{id}", lists.single("articles"), "articles"),
    _get("/articles/{id}/structureDefinition", lists.structure_definition, "articles"),
    _get("/articleItems", lists.ITEMS.answer, "articles"),
    _get("/orders", lists.ORDERS.answer, "orders"),
    _get("/orders/statuses", lists.statuses("orderStatuses", [ORDER_STATUS]), "orders"),
    _get("/orders/wayOfDeliveryTypes", lists.ways_of_delivery, "orders"),
    _get("/orders/{id}", lists.single("orders"), "orders"),
    _get("/purchaseOrders", lists.PURCHASE_ORDERS.answer, "purchaseOrders"),
    _get("/purchaseOrders/statuses", lists.statuses("orderStatuses", [PURCHASE_STATUS]), "purchaseOrders"),
    _get("/purchaseOrders/{id}", lists.single("purchase_orders"), "purchaseOrders"),
    _get("/returnOrders", lists.RETURN_ORDERS.answer, "returnOrders"),
    _get("/returnOrders/statuses", lists.statuses("returnOrderStatuses", [RETURN_STATUS]), "returnOrders"),
    _get("/returnOrders/{id}", lists.single("return_orders"), "returnOrders"),
    _get("/transporterContracts", lists.transporters, "orders"),
    _get("/warehouses", lists.warehouses, "warehouses"),
    _get("/warehouses/{id}/zones", lists.zones_of, "warehouses"),
    Route("PUT", f"{_BASE}/purchaseOrders", writes.put_by_number, "purchaseOrders:write"),
    Route("PUT", f"{_BASE}/purchaseOrders/{{id}}", writes.put_by_id, "purchaseOrders:write"),
    Route("PATCH", f"{_BASE}/purchaseOrders/{{id}}/inDate", writes.patch_in_date, "purchaseOrders:write"),
    Route("DELETE", f"{_BASE}/purchaseOrders/{{id}}", writes.cancel, "purchaseOrders:write"),
)
