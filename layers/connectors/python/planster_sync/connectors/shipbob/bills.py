"""GET /invoices, with the invoice's rows of /invoices/{id}/transactions. `additional_details` are not read."""

from __future__ import annotations

from planster_sync.connectors.shipbob.shapes import Defaults
from planster_sync.connectors.shipbob.statuses import CHARGE, CHARGED_FOR, NO_BILLS
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.instants import instant
from planster_sync.mapping.numbers import money
from planster_sync.mapping.words import folded, word
from planster_sync.model.bills import Bill, BillLine, Charge
from planster_sync.model.record import Word


def bill(source: Fields, defaults: Defaults) -> Bill:
    """One invoice.

    Raises:
        RecordInvalid: it moves money (a payment, a balance) and costs nothing, or it is one charge of an invoice.
    """
    if source.has("transaction_id"):
        raise invalid(source.path("transaction_id"), "marks a charge of an invoice, which is no bill by itself")
    if folded(source.text("invoice_type") or "") in NO_BILLS:
        raise invalid(source.path("invoice_type"), "names a payment, which is no bill")
    number = source.required_id("invoice_id")
    lines = (_line(each) for each in source.children("transactions"))
    return Bill(
        id=number,
        number=number,
        total=money(source, "amount", source.text("currency_code")),
        billed_at=instant(source, "invoice_date", defaults.zone),
        lines=tuple(line for line in lines if line is not None),
    )


def _line(source: Fields) -> BillLine | None:
    """A charge; None for one without an amount, which charges nothing."""
    amount = money(source, "amount", source.text("currency_code"))
    if amount is None:
        return None
    return BillLine(
        charge=_charge(source),
        amount=amount,
        object_id=source.identifier("reference_id"),
        object_type=word(source, "reference_type", CHARGED_FOR),
    )


def _charge(source: Fields) -> Word[Charge] | None:
    """By the fee, where we know it, otherwise by the invoice's type; the fee's own name is kept."""
    fee, kind = source.text("transaction_fee"), source.text("invoice_type")
    if fee is None and kind is None:
        return None
    return CHARGE.placed(fee if CHARGE.known(fee) else kind, fee or kind)
