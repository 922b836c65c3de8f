"""Which unified fields the mappers fill, and from what. Lists add nothing to a unified path; `*` is each item."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Origin, taken

_IN_UTC = "UTC, with or without an offset"
_AGREED = "where all warehouses that tell one agree"
_SUM = "sum over warehouses; unknown where one does not tell"
_STOCKED = "no record for virtual products, nor for kits that are not built ahead"
_STOCK = "warehouse_products.*"
_LINES = "line_items.edges.*.node"
_PARCELS = "shipments.*.shipping_labels.*"
_ROWS = "shipments.*.line_items.edges.*.node"
_ITEM = "account, a slash, the SKU in lower case without blanks around it"
_METHOD = "carrier, a slash, the method: the vendor has no id"


def _measured(path: str, unit_of: str = "lb or oz by the setting weight_unit") -> Mapping[str, Origin]:
    sides = {
        f"measurements.{side}_mm": taken(f"{path}.{side}", rule="inches in millimetres")
        for side in ("length", "width", "height")
    }
    return {
        **sides,
        "measurements.weight_g": taken(f"{path}.weight", rule=f"{unit_of}, in grams"),
        "measurements.length_unit": taken(rule="in, where anything is told"),
        "measurements.weight_unit": taken(rule="the setting weight_unit, where anything is told"),
    }


def _under(prefix: str, fields: Mapping[str, Origin]) -> Mapping[str, Origin]:
    return {f"{prefix}.{name}": origin for name, origin in fields.items()}


_ID = {"id": taken("id")}
_OWNER = {"warehouse_customer_id": taken("account_id")}
_CREATED = {"created_at": taken("created_at", rule=_IN_UTC)}
_ACTIVE = {"active": taken(f"{_STOCK}.active", rule="true where one warehouse says so, false where all deny it")}
_COST = {"unit_cost": taken(f"{_STOCK}.value", f"{_STOCK}.value_currency", rule=f"{_AGREED}; setting currency")}

_STOCK_FIELDS = {
    "on_hand": "on_hand",
    "committed": "allocated",
    "fulfillable": "available",
    "unsellable": "non_sellable_quantity",
    "backordered": "backorder",
}

_PLACE = {
    "region": taken("shipping_address.state_code", "shipping_address.state", rule="the code, else the name"),
    "postal_code": taken("shipping_address.zip"),
    "country": taken("shipping_address.country_code", "shipping_address.country", rule="the code, else the name"),
}

_INVENTORY_LEVELS = {
    "id": taken("account_id", "sku", rule=f"{_ITEM}; {_STOCKED}"),
    **_OWNER,
    **_CREATED,
    "updated_at": taken(f"{_STOCK}.updated_at", rule="the latest of its warehouses"),
    "sku": taken("sku"),
    "name": taken("name"),
    **_ACTIVE,
    **_COST,
    **{ours: taken(f"{_STOCK}.{theirs}", rule=_SUM) for ours, theirs in _STOCK_FIELDS.items()},
    "warehouses.warehouse_id": taken(f"{_STOCK}.warehouse_id"),
    **{f"warehouses.{ours}": taken(f"{_STOCK}.{theirs}") for ours, theirs in _STOCK_FIELDS.items()},
    **_measured("dimensions"),
}

_PRODUCTS = {
    **_ID,
    **_OWNER,
    **_CREATED,
    "updated_at": taken("updated_at", rule=_IN_UTC),
    "sku": taken("sku"),
    "name": taken("name"),
    **_ACTIVE,
    "barcodes": taken("barcode"),
    "is_kit": taken("kit"),
    "holds_own_stock": taken("kit_build", rule="of kits only"),
    "components.inventory_item_id": taken(
        "account_id", "kit_components.*.sku", "sku", rule=f"{_ITEM}; of a plain product, its own"
    ),
    "components.sku": taken("kit_components.*.sku", "sku", rule="of a plain product, its own"),
    "components.quantity": taken("kit_components.*.quantity", "kit", "virtual", rule="of a plain product, 1"),
    "unit_price": taken(f"{_STOCK}.price", f"{_STOCK}.value_currency", rule=f"{_AGREED}; setting currency"),
    **_COST,
    "supplier_id": taken("vendors.*.vendor_id", rule="where it has one supplier only"),
    "suppliers.supplier_id": taken("vendors.*.vendor_id"),
    "suppliers.supplier_sku": taken("vendors.*.vendor_sku"),
    "suppliers.unit_cost": taken("vendors.*.price", rule="setting currency"),
    "country_of_origin": taken("country_of_manufacture"),
    "harmonized_code": taken("tariff_code"),
    **_measured("dimensions"),
}

_ORDERS = {
    **_ID,
    **_OWNER,
    **_CREATED,
    "updated_at": taken("updated_at", rule=_IN_UTC),
    "number": taken("order_number"),
    "reference_id": taken("partner_order_id"),
    "status": taken("fulfillment_status", "holds", rule="by table; pending with any hold is on_hold"),
    "channel_id": taken("account_id", "shop_name", rule="account, a slash, the shop's name: the vendor has no id"),
    "channel_name": taken("shop_name"),
    "warehouse_id": taken(
        "allocations.*.warehouse_id",
        f"{_LINES}.warehouse_id",
        rule="of the allocations, else of the lines, if one only",
    ),
    "ordered_at": taken("order_date", rule=_IN_UTC),
    "required_ship_at": taken("required_ship_date", rule=_IN_UTC),
    "shipping_method_id": taken("shipping_lines.carrier", "shipping_lines.method", rule=_METHOD),
    "shipping_method_name": taken("shipping_lines.method"),
    "carrier_name": taken("shipping_lines.carrier"),
    "total_price": taken("total_price", "currency"),
    "total_tax": taken("total_tax", "currency"),
    "total_discount": taken("total_discounts", "currency"),
    "total_shipping": taken("shipping_lines.price", "currency"),
    **_under("destination", _PLACE),
    "lines.line_id": taken(f"{_LINES}.id"),
    "lines.product_id": taken(f"{_LINES}.product_id"),
    "lines.sku": taken(f"{_LINES}.sku"),
    "lines.quantity": taken(f"{_LINES}.quantity"),
    "lines.shipped": taken(f"{_LINES}.quantity_shipped"),
    "lines.cancelled": taken(
        f"{_LINES}.fulfillment_status",
        f"{_LINES}.quantity",
        f"{_LINES}.quantity_shipped",
        rule="quantity - quantity_shipped of a cancelled line",
    ),
    "lines.backordered": taken(f"{_LINES}.backorder_quantity"),
    "lines.unit_price": taken(f"{_LINES}.price", "currency"),
    "lines.discount": taken(f"{_LINES}.promotion_discount", "currency"),
}

_ORDER_SHIPMENTS = {
    "id": taken("id", "shipments.*.id", rule="the order's, a slash, its own"),
    **_OWNER,
    "created_at": taken("shipments.*.created_date", rule=_IN_UTC),
    "shipment_id": taken("shipments.*.id"),
    "order_id": taken("id"),
    "order_number": taken("order_number"),
    "status": taken(
        "shipments.*.delivered", f"{_PARCELS}.status", rule="delivered; cancelled if all labels are void; else shipped"
    ),
    "warehouse_id": taken("shipments.*.warehouse_id"),
    "shipped_at": taken("shipments.*.created_date", rule=_IN_UTC),
    **_under("destination", _PLACE),
    "lines.product_id": taken(f"{_ROWS}.line_item.product_id"),
    "lines.sku": taken(f"{_ROWS}.line_item.sku"),
    "lines.quantity": taken(f"{_ROWS}.quantity"),
    "packages.package_id": taken(f"{_PARCELS}.id"),
    "packages.name": taken(f"{_PARCELS}.box_name"),
    "packages.tracking_number": taken(f"{_PARCELS}.tracking_number"),
    "packages.shipping_method_id": taken(f"{_PARCELS}.carrier", f"{_PARCELS}.shipping_method", rule=_METHOD),
    "packages.shipping_method_name": taken(f"{_PARCELS}.shipping_method"),
    "packages.carrier_name": taken(f"{_PARCELS}.carrier"),
    "packages.cost": taken(f"{_PARCELS}.cost", rule="setting currency"),
    **_under("packages", _measured(f"{_PARCELS}.dimensions")),
}

_INBOUND_SHIPMENTS = {
    **_ID,
    **_OWNER,
    **_CREATED,
    "updated_at": taken(
        f"{_LINES}.updated_at", "date_closed", "arrived_at", "created_at", rule="the latest: the header has none"
    ),
    "purchase_order_number": taken("po_number"),
    "status": taken("fulfillment_status", rule="by table"),
    "supplier_id": taken("vendor_id", f"{_LINES}.vendor_id", rule="of the header, else of the lines, if one only"),
    "supplier_name": taken("vendor.name"),
    "warehouse_id": taken("warehouse_id"),
    "expected_at": taken("po_date", rule=_IN_UTC),
    "received_at": taken("date_closed", rule=f"{_IN_UTC}; none for cancelled orders"),
    "origin.country": taken("origin_of_shipment"),
    "tracking_numbers": taken(
        "tracking_number", "tracking_numbers.edges.*.node.tracking_number", rule="both together, each once"
    ),
    "lines.line_id": taken(f"{_LINES}.id"),
    "lines.inventory_item_id": taken("account_id", f"{_LINES}.sku", rule=_ITEM),
    "lines.sku": taken(f"{_LINES}.sku"),
    "lines.supplier_sku": taken(f"{_LINES}.vendor_sku"),
    "lines.expected": taken(f"{_LINES}.quantity"),
    "lines.received": taken(f"{_LINES}.quantity_received"),
    "lines.rejected": taken(f"{_LINES}.quantity_rejected"),
    "lines.unit_cost": taken(f"{_LINES}.price", rule="setting currency"),
}

_RETURNS = {
    **_ID,
    **_OWNER,
    **_CREATED,
    "updated_at": taken("line_items.*.updated_at", rule="the latest of its lines: the header has none"),
    "order_id": taken("order_id"),
    "status": taken("status", rule="by table"),
    "lines.inventory_item_id": taken(
        "account_id", "line_items.*.product.sku", "line_items.*.line_item.sku", rule=_ITEM
    ),
    "lines.sku": taken(
        "line_items.*.product.sku", "line_items.*.line_item.sku", rule="the product's, else the order's"
    ),
    "lines.expected": taken("line_items.*.quantity"),
    "lines.received": taken("line_items.*.quantity_received"),
    "lines.restocked": taken("line_items.*.restock"),
    "lines.reason": taken("line_items.*.reason", rule="by table; other text is not kept"),
    "shipments.carrier_name": taken("shipping_carrier"),
    "shipments.cost": taken("label_cost", "shipping_carrier", rule="setting currency; where a carrier is told"),
}

_BILLS = {
    **_ID,
    **_CREATED,
    "status": taken("status", rule="by table"),
    "total": taken("amount", rule="setting currency"),
    "billed_at": taken("created_at", rule=_IN_UTC),
    "due_at": taken("due_date", rule=_IN_UTC),
    "period_start": taken("billing_period.start", rule=_IN_UTC),
    "period_end": taken("billing_period.end", rule=_IN_UTC),
    "lines.charge": taken("totals.edges.*.node.category", rule="by table"),
    "lines.quantity": taken("totals.edges.*.node.quantity"),
    "lines.amount": taken("totals.edges.*.node.amount", rule="setting currency"),
}

FILLS: Mapping[DataType, Mapping[str, Origin]] = MappingProxyType(
    {
        DataType.INVENTORY_LEVELS: MappingProxyType(_INVENTORY_LEVELS),
        DataType.PRODUCTS: MappingProxyType(_PRODUCTS),
        DataType.ORDERS: MappingProxyType(_ORDERS),
        DataType.ORDER_SHIPMENTS: MappingProxyType(_ORDER_SHIPMENTS),
        DataType.INBOUND_SHIPMENTS: MappingProxyType(_INBOUND_SHIPMENTS),
        DataType.RETURNS: MappingProxyType(_RETURNS),
        DataType.BILLS: MappingProxyType(_BILLS),
        DataType.INBOUND_SHIPMENT_SUPPLIERS: MappingProxyType(
            {
                **_ID,
                **_OWNER,
                **_CREATED,
                "name": taken("name"),
                "currency": taken("currency"),
                "country": taken("address.country"),
            }
        ),
        DataType.WAREHOUSES: MappingProxyType(
            {
                **_ID,
                "name": taken("identifier"),
                "active": taken("active"),
                "city": taken("address.city"),
                "region": taken("address.state"),
                "postal_code": taken("address.zip"),
                "country": taken("address.country"),
            }
        ),
        DataType.ORDER_CHANNELS: MappingProxyType(
            {"id": taken("account_id", "shop_name", rule="account, a slash, the shop's name"), **_OWNER}
            | {"name": taken("shop_name")}
        ),
        DataType.SHIPPING_METHODS: MappingProxyType(
            {
                "id": taken(
                    "shipping_lines.carrier",
                    "shipping_lines.method",
                    f"{_PARCELS}.carrier",
                    f"{_PARCELS}.shipping_method",
                    rule=_METHOD,
                ),
                "name": taken("shipping_lines.method", f"{_PARCELS}.shipping_method", rule="each that is named"),
                "carrier_name": taken("shipping_lines.carrier", f"{_PARCELS}.carrier", rule="each that is named"),
            }
        ),
        DataType.WAREHOUSE_CUSTOMERS: MappingProxyType(
            {
                **_ID,
                "name": taken("username", rule="unless it is an e-mail address"),
                "code": taken("legacy_id"),
                "active": taken("status", rule="by table; unknown words tell nothing"),
            }
        ),
        DataType.WAREHOUSE_LOCATIONS: MappingProxyType(
            {
                **_ID,
                **_CREATED,
                "location_id": taken("id"),
                "warehouse_id": taken("warehouse_id"),
                "name": taken("name"),
                "type": taken("type.name", rule="by table"),
                "pickable": taken("pickable"),
                "sellable": taken("sellable"),
                **_measured("dimensions", "the load, lb or oz by the setting weight_unit"),
            }
        ),
    }
)
