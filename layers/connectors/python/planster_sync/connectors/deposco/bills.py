"""GET /billing/transactions: one billable activity each, which becomes a bill with one line."""

from __future__ import annotations

from planster_sync.connectors.deposco.shapes import Terms, count, currency_of, owned
from planster_sync.connectors.deposco.statuses import BILL, CHARGE
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.numbers import money
from planster_sync.mapping.words import word
from planster_sync.model.bills import Bill, BillLine


def bill(source: Fields, terms: Terms) -> Bill:
    amount = money(source, "totalPrice", currency_of(source, terms))
    if amount is None:
        raise invalid(source.path("totalPrice"), "is missing")
    line = BillLine(
        charge=word(source, "transactionType", CHARGE),
        quantity=count(source, "quantity"),
        amount=amount,
        object_id=source.identifier("orderHeader.id"),
    )
    return Bill(
        **owned(source, terms),
        number=source.identifier("transactionNumber"),
        status=word(source, "status", BILL),
        total=amount,
        lines=(line,),
    )
