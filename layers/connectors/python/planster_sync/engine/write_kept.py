"""What was sent and is missing in the vendor's answer: a vendor that leaves a field out must not do so silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from decimal import Decimal

from planster_sync.model.inbound import InboundLine, InboundShipment
from planster_sync.model.record import Record
from planster_sync.ports.writing import DraftLine, InboundShipmentDraft

_PLAIN = ("warehouse_id", "warehouse_customer_id", "supplier_id", "supplier_name", "expected_at", "tracking_numbers")


def not_kept(draft: InboundShipmentDraft, record: Record, filled: Container[str]) -> tuple[str, ...]:
    """Dotted fields of the draft that the vendor's own record does not show, though this connector fills them.

    Dates and texts are only missed where there is nothing at all: vendors round a time to their day. Pieces are
    compared by item, however the vendor cuts its lines.
    """
    if not isinstance(record, InboundShipment):
        return ()
    return tuple(field for field in _missing(draft, record) if field in filled)


def _missing(draft: InboundShipmentDraft, record: InboundShipment) -> Iterator[str]:
    for name in _PLAIN:
        if getattr(draft, name) and not getattr(record, name):
            yield name
    if not record.lines or _asked(draft.lines, record.lines) != _told(draft.lines, record.lines):
        yield "lines.expected"
    if any(line.unit_cost for line in draft.lines) and not any(line.unit_cost for line in record.lines):
        yield "lines.unit_cost"


def _asked(lines: Iterable[DraftLine], told: Iterable[InboundLine]) -> Counter[str]:
    known = {line.sku for line in told}
    pieces: Counter[str] = Counter()
    for line in lines:
        name = line.sku if line.sku in known else line.inventory_item_id
        pieces[name or line.sku or ""] += Decimal(line.quantity)  # type: ignore[assignment]  # pieces may be parts
    return pieces


def _told(asked: Iterable[DraftLine], lines: Iterable[InboundLine]) -> Counter[str]:
    skus = {line.sku for line in asked}
    pieces: Counter[str] = Counter()
    for line in lines:
        name = line.sku if line.sku in skus else line.inventory_item_id
        pieces[name or line.sku or ""] += Decimal(line.expected or 0)  # type: ignore[assignment]
    return pieces
