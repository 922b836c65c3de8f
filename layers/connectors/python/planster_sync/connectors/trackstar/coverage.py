"""Which unified fields the mappers fill, per data type. Lists add nothing to a path."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planster_sync.model.data_types import DataType

_STAMPS = ("id", "created_at", "updated_at")
_OWNED = (*_STAMPS, "warehouse_customer_id")
_MEASURES = ("length_mm", "width_mm", "height_mm", "weight_g", "length_unit", "weight_unit")
_STOCK = ("on_hand", "committed", "fulfillable", "awaiting", "unsellable", "sellable")
_PLACE = ("region", "postal_code", "country")
_CARRIER = ("carrier_id", "carrier_name", "scac")
_SHIPPED = ("inventory_item_id", "product_id", "sku", "quantity")


def _under(prefix: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{prefix}.{name}" for name in names)


FILLS: Mapping[DataType, frozenset[str]] = MappingProxyType(
    {
        DataType.INVENTORY_LEVELS: frozenset(
            (
                *_OWNED,
                *_STOCK,
                "sku",
                "name",
                "active",
                "unit_cost",
                "substitute_skus",
                *_under("warehouses", ("warehouse_id", *_STOCK)),
                *_under("lots", ("lot_id", "on_hand", "expires_on", "warehouse_id")),
                *_under("locations", ("location_id", "quantity", "warehouse_id")),
                *_under("measurements", _MEASURES),
            )
        ),
        DataType.ORDERS: frozenset(
            (
                *_OWNED,
                "number",
                "reference_id",
                "status",
                "type",
                "channel_id",
                "channel_name",
                "warehouse_id",
                "required_ship_at",
                "shipping_method_id",
                "shipping_method_name",
                "carrier_id",
                "carrier_name",
                "total_price",
                "total_tax",
                "total_discount",
                "total_shipping",
                *_under("destination", _PLACE),
                *_under("lines", ("product_id", "sku", "quantity", "unit_price", "discount", "is_picked")),
            )
        ),
        DataType.ORDER_SHIPMENTS: frozenset(
            (
                "id",
                "warehouse_customer_id",
                "shipment_id",
                "order_id",
                "order_number",
                "status",
                "warehouse_id",
                "shipped_at",
                *_under("destination", _PLACE),
                *_under("lines", _SHIPPED),
                *_under("packages", ("package_id", "name", "tracking_number", "shipping_method_id", "cost", *_CARRIER)),
                "packages.shipping_method_name",
                *_under("packages.measurements", _MEASURES),
                *_under("packages.lines", (*_SHIPPED, "lot_id", "expires_on")),
            )
        ),
        DataType.PRODUCTS: frozenset(
            (
                *_OWNED,
                "sku",
                "name",
                "active",
                "barcodes",
                "is_kit",
                "unit_price",
                "supplier_id",
                "supplier_name",
                "country_of_origin",
                "harmonized_code",
                *_under("components", ("inventory_item_id", "sku", "quantity")),
                *_under("suppliers", ("supplier_id", "supplier_name", "supplier_sku", "unit_cost")),
            )
        ),
        DataType.INBOUND_SHIPMENTS: frozenset(
            (
                *_OWNED,
                "purchase_order_number",
                "status",
                "supplier_id",
                "supplier_name",
                "warehouse_id",
                "expected_at",
                "tracking_numbers",
                *_under("origin", _PLACE),
                *_under("lines", ("inventory_item_id", "sku", "supplier_sku", "expected", "received", "unit_cost")),
                *_under("receipts", ("receipt_id", "received_at")),
                *_under("receipts.lines", ("inventory_item_id", "sku", "quantity")),
            )
        ),
        DataType.INBOUND_SHIPMENT_SUPPLIERS: frozenset((*_OWNED, "name")),
        DataType.RETURNS: frozenset(
            (
                *_OWNED,
                "order_id",
                "status",
                *_under("lines", ("inventory_item_id", "sku", "expected", "received", "restocked", "reason")),
                *_under(
                    "shipments", ("tracking_number", "shipped_at", "arrived_at", "warehouse_id", "cost", *_CARRIER)
                ),
                *_under("shipments.measurements", _MEASURES),
                *_under("shipments.lines", ("inventory_item_id", "sku", "quantity")),
                *_under("shipments.lines.inspections", ("quantity", "condition", "disposition")),
            )
        ),
        DataType.BILLS: frozenset(
            (*_OWNED, "total", *_under("lines", ("charge", "amount", "object_id", "object_type")))
        ),
        DataType.WAREHOUSES: frozenset((*_STAMPS, "name", "code", "city", *_PLACE)),
        DataType.ORDER_CHANNELS: frozenset(("id", "name")),
        DataType.SHIPPING_METHODS: frozenset((*_STAMPS, "name", *_CARRIER)),
        DataType.WAREHOUSE_CUSTOMERS: frozenset((*_STAMPS, "name")),
        DataType.WAREHOUSE_LOCATIONS: frozenset(
            (*_STAMPS, "location_id", "warehouse_id", "name", "type", *_under("measurements", _MEASURES))
        ),
    }
)
