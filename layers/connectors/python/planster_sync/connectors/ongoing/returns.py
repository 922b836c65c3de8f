"""GET /returnOrders. Comments are not read. What became of the goods follows from stock-taking."""

from __future__ import annotations

from decimal import Decimal

from planster_sync.connectors.ongoing.statuses import REASON, RETURN_CANCELLED, RETURN_CANCELLED_FROM, told
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import pieces, quantity
from planster_sync.model.record import Word
from planster_sync.model.returns import Return, ReturnLine, ReturnReason, ReturnStatus


def return_(source: Fields) -> Return:
    info = source.child("returnOrderInfo")
    lines = source.each("returnOrderLines", _line)
    return Return(
        id=info.required_id("returnOrderId"),
        order_id=source.identifier("customerOrderInfo.orderId"),
        status=_status(info, lines),
        lines=lines,
    )


def _status(info: Fields, lines: tuple[ReturnLine, ...]) -> Word[ReturnStatus] | None:
    """Cancelled by number or text; otherwise by what has come back, for the numbers are not published."""
    number, text = told(info, "returnOrderStatus")
    if number is None and text is None:
        return None
    is_cancelled = number is not None and number >= RETURN_CANCELLED_FROM
    ours = ReturnStatus.CANCELLED if is_cancelled else RETURN_CANCELLED.known(text) or _progress(lines)
    return Word(value=ours, vendor=text or str(number))


def _progress(lines: tuple[ReturnLine, ...]) -> ReturnStatus:
    if not any(each.received for each in lines):
        return ReturnStatus.OPEN
    missing = [each for each in lines if each.expected is not None and (each.received or 0) < each.expected]
    return ReturnStatus.RECEIVING if missing else ReturnStatus.RECEIVED


def _line(source: Fields) -> ReturnLine:
    return ReturnLine(
        inventory_item_id=source.identifier("article.articleSystemId"),
        sku=source.text("article.articleNumber"),
        expected=quantity(source, "toBeReturnedNumberOfItems"),
        received=quantity(source, "returnedNumberOfItems"),
        restocked=_restocked(source),
        reason=_reason(source),
    )


def _restocked(source: Fields) -> int | Decimal | None:
    """What came back, less what stock-taking took out again (assumption: thrown away); null where either is unknown."""
    back = quantity(source, "returnedNumberOfItems")
    removed = quantity(source, "returnedRemovedByInventoryNumberOfItems")
    return None if back is None or removed is None else pieces(back - removed)


def _reason(source: Fields) -> Word[ReturnReason] | None:
    """A cause out of the warehouse's own list, by its code or its name."""
    code, name = source.text("returnCause.code"), source.text("returnCause.name")
    if code is None and name is None:
        return None
    return REASON.placed(code if REASON.known(code) else name, name or code)
