"""Which unified fields the mappers fill, per data type, and out of which of the vendor's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planster_sync.connectors.deposco.coverage_trade import BILLS, INBOUND, ORDERS, RETURNS, SHIPMENTS
from planster_sync.connectors.deposco.origins import FIRST, OWNED, STAMPS, Table, amount, sides, word_of
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Origin, taken

_INVENTORY: Table = {
    "id": taken("itemNumber"),
    "warehouse_customer_id": taken(rule="the setting business_unit"),
    "sku": taken("itemNumber"),
    "on_hand": taken("totalOnHandQty", rule="the vendor's total; null from /inventory/full"),
    "committed": taken("openOrderLineQty", rule="the vendor's total; null from /inventory/full"),
    "fulfillable": taken("atpQty", rule="the vendor's total, below 0 where more is promised than is there"),
    "awaiting": taken("qtyOnPO", rule="the vendor's total; null from /inventory/full"),
    "warehouses.warehouse_id": taken("facilities.*.facility", "facilityInventory.*.facility", rule="of either route"),
    "warehouses.on_hand": taken(
        "facilities.*.totalOnHandQty", "facilityInventory.*.inventory.total", rule="of either route"
    ),
    "warehouses.committed": taken(
        "facilities.*.openOrderLineQty", "facilityInventory.*.inventory.allocated", rule="of either route"
    ),
    "warehouses.fulfillable": taken(
        "facilities.*.atpQty", "facilityInventory.*.inventory.availableToPromise", rule="of either route"
    ),
    "warehouses.awaiting": taken("facilities.*.qtyOnPO", rule="null from /inventory/full"),
}
_PRODUCTS: Table = {
    **OWNED,
    "sku": taken("number"),
    "name": taken("name", "shortDescription", rule=FIRST),
    "active": taken("active"),
    "barcodes": taken(
        "upcs.data.*.value",
        "packs.*.upcs.data.*.value",
        "packs.*.quantity",
        rule="of the item and of its single packs, not of cases",
    ),
    "is_kit": taken("components", "kitOrderOnly", "kitStockOnly", rule="whether any of them says so"),
    "holds_own_stock": taken(
        "kitOrderOnly", "kitStockOnly", rule="true for kitStockOnly, false for kitOrderOnly, else null"
    ),
    "components.inventory_item_id": taken(
        "components.*.subComponent.businessKey.number", "number", rule="the item itself where it has none"
    ),
    "components.sku": taken(
        "components.*.subComponent.businessKey.number", "number", rule="the item itself where it has none"
    ),
    "components.quantity": taken("components.*.quantity", rule="1 for the item itself"),
    "unit_price": amount("unitPrice"),
    "unit_cost": amount("purchaseCost"),
    "supplier_id": taken("tradingPartner.businessKey.code"),
    "suppliers.supplier_id": taken("itemVendors.data.*.tradingPartner.businessKey.code"),
    "suppliers.supplier_sku": taken("itemVendors.data.*.itemSkuUpc"),
    "suppliers.unit_cost": amount("itemVendors.data.*.unitCost"),
    "suppliers.minimum_quantity": taken("itemVendors.data.*.reorderQuantity"),
    "country_of_origin": taken("originCountry"),
    "brand": taken("brandName"),
    **{f"measurements.{name}": origin for name, origin in sides("packs.*.dimensions").items()},
    "measurements.weight_g": taken("packs.*.weight.weight", "weight.weight", rule=f"in grams; {FIRST}"),
    "measurements.weight_unit": taken("packs.*.weight.units", "weight.units", rule=FIRST),
}
FILLS: Mapping[DataType, Mapping[str, Origin]] = MappingProxyType(
    {
        DataType.INVENTORY_LEVELS: _INVENTORY,
        DataType.ORDERS: ORDERS,
        DataType.ORDER_SHIPMENTS: SHIPMENTS,
        DataType.PRODUCTS: _PRODUCTS,
        DataType.INBOUND_SHIPMENTS: INBOUND,
        DataType.INBOUND_SHIPMENT_SUPPLIERS: {
            "id": taken("code"),
            "warehouse_customer_id": taken("businessUnit.businessKey.code"),
            **STAMPS,
            "name": taken("name"),
            "code": taken("code"),
            "currency": taken("defaultCurrencyCode"),
            "country": taken("address.country"),
        },
        DataType.RETURNS: RETURNS,
        DataType.BILLS: BILLS,
        DataType.WAREHOUSES: {
            "id": taken("number"),
            **STAMPS,
            "name": taken("name"),
            "code": taken("number"),
            "city": taken("address.city"),
            "region": taken("address.stateProvince"),
            "postal_code": taken("address.postalCode"),
            "country": taken("address.country"),
            "zone": taken("timeZone"),
        },
        DataType.ORDER_CHANNELS: {"id": taken("orderSource"), "name": taken("orderSource")},
        DataType.SHIPPING_METHODS: {
            "id": taken("shipVendor", "shipVia", rule="carrier / service"),
            "name": taken("shipVia"),
            "carrier_id": taken("shipVendor"),
            "carrier_name": taken("shipVendor"),
        },
        DataType.WAREHOUSE_CUSTOMERS: {
            "id": taken("code"),
            **STAMPS,
            "name": taken("name"),
            "code": taken("code"),
            "active": taken("active"),
        },
        DataType.WAREHOUSE_LOCATIONS: {
            "id": taken("self.id"),
            **STAMPS,
            "location_id": taken("number"),
            "warehouse_id": taken("facility.businessKey.number"),
            "name": taken("name", "locator", rule=FIRST),
            "type": word_of("storageType"),
            "pickable": taken("pickable"),
            **{f"measurements.{name}": origin for name, origin in sides("dimensions").items()},
        },
    }
)
