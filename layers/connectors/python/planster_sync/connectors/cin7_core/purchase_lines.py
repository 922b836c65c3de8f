"""The lines of a purchase order as the vendor takes them: one per product, each with a total that it checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from planster_sync.errors import WriteRefused
from planster_sync.mapping.numbers import EXACT
from planster_sync.ports.writing import DraftLine

Line = dict[str, Any]
ProductOf = Callable[[DraftLine], Mapping[str, Any]]

_CENT = Decimal("0.01")
"""Totals have two decimals (assumption: a working client rounds so; the vendor compares with its own)."""

_KEPT = ("ProductID", "SKU", "Name", "Quantity", "Price", "Discount", "Tax", "TaxRule", "SupplierSKU", "Comment")


def new_lines(wanted: Sequence[DraftLine], product_of: ProductOf, tax_rule: str | None) -> list[Line]:
    """The lines of a new order; a product that is wanted twice stands on one of them.

    Raises:
        WriteRefused: a product is wanted at two prices, or without one.
    """
    made: dict[str, Line] = {}
    for each in wanted:
        line = _new(each, product_of(each), tax_rule)
        same = made.setdefault(line["ProductID"].lower(), line)
        if same is not line:
            if same["Price"] != line["Price"]:
                raise WriteRefused("A product stands on two lines of the shipment with different prices.")
            same["Quantity"] += line["Quantity"]
    return [_totalled(line) for line in made.values()]


def changed_lines(
    present: Iterable[Mapping[str, Any]], wanted: Sequence[DraftLine], product_of: ProductOf, tax_rule: str | None
) -> list[Line]:
    """The lines of an order after a change: named ones with their new quantity, new ones behind, the others as before.

    Raises:
        WriteRefused: a new line has no price, or no line is left.
    """
    lines: dict[str, Line] = {}
    for each in present:
        line = {name: each[name] for name in _KEPT if each.get(name) is not None}
        same = lines.setdefault(_key(each), line)
        if same is not line:
            same["Quantity"] += line["Quantity"]  # the vendor no longer takes a product twice
    for named in wanted:
        product = product_of(named)
        key = str(product["ID"]).lower()
        lines[key] = _again(lines[key], named) if key in lines else _new(named, product, tax_rule)
    left = [_totalled(line) for line in lines.values() if line["Quantity"]]  # the vendor takes no line of 0
    if not left:
        raise WriteRefused("Cin7 Core keeps no purchase order without lines; void it there instead.")
    return left


def _key(line: Mapping[str, Any]) -> str:
    return str(line.get("ProductID") or line.get("SKU")).lower()


def _new(wanted: DraftLine, product: Mapping[str, Any], tax_rule: str | None) -> Line:
    if wanted.unit_cost is None:
        raise WriteRefused("A new line needs its purchase price: Cin7 Core would take it as 0.")
    line = {
        "ProductID": product["ID"],
        "SKU": product["SKU"],
        "Name": product["Name"],
        "Quantity": Decimal(wanted.quantity),
        "Price": Decimal(wanted.unit_cost.amount),
        "Discount": Decimal(0),
        "Tax": Decimal(0),
    }
    optional = {"TaxRule": tax_rule, "SupplierSKU": wanted.supplier_sku}
    return {**line, **{name: value for name, value in optional.items() if value}}


def _again(old: Line, wanted: DraftLine) -> Line:
    """A line with another quantity, its tax in proportion."""
    before, quantity = old["Quantity"], Decimal(wanted.quantity)
    tax = EXACT.divide(old.get("Tax", Decimal(0)) * quantity, before) if before else Decimal(0)
    given = {"Price": Decimal(wanted.unit_cost.amount)} if wanted.unit_cost else {}
    named = {"SupplierSKU": wanted.supplier_sku} if wanted.supplier_sku else {}
    return {**old, **given, **named, "Quantity": quantity, "Tax": tax.quantize(_CENT, ROUND_HALF_UP)}


def _totalled(line: Line) -> Line:
    """With the total that the vendor expects: quantity times price, less the discount in per cent, plus tax."""
    kept = 100 - Decimal(line.get("Discount", 0))
    net = EXACT.divide(EXACT.multiply(EXACT.multiply(line["Quantity"], line["Price"]), kept), Decimal(100))
    return {**line, "Total": (net + Decimal(line.get("Tax", 0))).quantize(_CENT, ROUND_HALF_UP)}
