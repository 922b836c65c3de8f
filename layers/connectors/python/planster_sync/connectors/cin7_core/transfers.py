"""GET /stockTransfer: goods on their way from one warehouse to another. What arrives is always what was sent.

The goods of a draft are still on hand where they are: it announces nothing, for they would count twice.
"""

from __future__ import annotations

from planster_sync.connectors.cin7_core.places import place_id
from planster_sync.connectors.cin7_core.shapes import House, count, date, guid, required_guid, stamp
from planster_sync.connectors.cin7_core.statuses import TRANSFER
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.words import word
from planster_sync.model.inbound import InboundLine, InboundShipment, InboundStatus


def is_transfer(source: Fields) -> bool:
    return source.has("TaskID") and not source.has("ID")


def transfer(source: Fields, house: House) -> InboundShipment:
    status = word(source, "Status", TRANSFER)
    if status is None:
        raise invalid(source.path("Status"), "is missing")
    is_there = status.value is InboundStatus.RECEIVED
    sent = source.children("Lines") if status.value is not InboundStatus.DRAFT else ()
    return InboundShipment(
        id=required_guid(source, "TaskID"),
        updated_at=stamp(source, "LastModifiedOn"),
        purchase_order_number=source.text("Number"),
        status=status,
        warehouse_id=place_id(source, _destination(source)),
        expected_at=date(source, "RequiredByDate", house),
        received_at=date(source, "CompletionDate", house) if is_there else None,
        lines=tuple((_arrived if is_there else _sent)(each) for each in sent),
    )


def _destination(source: Fields) -> str | None:
    """Transfers name a warehouse, or `warehouse: bin`, and either by id."""
    return guid(source, "To") or (source.text("ToLocation") or "").partition(": ")[0] or None


def _sent(source: Fields) -> InboundLine:
    return InboundLine(
        inventory_item_id=guid(source, "ProductID"),
        sku=source.text("SKU"),
        expected=count(source, "TransferQuantity"),
        received=0,
    )


def _arrived(source: Fields) -> InboundLine:
    pieces = count(source, "TransferQuantity")
    return InboundLine(
        inventory_item_id=guid(source, "ProductID"), sku=source.text("SKU"), expected=pieces, received=pieces
    )
