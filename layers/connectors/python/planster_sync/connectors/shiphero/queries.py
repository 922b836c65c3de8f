"""The GraphQL documents: what is asked of each list. Nothing personal is among it, so that nothing personal arrives.

Names of fields and arguments are those of the vendor's schema reference. Every list, nested ones too, is asked for with
an explicit `first`: its price in credits follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from planster_sync.connectors.shiphero.capabilities import CAPABILITIES
from planster_sync.ports.source import Created, ReadRequest, ReadStyle, Still

_PAGE_INFO = "pageInfo { hasNextPage endCursor }"
_SIZE = "dimensions { length width height weight }"


Arguments = Mapping[str, tuple[str, Any]]
"""Name -> its type in the schema, and its value."""


@dataclass(frozen=True, slots=True)
class Nest:
    """A list inside a record: the lists of objects that lead to its owner, its name, and what each node tells.

    `single` is the query that gives its owner by id, to read on where the first page is not all; `first` is how many
    rows that page has, which few records exceed.
    """

    owners: tuple[str, ...]
    name: str
    node: str
    single: str
    first: int

    @property
    def opening(self) -> str:
        return f"{self.name}(first: ${self.name}) {{ {_PAGE_INFO} edges {{ node {{ {self.node} }} }} }}"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a read's list is asked for: its query, what each node tells, and the query that gives one of them by id.

    `owner` names the object that holds the list, where it is no query of its own (`account`).
    """

    query: str
    node: str
    single: str = ""
    owner: str = ""
    nests: tuple[Nest, ...] = ()

    def lines(self, limit: int) -> Arguments:
        """How many rows of each nested list come with a record."""
        return {nest.name: ("Int", min(nest.first, limit)) for nest in self.nests}

    @property
    def steps(self) -> tuple[str, ...]:
        """From the answer's data to the connection."""
        return (self.owner, "data", self.query) if self.owner else (self.query, "data")


_PO_LINES = Nest(
    (),
    "line_items",
    "id sku vendor_sku vendor_id quantity quantity_received quantity_rejected price updated_at",
    "purchase_order",
    first=40,
)
_PO_TRACKING = Nest((), "tracking_numbers", "tracking_number", "purchase_order", first=5)
PURCHASE_ORDER = (
    "id account_id po_number fulfillment_status vendor_id vendor { name } warehouse_id created_at po_date arrived_at "
    f"date_closed origin_of_shipment tracking_number {_PO_TRACKING.opening} {_PO_LINES.opening}"
)
_ORDER_LINES = Nest(
    (),
    "line_items",
    "id sku product_id quantity quantity_shipped backorder_quantity price promotion_discount fulfillment_status "
    "warehouse_id",
    "order",
    first=10,
)
_SHIPPED_LINES = Nest(("shipments",), "line_items", "id quantity line_item { sku product_id }", "shipment", first=10)
_BILLED = Nest((), "totals", "category amount quantity", "bill", first=40)

PLANS: Mapping[str, Plan] = MappingProxyType(
    {
        "products": Plan(
            "products",
            "id account_id sku name barcode country_of_manufacture tariff_code kit kit_build virtual created_at "
            f"updated_at {_SIZE} vendors {{ vendor_id vendor_sku price }} kit_components {{ sku quantity }} "
            "warehouse_products { warehouse_id active on_hand allocated available backorder non_sellable_quantity "
            "price value value_currency updated_at }",
            "product",
        ),
        "orders": Plan(
            "orders",
            "id account_id order_number partner_order_id shop_name fulfillment_status order_date created_at updated_at "
            "required_ship_date currency total_tax total_discounts total_price "
            "shipping_lines { carrier method price } shipping_address { state state_code zip country country_code } "
            "holds { fraud_hold address_hold shipping_method_hold operator_hold payment_hold client_hold } "
            f"allocations {{ warehouse_id }} {_ORDER_LINES.opening} "
            f"shipments {{ id warehouse_id created_date delivered {_SHIPPED_LINES.opening} "
            f"shipping_labels {{ id status carrier shipping_method cost tracking_number box_name {_SIZE} }} }}",
            "order",
            nests=(_ORDER_LINES, _SHIPPED_LINES),
        ),
        "inbound_shipments": Plan("purchase_orders", PURCHASE_ORDER, "purchase_order", nests=(_PO_LINES, _PO_TRACKING)),
        "inbound_shipment_suppliers": Plan("vendors", "id account_id name currency created_at address { country }"),
        "returns": Plan(
            "returns",
            "id account_id order_id status shipping_carrier label_cost created_at line_items { quantity "
            "quantity_received restock reason updated_at product { sku } line_item { sku } }",
            "return",
        ),
        "bills": Plan(
            "bills",
            f"id status amount created_at due_date billing_period {{ start end }} {_BILLED.opening}",
            "bill",
            nests=(_BILLED,),
        ),
        "warehouses": Plan("warehouses", "id identifier active address { city state zip country }", owner="account"),
        "warehouse_customers": Plan("customers", "id legacy_id username status", owner="account"),
        "warehouse_locations": Plan(
            "locations", f"id warehouse_id name type {{ name }} pickable sellable created_at {_SIZE}"
        ),
    }
)

