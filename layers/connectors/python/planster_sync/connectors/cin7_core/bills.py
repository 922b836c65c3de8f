"""Purchase invoices, nested in purchases. They exist nowhere else; those of service purchases are not read."""

from __future__ import annotations

from planster_sync.connectors.cin7_core.shapes import House, count, date, guid, parts, required_guid
from planster_sync.connectors.cin7_core.statuses import BILL, CHARGE, NOT_AVAILABLE
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.numbers import decimal_text, money
from planster_sync.mapping.words import discreet_word, word
from planster_sync.model.bills import Bill, BillLine, BillStatus, ChargedFor
from planster_sync.model.record import Money, Word

_SOLE = "invoice"
"""Stands for the task of a simple purchase's invoice, which has none."""


def bills(purchase: Fields, house: House) -> tuple[Bill, ...]:
    """Every invoice of a purchase, in its order; placeholders are left out.

    Raises:
        RecordInvalid: two invoices have the same task.
    """
    found = tuple(_bill(each, purchase, house) for each in parts(purchase, "Invoice") if _is_real(each))
    if len({each.id for each in found}) < len(found):
        raise invalid(purchase.path("Invoice"), "holds the same invoice twice")
    return found


def _is_real(invoice: Fields) -> bool:
    return invoice.text("Status") not in (None, NOT_AVAILABLE)


def _bill(source: Fields, purchase: Fields, house: House) -> Bill:
    currency = purchase.text("SupplierCurrency")
    purchase_id = required_guid(purchase, "ID")
    return Bill(
        id=f"{purchase_id}/{guid(source, 'TaskID') or _SOLE}",
        number=source.text("InvoiceNumber"),
        status=_status(source),
        total=money(source, "Total", currency),
        billed_at=date(source, "InvoiceDate", house),
        due_at=date(source, "InvoiceDueDate", house),
        lines=(
            *(_goods(line, purchase_id, currency) for line in source.children("Lines")),
            *(_charge(line, purchase_id, currency) for line in source.children("AdditionalCharges")),
        ),
    )


def _status(source: Fields) -> Word[BillStatus] | None:
    """An authorised invoice is paid when its `Paid` has reached its `Total`."""
    found = word(source, "Status", BILL)
    total, paid = decimal_text(source, "Total"), decimal_text(source, "Paid")
    if found and found.value is BillStatus.OPEN and total and paid is not None and paid >= total:
        return Word(value=BillStatus.PAID, vendor=found.vendor)
    return found


def _goods(source: Fields, purchase_id: str, currency: str | None) -> BillLine:
    return BillLine(
        quantity=count(source, "Quantity"),
        amount=_amount(source, currency),
        object_id=purchase_id,
        object_type=Word(value=ChargedFor.INBOUND_SHIPMENT),
    )


def _charge(source: Fields, purchase_id: str, currency: str | None) -> BillLine:
    return BillLine(
        charge=discreet_word(source, "Description", CHARGE),
        quantity=count(source, "Quantity"),
        amount=_amount(source, currency),
        object_id=purchase_id,
        object_type=Word(value=ChargedFor.INBOUND_SHIPMENT),
    )


def _amount(source: Fields, currency: str | None) -> Money:
    found = money(source, "Total", currency)
    if found is None:
        raise invalid(source.path("Total"), "is missing")
    return found
