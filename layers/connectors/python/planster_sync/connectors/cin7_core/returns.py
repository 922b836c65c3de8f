"""Credit notes, nested in sales. Only what is restocked comes back; a credit without it is money alone."""

from __future__ import annotations

from decimal import Decimal

from planster_sync.connectors.cin7_core.shapes import count, guid, parts, required_guid, summed, yes
from planster_sync.connectors.cin7_core.statuses import NOT_AVAILABLE, RETURN
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.words import word
from planster_sync.model.record import Word
from planster_sync.model.returns import Return, ReturnLine, ReturnStatus

_DONE = "AUTHORISED"


def returns(sale: Fields) -> tuple[Return, ...]:
    """Every credit note of a sale, in its order; placeholders are left out.

    Raises:
        RecordInvalid: two credit notes have the same task.
    """
    found = tuple(_return(each, sale) for each in parts(sale, "CreditNotes") if _is_real(each))
    if len({each.id for each in found}) < len(found):
        raise invalid(sale.path("CreditNotes"), "holds the same credit note twice")
    return found


def _is_real(note: Fields) -> bool:
    return note.text("Status") not in (None, NOT_AVAILABLE)


def _return(source: Fields, sale: Fields) -> Return:
    sale_id = required_guid(sale, "ID")
    return Return(
        id=f"{sale_id}/{required_guid(source, 'TaskID')}",
        order_id=sale_id,
        status=_status(source),
        lines=_lines(source),
    )


def _status(source: Fields) -> Word[ReturnStatus] | None:
    if source.text("Status") == _DONE and source.children("Restock"):
        return Word(value=ReturnStatus.RECEIVED, vendor=_DONE)
    return word(source, "Status", RETURN)


def _lines(source: Fields) -> tuple[ReturnLine, ...]:
    """What was credited, with what was put back of it; then what was put back without a credit."""
    credited = _by_product(source.children("Lines"))
    restocked = _by_product(source.children("Restock"))
    return tuple(
        _line(credited.get(key, ()), restocked.get(key, ()), is_done=source.text("Status") == _DONE)
        for key in dict.fromkeys((*credited, *restocked))
    )


def _line(credited: tuple[Fields, ...], restocked: tuple[Fields, ...], *, is_done: bool) -> ReturnLine:
    """A draft moves no stock."""
    known = (*credited, *restocked)
    back = _pieces(restocked) if is_done else 0
    return ReturnLine(
        inventory_item_id=next((found for line in known if (found := guid(line, "ProductID"))), None),
        sku=known[0].text("SKU"),
        expected=_pieces(credited),
        received=back,
        restocked=back,
    )


def _pieces(lines: tuple[Fields, ...]) -> int | Decimal | None:
    return summed(count(line, "Quantity") for line in lines) if lines else 0


def _by_product(lines: tuple[Fields, ...]) -> dict[str, tuple[Fields, ...]]:
    """Lines by SKU, which all of them carry, or by product."""
    found: dict[str, tuple[Fields, ...]] = {}
    for line in lines:
        if not yes(line, "NonInventory"):
            key = line.text("SKU") or guid(line, "ProductID") or ""
            found[key] = (*found.get(key, ()), line)
    return found