_OPEN: Mapping[str, Mapping[str, tuple[str, Any]]] = MappingProxyType(
    {"orders": {"fulfillment_status_not_in": ("[String]", ["fulfilled", "canceled"])}}
)
"""What still waits to be done: whatever is not at its end, for accounts add statuses of their own."""


@dataclass(frozen=True, slots=True)
class Question:
    """A document with the values of its variables."""

    document: str
    variables: Mapping[str, Any]


def page(plan: Plan, filters: Arguments, first: int, line_limit: int, after: str | None) -> Question:
    """One page of a list. Paging arguments stand on the connection, filters on the query."""
    told = {**filters, "first": ("Int", first), "after": ("String", after), **plan.lines(line_limit)}
    given = f"({', '.join(f'{name}: ${name}' for name in filters)})" if filters else ""
    rows = f"(first: $first, after: $after) {{ {_PAGE_INFO} edges {{ node {{ {plan.node} }} }} }}"
    inside = f"data {{ {plan.query}{rows} }}" if plan.owner else f"data{rows}"
    return question("query", f"{plan.owner or plan.query}{given} {{ request_id complexity {inside} }}", told)


def singles(plan: Plan, ids: Sequence[str], line_limit: int) -> Question:
    """Several records by id in one document, each under a name of its own: `r0`, `r1`, …"""
    told = {f"i{place}": ("String!", each) for place, each in enumerate(ids)}
    asked = [
        f"r{place}: {plan.single}(id: $i{place}) {{ request_id complexity data {{ {plan.node} }} }}"
        for place in range(len(ids))
    ]
    return question("query", " ".join(asked), {**told, **plan.lines(line_limit)})


def more(nest: Nest, owner: str, first: int, after: str | None) -> Question:
    """A further page of a list inside a record."""
    rows = f"{nest.name}(first: $first, after: $after) {{ {_PAGE_INFO} edges {{ node {{ {nest.node} }} }} }}"
    told = {"id": ("String!", owner), "first": ("Int", first), "after": ("String", after)}
    return question("query", f"{nest.single}(id: $id) {{ request_id complexity data {{ {rows} }} }}", told)


def warehouses() -> Question:
    """The account's warehouses, which come whole."""
    return question(
        "query", f"account {{ request_id complexity data {{ warehouses {{ {PLANS['warehouses'].node} }} }} }}"
    )


def question(kind: str, fields: str, arguments: Arguments | None = None) -> Question:
    told = arguments or {}
    declared = f"({', '.join(f'${name}: {type_}' for name, (type_, _) in told.items())})" if told else ""
    return Question(f"{kind}{declared} {{ {fields} }}", {name: value for name, (_, value) in told.items()})


def filters_of(ask: ReadRequest) -> Arguments:
    """What narrows a list: changes since a moment, or one slice. Bounds are inclusive, so that slices share theirs."""
    if ask.only is Still.OPEN:
        return _OPEN[ask.read]
    found: dict[str, tuple[str, Any]] = {}
    if isinstance(ask.only, Created):
        bounds = {"created_from": ask.only.since, "created_to": ask.only.until}
        found |= {name: ("ISODateTime", stamp(bound)) for name, bound in bounds.items() if bound is not None}
    if ask.since is not None and CAPABILITIES.reads[ask.read].style is ReadStyle.INCREMENTAL:
        found["updated_from"] = ("ISODateTime", stamp(ask.since))
    return found


def stamp(at: datetime) -> str:
    """A moment as the vendor's `ISODateTime` takes it: UTC without an offset."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
