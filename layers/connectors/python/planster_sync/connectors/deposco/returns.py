"""GET /orders/customerReturns. What becomes of the goods is told by receipts only, which are not read."""

from __future__ import annotations

from planster_sync.connectors.deposco.shapes import Terms, each_row, eaches, less, number_of, owned, required_eaches
from planster_sync.connectors.deposco.statuses import RETURN
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.words import word
from planster_sync.model.returns import Return, ReturnLine


def return_(source: Fields, terms: Terms) -> Return:
    return Return(
        **owned(source, terms),
        order_id=source.identifier("parentOrder.id"),
        status=word(source, "orderStatus", RETURN),
        lines=each_row(source, "orderLines", _line),
    )


def _line(source: Fields) -> ReturnLine:
    item = number_of(source, "item")
    return ReturnLine(
        inventory_item_id=item,
        sku=item,
        expected=less(required_eaches(source, "orderPackQuantity"), eaches(source, "canceledPackQuantity")),
        received=eaches(source, "receivedPackQuantity"),
    )
