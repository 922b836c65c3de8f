"""The form of an inbound shipment, as a connector's rules want it, and what was typed into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from planster_sync.entry.console.forms import Form
from planster_sync.ports.source import WriteOperation, WriteRules

FIRST_ROWS, MORE_ROWS, MOST_ROWS = 3, 5, 30
"""A form has at most 200 fields; longer shipments go through the API or the command line."""

HEAD: Mapping[WriteOperation, tuple[str, ...]] = {
    WriteOperation.CREATE_INBOUND_SHIPMENT: (
        "warehouse_id",
        "supplier_id",
        "supplier_name",
        "warehouse_customer_id",
        "expected_at",
        "tracking_numbers",
    ),
    WriteOperation.UPDATE_INBOUND_SHIPMENT: ("expected_at", "tracking_numbers"),
}
CELLS = ("sku", "inventory_item_id", "quantity", "supplier_sku", "unit_cost")
LABELS: Mapping[str, tuple[str, str]] = {
    "reference": (
        "Reference",
        "Your purchase order's number. One reference makes one shipment, however often it is sent.",
    ),
    "warehouse_id": ("Warehouse", "The id of the warehouse that receives it."),
    "supplier_id": ("Supplier's id", "As the warehouse system knows the supplier."),
    "supplier_name": ("Supplier's name", ""),
    "warehouse_customer_id": ("Merchant's id", "Whose goods they are, where the warehouse serves several."),
    "expected_at": ("Expected", "When it arrives, in the integration's time zone."),
    "tracking_numbers": ("Tracking numbers", "Separated by commas."),
    "sku": ("SKU", ""),
    "inventory_item_id": ("Inventory item", ""),
    "quantity": ("Quantity", ""),
    "supplier_sku": ("Supplier SKU", ""),
    "unit_cost": ("Unit cost", ""),
}


class Field(NamedTuple):
    """A field above the lines."""

    name: str
    label: str
    hint: str
    is_required: bool


class Column(NamedTuple):
    """A column of the lines."""

    name: str
    label: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class ShipmentSheet:
    """What the form asks for, by the connector's rules: nothing that it cannot be told."""

    operation: WriteOperation
    rules: WriteRules

    @property
    def fields(self) -> list[Field]:
        named = self.rules.required | self.rules.accepted
        head = [name for name in HEAD[self.operation] if name in named]
        return [Field(name, *LABELS[name], name in self.rules.required) for name in head]

    @property
    def columns(self) -> list[Column]:
        """None where lines cannot be told."""
        named = self.rules.required | self.rules.accepted
        cells = [name for name in CELLS if f"lines.{name}" in named]
        wanted = cells if not cells or "quantity" in cells else [*cells, "quantity"]
        ordered = [name for name in CELLS if name in wanted]
        return [Column(name, LABELS[name][0], f"lines.{name}" in self.rules.required) for name in ordered]


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form. Rows that are empty are no lines."""

    sheet: ShipmentSheet
    form: Form
    zone: str

    @property
    def rows(self) -> int:
        """As many as the form says that it has, and never fewer than it has: no line may get lost on its way."""
        text = self.form.text("rows")
        told = int(text) if text.isdecimal() and len(text) < 4 else FIRST_ROWS
        numbers = [
            key.rpartition("-")[2] for key, value in self.form.fields if value and key.partition("-")[0] in CELLS
        ]
        there = [int(number) + 1 for number in numbers if number.isdecimal() and len(number) < 4]
        return min(max(told, *there, 1), MOST_ROWS)

    @property
    def filled_rows(self) -> list[int]:
        """The rows with something in them; the n-th of them is the n-th line."""
        return [row for row in range(self.rows) if any(self._cells(row).values())]

    def asked(self) -> dict[str, Any]:
        """In the words of the API; what cannot be read is handed on as it is, for the API to say what it should be."""
        head = {field.name: self._head(field.name) for field in self.sheet.fields}
        given = {name: value for name, value in head.items() if value is not None}
        lines = [self._line(row) for row in self.filled_rows]
        is_new = self.sheet.operation is WriteOperation.CREATE_INBOUND_SHIPMENT
        return {"reference": self.form.text("reference"), **given, **({"lines": lines} if lines or is_new else {})}

    def faults(self, fields: Mapping[str, str]) -> dict[str, str]:
        """By the names of the form's own fields: `lines.0.sku` is that of the first row that is filled in."""
        return dict(self._fault(path, what) for path, what in fields.items())

    def _fault(self, path: str, what: str) -> tuple[str, str]:
        what = what.removeprefix("Value error, ")
        first, _, rest = path.partition(".")
        place, _, cell = rest.partition(".")
        filled = self.filled_rows
        if first == "lines" and place.isdecimal() and int(place) < len(filled):
            name = cell.partition(".")[0] or self.sheet.columns[0].name
            return f"{name}-{filled[int(place)]}", what
        return first, what

    def _cells(self, row: int) -> dict[str, str]:
        return {column.name: self.form.text(f"{column.name}-{row}") for column in self.sheet.columns}

    def _line(self, row: int) -> dict[str, Any]:
        return {"quantity": None, **dict(self._values(self._cells(row), row))}

    def _values(self, cells: Mapping[str, str], row: int) -> Iterator[tuple[str, Any]]:
        for name, text in cells.items():
            if not text:
                continue
            if name == "quantity":
                yield name, _number(text)
            elif name == "unit_cost":
                yield name, {"amount": text, "currency": self.form.text(f"currency-{row}") or None}
            else:
                yield name, text

    def _head(self, name: str) -> Any:
        text = self.form.text(name)
        if not text:
            return None
        if name == "tracking_numbers":
            return [part.strip() for part in text.split(",") if part.strip()]
        return _moment(text, self.zone) if name == "expected_at" else text


def _number(text: str) -> Any:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _moment(text: str, zone: str) -> Any:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return text
