"""The vendor's schema as far as it is simulated: schema.graphql, and the wrappers that each list has there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from simulators.shiphero.graphql.types import Schema, schema_of

LISTED = ("Product", "WarehouseProduct", "Order", "Shipment", "PurchaseOrder", "Vendor", "Return", "Bill", "Location")
INSIDE = ("Account", "LineItem", "ShipmentLineItem", "PurchaseOrderLineItem", "TrackingNumber", "BillTotal")
SINGLE = ("Account", "Product", "Order", "Shipment", "PurchaseOrder", "Return", "Bill", "Uuid")

_PAGING = "(sort: String, before: String, after: String, first: Int, last: Int)"


@cache
def schema() -> Schema:
    """The schema, read once."""
    return schema_of("\n".join([(Path(__file__).parent / "schema.graphql").read_text(), *_wrappers()]))


def _wrappers() -> Iterator[str]:
    for name in (*LISTED, *INSIDE):
        yield f"type {name}Connection {{ pageInfo: PageInfo! edges: [{name}Edge]! }}"
        yield f"type {name}Edge {{ cursor: String! node: {name} }}"
    for name in LISTED:
        yield f"type {name}QueryResult {{ request_id: String complexity: Int data{_PAGING}: {name}Connection }}"
    for name in SINGLE:
        yield f"type {name}Result {{ request_id: String complexity: Int data: {name} }}"
