"""What was sent and is missing in the vendor's answer: a vendor that leaves a field out must not do so silently."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from decimal import Decimal

from planster_sync.model.inbound import InboundLine, InboundShipment
from planster_sync.model.record import Record
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft

_PLAIN = ("warehouse_id", "warehouse_customer_id", "supplier_id", "supplier_name", "expected_at")


def not_kept(
    content: InboundShipmentDraft | InboundShipmentChange, record: Record, filled: Container[str]
) -> tuple[str, ...]:
    """Dotted fields of the record that do not show what was sent, though this connector fills them.

    Dates and texts are only missed where there is nothing at all: vendors round a time to their day. Pieces are
    compared by item, however the vendor cuts its lines.
    """
    if not isinstance(record, InboundShipment):
        return ()
    return tuple(field for field in _missing(content, record) if field in filled)


def _missing(content: InboundShipmentDraft | InboundShipmentChange, record: InboundShipment) -> Iterator[str]:
    for name in _PLAIN:
        if getattr(content, name, None) and not getattr(record, name):
            yield name
    if set(content.tracking_numbers or ()) - set(record.tracking_numbers):
        yield "tracking_numbers"
    lines = content.lines or ()
    if any(_asked(line, lines) != _shown(line, record.lines) for line in lines):
        yield "lines.expected"
    if any(line.unit_cost for line in lines) and not any(line.unit_cost for line in record.lines):
        yield "lines.unit_cost"


def _asked(item: DraftLine, lines: Sequence[DraftLine]) -> Decimal:
    same = [line for line in lines if (line.sku, line.inventory_item_id) == (item.sku, item.inventory_item_id)]
    return sum((Decimal(line.quantity) for line in same), Decimal())


def _shown(item: DraftLine, lines: Iterable[InboundLine]) -> Decimal:
    same = [line for line in lines if _names(item, line)]
    return sum((Decimal(line.expected or 0) for line in same), Decimal())


def _names(item: DraftLine, line: InboundLine) -> bool:
    """By SKU where both have one, else by the item's id."""
    if item.sku is not None and line.sku is not None:
        return item.sku == line.sku
    return item.inventory_item_id is not None and item.inventory_item_id == line.inventory_item_id
