"""Stock transfers: of the orders that go from house to house, and moves between bins, which nobody waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.cin7_core.names import bin_guid, bin_name, date, guid, sold, stamp, warehouse_name

_LIVES: Mapping[str, str] = MappingProxyType(
    {"partially_fulfilled": "IN TRANSIT", "packed": "IN TRANSIT", "fulfilled": "COMPLETED", "cancelled": "VOIDED"}
)
"""By the order's life; before it is packed, a transfer is a draft."""


def transfers(business: Business) -> Iterator[Record]:
    for order in business.records("orders"):
        if order["type"] == "transfer":
            yield _transfer(business, order)


def _transfer(business: Business, order: Record) -> Record:
    """From the first warehouse to the second, every third one to a bin; every fourth stays in the first."""
    start, end = business.world.warehouses[0], business.world.warehouses[1]
    number = order["number"]
    goal = start if number % 4 == 0 else end
    place = business.world.stocked_location(number)
    to_bin = number % 3 == 0 or goal == start
    status = _LIVES.get(order["status"], "DRAFT")
    name = warehouse_name(business, goal)
    return {
        "_warehouse": guid("warehouse", goal),
        "_stays": goal == start,
        "TaskID": guid("transfer", order["id"]),
        "From": guid("warehouse", start),
        "FromLocation": warehouse_name(business, start),
        "To": bin_guid(goal, place) if to_bin else guid("warehouse", goal),
        "ToLocation": f"{name}: {bin_name(business, goal, place)}" if to_bin else name,
        "Status": status,
        "Number": f"TR-{number:05d}",
        "CostDistributionType": "Cost",
        "InTransitAccount": "715",
        "DepartureDate": None if status == "DRAFT" else date(order["created_at"]),
        "CompletionDate": date(order["updated_at"]) if status == "COMPLETED" else None,
        "RequiredByDate": date(order["required_ship_date"]),
        "Reference": "for Ana Invented",
        "Lines": [_line(business, each) for each in order["line_items"]],
        "SkipOrder": True,
        "LastModifiedOn": stamp(order["updated_at"]),
    }


def _line(business: Business, line: Record) -> Record:
    return {
        "ProductID": sold(business, line["product_id"]),
        "SKU": line["sku"] or f"NOSKU-{business.number('products', line['product_id'])}",
        "ProductName": "",
        "TransferQuantity": line["quantity"],
        "BatchSN": "",
        "ExpiryDate": None,
        "Comments": "",
    }
