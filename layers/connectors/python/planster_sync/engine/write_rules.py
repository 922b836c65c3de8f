"""What may be asked of a vendor: a draft or a change against the connector's declared rules, before anything is sent.

Every problem is named with its dotted field (`lines.0.sku`) and a sentence for a planner.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from planster_sync.errors import FieldsInvalid, Unsupported
from planster_sync.model.record import Money
from planster_sync.ports.source import Capabilities, WriteOperation, WriteRules
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft

Content = InboundShipmentDraft | InboundShipmentChange
Problems = Iterator[tuple[str, str]]

LONGEST_REFERENCE = 100
LONGEST_TEXT = 200
MOST_LINES = 1000
MOST_PIECES = 10**9

WORDS: Mapping[str, str] = {
    "reference": "the shipment's reference",
    "lines": "at least one line",
    "lines.sku": "the line's SKU",
    "lines.inventory_item_id": "the line's inventory item",
    "lines.quantity": "the line's quantity",
    "lines.supplier_sku": "the supplier's number of the item",
    "lines.unit_cost": "the line's purchase price",
    "warehouse_id": "the warehouse that receives it",
    "warehouse_customer_id": "the merchant that owns it",
    "supplier_id": "the supplier's id",
    "supplier_name": "the supplier's name",
    "expected_at": "the date on which it is expected",
    "tracking_numbers": "the carrier's tracking number",
}
"""Each field as the end of the sentence "... needs ..."."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")
_AMOUNT = re.compile(r"(0|[1-9]\d*)(\.\d*[1-9])?")
_CURRENCY = re.compile(r"[A-Z]{3}")


def check(content: Content, capabilities: Capabilities, operation: WriteOperation) -> None:
    """Passes where the connector can be asked for this.

    Raises:
        Unsupported: the connector does not offer the operation.
        FieldsInvalid: with every problem.
    """
    rules = capabilities.writes.get(operation)
    if rules is None:
        words = operation.value.replace("_", " ")
        raise Unsupported(
            f"{capabilities.title} cannot {words}s.", remedy="Make the change in the warehouse system itself."
        )
    found = dict([*_form(content), *_against(content, rules, capabilities.title)])
    if found:
        raise FieldsInvalid(found)


def check_reference(reference: str) -> None:
    """Passes where a request may have this name; raises FieldsInvalid."""
    found = dict(_text("reference", reference, LONGEST_REFERENCE))
    if found:
        raise FieldsInvalid(found)


def _against(content: Content, rules: WriteRules, title: str) -> Problems:
    named = rules.required | rules.accepted
    allowed = named | {name.partition(".")[0] for name in named}  # who takes a line's SKU takes lines
    for name in _names(content):
        value = getattr(content, name)
        if name in rules.required and _is_missing(value):
            yield name, f"{title} needs {WORDS[name]}."
        elif name not in allowed and _is_given(value):
            yield name, f"{title} cannot be told {WORDS[name]}; leave it out."
    for place, line in enumerate(content.lines or ()):
        yield from _line_against(line, place, rules, title)


def _line_against(line: DraftLine, place: int, rules: WriteRules, title: str) -> Problems:
    allowed = rules.required | rules.accepted
    for name in _names(line):
        path, value = f"lines.{name}", getattr(line, name)
        if path in rules.required and _is_missing(value):
            yield f"lines.{place}.{name}", f"{title} needs {WORDS[path]}, and line {place + 1} has none."
        elif path not in allowed and _is_given(value):
            yield f"lines.{place}.{name}", f"{title} cannot be told {WORDS[path]}; leave it out of line {place + 1}."


def _form(content: Content) -> Problems:
    """What is wrong with it whatever the vendor."""
    if isinstance(content, InboundShipmentDraft):
        yield from _text("reference", content.reference, LONGEST_REFERENCE)
        for name in ("warehouse_id", "warehouse_customer_id", "supplier_id", "supplier_name"):
            yield from _text(name, getattr(content, name), LONGEST_TEXT)
        if not content.lines:
            yield "lines", "An inbound shipment needs at least one line."
    elif all(getattr(content, name) is None for name in _names(content)):
        yield "", "There is nothing to change."
    elif content.lines is not None and not content.lines:
        yield "lines", "Name the lines that change, or leave the lines out."
    if content.expected_at is not None and not _is_instant(content.expected_at):
        yield "expected_at", "The expected date must be a moment in UTC, such as 2026-04-01T00:00:00Z."
    for place, number in enumerate(content.tracking_numbers or ()):
        yield from _text(f"tracking_numbers.{place}", number, LONGEST_TEXT)
    yield from _lines(content)


def _lines(content: Content) -> Problems:
    lines = content.lines or ()
    if len(lines) > MOST_LINES:
        yield "lines", f"An inbound shipment has at most {MOST_LINES} lines here."
    for place, line in enumerate(lines):
        yield from _line(line, place)
        if line.quantity == 0 and isinstance(content, InboundShipmentDraft):
            yield f"lines.{place}.quantity", f"The quantity of line {place + 1} must be more than zero."
    if isinstance(content, InboundShipmentChange):
        yield from _doubles(lines)


def _line(line: DraftLine, place: int) -> Problems:
    if line.sku is None and line.inventory_item_id is None:
        yield f"lines.{place}", f"Line {place + 1} names no item: give its SKU or its inventory item."
    for name in ("sku", "inventory_item_id", "supplier_sku"):
        yield from _text(f"lines.{place}.{name}", getattr(line, name), LONGEST_TEXT)
    quantity = Decimal(line.quantity)
    if not quantity.is_finite() or not 0 <= quantity <= MOST_PIECES:
        yield f"lines.{place}.quantity", f"The quantity of line {place + 1} must be a number, and not below zero."
    if line.unit_cost is not None and not _is_price(line.unit_cost):
        yield (
            f"lines.{place}.unit_cost",
            f"The purchase price of line {place + 1} must be a plain decimal, its currency three capitals.",
        )


def _doubles(lines: Sequence[DraftLine]) -> Problems:
    times = Counter(line.sku or line.inventory_item_id for line in lines)
    for place, line in enumerate(lines):
        if times[line.sku or line.inventory_item_id] > 1:
            yield f"lines.{place}", f"Line {place + 1} names an item that another line names as well."


def _text(path: str, value: str | None, longest: int) -> Problems:
    if value is None:
        return
    if not value.strip() or value != value.strip() or not value.isprintable() or len(value) > longest:
        yield path, f"This must be a text of 1 to {longest} printable characters, without spaces around it."


def _is_instant(text: str) -> bool:
    if not _INSTANT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_price(price: Money) -> bool:
    known = price.currency is None or _CURRENCY.fullmatch(price.currency) is not None
    return known and _AMOUNT.fullmatch(price.amount) is not None


def _is_missing(value: Any) -> bool:
    return value is None or value in ("", (), [])


def _is_given(value: Any) -> bool:
    return value is not None and value not in ((), [])


def _names(value: Content | DraftLine) -> tuple[str, ...]:
    return tuple(each.name for each in fields(value))
