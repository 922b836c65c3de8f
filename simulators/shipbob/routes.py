"""What answers which path, and which scope it takes; single records and lists without filters."""

from __future__ import annotations

from collections.abc import Callable

from simulators.business.spec import Record
from simulators.serving.account import Account
from simulators.serving.exchange import Answer, Refusal, Request, refusal, told
from simulators.serving.routing import Route
from simulators.shipbob import filters, stock
from simulators.shipbob.filters import LARGEST, Asked, Serve, rows_of, shown
from simulators.shipbob.inflow import BOXES
from simulators.shipbob.pages import Bare, linked, numbered, tokened
from simulators.shipbob.questions import problem, question
from simulators.shipbob.receiving import change_order, create_order

VERSIONS = ("2026-01", "2026-07")


def _transactions(call: Asked) -> Answer:
    asked = question(call.request, {"Cursor", "PageSize", "SortOrder"})
    invoice = _found(call, "invoices")
    return tokened(asked, invoice["_charges"], asked.number("PageSize", 100, 1000))


def _locations(call: Asked) -> Answer:
    asked = question(call.request, {"IncludeInactive", "ReceivingEnabled", "AccessGranted"})
    with_inactive = asked.flag("IncludeInactive") or False
    rows = [record["location"] for record in rows_of(call, "centres") if record["location"] is not None]
    return Bare(call.request, [row for row in rows if with_inactive or row["is_active"]]).answer()


def _centres(call: Asked) -> Answer:
    question(call.request, ())
    rows = [record["centre"] for record in rows_of(call, "centres") if record["centre"] is not None]
    return Bare(call.request, rows).answer()


def _channels(call: Asked) -> Answer:
    asked = question(call.request, {"RecordsPerPage", "Cursor"})
    return linked(call.request, asked, rows_of(call, "channels"), asked.number("RecordsPerPage", 50, LARGEST))


def _methods(call: Asked) -> Answer:
    return numbered(call.request, question(call.request, {"Page", "Limit"}), rows_of(call, "shipping_methods"), LARGEST)


def _boxes(call: Asked) -> Answer:
    question(call.request, ())
    return Bare(call.request, _found(call, "receiving")[BOXES]).answer()


def _shipments(call: Asked) -> Answer:
    question(call.request, ())
    return Bare(call.request, _found(call, "orders")["shipments"]).answer()


def _single(name: str, show: Callable[[Record], Record] = shown) -> Serve:
    def serve(call: Asked) -> Answer:
        question(call.request, ())
        return told(show(_found(call, name)))

    return serve


def _found(call: Asked, name: str) -> Record:
    """The record that the path names (404 without one)."""
    key = call.ids["id"]
    record = call.account.lists[name].get(key) if key.isascii() and key.isdecimal() else None
    if record is None:
        raise problem(404, "Not Found", "The resource was not found.")
    return record


def _created(call: Asked) -> Answer:
    with call.account.lists.alone() as lists:
        return told(shown(create_order(lists, call.request, call.now, call.ids["version"])), status=201)


def _changed(call: Asked) -> Answer:
    if call.ids["version"] != VERSIONS[-1]:
        raise refusal(405, "")
    _found(call, "receiving")
    with call.account.lists.alone() as lists:
        return told(shown(change_order(lists, call.ids["id"], call.request, call.now)))


def _at(method: str, path: str, serve: Serve, scope: str) -> Route[Account]:
    return Route(method, f"/{{version}}/{path}", serve, scope)


ROUTES = (
    _at("GET", "inventory-level", filters.stock(stock.level), "inventory_read"),
    _at(
        "GET",
        "inventory-level/locations",
        filters.stock(stock.split, frozenset({"LocationType", "LocationId"})),
        "inventory_read",
    ),
    _at("GET", "inventory-level/lots", filters.stock(stock.by_lot, frozenset({"LocationId"})), "inventory_read"),
    _at("GET", "inventory-level/{id}", _single("stock", stock.level), "inventory_read"),
    _at("GET", "inventory-level/{id}/locations", _single("stock", stock.split), "inventory_read"),
    _at("GET", "inventory-level/{id}/lots", _single("stock", stock.by_lot), "inventory_read"),
    _at("GET", "inventory", filters.stock(stock.item, frozenset({"FilterOperations"})), "inventory_read"),
    _at("GET", "inventory/{id}", _single("stock", stock.item), "inventory_read"),
    _at("GET", "product", filters.products, "products_read"),
    _at("GET", "product/{id}", _single("products"), "products_read"),
    _at("GET", "order", filters.orders, "orders_read"),
    _at("GET", "order/{id}", _single("orders"), "orders_read"),
    _at("GET", "order/{id}/shipment", _shipments, "orders_read"),
    _at("GET", "shipping-method", _methods, "orders_read"),
    _at("GET", "receiving", filters.receiving, "receiving_read"),
    _at("POST", "receiving", _created, "receiving_write"),
    _at("GET", "receiving/{id}", _single("receiving"), "receiving_read"),
    _at("PATCH", "receiving/{id}", _changed, "receiving_write"),
    _at("GET", "receiving/{id}/boxes", _boxes, "receiving_read"),
    _at("GET", "fulfillment-center", _centres, "receiving_read"),
    _at("GET", "location", _locations, "locations_read"),
    _at("GET", "return", filters.returns, "returns_read"),
    _at("GET", "return/{id}", _single("returns"), "returns_read"),
    _at("GET", "channel", _channels, "channels_read"),
    _at("GET", "invoices", filters.invoices, "billing_read"),
    _at("GET", "invoices/{id}/transactions", _transactions, "billing_read"),
)
"""Scopes are the vendor's; fixed words stand before ids."""


def unknown(_: Request) -> Refusal:
    return problem(404, "Not Found", "Resource not found")
