"""GET /purchaseOrders: what is on its way, with its receipts. Remarks and comments are not read.

`rowPrice` is not read: nothing says whether it is the price of one or of the row.
"""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.ongoing.shapes import Terms, supplier_id
from planster_sync.connectors.ongoing.statuses import DEVIATION_FROM, RECEIVED_FROM, told
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import day
from planster_sync.mapping.numbers import quantity, required_quantity
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
    info, supplier = source.child("purchaseOrderInfo"), source.child("supplierInfo")
    lines = source.each("purchaseOrderLines", _line)
    return InboundShipment(
        id=info.required_id("purchaseOrderId"),
        warehouse_customer_id=source.identifier("goodsOwner.id"),
        created_at=terms.moment(info, "createdDate"),
        purchase_order_number=info.text("purchaseOrderNumber"),
        status=_status(info, lines, terms),
        supplier_id=supplier_id(supplier),
        supplier_name=supplier.text("supplierName"),
        warehouse_id=info.identifier("warehouse.id"),
        ordered_at=terms.moment(info, "advanced.orderDate"),
        expected_at=terms.moment(info, "inDate"),
        lines=lines,
        receipts=tuple(
            receipt
            for each in source.children("purchaseOrderLines")
            for receipt in each.each("articleItems", partial(_receipt, line=each, terms=terms))
        ),
    )


def inbound_shipment_suppliers(source: Fields) -> tuple[InboundShipmentSupplier, ...]:
    """The supplier, a shared record; none where the purchase order names none."""
    supplier = source.child("supplierInfo")
    key = supplier_id(supplier)
    if key is None:
        return ()
    number = supplier.text("supplierNumber")
    return (InboundShipmentSupplier(id=key, name=supplier.text("supplierName"), code=number),)


def _status(info: Fields, lines: tuple[InboundLine, ...], terms: Terms) -> Word[InboundStatus] | None:
    """By number; a deviation in which nothing is missing has been received."""
    found = told(info, "purchaseOrderStatus")
    number, status = found[0], terms.inbound.placed(found)
    deviates = number is not None and DEVIATION_FROM <= number < RECEIVED_FROM and not terms.inbound.overrides(number)
    missing = [each for each in lines if each.expected is not None and (each.received or 0) < each.expected]
    if status is not None and deviates and lines and not missing:
        return Word(value=InboundStatus.RECEIVED, vendor=status.vendor)
    return status


def _line(source: Fields) -> InboundLine:
    """A kit is one line; what is in it (`subPurchaseOrderLines`) would count it twice."""
    return InboundLine(
        line_id=source.identifier("id"),
        inventory_item_id=source.identifier("article.articleSystemId"),
        sku=source.text("article.articleNumber"),
        supplier_sku=source.text("externalOrderLineId"),
        expected=quantity(source, "advisedNumberOfItems"),
        received=quantity(source, "receivedNumberOfItems"),
    )


def _receipt(source: Fields, line: Fields, terms: Terms) -> Receipt:
    """What came in at once and lies together is one item."""
    received = ReceiptLine(
        inventory_item_id=line.identifier("article.articleSystemId"),
        sku=line.text("article.articleNumber"),
        quantity=required_quantity(source, "numberOfItems"),
        lot_id=source.text("batchNumber"),
        expires_on=day(source, "expiryDate"),
    )
    return Receipt(
        receipt_id=source.identifier("originalArticleItemId"),
        received_at=terms.moment(source, "inDate"),
        lines=(received,),
    )
