"""Which unified fields the mappers fill, per data type, and out of which of the vendor's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Origin, taken, under

Table = dict[str, Origin]

_WORD = "by table, unknown words become other"
_CURRENCY = "in the setting currency, where none is named"
_BILLED_IN = ("invoice_currency_code",)
_DAY = "the calendar day as written"


def _same(*names: str) -> Table:
    """Fields that the vendor calls as we do, taken as they are."""
    return {name: taken(name) for name in names}


def _word(field: str) -> Origin:
    return taken(field, rule=_WORD)


def _cost(field: str, *currency: str) -> Origin:
    return taken(field, *currency, rule=_CURRENCY)


_STAMPS: Table = {"id": taken("id"), "created_at": taken("created_date"), "updated_at": taken("updated_date")}
_OWNED: Table = {**_STAMPS, **_same("warehouse_customer_id")}
_CARRIER = _same("carrier_id", "carrier_name", "scac")
_PLACE: Table = {"region": taken("state"), **_same("postal_code", "country")}
_ITEM = _same("inventory_item_id", "sku")
_PIECES: Table = {**_ITEM, "quantity": taken("quantity")}
_SUPPLIER: Table = {
    "supplier_id": taken("supplier_object.supplier_id"),
    "supplier_name": taken("supplier_object.supplier_name", "supplier", rule="the first that is there"),
}
_MEASURES: Table = {
    "length_mm": taken("length", "unit", rule="in millimetres"),
    "width_mm": taken("width", "unit", rule="in millimetres"),
    "height_mm": taken("height", "unit", rule="in millimetres"),
    "weight_g": taken("weight", "weight_unit", rule="in grams"),
    "length_unit": taken("unit"),
    "weight_unit": taken("weight_unit"),
}
_MEASURED = under("measurements", "measurements", _MEASURES)
_IN_WAREHOUSE: Table = {
    "on_hand": taken("onhand"),
    "committed": taken("committed"),
    "fulfillable": taken("fulfillable"),
    "awaiting": taken("awaiting"),
    "unsellable": taken("unfulfillable"),
    "sellable": taken("sellable"),
}
_IN_ALL = {
    path: taken(*origin.fields, rule="the vendor's total; null where it is 0 and no warehouse tells")
    for path, origin in _IN_WAREHOUSE.items()
}

_INVENTORY: Table = {
    **_OWNED,
    **_same("sku", "name", "active", "substitute_skus"),
    "unit_cost": _cost("unit_cost"),
    **_IN_ALL,
    "warehouses.warehouse_id": taken("inventory_by_warehouse_id", rule="the map's keys"),
    **under("warehouses", "inventory_by_warehouse_id.*", _IN_WAREHOUSE),
    **under(
        "lots",
        "lots.*",
        {
            **_same("lot_id", "warehouse_id"),
            "on_hand": taken("onhand"),
            "expires_on": taken("expiration_date", rule=_DAY),
        },
    ),
    **under("locations", "locations.*", _same("location_id", "quantity", "warehouse_id")),
    **_MEASURED,
}
_ORDERS: Table = {
    **_OWNED,
    **_same("reference_id", "warehouse_id", "shipping_method_id", "shipping_method_name", "carrier_id", "carrier_name"),
    "number": taken("order_number"),
    "status": taken("status", "raw_status", rule=f"{_WORD}; the raw word is kept"),
    "type": _word("type"),
    "channel_id": taken("channel_object.channel_id"),
    "channel_name": taken("channel_object.channel_name", "channel", rule="the first that is there"),
    "required_ship_at": taken("required_ship_date"),
    **{name: _cost(name, *_BILLED_IN) for name in ("total_price", "total_tax", "total_discount", "total_shipping")},
    **under("destination", "ship_to_address", _PLACE),
    **under("lines", "line_items.*", _same("product_id", "sku", "quantity", "is_picked")),
    "lines.unit_price": _cost("line_items.*.unit_price", *_BILLED_IN),
    "lines.discount": _cost("line_items.*.discount_amount", *_BILLED_IN),
}
_SHIPPED: Table = {**_PIECES, "product_id": taken("parent_product_id")}
_PACKAGES: Table = {
    **_same("package_id", "tracking_number", "shipping_method_id", "shipping_method_name"),
    **_CARRIER,
    "name": taken("package_name"),
    "cost": _cost("shipping_cost"),
    **_MEASURED,
    **under("lines", "line_items.*", {**_SHIPPED, "lot_id": taken("lot_id")}),
    "lines.expires_on": taken("line_items.*.expiration_date", rule=_DAY),
}
_SHIPMENTS: Table = {
    "id": taken("id", "shipments.*.shipment_id", rule="the order's id / the shipment's"),
    "warehouse_customer_id": taken("warehouse_customer_id"),
    "shipment_id": taken("shipments.*.shipment_id"),
    "order_id": taken("id"),
    "order_number": taken("order_number"),
    "status": taken("shipments.*.status", "shipments.*.raw_status", rule=f"{_WORD}; the raw word is kept"),
    "warehouse_id": taken("shipments.*.warehouse_id"),
    "shipped_at": taken("shipments.*.shipped_date"),
    **under("destination", "shipments.*.ship_to_address", _PLACE),
    **under("lines", "shipments.*.line_items.*", _SHIPPED),
    **under("packages", "shipments.*.packages.*", _PACKAGES),
}
_PRODUCTS: Table = {
    **_OWNED,
    **_same("sku", "name", "active", "is_kit", "country_of_origin", "harmonized_code"),
    **_SUPPLIER,
    "barcodes": taken("gtin"),
    "unit_price": _cost("unit_price"),
    **under("components", "inventory_items.*", {**_ITEM, "quantity": taken("unit_quantity")}),
    **under("suppliers", "supplier_products.*", _same("supplier_id", "supplier_name")),
    "suppliers.supplier_sku": taken("supplier_products.*.external_id"),
    "suppliers.unit_cost": _cost("supplier_products.*.unit_cost"),
}
_INBOUND: Table = {
    **_OWNED,
    **_SUPPLIER,
    **_same("purchase_order_number", "warehouse_id", "tracking_numbers"),
    "status": taken("status", "raw_status", rule=f"{_WORD}; the raw word is kept"),
    "expected_at": taken("expected_arrival_date"),
    **under("origin", "ship_from_address", _PLACE),
    **under(
        "lines",
        "line_items.*",
        {
            **_ITEM,
            "supplier_sku": taken("external_id"),
            "expected": taken("expected_quantity"),
            "received": taken("received_quantity"),
            "unit_cost": _cost("unit_cost"),
        },
    ),
    "receipts.receipt_id": taken("receipts.*.id"),
    "receipts.received_at": taken("receipts.*.arrived_date"),
    **under("receipts.lines", "receipts.*.line_items.*", _PIECES),
}
_ADDRESS: Table = {
    "city": taken("address.city"),
    "region": taken("address.state"),
    "postal_code": taken("address.postal_code"),
    "country": taken("address.country"),
}
_INSPECTIONS: Table = {
    "quantity": taken("quantity"),
    "condition": taken("condition", rule="known words only"),
    "disposition": taken("disposition", rule="known words only"),
}
_RETURNS: Table = {
    **_OWNED,
    "order_id": taken("order_id"),
    "status": taken("status", "raw_status", rule=f"{_WORD}; the raw word is kept"),
    **under(
        "lines",
        "line_items.*",
        {
            **_ITEM,
            "expected": taken("expected_quantity"),
            "received": taken("received_quantity"),
            "restocked": taken("restocked_quantity"),
            "reason": taken("return_reason", rule="known words only"),
        },
    ),
    **under(
        "shipments",
        "shipments.*",
        {
            **_same("tracking_number", "warehouse_id"),
            **_CARRIER,
            "shipped_at": taken("shipped_date"),
            "arrived_at": taken("arrived_date"),
            "cost": _cost("shipping_cost"),
            **_MEASURED,
            **under("lines", "line_items.*", _PIECES),
            **under("lines.inspections", "line_items.*.receiving_details.*", _INSPECTIONS),
        },
    ),
}
_BILLS: Table = {
    **_OWNED,
    "total": _cost("amount", "currency_code"),
    "lines.charge": _word("charge_type"),
    "lines.amount": _cost("amount", "currency_code"),
    "lines.object_id": taken("object_id"),
    "lines.object_type": _word("object_type"),
}
_LOCATIONS: Table = {
    **_STAMPS,
    "id": taken("warehouse_id", "id", rule="the warehouse's id, escaped / the location's"),
    "location_id": taken("id"),
    **_same("warehouse_id", "name"),
    "type": _word("type"),
    **_MEASURED,
}

FILLS: Mapping[DataType, Mapping[str, Origin]] = MappingProxyType(
    {
        DataType.INVENTORY_LEVELS: _INVENTORY,
        DataType.ORDERS: _ORDERS,
        DataType.ORDER_SHIPMENTS: _SHIPMENTS,
        DataType.PRODUCTS: _PRODUCTS,
        DataType.INBOUND_SHIPMENTS: _INBOUND,
        DataType.INBOUND_SHIPMENT_SUPPLIERS: {**_OWNED, "name": taken("name")},
        DataType.RETURNS: _RETURNS,
        DataType.BILLS: _BILLS,
        DataType.WAREHOUSES: {**_STAMPS, **_same("name", "code"), **_ADDRESS},
        DataType.ORDER_CHANNELS: {
            "id": taken("channel_object.channel_id"),
            "name": taken("channel_object.channel_name"),
        },
        DataType.SHIPPING_METHODS: {
            **_STAMPS,
            **_same("name", "carrier_id", "scac"),
            "carrier_name": taken("carrier_name", "carrier", rule="the first that is there"),
        },
        DataType.WAREHOUSE_CUSTOMERS: {**_STAMPS, "name": taken("name")},
        DataType.WAREHOUSE_LOCATIONS: _LOCATIONS,
    }
)
