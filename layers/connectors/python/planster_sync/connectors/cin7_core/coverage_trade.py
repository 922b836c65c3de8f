"""Which fields of sales and purchases are filled, and out of which of the vendor's."""

from __future__ import annotations

from planster_sync.connectors.cin7_core.origins import (
    DATE,
    FIRST,
    ID,
    LOWER,
    NAMED,
    PLACE,
    STEPS,
    UTC,
    WORD,
    Table,
    location,
)
from planster_sync.ports.source import Origin, taken, under

ORDERS: Table = {
    **ID,
    "updated_at": taken("LastModifiedOn", rule=UTC),
    "number": taken("Order.SaleOrderNumber"),
    "reference_id": taken("ExternalID", "CustomerReference", rule=FIRST),
    "status": taken(
        "Status",
        "Order.Status",
        "CombinedShippingStatus",
        "FulFilmentStatus",
        "CombinedPackingStatus",
        "CombinedPickingStatus",
        rule=STEPS,
    ),
    "type": taken("Order.Lines.*.DropShip", rule="dropship where every line says so"),
    "channel_id": taken("SourceChannel", rule=LOWER),
    "channel_name": taken("SourceChannel"),
    "warehouse_id": location("Location"),
    "ordered_at": taken("SaleOrderDate", rule=DATE),
    "required_ship_at": taken("ShipBy", rule=DATE),
    "shipped_at": taken("Fulfilments.*.Ship.Lines.*.ShipmentDate", rule=f"the last, once all is shipped; {DATE}"),
    "carrier_name": taken("Carrier"),
    "total_price": taken("Order.Total", "CustomerCurrency"),
    "total_tax": taken("Order.Tax", "CustomerCurrency"),
    **under("destination", "ShippingAddress", PLACE),
    "lines.product_id": taken("Order.Lines.*.ProductID", rule=LOWER),
    "lines.sku": taken("Order.Lines.*.SKU"),
    "lines.quantity": taken("Order.Lines.*.Quantity"),
    "lines.backordered": taken("Order.Lines.*.BackorderQuantity"),
    "lines.unit_price": taken("Order.Lines.*.Price", "CustomerCurrency"),
    "lines.discount": taken(
        "Order.Lines.*.Discount",
        "Order.Lines.*.Price",
        "Order.Lines.*.Quantity",
        "CustomerCurrency",
        rule="Discount per cent of Price x Quantity",
    ),
}

_PARCEL = "Fulfilments.*.Ship.Lines.*"
_PACKED, _PICKED = "Fulfilments.*.Pack.Lines.*", "Fulfilments.*.Pick.Lines.*"
_INSIDE = "what was packed into the parcel's boxes, else what was picked for the only parcel"


def _goods(field: str) -> Origin:
    return taken(f"{_PACKED}.{field}", f"{_PICKED}.{field}", f"{_PARCEL}.Boxes", rule=_INSIDE)


SHIPMENTS: Table = {
    "id": taken("ID", f"{_PARCEL}.ID", rule="the sale's, a slash, the parcel's"),
    "shipment_id": taken(f"{_PARCEL}.ID", rule=LOWER),
    "order_id": taken("ID", rule=LOWER),
    "order_number": taken("Order.SaleOrderNumber"),
    "status": taken("Fulfilments.*.Ship.Status", f"{_PARCEL}.IsShipped", rule=f"shipped where IsShipped, else {WORD}"),
    "warehouse_id": taken(
        f"{_PICKED}.LocationID", f"{_PICKED}.Location", "Places", rule="the location, or the bin's, of the first pick"
    ),
    "shipped_at": taken(f"{_PARCEL}.ShipmentDate", rule=f"once it has left; {DATE}"),
    **under("destination", "Fulfilments.*.Ship.ShippingAddress", PLACE),
    "lines.inventory_item_id": _goods("ProductID"),
    "lines.sku": _goods("SKU"),
    "lines.quantity": _goods("Quantity"),
    "lines.lot_id": _goods("BatchSN"),
    "lines.expires_on": _goods("ExpiryDate"),
    "packages.package_id": taken(f"{_PARCEL}.ID", rule=LOWER),
    "packages.name": taken(f"{_PARCEL}.Boxes"),
    "packages.tracking_number": taken(f"{_PARCEL}.TrackingNumber"),
    "packages.carrier_name": taken(f"{_PARCEL}.Carrier"),
}

