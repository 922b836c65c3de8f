"""Orders and receivers with detail=BillingDetails. There are no invoices: one transaction's charges are one bill."""

from __future__ import annotations

from decimal import Decimal

from planster_sync.connectors.extensiv.orders import is_closed
from planster_sync.connectors.extensiv.receivers import arrived_at
from planster_sync.connectors.extensiv.shapes import Terms
from planster_sync.connectors.extensiv.statuses import CHARGE
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.numbers import amount_of, quantity
from planster_sync.model.bills import Bill, BillLine, BillStatus, ChargedFor
from planster_sync.model.record import Money, Word

ORDER, RECEIVER = "order/", "receiver/"
"""What stands before a transaction's id: orders and receivers are numbered each for themselves."""


def bill(source: Fields, terms: Terms) -> Bill:
    lines = source.each("billing.billingCharges", lambda each: _line(each, source, terms))
    prefix = ORDER if _is_order(source) else RECEIVER
    owned = terms.owned(source, "readOnly.orderId" if _is_order(source) else "readOnly.receiverId")
    owned["id"] = f"{prefix}{owned['id']}"
    return Bill(
        **owned,
        status=_status(source),
        total=_total(lines, terms),
        billed_at=_billed_at(source, terms),
        lines=lines,
    )


def _is_order(source: Fields) -> bool:
    return source.has("readOnly.orderId")


def _status(source: Fields) -> Word[BillStatus] | None:
    """A draft while charges are pending; whether it was paid, the vendor does not say."""
    return Word(value=BillStatus.DRAFT) if source.flag("readOnly.chargesPending") else None


def _billed_at(source: Fields, terms: Terms) -> str | None:
    """When the transaction was confirmed."""
    if _is_order(source):
        return terms.at(source, "readOnly.processDate") if is_closed(source) else None
    return arrived_at(source, terms)


def _line(source: Fields, transaction: Fields, terms: Terms) -> BillLine:
    amount = terms.money(source, "subtotal")
    if amount is None:
        raise invalid(source.path("subtotal"), "is missing")
    details = source.children("details")
    label = details[0].text("chargeLabel") if details else None
    told = label or source.identifier("chargeType")
    return BillLine(
        charge=CHARGE.placed(label, told) if told else None,
        quantity=quantity(details[0], "numUnits") if len(details) == 1 else None,
        amount=amount,
        object_id=transaction.identifier("readOnly.orderId") or transaction.identifier("readOnly.receiverId"),
        object_type=_charged_for(transaction),
    )


def _charged_for(source: Fields) -> Word[ChargedFor]:
    if _is_order(source):
        return Word(value=ChargedFor.ORDER)
    is_return = source.identifier("readOnly.receiverType") == "1"
    return Word(value=ChargedFor.RETURN if is_return else ChargedFor.INBOUND_SHIPMENT)


def _total(lines: tuple[BillLine, ...], terms: Terms) -> Money | None:
    if not lines:
        return None
    total = sum([Decimal(each.amount.amount) for each in lines], start=Decimal(0))
    return Money(amount=amount_of(total), currency=terms.currency)
