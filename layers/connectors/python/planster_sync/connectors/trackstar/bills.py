"""GET /wms/billing: one record per charge, which becomes a bill with one line."""

from __future__ import annotations

from planster_sync.connectors.trackstar.shapes import owned
from planster_sync.connectors.trackstar.statuses import CHARGE, CHARGED_FOR
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.numbers import money
from planster_sync.mapping.words import word
from planster_sync.model.bills import Bill, BillLine


def bill(source: Fields, currency: str | None) -> Bill:
    amount = money(source, "amount", source.text("currency_code") or currency)
    if amount is None:
        raise invalid(source.path("amount"), "is missing")
    line = BillLine(
        charge=word(source, "charge_type", CHARGE),
        amount=amount,
        object_id=source.identifier("object_id"),
        object_type=word(source, "object_type", CHARGED_FOR),
    )
    return Bill(**owned(source), total=amount, lines=(line,))
