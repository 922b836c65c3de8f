"""Purchases, as GET /advanced-purchase and GET /purchase give them.

Contacts and addresses are not read; of the note, only Planster's own reference.
"""

from __future__ import annotations

from decimal import Decimal

from planster_sync.connectors.cin7_core.places import place_id
from planster_sync.connectors.cin7_core.receiving import received
from planster_sync.connectors.cin7_core.reference import reference_in
from planster_sync.connectors.cin7_core.shapes import (
    House,
    count,
    date,
    guid,
    less_discount,
    required_count,
    required_guid,
    stamp,
    yes,
)
from planster_sync.connectors.cin7_core.statuses import INBOUND_STEPS, first_known
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.instants import day
from planster_sync.mapping.numbers import pieces
from planster_sync.model.inbound import InboundLine, InboundShipment, InboundStatus, Receipt, ReceiptLine

Number = int | Decimal


def inbound_shipment(source: Fields, house: House) -> InboundShipment:
    status = first_known(source, INBOUND_STEPS, shown="Status")
    if status is None:
        raise invalid(source.path("Status"), "is missing, and so is everything else")
    receipts = tuple(_receipt(task, lines, house) for task, lines in received(source))
    arrivals = [each.received_at for each in receipts if each.received_at]
    is_over = status.value is InboundStatus.RECEIVED
    return InboundShipment(
        id=required_guid(source, "ID"),
        updated_at=stamp(source, "LastUpdatedDate"),
        purchase_order_number=reference_in(source.text("Note")) or source.text("OrderNumber"),
        status=status,
        supplier_id=guid(source, "SupplierID"),
        supplier_name=source.text("Supplier"),
        warehouse_id=place_id(source, source.text("Location")),
        ordered_at=date(source, "OrderDate", house),
        expected_at=date(source, "RequiredBy", house),
        received_at=max(arrivals) if arrivals and is_over else None,
        lines=_lines(source, receipts),
        receipts=receipts,
    )


def _lines(source: Fields, receipts: tuple[Receipt, ...]) -> tuple[InboundLine, ...]:
    """The order's lines, each with its share of what came, then what came without having been ordered."""
    ordered = [line for line in source.children("Order.Lines") if not yes(line, "NonInventory")]
    came: dict[str, list[ReceiptLine]] = {}
    for each in (line for receipt in receipts for line in receipt.lines):
        came.setdefault(each.inventory_item_id or each.sku or "", []).append(each)
    shares = _shares(ordered, {key: sum((each.quantity for each in lines), start=0) for key, lines in came.items()})
    currency = source.text("SupplierCurrency")
    known = {_key(line) for line in ordered}
    return (
        *(_line(line, share, currency) for line, share in zip(ordered, shares, strict=True)),
        *(_unordered(lines) for key, lines in came.items() if key not in known),
    )


def _shares(ordered: list[Fields], left: dict[str, Number]) -> list[Number]:
    """How much of what came belongs to each line.

    Lines have no ids, and a product may stand on several: they are filled in their order, and the last takes what is
    too much.
    """
    last = {_key(line): place for place, line in enumerate(ordered)}
    shares = []
    for place, line in enumerate(ordered):
        there, expected = left.get(_key(line), 0), count(line, "Quantity")
        shares.append(there if expected is None or last[_key(line)] == place else min(there, expected))
        left[_key(line)] = there - shares[-1]
    return shares


def _key(line: Fields) -> str:
    return guid(line, "ProductID") or line.text("SKU") or ""


def _line(source: Fields, share: Number, currency: str | None) -> InboundLine:
    return InboundLine(
        inventory_item_id=guid(source, "ProductID"),
        sku=source.text("SKU"),
        supplier_sku=source.text("SupplierSKU"),
        expected=count(source, "Quantity"),
        received=pieces(share),
        unit_cost=less_discount(source, "Price", currency),
    )


def _unordered(lines: list[ReceiptLine]) -> InboundLine:
    """Of a blind receipt, or something that the supplier added: it was announced by its arrival."""
    quantity = pieces(sum((each.quantity for each in lines), start=0))
    first = lines[0]
    return InboundLine(inventory_item_id=first.inventory_item_id, sku=first.sku, expected=quantity, received=quantity)


def _receipt(task: Fields, lines: tuple[Fields, ...], house: House) -> Receipt:
    dates = [found for line in lines if (found := date(line, "Date", house))]
    return Receipt(
        receipt_id=guid(task, "TaskID"),
        received_at=max(dates, default=None),
        lines=tuple(_receipt_line(line) for line in lines),
    )


def _receipt_line(source: Fields) -> ReceiptLine:
    return ReceiptLine(
        inventory_item_id=guid(source, "ProductID"),
        sku=source.text("SKU"),
        quantity=required_count(source, "Quantity"),
        lot_id=source.text("BatchSN"),
        expires_on=day(source, "ExpiryDate"),
    )
