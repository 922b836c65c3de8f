"""Which unified fields the mappers fill, per data type, and out of which of the vendor's.

`Places` are the ids of the locations that a record names; the client adds them, for the vendor writes names.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Origin, taken, under

Table = dict[str, Origin]

_LOWER = "in lower case"
_UTC = "UTC"
_DATE = "midnight in the setting zone"
_DAY = "the calendar day as written"
_FIRST = "the first that is there"
_BASE = "in the setting currency"
_WORD = "by table, unknown words become other"
_STEPS = "the first step of the table that knows its word"
_NAMED = "the id of the location of that name, else the name"

_ID: Table = {"id": taken("ID", rule=_LOWER)}
_PLACE: Table = {"region": taken("State"), "postal_code": taken("Postcode"), "country": taken("Country")}
_ITEM: Table = {"inventory_item_id": taken("ProductID", rule=_LOWER), "sku": taken("SKU")}
_PIECES: Table = {**_ITEM, "quantity": taken("Quantity")}
_LOT: Table = {"lot_id": taken("BatchSN"), "expires_on": taken("ExpiryDate", rule=_DAY)}


def _location(name: str) -> Origin:
    return taken(name, "Places", rule=_NAMED)


def _rows(field: str, rule: str) -> Origin:
    return taken(f"Rows.*.{field}", rule=rule)


def _stock(rule: str) -> Table:
    return {
        "on_hand": _rows("OnHand", rule),
        "committed": _rows("Allocated", rule),
        "fulfillable": taken(
            "Rows.*.Available",
            "Rows.*.OnHand",
            "Rows.*.Allocated",
            rule=f"Available, {rule}; never more than OnHand, over several rows never more than OnHand - Allocated",
        ),
        "awaiting": _rows("OnOrder", rule),
    }


_WAREHOUSE = _location("Rows.*.Location")
_BIN = taken("Rows.*.Bin", "Places", rule="the id of the bin of that name in the location, else location: bin")
_INVENTORY: Table = {
    **_ID,
    "sku": taken("Rows.*.SKU"),
    "name": taken("Rows.*.Name"),
    **_stock("summed over all rows"),
    "warehouses.warehouse_id": _WAREHOUSE,
    **{f"warehouses.{path}": origin for path, origin in _stock("summed over the location's rows").items()},
    "lots.lot_id": taken("Rows.*.Batch"),
    "lots.on_hand": _rows("OnHand", "summed over the lot's rows"),
    "lots.expires_on": _rows("ExpiryDate", _DAY),
    "lots.warehouse_id": _WAREHOUSE,
    "locations.location_id": _BIN,
    "locations.quantity": _rows("OnHand", "summed over the bin's rows"),
    "locations.warehouse_id": _WAREHOUSE,
}

_ORDERS: Table = {
    **_ID,
    "updated_at": taken("LastModifiedOn", rule=_UTC),
    "number": taken("Order.SaleOrderNumber"),
    "reference_id": taken("ExternalID", "CustomerReference", rule=_FIRST),
    "status": taken(
        "Status",
        "Order.Status",
        "CombinedShippingStatus",
        "FulFilmentStatus",
        "CombinedPackingStatus",
        "CombinedPickingStatus",
        rule=_STEPS,
    ),
    "type": taken("Order.Lines.*.DropShip", rule="dropship where every line says so"),
    "channel_id": taken("SourceChannel", rule=_LOWER),
    "channel_name": taken("SourceChannel"),
    "warehouse_id": _location("Location"),
    "ordered_at": taken("SaleOrderDate", rule=_DATE),
    "required_ship_at": taken("ShipBy", rule=_DATE),
    "shipped_at": taken("Fulfilments.*.Ship.Lines.*.ShipmentDate", rule=f"the last, once all is shipped; {_DATE}"),
    "carrier_name": taken("Carrier"),
    "total_price": taken("Order.Total", "CustomerCurrency"),
    "total_tax": taken("Order.Tax", "CustomerCurrency"),
    **under("destination", "ShippingAddress", _PLACE),
    "lines.product_id": taken("Order.Lines.*.ProductID", rule=_LOWER),
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


_SHIPMENTS: Table = {
    "id": taken("ID", f"{_PARCEL}.ID", rule="the sale's, a slash, the parcel's"),
    "shipment_id": taken(f"{_PARCEL}.ID", rule=_LOWER),
    "order_id": taken("ID", rule=_LOWER),
    "order_number": taken("Order.SaleOrderNumber"),
    "status": taken("Fulfilments.*.Ship.Status", f"{_PARCEL}.IsShipped", rule=f"shipped where IsShipped, else {_WORD}"),
    "warehouse_id": taken(
        f"{_PICKED}.LocationID", f"{_PICKED}.Location", "Places", rule="the location, or the bin's, of the first pick"
    ),
    "shipped_at": taken(f"{_PARCEL}.ShipmentDate", rule=f"once it has left; {_DATE}"),
    **under("destination", "Fulfilments.*.Ship.ShippingAddress", _PLACE),
    "lines.inventory_item_id": _goods("ProductID"),
    "lines.sku": _goods("SKU"),
    "lines.quantity": _goods("Quantity"),
    "lines.lot_id": _goods("BatchSN"),
    "lines.expires_on": _goods("ExpiryDate"),
    "packages.package_id": taken(f"{_PARCEL}.ID", rule=_LOWER),
    "packages.name": taken(f"{_PARCEL}.Boxes"),
    "packages.tracking_number": taken(f"{_PARCEL}.TrackingNumber"),
    "packages.carrier_name": taken(f"{_PARCEL}.Carrier"),
}

_NOTE = "CreditNotes.*"
_BACK = taken(f"{_NOTE}.Restock.*.Quantity", f"{_NOTE}.Status", rule="summed per product, once authorised")
_RETURNS: Table = {
    "id": taken("ID", f"{_NOTE}.TaskID", rule="the sale's, a slash, the credit note's"),
    "order_id": taken("ID", rule=_LOWER),
    "status": taken(
        f"{_NOTE}.Status",
        f"{_NOTE}.Restock",
        rule="received where an authorised one restocked something, else by table",
    ),
    "lines.inventory_item_id": taken(f"{_NOTE}.Lines.*.ProductID", f"{_NOTE}.Restock.*.ProductID", rule=_FIRST),
    "lines.sku": taken(f"{_NOTE}.Lines.*.SKU", f"{_NOTE}.Restock.*.SKU", rule=_FIRST),
    "lines.expected": taken(f"{_NOTE}.Lines.*.Quantity", rule="summed per product"),
    "lines.received": _BACK,
    "lines.restocked": _BACK,
}

_TERMS = "Suppliers.*"
_BOM = "BillOfMaterialsProducts.*"
_PRODUCTS: Table = {
    **_ID,
    "updated_at": taken("LastModifiedOn", rule=_UTC),
    "sku": taken("SKU"),
    "name": taken("Name"),
    "active": taken("Status", rule="Active yes, Deprecated no, else unknown"),
    "barcodes": taken("Barcode"),
    "is_kit": taken(
        *("BillOfMaterial", "BillOfMaterialsProducts", "BOMType", "AutoAssembly", "AutoDisassembly"),
        rule="with a bill, unless manufactured, or a pack: one component, taken apart and put together by itself",
    ),
    "holds_own_stock": taken(
        "BillOfMaterialsProducts", "AutoAssembly", "BOMType", rule="no where assembled with the order"
    ),
    "components.inventory_item_id": taken(f"{_BOM}.ComponentProductID", "ID", rule="without a bill, itself"),
    "components.sku": taken(f"{_BOM}.ProductCode", "SKU", rule="without a bill, its own"),
    "components.quantity": taken(f"{_BOM}.Quantity", "QuantityToProduce", rule="Quantity / QuantityToProduce"),
    "unit_price": taken("PriceTier1", rule=_BASE),
    "unit_cost": taken("AverageCost", rule=_BASE),
    "supplier_id": taken(f"{_TERMS}.SupplierID", rule="where there is only one"),
    "supplier_name": taken(f"{_TERMS}.SupplierName", rule="where there is only one"),
    "suppliers.supplier_id": taken(f"{_TERMS}.SupplierID", rule=_LOWER),
    "suppliers.supplier_name": taken(f"{_TERMS}.SupplierName"),
    "suppliers.supplier_sku": taken(f"{_TERMS}.SupplierInventoryCode"),
    "suppliers.unit_cost": taken(
        f"{_TERMS}.FixedCost", f"{_TERMS}.Cost", f"{_TERMS}.Currency", rule="FixedCost where it is not 0, else Cost"
    ),
    "suppliers.lead_time_days": taken(f"{_TERMS}.ProductSupplierOptions.*.Lead", rule="the longest; 0 is unknown"),
    "suppliers.minimum_quantity": taken(
        f"{_TERMS}.ProductSupplierOptions.*.MinimumToReorder", rule="the greatest; 0 is unknown"
    ),
    "country_of_origin": taken("CountryOfOriginCode", "CountryOfOrigin", rule=_FIRST),
    "harmonized_code": taken("HSCode"),
    "category": taken("Category"),
    "brand": taken("Brand"),
    "measurements.length_mm": taken("Length", "DimensionsUnits", rule="in millimetres; 0 is unknown"),
    "measurements.width_mm": taken("Width", "DimensionsUnits", rule="in millimetres; 0 is unknown"),
    "measurements.height_mm": taken("Height", "DimensionsUnits", rule="in millimetres; 0 is unknown"),
    "measurements.weight_g": taken("Weight", "WeightUnits", rule="in grams; 0 is unknown"),
    "measurements.length_unit": taken("DimensionsUnits"),
    "measurements.weight_unit": taken("WeightUnits", rule="kg where it is empty"),
}

_ORDERED = "Order.Lines.*"
_TAKEN_IN, _PUT_AWAY = "StockReceived.*", "PutAway.*"
_COUNTED = "put away and authorised; without put-away, stock received"


def _arrived(field: str, rule: str = _COUNTED) -> Origin:
    return taken(f"{_PUT_AWAY}.Lines.*.{field}", f"{_TAKEN_IN}.Lines.*.{field}", rule=rule)


_SENT = "Lines.*"
_TRANSFERRED = "; of a transfer, what was sent"
_INBOUND: Table = {
    "id": taken("ID", "TaskID", rule=f"{_LOWER}; TaskID of a transfer"),
    "updated_at": taken("LastUpdatedDate", "LastModifiedOn", rule=_UTC),
    "purchase_order_number": taken(
        "Note", "OrderNumber", "Number", rule="Planster's reference in the note, else the vendor's number"
    ),
    "status": taken("Status", "CombinedReceivingStatus", "Order.Status", rule=_STEPS),
    "supplier_id": taken("SupplierID", rule=_LOWER),
    "supplier_name": taken("Supplier"),
    "warehouse_id": taken("Location", "To", "ToLocation", "Places", rule=f"{_NAMED}; a bin stands for its warehouse"),
    "ordered_at": taken("OrderDate", rule=_DATE),
    "expected_at": taken("RequiredBy", "RequiredByDate", rule=_DATE),
    "received_at": taken(*_arrived("Date").fields, "CompletionDate", rule=f"the last, once all is received; {_DATE}"),
    "lines.inventory_item_id": taken(f"{_ORDERED}.ProductID", f"{_SENT}.ProductID", rule=_LOWER),
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
    "receipts.received_at": _arrived("Date", f"the last of its lines; {_DATE}"),
    "receipts.lines.inventory_item_id": _arrived("ProductID"),
    "receipts.lines.sku": _arrived("SKU"),
    "receipts.lines.quantity": _arrived("Quantity"),
    "receipts.lines.lot_id": _arrived("BatchSN"),
    "receipts.lines.expires_on": _arrived("ExpiryDate"),
}

_INVOICE = "Invoice.*"
_GOODS, _CHARGES = f"{_INVOICE}.Lines.*", f"{_INVOICE}.AdditionalCharges.*"
_BILLS: Table = {
    "id": taken("ID", f"{_INVOICE}.TaskID", rule="the purchase's, a slash, the invoice's"),
    "number": taken(f"{_INVOICE}.InvoiceNumber"),
    "status": taken(f"{_INVOICE}.Status", f"{_INVOICE}.Paid", rule="paid where Paid has reached Total, else by table"),
    "total": taken(f"{_INVOICE}.Total", "SupplierCurrency"),
    "billed_at": taken(f"{_INVOICE}.InvoiceDate", rule=_DATE),
    "due_at": taken(f"{_INVOICE}.InvoiceDueDate", rule=_DATE),
    "lines.charge": taken(f"{_CHARGES}.Description", rule="of charges, where the word is known"),
    "lines.quantity": taken(f"{_GOODS}.Quantity", f"{_CHARGES}.Quantity"),
    "lines.amount": taken(f"{_GOODS}.Total", f"{_CHARGES}.Total", "SupplierCurrency"),
    "lines.object_id": taken("ID", rule="the purchase's"),
    "lines.object_type": taken(rule="always inbound_shipment"),
}

_SUPPLIERS: Table = {
    **_ID,
    "updated_at": taken("LastModifiedOn", rule=_UTC),
    "name": taken("Name"),
    "active": taken("Status", rule="Active yes, Deprecated no, else unknown"),
    "currency": taken("Currency"),
    "country": taken("Addresses.*.Country", "Addresses.*.Type", rule="of the business address, else of any"),
}

_WAREHOUSES: Table = {
    **_ID,
    "name": taken("Name"),
    "active": taken("IsDeprecated", "Deprecated", rule="not the first that is there"),
    "city": taken("AddressCitySuburb"),
    "region": taken("AddressStateProvince"),
    "postal_code": taken("AddressZipPostCode"),
    "country": taken("AddressCountry"),
}

_BINS: Table = {
    "id": taken("Bins.*.ID", rule=_LOWER),
    "location_id": taken("Bins.*.ID", rule=_LOWER),
    "warehouse_id": taken("ID", rule=_LOWER),
    "name": taken("Bins.*.Name"),
    "type": taken("Bins.*.IsStaging", rule="staging or bin"),
    "active": taken("Bins.*.IsDeprecated", rule="not"),
}

_CARRIERS: Table = {
    "id": taken("CarrierID", rule=_LOWER),
    "name": taken("Description"),
    "carrier_id": taken("CarrierID", rule=_LOWER),
    "carrier_name": taken("Description"),
}

FILLS: Mapping[DataType, Mapping[str, Origin]] = MappingProxyType(
    {
        DataType.INVENTORY_LEVELS: MappingProxyType(_INVENTORY),
        DataType.ORDERS: MappingProxyType(_ORDERS),
        DataType.ORDER_SHIPMENTS: MappingProxyType(_SHIPMENTS),
        DataType.PRODUCTS: MappingProxyType(_PRODUCTS),
        DataType.INBOUND_SHIPMENTS: MappingProxyType(_INBOUND),
        DataType.INBOUND_SHIPMENT_SUPPLIERS: MappingProxyType(_SUPPLIERS),
        DataType.RETURNS: MappingProxyType(_RETURNS),
        DataType.BILLS: MappingProxyType(_BILLS),
        DataType.WAREHOUSES: MappingProxyType(_WAREHOUSES),
        DataType.ORDER_CHANNELS: MappingProxyType(
            {"id": taken("SourceChannel", rule=_LOWER), "name": taken("SourceChannel", rule=_LOWER)}
        ),
        DataType.SHIPPING_METHODS: MappingProxyType(_CARRIERS),
        DataType.WAREHOUSE_LOCATIONS: MappingProxyType(_BINS),
    }
)
