"""Which unified fields the mappers fill, per data type, and out of which of the vendor's.

`Places` are the ids of the locations that a record names; the client adds them, for the vendor writes names.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planster_sync.connectors.cin7_core.coverage_trade import BILLS, INBOUND, ORDERS, RETURNS, SHIPMENTS
from planster_sync.connectors.cin7_core.origins import BASE, DAY, FIRST, ID, LOWER, UTC, Table, location
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Origin, taken


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


_WAREHOUSE = location("Rows.*.Location")
_BIN = taken("Rows.*.Bin", "Places", rule="the id of the bin of that name in the location, else location: bin")
_INVENTORY: Table = {
    **ID,
    "sku": taken("Rows.*.SKU"),
    "name": taken("Rows.*.Name"),
    **_stock("summed over all rows"),
    "warehouses.warehouse_id": _WAREHOUSE,
    **{f"warehouses.{path}": origin for path, origin in _stock("summed over the location's rows").items()},
    "lots.lot_id": taken("Rows.*.Batch"),
    "lots.on_hand": _rows("OnHand", "summed over the lot's rows"),
    "lots.expires_on": _rows("ExpiryDate", DAY),
    "lots.warehouse_id": _WAREHOUSE,
    "locations.location_id": _BIN,
    "locations.quantity": _rows("OnHand", "summed over the bin's rows"),
    "locations.warehouse_id": _WAREHOUSE,
}

_TERMS = "Suppliers.*"
_BOM = "BillOfMaterialsProducts.*"
_PRODUCTS: Table = {
    **ID,
    "updated_at": taken("LastModifiedOn", rule=UTC),
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
    "unit_price": taken("PriceTier1", rule=BASE),
    "unit_cost": taken("AverageCost", rule=BASE),
    "supplier_id": taken(f"{_TERMS}.SupplierID", rule="where there is only one"),
    "supplier_name": taken(f"{_TERMS}.SupplierName", rule="where there is only one"),
    "suppliers.supplier_id": taken(f"{_TERMS}.SupplierID", rule=LOWER),
    "suppliers.supplier_name": taken(f"{_TERMS}.SupplierName"),
    "suppliers.supplier_sku": taken(f"{_TERMS}.SupplierInventoryCode"),
    "suppliers.unit_cost": taken(
        f"{_TERMS}.FixedCost", f"{_TERMS}.Cost", f"{_TERMS}.Currency", rule="FixedCost where it is not 0, else Cost"
    ),
    "suppliers.lead_time_days": taken(f"{_TERMS}.ProductSupplierOptions.*.Lead", rule="the longest; 0 is unknown"),
    "suppliers.minimum_quantity": taken(
        f"{_TERMS}.ProductSupplierOptions.*.MinimumToReorder", rule="the greatest; 0 is unknown"
    ),
    "country_of_origin": taken("CountryOfOriginCode", "CountryOfOrigin", rule=FIRST),
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

_SUPPLIERS: Table = {
    **ID,
    "updated_at": taken("LastModifiedOn", rule=UTC),
    "name": taken("Name"),
    "active": taken("Status", rule="Active yes, Deprecated no, else unknown"),
    "currency": taken("Currency"),
    "country": taken("Addresses.*.Country", "Addresses.*.Type", rule="of the business address, else of any"),
}

_WAREHOUSES: Table = {
    **ID,
    "name": taken("Name"),
    "active": taken("IsDeprecated", "Deprecated", rule="not the first that is there"),
    "city": taken("AddressCitySuburb"),
    "region": taken("AddressStateProvince"),
    "postal_code": taken("AddressZipPostCode"),
    "country": taken("AddressCountry"),
}

_BINS: Table = {
    "id": taken("Bins.*.ID", rule=LOWER),
    "location_id": taken("Bins.*.ID", rule=LOWER),
    "warehouse_id": taken("ID", rule=LOWER),
    "name": taken("Bins.*.Name"),
    "type": taken("Bins.*.IsStaging", rule="staging or bin"),
    "active": taken("Bins.*.IsDeprecated", rule="not"),
}

_CARRIERS: Table = {
    "id": taken("CarrierID", rule=LOWER),
    "name": taken("Description"),
    "carrier_id": taken("CarrierID", rule=LOWER),
    "carrier_name": taken("Description"),
}

FILLS: Mapping[DataType, Mapping[str, Origin]] = MappingProxyType(
    {
        DataType.INVENTORY_LEVELS: MappingProxyType(_INVENTORY),
        DataType.ORDERS: MappingProxyType(ORDERS),
        DataType.ORDER_SHIPMENTS: MappingProxyType(SHIPMENTS),
        DataType.PRODUCTS: MappingProxyType(_PRODUCTS),
        DataType.INBOUND_SHIPMENTS: MappingProxyType(INBOUND),
        DataType.INBOUND_SHIPMENT_SUPPLIERS: MappingProxyType(_SUPPLIERS),
        DataType.RETURNS: MappingProxyType(RETURNS),
        DataType.BILLS: MappingProxyType(BILLS),
        DataType.WAREHOUSES: MappingProxyType(_WAREHOUSES),
        DataType.ORDER_CHANNELS: MappingProxyType(
            {"id": taken("SourceChannel", rule=LOWER), "name": taken("SourceChannel", rule=LOWER)}
        ),
        DataType.SHIPPING_METHODS: MappingProxyType(_CARRIERS),
        DataType.WAREHOUSE_LOCATIONS: MappingProxyType(_BINS),
    }
)