_NOTE = "CreditNotes.*"
_BACK = taken(f"{_NOTE}.Restock.*.Quantity", f"{_NOTE}.Status", rule="summed per product, once authorised")
RETURNS: Table = {
    "id": taken("ID", f"{_NOTE}.TaskID", rule="the sale's, a slash, the credit note's"),
    "order_id": taken("ID", rule=LOWER),
    "status": taken(
        f"{_NOTE}.Status",
        f"{_NOTE}.Restock",
        rule="received where an authorised one restocked something, else by table",
    ),
    "lines.inventory_item_id": taken(f"{_NOTE}.Lines.*.ProductID", f"{_NOTE}.Restock.*.ProductID", rule=FIRST),
    "lines.sku": taken(f"{_NOTE}.Lines.*.SKU", f"{_NOTE}.Restock.*.SKU", rule=FIRST),
    "lines.expected": taken(f"{_NOTE}.Lines.*.Quantity", rule="summed per product"),
    "lines.received": _BACK,
    "lines.restocked": _BACK,
}

_ORDERED = "Order.Lines.*"
_TAKEN_IN, _PUT_AWAY = "StockReceived.*", "PutAway.*"
_COUNTED = "put away and authorised; without put-away, stock received"


def _arrived(field: str, rule: str = _COUNTED) -> Origin:
    return taken(f"{_PUT_AWAY}.Lines.*.{field}", f"{_TAKEN_IN}.Lines.*.{field}", rule=rule)


_SENT = "Lines.*"
_TRANSFERRED = "; of a transfer, what was sent"
INBOUND: Table = {
    "id": taken("ID", "TaskID", rule=f"{LOWER}; TaskID of a transfer"),
    "updated_at": taken("LastUpdatedDate", "LastModifiedOn", rule=UTC),
    "purchase_order_number": taken(
        "Note", "OrderNumber", "Number", rule="Planster's reference in the note, else the vendor's number"
    ),
    "status": taken("Status", "CombinedReceivingStatus", "Order.Status", rule=STEPS),
    "supplier_id": taken("SupplierID", rule=LOWER),
    "supplier_name": taken("Supplier"),
    "warehouse_id": taken("Location", "To", "ToLocation", "Places", rule=f"{NAMED}; a bin stands for its warehouse"),
    "ordered_at": taken("OrderDate", rule=DATE),
    "expected_at": taken("RequiredBy", "RequiredByDate", rule=DATE),
    "received_at": taken(*_arrived("Date").fields, "CompletionDate", rule=f"the last, once all is received; {DATE}"),
    "lines.inventory_item_id": taken(f"{_ORDERED}.ProductID", f"{_SENT}.ProductID", rule=LOWER),
    "lines.sku": taken(f"{_ORDERED}.SKU", f"{_SENT}.SKU"),
    "lines.supplier_sku": taken(f"{_ORDERED}.SupplierSKU"),
    "lines.expected": taken(
        f"{_ORDERED}.Quantity",
        f"{_SENT}.TransferQuantity",
        rule=f"of what came without an order, what came{_TRANSFERRED}",
    ),
    "lines.received": taken(
        *_arrived("Quantity").fields,
        f"{_SENT}.TransferQuantity",
        rule=f"{_COUNTED}; per product, filling its lines in order{_TRANSFERRED}, once it is completed",
    ),
    "lines.unit_cost": taken(
        f"{_ORDERED}.Price", f"{_ORDERED}.Discount", "SupplierCurrency", rule="Price less Discount per cent"
    ),
    "receipts.receipt_id": taken(f"{_PUT_AWAY}.TaskID", f"{_TAKEN_IN}.TaskID", rule=_COUNTED),
    "receipts.received_at": _arrived("Date", f"the last of its lines; {DATE}"),
    "receipts.lines.inventory_item_id": _arrived("ProductID"),
    "receipts.lines.sku": _arrived("SKU"),
    "receipts.lines.quantity": _arrived("Quantity"),
    "receipts.lines.lot_id": _arrived("BatchSN"),
    "receipts.lines.expires_on": _arrived("ExpiryDate"),
}

_INVOICE = "Invoice.*"
_GOODS, _CHARGES = f"{_INVOICE}.Lines.*", f"{_INVOICE}.AdditionalCharges.*"
BILLS: Table = {
    "id": taken("ID", f"{_INVOICE}.TaskID", rule="the purchase's, a slash, the invoice's"),
    "number": taken(f"{_INVOICE}.InvoiceNumber"),
    "status": taken(f"{_INVOICE}.Status", f"{_INVOICE}.Paid", rule="paid where Paid has reached Total, else by table"),
    "total": taken(f"{_INVOICE}.Total", "SupplierCurrency"),
    "billed_at": taken(f"{_INVOICE}.InvoiceDate", rule=DATE),
    "due_at": taken(f"{_INVOICE}.InvoiceDueDate", rule=DATE),
    "lines.charge": taken(f"{_CHARGES}.Description", rule="of charges, where the word is known"),
    "lines.quantity": taken(f"{_GOODS}.Quantity", f"{_CHARGES}.Quantity"),
    "lines.amount": taken(f"{_GOODS}.Total", f"{_CHARGES}.Total", "SupplierCurrency"),
    "lines.object_id": taken("ID", rule="the purchase's"),
    "lines.object_type": taken(rule="always inbound_shipment"),
}
