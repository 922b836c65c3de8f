"""`bills`: what a 3PL charges its customers. They name no currency; the setting `currency` does."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.shiphero.capabilities import ShipheroSettings
from planster_sync.connectors.shiphero.shapes import moment, nodes
from planster_sync.connectors.shiphero.statuses import BILL, CHARGE
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.numbers import money, quantity
from planster_sync.mapping.words import word
from planster_sync.model.bills import Bill, BillLine


def bill(source: Fields, settings: ShipheroSettings) -> Bill:
    return Bill(
        id=source.required_id("id"),
        created_at=moment(source, "created_at"),
        status=word(source, "status", BILL),
        total=money(source, "amount", settings.currency),
        billed_at=moment(source, "created_at"),
        due_at=moment(source, "due_date"),
        period_start=moment(source, "billing_period.start"),
        period_end=moment(source, "billing_period.end"),
        lines=tuple(map(partial(_line, currency=settings.currency), nodes(source, "totals"))),
    )


def _line(source: Fields, currency: str | None) -> BillLine:
    amount = money(source, "amount", currency)
    if amount is None:
        raise invalid(source.path("amount"), "is missing")
    return BillLine(charge=word(source, "category", CHARGE), quantity=quantity(source, "quantity"), amount=amount)
