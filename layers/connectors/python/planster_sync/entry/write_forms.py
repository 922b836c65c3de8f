"""The form in which inbound shipments are asked for, over the API and from files alike: closed JSON objects."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from planster_sync.engine.write_rules import MOST_LINES
from planster_sync.entry.moments import written_out
from planster_sync.model.record import Money, instant_of
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft


def _pieces(value: Any) -> int | Decimal:
    """A JSON number, exact; whole where it is whole."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("a number is needed")
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError("a finite number is needed")
    return int(number) if number == number.to_integral_value() else number


def _with_zone(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be placed")
    return moment.astimezone(UTC)


Pieces = Annotated[int | Decimal, BeforeValidator(_pieces), WithJsonSchema({"type": "number", "minimum": 0})]
Moment = Annotated[datetime, BeforeValidator(written_out), AfterValidator(_with_zone)]
Reference = Annotated[
    str, Field(description="Yours, and never used for anything else on this integration. Asked again, it joins.")
]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MoneyForm(_Form):
    """An amount of money, exact."""

    amount: str = Field(description="An exact decimal, in whole currency units.")
    currency: str | None = Field(default=None, description="ISO 4217 code.")


class LineForm(_Form):
    """One item; named by its SKU, its inventory item, or both."""

    quantity: Pieces = Field(description="Eaches; in a change the new quantity of the line.")
    sku: str | None = None
    inventory_item_id: str | None = None
    supplier_sku: str | None = None
    unit_cost: MoneyForm | None = Field(default=None, description="Purchase price of one each.")

    def line(self) -> DraftLine:
        cost = None if self.unit_cost is None else Money(amount=self.unit_cost.amount, currency=self.unit_cost.currency)
        return DraftLine(self.quantity, self.sku, self.inventory_item_id, self.supplier_sku, cost)


class ShipmentForm(_Form):
    """An inbound shipment to create. Which fields are needed, and which cannot be told, depends on the connector."""

    reference: Reference
    lines: list[LineForm] = Field(max_length=MOST_LINES)
    warehouse_id: str | None = None
    warehouse_customer_id: str | None = None
    supplier_id: str | None = None
    supplier_name: str | None = None
    expected_at: Moment | None = None
    tracking_numbers: list[str] = Field(default=[], max_length=MOST_LINES)

    def draft(self) -> InboundShipmentDraft:
        plain = self.model_dump(include={"warehouse_id", "warehouse_customer_id", "supplier_id", "supplier_name"})
        return InboundShipmentDraft(
            self.reference,
            tuple(line.line() for line in self.lines),
            **plain,
            expected_at=_text(self.expected_at),
            tracking_numbers=tuple(self.tracking_numbers),
        )


class ChangeForm(_Form):
    """What is to change in an inbound shipment; what is left out, or null, stays as it is."""

    reference: Reference
    expected_at: Moment | None = None
    tracking_numbers: list[str] | None = Field(default=None, max_length=MOST_LINES)
    lines: list[LineForm] | None = Field(
        default=None,
        max_length=MOST_LINES,
        description="A line that is named gets its new quantity, one that is not there yet is added, the others stay.",
    )

    def change(self) -> InboundShipmentChange:
        numbers = None if self.tracking_numbers is None else tuple(self.tracking_numbers)
        lines = None if self.lines is None else tuple(line.line() for line in self.lines)
        return InboundShipmentChange(_text(self.expected_at), numbers, lines)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else instant_of(moment)
