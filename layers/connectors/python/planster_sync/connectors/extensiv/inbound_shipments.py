"""GET /inventory/receivers of types 0 (receivers) and 2 (announced, not yet converted). Notes are not read."""

from __future__ import annotations

from planster_sync.connectors.extensiv.receivers import arrived_at, expected, is_confirmed, receive_items, received
from planster_sync.connectors.extensiv.shapes import Terms, expiry, happened, item_key, numbers_in
from planster_sync.connectors.extensiv.statuses import INBOUND
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import required_quantity
from planster_sync.model.inbound import (
    InboundLine,
    InboundShipment,
    InboundShipmentSupplier,
    InboundStatus,
    Receipt,
    ReceiptLine,
)
from planster_sync.model.record import Word


def inbound_shipment(source: Fields, terms: Terms) -> InboundShipment:
    supplier = _main_supplier(source)
    return InboundShipment(
        **terms.owned(source, "readOnly.receiverId"),
        purchase_order_number=source.text("poNum") or source.text("referenceNum"),
        status=_status(source),
        supplier_id=supplier.id if supplier else None,
        supplier_name=supplier.name if supplier else None,
        warehouse_id=source.identifier("readOnly.facilityIdentifier.id"),
        expected_at=terms.at(source, "expectedDate"),
        received_at=arrived_at(source, terms),
        tracking_numbers=numbers_in(source.text("trackingNumber")),
        lines=tuple([_line(each, source, terms) for each in receive_items(source)]),
        receipts=_receipts(source, terms),
    )


def suppliers(source: Fields) -> tuple[InboundShipmentSupplier, ...]:
    """Each supplier that a line names, once; lines name one only where the customer's receiving tracks suppliers."""
    found = {
        key: InboundShipmentSupplier(id=key, name=each.text("supplierIdentifier.name"))
        for each in receive_items(source)
        if (key := each.identifier("supplierIdentifier.id"))
    }
    return tuple(found.values())


def _main_supplier(source: Fields) -> InboundShipmentSupplier | None:
    """The supplier of all lines that name one; none where they differ."""
    named = suppliers(source)
    return named[0] if len(named) == 1 else None


def _status(source: Fields) -> Word[InboundStatus] | None:
    told = source.identifier("readOnly.status")
    placed = INBOUND.placed(told, told)
    if placed.value is InboundStatus.OPEN and happened(source, "scannedArrivalDate"):
        return Word(value=InboundStatus.RECEIVING, vendor=told)
    return placed if told else None


def _line(source: Fields, receiver: Fields, terms: Terms) -> InboundLine:
    return InboundLine(
        line_id=source.identifier("readOnly.receiveItemId"),
        inventory_item_id=item_key(source),
        sku=source.text("itemIdentifier.sku"),
        supplier_sku=source.identifier("externalId"),
        expected=expected(source),
        received=received(source, receiver),
        unit_cost=terms.money(source, "cost"),
    )


def _receipts(source: Fields, terms: Terms) -> tuple[Receipt, ...]:
    """The one event of receiving: the confirmation."""
    if not is_confirmed(source):
        return ()
    receipt = Receipt(
        receipt_id=source.identifier("readOnly.receiverId"),
        received_at=arrived_at(source, terms),
        lines=tuple([_receipt_line(each) for each in receive_items(source)]),
    )
    return (receipt,)


def _receipt_line(source: Fields) -> ReceiptLine:
    return ReceiptLine(
        inventory_item_id=item_key(source),
        sku=source.text("itemIdentifier.sku"),
        quantity=required_quantity(source, "qty"),
        lot_id=source.identifier("lotNumber"),
        expires_on=expiry(source),
    )
