"""Which unified fields the mappers fill, per data type, and out of which of the vendor's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Origin, taken, under

Table = dict[str, Origin]

_WORD = "by table, unknown words become other"
_CURRENCY = "in the setting currency"
_DAY = "the calendar day as written"
_STOWED = "what was put away; where that is not told, what was counted"
_BUNDLE = "null for a bundle, whose components hold the stock"


def _same(*names: str) -> Table:
    """Fields that the vendor calls as we do, taken as they are."""
    return {name: taken(name) for name in names}


def _word(field: str) -> Origin:
    return taken(field, rule=_WORD)


def _measures(size: str, weight: str, names: tuple[str, str, str, str]) -> Table:
    """Of objects that name their units."""
    *sides, mass = names
    return {
        **{
            f"measurements.{ours}": taken(f"{size}.{side}", f"{size}.unit", rule="in millimetres; null where it is 0")
            for ours, side in zip(("length_mm", "width_mm", "height_mm"), sides, strict=True)
        },
        "measurements.weight_g": taken(f"{weight}.{mass}", f"{weight}.unit", rule="in grams; null where it is 0"),
        "measurements.length_unit": taken(f"{size}.unit", rule="as a symbol"),
        "measurements.weight_unit": taken(f"{weight}.unit", rule="as a symbol"),
    }


_PLACE: Table = {"region": taken("state"), "postal_code": taken("zip_code"), "country": taken("country")}
_TOTALS = ("on_hand", "committed", "fulfillable", "awaiting", "sellable", "backordered")
_SPLIT = ("on_hand", "committed", "fulfillable", "awaiting")

_INVENTORY: Table = {
    "id": taken("inventory_id"),
    **_same("sku", "name"),
    "active": taken("variant.is_active"),
    **{name: taken(f"total_{name}_quantity", "variant.is_bundle", rule=_BUNDLE) for name in _TOTALS},
    "warehouses.warehouse_id": taken("locations.*.location_id"),
    **{f"warehouses.{name}": taken(f"locations.*.{name}_quantity") for name in _SPLIT},
    "lots.lot_id": taken("lots.*.lot_number"),
    "lots.on_hand": taken(
        "lots.*.locations.*.on_hand_quantity", "lots.*.on_hand_quantity", rule="per centre, where it is split"
    ),
    "lots.expires_on": taken("lots.*.lot_date", rule=_DAY),
    "lots.warehouse_id": taken("lots.*.locations.*.location_id"),
    **_measures("dimensions", "weight", ("length", "width", "height", "value")),
}
_PRODUCTS: Table = {
    "id": taken("id", "product.id", rule="the variant's; of a product without variants product/ and its own"),
    "created_at": taken("created_on"),
    "updated_at": taken("updated_on"),
    "sku": taken("sku"),
    "name": taken("name", "product.name", rule="the first that is there"),
    "active": taken("status", rule="Active, Inactive; another word tells neither"),
    "barcodes": taken("barcodes.*.value", "upc", "gtin", rule="each once"),
    "is_kit": taken("product.type", "bundle_definition", rule="a bundle by its type, or by its definition"),
    "holds_own_stock": taken("product.type", "bundle_definition", rule="false for a bundle"),
    "components.inventory_item_id": taken(
        "inventory.inventory_id",
        "component_inventory",
        "bundle_definition.*.variant_id",
        rule="of a plain product its own; of a bundle the component's, or variant/ and its id where nobody knows it",
    ),
    "components.sku": taken("sku", "bundle_definition.*.variant_sku"),
    "components.quantity": taken("bundle_definition.*.quantity", rule="1 for a plain product"),
    "unit_price": taken(
        "channel_metadata.*.price",
        "channel_metadata.*.currency",
        rule="the one that all channels agree on; in the setting currency where none is named",
    ),
    "country_of_origin": taken("customs.country_code_of_origin"),
    "harmonized_code": taken("customs.hs_tariff_code"),
    "category": taken("product.taxonomy.path", "product.taxonomy.name", rule="the first that is there"),
    **_measures("dimension", "weight", ("length", "width", "height", "weight")),
}
_ORDERS: Table = {
    **_same("id", "reference_id"),
    "created_at": taken("created_date"),
    "updated_at": taken("shipments.*.last_update_at", rule="the latest; an order has no stamp of its own"),
    "number": taken("order_number"),
    "status": _word("status"),
    "type": _word("type"),
    "channel_id": taken("channel.id"),
    "channel_name": taken("channel.name"),
    "warehouse_id": taken("shipments.*.location.id", rule="where all shipments have the same"),
    "ordered_at": taken("purchase_date", "created_date", rule="the first that is there"),
    "required_ship_at": taken("retailer_program_data.shipByDate"),
    "shipped_at": taken("shipments.*.actual_fulfillment_date", "status", rule="the latest, once it is Fulfilled"),
    "shipping_method_name": taken("shipping_method"),
    "total_price": taken("financials.total_price", rule=_CURRENCY),
    **under("destination", "recipient.address", _PLACE),
    "lines.line_id": taken("products.*.external_line_id"),
    "lines.sku": taken("products.*.sku", "products.*.reference_id", rule="the first that is there"),
    "lines.quantity": taken("products.*.quantity"),
    "lines.unit_price": taken("products.*.unit_price", rule=_CURRENCY),
}
_SHIPMENTS: Table = {
    "id": taken("id", "shipments.*.id", rule="the order's id / the shipment's"),
    "created_at": taken("shipments.*.created_date"),
    "updated_at": taken("shipments.*.last_update_at"),
    "shipment_id": taken("shipments.*.id"),
    "order_id": taken("id"),
    "order_number": taken("order_number"),
    "status": taken(
        "shipments.*.status",
        "shipments.*.delivery_date",
        "shipments.*.status_details.*.id",
        rule=f"{_WORD}; Completed is delivered once there is a delivery date or the detail 203",
    ),
    "warehouse_id": taken("shipments.*.location.id"),
    "shipped_at": taken("shipments.*.actual_fulfillment_date", rule="picked, packed and labelled"),
    "delivered_at": taken("shipments.*.delivery_date"),
    **under("destination", "shipments.*.recipient.address", _PLACE),
    **under(
        "lines",
        "shipments.*.products.*.inventory_items.*",
        {
            "inventory_item_id": taken("id"),
            "quantity": taken("quantity"),
            "lot_id": taken("lot"),
            "expires_on": taken("expiration_date", rule=_DAY),
        },
    ),
    **under(
        "packages",
        "shipments.*",
        {
            "name": taken("package_material_type"),
            "tracking_number": taken("tracking.tracking_number"),
            "shipping_method_name": taken("ship_option"),
            "carrier_name": taken("tracking.carrier"),
            "scac": taken("tracking.scac"),
            "cost": taken("invoice_amount", "invoice_currency_code", rule="null while it is 0 without a currency"),
            "measurements.length_mm": taken("measurements.length_in", rule="in millimetres; null where it is 0"),
            "measurements.width_mm": taken("measurements.width_in", rule="in millimetres; null where it is 0"),
            "measurements.height_mm": taken("measurements.depth_in", rule="in millimetres; null where it is 0"),
            "measurements.weight_g": taken("measurements.total_weight_oz", rule="in grams; null where it is 0"),
        },
    ),
    "packages.measurements.length_unit": taken(rule="always in"),
    "packages.measurements.weight_unit": taken(rule="always oz"),
}
_STOWED_OF = ("stowed_quantity", "received_quantity")
_INBOUND: Table = {
    **_same("id", "purchase_order_number"),
    "created_at": taken("insert_date"),
    "updated_at": taken("last_updated_date"),
    "status": _word("status"),
    "warehouse_id": taken("fulfillment_center.id"),
    "expected_at": taken("expected_arrival_date"),
    "received_at": taken("status_history.*.timestamp", "status_history.*.status", rule="when it became Completed"),
    "tracking_numbers": taken("boxes.*.tracking_number", rule="each once"),
    **under(
        "lines",
        "inventory_quantities.*",
        {
            "inventory_item_id": taken("inventory_id"),
            "sku": taken("sku"),
            "expected": taken("expected_quantity"),
            "received": taken(*_STOWED_OF, rule=_STOWED),
        },
    ),
    "receipts.receipt_id": taken("boxes.*.box_id"),
    "receipts.received_at": taken("boxes.*.received_date", "boxes.*.arrived_date", rule="the first that is there"),
    **under(
        "receipts.lines",
        "boxes.*.box_items.*",
        {
            "inventory_item_id": taken("inventory_id"),
            "quantity": taken(*_STOWED_OF, rule=f"{_STOWED}; items of which nothing came are left out"),
            "lot_id": taken("lot_number"),
            "expires_on": taken("lot_date", rule=_DAY),
        },
    ),
    "receipts.lines.sku": taken(
        "inventory_quantities.*.sku", "boxes.*.box_items.*.inventory_id", rule="of the line with the same item"
    ),
}
_RETURNS: Table = {
    "id": taken("id"),
    "created_at": taken("insert_date"),
    "status": _word("status"),
    **under(
        "lines",
        "inventory.*",
        {
            "inventory_item_id": taken("id"),
            "sku": taken("sku"),
            "expected": taken("quantity"),
            "received": taken("action_taken.*.quantity_processed", rule="the sum; null before anything was done"),
            "restocked": taken(
                "action_taken.*.quantity_processed", "action_taken.*.action", rule="the sum where the action is Restock"
            ),
        },
    ),
    "shipments.tracking_number": taken("tracking_number"),
    "shipments.arrived_at": taken("arrived_date"),
    "shipments.warehouse_id": taken("fulfillment_center.id"),
    **under(
        "shipments.lines",
        "inventory.*",
        {
            "inventory_item_id": taken("id"),
            **_same("sku", "quantity"),
            "inspections.quantity": taken("action_taken.*.quantity_processed"),
            "inspections.disposition": taken("action_taken.*.action", rule="known words only"),
        },
    ),
}
_BILLS: Table = {
    "id": taken("invoice_id"),
    "number": taken("invoice_id"),
    "total": taken("amount", "currency_code"),
    "billed_at": taken("invoice_date", rule="midnight in the setting zone"),
    **under(
        "lines",
        "transactions.*",
        {
            "charge": taken(
                "transaction_fee", "invoice_type", rule="by table: the fee, where it is known, otherwise the type"
            ),
            "amount": taken("amount", "currency_code", rule="before taxes; charges without an amount are left out"),
            "object_id": taken("reference_id", rule="the vendor's own id, also of a shipment"),
            "object_type": _word("reference_type"),
        },
    ),
}
_WAREHOUSES: Table = {
    **_same("id", "name"),
    "code": taken("abbreviation"),
    "active": taken("is_active"),
    **{
        ours: taken(theirs, f"services.*.address.{theirs}", rule="the first that is there")
        for ours, theirs in (
            ("city", "city"),
            ("region", "state"),
            ("postal_code", "zip_code"),
            ("country", "country"),
        )
    },
    "zone": taken("timezone", rule="the IANA name of the Windows zone; null where it is unknown"),
}

FILLS: Mapping[DataType, Mapping[str, Origin]] = MappingProxyType(
    {
        DataType.INVENTORY_LEVELS: _INVENTORY,
        DataType.ORDERS: _ORDERS,
        DataType.ORDER_SHIPMENTS: _SHIPMENTS,
        DataType.PRODUCTS: _PRODUCTS,
        DataType.INBOUND_SHIPMENTS: _INBOUND,
        DataType.RETURNS: _RETURNS,
        DataType.BILLS: _BILLS,
        DataType.WAREHOUSES: _WAREHOUSES,
        DataType.ORDER_CHANNELS: {**_same("id", "name"), "platform": taken("application_name")},
        DataType.SHIPPING_METHODS: _same("id", "name", "active"),
    }
)
