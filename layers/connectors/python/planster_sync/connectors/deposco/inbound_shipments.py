"""GET /orders/purchaseOrders: what is on its way. Quantities count packs; contacts, notes and terms are not read."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.deposco.assumptions import SUPPLIER
from planster_sync.connectors.deposco.shapes import (
    Count,
    Terms,
    code_of,
    currency_of,
    each_row,
    eaches,
    less,
    number_of,
    owned,
    place,
    required_eaches,
)
from planster_sync.connectors.deposco.statuses import INBOUND, OVER
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import instant
from planster_sync.mapping.numbers import money
from planster_sync.mapping.words import word
from planster_sync.model.inbound import InboundLine, InboundShipment


def inbound_shipment(source: Fields, terms: Terms) -> InboundShipment:
    status = word(source, "orderStatus", INBOUND)
    is_over = status is not None and status.value in OVER
    line = partial(_line, currency=currency_of(source, terms), is_over=is_over)
    return InboundShipment(
        **owned(source, terms),
        purchase_order_number=source.identifier("number"),
        status=status,
        supplier_id=code_of(source, SUPPLIER),
        warehouse_id=number_of(source, "shipToFacility"),
        ordered_at=instant(source, "placedDate", terms.zone),
        expected_at=instant(source, "plannedArrivalDate", terms.zone),
        received_at=instant(source, "actualArrivalDate", terms.zone) if is_over else None,
        origin=place(source, "shipFromAddress"),
        lines=each_row(source, "orderLines", line),
    )


def _line(source: Fields, currency: str | None, *, is_over: bool) -> InboundLine:
    item = number_of(source, "item")
    return InboundLine(
        line_id=source.identifier("self.id"),
        inventory_item_id=item,
        sku=item,
        expected=_expected(source, is_over=is_over),
        received=eaches(source, "receivedPackQuantity"),
        rejected=eaches(source, "receivedDamagedPackQuantity"),
        unit_cost=money(source, "unitCost", currency),
    )


def _expected(source: Fields, *, is_over: bool) -> Count:
    """Ordered less cancelled; of a line that is over in an order that is not, only what came: no more will."""
    announced = less(required_eaches(source, "orderPackQuantity"), eaches(source, "canceledPackQuantity"))
    status = word(source, "orderLineStatus", INBOUND)
    if is_over or status is None or status.value not in OVER:
        return announced
    return min(announced, eaches(source, "receivedPackQuantity") or 0)
