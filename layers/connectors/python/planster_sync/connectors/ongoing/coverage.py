"""Which unified fields the mappers fill, per data type, and out of which of the vendor's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planster_sync.connectors.ongoing.coverage_trade import INBOUND, ORDERS, RETURNS, SHIPMENTS
from planster_sync.connectors.ongoing.origins import CURRENCY, DAY, KEY, OWNER, SUPPLIER, Table, at
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Origin, taken, under


def _in(unit: str, field: str) -> Origin:
    return taken(field, rule=f"in {unit}")


_MEASURED: Table = {
    "measurements.length_mm": _in("millimetres", "length"),
    "measurements.width_mm": _in("millimetres", "width"),
    "measurements.height_mm": _in("millimetres", "height"),
    "measurements.weight_g": _in("grams", "weight"),
    "measurements.length_unit": taken(rule="always m"),
    "measurements.weight_unit": taken(rule="always kg"),
}
_ARTICLE: Table = {
    "id": taken("articleSystemId"),
    **OWNER,
    "sku": taken("articleNumber"),
    "name": taken("articleName"),
    "active": taken("isActive", "storageProperties.isObsolete", rule="false where it is obsolete"),
    **_MEASURED,
}
_MAIN_KIND = ("articleKind", "structureDefinition.articleKind")
_LOTS = {
    "lot_id": taken("batch"),
    "on_hand": taken("numberOfItems", rule="sum of the items of one batch, day of expiry and warehouse"),
    "expires_on": taken("expiryDate", rule=DAY),
    "warehouse_id": taken("warehouse.id"),
}
_PLACES = {
    "location_id": taken("location"),
    "quantity": taken("numberOfItems", rule="sum of the items in one place"),
    "warehouse_id": taken("warehouse.id"),
}

_INVENTORY: Table = {
    **_ARTICLE,
    "unit_cost": taken("stockValuationPrice", rule=CURRENCY),
    "on_hand": taken("inventoryInfo.numberOfItems"),
    "committed": taken("inventoryInfo.numberOfBookedItems"),
    "fulfillable": taken("inventoryInfo.sellableNumberOfItems", rule="negative where more is booked than there is"),
    "awaiting": taken("inventoryInfo.toReceiveNumberOfItems"),
    "unsellable": taken("inventoryInfo.lockedForSaleNumberOfItems"),
    "sellable": taken("inventoryInfo.sellableNumberOfItems"),
    "warehouses.warehouse_id": taken("inventoryPerWarehouse.*.warehouseId"),
    "warehouses.on_hand": taken("inventoryPerWarehouse.*.numberOfItems"),
    "warehouses.fulfillable": taken("inventoryPerWarehouse.*.sellableNumberOfItems"),
    "warehouses.sellable": taken("inventoryPerWarehouse.*.sellableNumberOfItems"),
    "warehouses.unsellable": taken(
        "items.*.numberOfItems",
        "items.*.isLockedForSale",
        "items.*.warehouse.id",
        rule="sum of the warehouse's items that are locked for sale; null where it has none",
    ),
    **under("lots", "items.*", _LOTS),
    **under("locations", "items.*", _PLACES),
}

_PRODUCTS: Table = {
    **_ARTICLE,
    "updated_at": at("articleDataLastUpdated"),
    "barcodes": taken(
        "barCodeInfo.barCode",
        "barCodeInfo.alternativeBarCodes.*.barCode",
        "barCodeInfo.alternativeBarCodes.*.quantityPerBarCode",
        rule="those of one each",
    ),
    "is_kit": taken(*_MAIN_KIND, rule="true for Structure and Production"),
    "holds_own_stock": taken(*_MAIN_KIND, rule="of kits: true for Production, false for Structure"),
    "components.inventory_item_id": taken(
        "structureDefinition.rows.*.articleSystemId", "articleSystemId", rule="a plain article is its own component"
    ),
    "components.sku": taken(
        "structureDefinition.rows.*.articleNumber", "articleNumber", rule="a plain article is its own component"
    ),
    "components.quantity": taken("structureDefinition.rows.*.numberOfItems", rule="1 for a plain article"),
    "unit_price": taken("customerPrice", rule=CURRENCY),
    "unit_cost": taken("purchasePrice", "purcaseCurrencyCode", rule=CURRENCY),
    **SUPPLIER,
    "suppliers.supplier_id": taken(
        "supplierInfo.supplierNumber",
        "supplierInfo.supplierName",
        "supplierInfo.alternativeSuppliers.*.supplierNumber",
        "supplierInfo.alternativeSuppliers.*.supplierName",
        rule=KEY,
    ),
    "suppliers.supplier_name": taken("supplierInfo.supplierName", "supplierInfo.alternativeSuppliers.*.supplierName"),
    "suppliers.supplier_sku": taken(
        "supplierInfo.supplierArticleNumber", "supplierInfo.alternativeSuppliers.*.supplierArticleNumber"
    ),
    "suppliers.unit_cost": taken("purchasePrice", "purcaseCurrencyCode", rule="the main supplier's"),
    "suppliers.minimum_quantity": taken("minimumReorderQuantity", rule="the main supplier's"),
    "country_of_origin": taken("countryOfOriginCode"),
    "harmonized_code": taken("statisticsNumber"),
    "category": taken("articleGroup.name"),
}


FILLS: Mapping[DataType, Mapping[str, Origin]] = MappingProxyType(
    {
        DataType.INVENTORY_LEVELS: _INVENTORY,
        DataType.ORDERS: ORDERS,
        DataType.ORDER_SHIPMENTS: SHIPMENTS,
        DataType.PRODUCTS: _PRODUCTS,
        DataType.INBOUND_SHIPMENTS: INBOUND,
        DataType.INBOUND_SHIPMENT_SUPPLIERS: {
            "id": taken("supplierInfo.supplierNumber", "supplierInfo.supplierName", rule=KEY),
            "name": taken("supplierInfo.supplierName"),
            "code": taken("supplierInfo.supplierNumber"),
        },
        DataType.RETURNS: RETURNS,
        DataType.WAREHOUSES: {
            "id": taken("id"),
            "name": taken("name"),
            "code": taken("code"),
            "city": taken("address.city"),
            "region": taken("address.countryStateCode"),
            "postal_code": taken("address.postCode"),
            "country": taken("address.countryCode"),
        },
        DataType.ORDER_CHANNELS: {"id": ORDERS["channel_id"], "name": ORDERS["channel_name"]},
        DataType.SHIPPING_METHODS: {
            "id": taken(
                "code",
                "transporterCode",
                "transporterServiceCode",
                rule="wod: and the way of delivery, or tr: and the transporter's code and service",
            ),
            "name": taken("name", "transporterServiceName", "transporterName", rule="the first that is there"),
            "code": taken("code", "transporterServiceCode"),
            "carrier_id": taken("transporterCode"),
            "carrier_name": taken("transporterName"),
        },
        DataType.WAREHOUSE_CUSTOMERS: {"id": taken("goodsOwner.id"), "name": taken("goodsOwner.name")},
        DataType.WAREHOUSE_LOCATIONS: {
            "id": taken("id"),
            "location_id": taken("name"),
            "warehouse_id": taken("warehouseId", rule="of the warehouse whose zones were asked for"),
            "name": taken("name"),
            "pickable": taken("isPickingLocation", "isLocked", rule="not where it is locked"),
            "sellable": taken("isLockedForSale", rule="not where it is locked for sale"),
        },
    }
)
