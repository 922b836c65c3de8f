"""Which unified fields the mappers fill, per data type, and out of which of the vendor's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planster_sync.connectors.deposco.assumptions import PACK_SIZE, SUPPLIER
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Origin, taken, under

Table = dict[str, Origin]

_WORD = "by table, unknown words become other"
_CURRENCY = "in the setting currency, where none is named"
_PACKS = "packs times the eaches in a pack"
_FIRST = "the first that is there"
_PACK = f"pack.{PACK_SIZE}"


def _word(field: str) -> Origin:
    return taken(field, rule=_WORD)


def _sum(field: str, *currency: str) -> Origin:
    return taken(field, *currency, rule=_CURRENCY)


def _eaches(field: str) -> Origin:
    return taken(field, _PACK, rule=_PACKS)


def _measured(size: str, weight: str) -> Table:
    """A size per side and a weight, each an object with its number and its unit."""
    sides: Table = {
        f"{side}_mm": taken(f"{size}.{side}.measurement", f"{size}.length.units", rule="in millimetres")
        for side in ("length", "width", "height")
    }
    return {
        **sides,
        "length_unit": taken(f"{size}.length.units"),
        **(
            {
                "weight_g": taken(f"packs.*.{weight}.weight", f"{weight}.weight", rule=f"in grams; {_FIRST}"),
                "weight_unit": taken(f"packs.*.{weight}.units", f"{weight}.units", rule=_FIRST),
            }
            if weight
            else {}
        ),
    }


_STAMPS: Table = {"created_at": taken("createdDate"), "updated_at": taken("updatedDate")}
_OWNED: Table = {
    "id": taken("self.id"),
    "warehouse_customer_id": taken("businessUnit.businessKey.code"),
    **_STAMPS,
}
_PLACE: Table = {
    "region": taken("stateProvince"),
    "postal_code": taken("postalCode"),
    "country": taken("country"),
}
_ITEM: Table = {
    "inventory_item_id": taken("item.businessKey.number"),
    "sku": taken("item.businessKey.number"),
}
_CARRIER: Table = {
    "shipping_method_id": taken("shipVendor", "shipVia", rule="carrier / service"),
    "shipping_method_name": taken("shipVia"),
    "carrier_id": taken("shipVendor"),
    "carrier_name": taken("shipVendor"),
}

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
_LEVEL = "of a sales order, or of a customer order"


def _either(*fields: str, rule: str = "") -> Origin:
    return taken(*fields, rule="; ".join(filter(None, (_LEVEL, rule))))


def _placed(name: str) -> Origin:
    return _either(f"shipToAddress.{name}", f"shipToContact.{name}")


def _line_pieces(sales: str, customer: str) -> Origin:
    return _either(
        f"orderLines.data.*.{sales}",
        f"orderLines.data.*.{_PACK}",
        f"coLines.data.*.{customer}",
        "coLines.data.*.packQuantity",
        rule=_PACKS,
    )


def _of_line(name: str, rule: str = "") -> Origin:
    return _either(f"orderLines.data.*.{name}", f"coLines.data.*.{name}", rule=rule)


_ORDERS: Table = {
    **_OWNED,
    "number": taken("number"),
    "reference_id": _either("customerOrderNumber", "externalOrderNumber"),
    "status": _either("orderStatus", "status", rule=_WORD),
    "channel_id": taken("orderSource"),
    "channel_name": taken("orderSource"),
    "warehouse_id": taken("shipFromFacility.businessKey.number"),
    "ordered_at": taken("placedDate"),
    "required_ship_at": taken("cancelByShipDate"),
    "shipped_at": taken("actualShipDate", "orderStatus", rule="only where all of it was shipped"),
    **_CARRIER,
    "total_price": _either("orderTotal", "total", "currencyCode", rule=_CURRENCY),
    "total_tax": _either("orderTaxTotal", "taxTotal", "currencyCode", rule=_CURRENCY),
    "total_discount": _either("orderDiscountSubtotal", "discountSubtotal", "currencyCode", rule=_CURRENCY),
    "total_shipping": _either("orderShippingTotal", "shippingTotal", "currencyCode", rule=_CURRENCY),
    "destination.region": _placed("stateProvince"),
    "destination.postal_code": _placed("postalCode"),
    "destination.country": _placed("country"),
    "lines.line_id": _of_line("self.id"),
    "lines.product_id": _of_line("item.id"),
    "lines.inventory_item_id": _of_line("item.businessKey.number"),
    "lines.sku": _of_line("item.businessKey.number"),
    "lines.quantity": _line_pieces("orderPackQuantity", "orderQuantity"),
    "lines.shipped": _line_pieces("shippedPackQuantity", "shippedQuantity"),
    "lines.cancelled": _line_pieces("canceledPackQuantity", "canceledQuantity"),
    "lines.backordered": taken(
        "coLines.data.*.backOrderQuantity", "coLines.data.*.packQuantity", rule="of a customer order only"
    ),
    "lines.unit_price": _of_line("unitPrice", _CURRENCY),
    "lines.discount": _of_line("discountAmount", "of one each, times the eaches ordered"),
    "lines.is_picked": taken(
        "orderLines.data.*.pickedPackQuantity",
        "orderLines.data.*.canceledPackQuantity",
        rule="picked at least what was ordered less cancelled",
    ),
}
_SHIPMENTS: Table = {
    **_OWNED,
    "shipment_id": taken("self.id"),
    "order_id": taken("orderHeaders.data.*.id", rule="null where the shipment serves several orders"),
    "order_number": taken(
        "orderHeaders.data.*.businessKey.number", rule="null where the shipment serves several orders"
    ),
    "status": _word("status"),
    "warehouse_id": taken("shipFromFacility.businessKey.number"),
    "shipped_at": taken("shipmentDates.actualShipDate", "status", rule="only where it was shipped"),
    "delivered_at": taken("shipmentDates.actualArrivalDate"),
    **under("destination", "shipToAddress", _PLACE),
    **under(
        "lines",
        "shipmentLines.data.*",
        {
            **_ITEM,
            "quantity": taken(
                "shippedPackQuantity",
                _PACK,
                f"orderLineDetails.pack.{PACK_SIZE}",
                rule=f"{_PACKS}; the line's pack, or else its order line's",
            ),
            "lot_id": taken("lotNumber"),
            "expires_on": taken("expirationDate", rule="the calendar day as written"),
        },
    ),
    "packages.package_id": taken("lpnNumber"),
    "packages.tracking_number": taken("trackingNumber"),
    **{f"packages.{name}": origin for name, origin in _CARRIER.items()},
    "packages.cost": _sum("shippingCosts.shippingCost", "shippingCosts.currencyCode"),
}
_PRODUCTS: Table = {
    **_OWNED,
    "sku": taken("number"),
    "name": taken("name", "shortDescription", rule=_FIRST),
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
    "unit_price": _sum("unitPrice"),
    "unit_cost": _sum("purchaseCost"),
    "supplier_id": taken("tradingPartner.businessKey.code"),
    "suppliers.supplier_id": taken("itemVendors.data.*.tradingPartner.businessKey.code"),
    "suppliers.supplier_sku": taken("itemVendors.data.*.itemSkuUpc"),
    "suppliers.unit_cost": _sum("itemVendors.data.*.unitCost"),
    "suppliers.minimum_quantity": taken("itemVendors.data.*.reorderQuantity"),
    "country_of_origin": taken("originCountry"),
    "brand": taken("brandName"),
    **{f"measurements.{name}": origin for name, origin in _measured("packs.*.dimensions", "weight").items()},
}
_INBOUND: Table = {
    **_OWNED,
    "purchase_order_number": taken("number"),
    "status": _word("orderStatus"),
    "supplier_id": taken(f"{SUPPLIER}.businessKey.code"),
    "warehouse_id": taken("shipToFacility.businessKey.number"),
    "ordered_at": taken("placedDate"),
    "expected_at": taken("plannedArrivalDate"),
    "received_at": taken("actualArrivalDate", "orderStatus", rule="only where nothing more is expected"),
    **under("origin", "shipFromAddress", _PLACE),
    **under(
        "lines",
        "orderLines.data.*",
        {
            **_ITEM,
            "line_id": taken("self.id"),
            "expected": taken(
                "orderPackQuantity",
                "canceledPackQuantity",
                _PACK,
                "orderLineStatus",
                "receivedPackQuantity",
                rule="(ordered - cancelled) times the eaches in a pack; what came, of a line that is over too early",
            ),
            "received": _eaches("receivedPackQuantity"),
            "rejected": _eaches("receivedDamagedPackQuantity"),
        },
    ),
    "lines.unit_cost": _sum("orderLines.data.*.unitCost", "currencyCode"),
}
_RETURNS: Table = {
    **_OWNED,
    "order_id": taken("parentOrder.id"),
    "status": _word("orderStatus"),
    **under(
        "lines",
        "orderLines.data.*",
        {
            **_ITEM,
            "expected": taken(
                "orderPackQuantity",
                "canceledPackQuantity",
                _PACK,
                rule="(ordered - cancelled) times the eaches in a pack",
            ),
            "received": _eaches("receivedPackQuantity"),
        },
    ),
}
_BILLS: Table = {
    **_OWNED,
    "number": taken("transactionNumber"),
    "status": _word("status"),
    "total": _sum("totalPrice", "currencyCode"),
    "lines.charge": _word("transactionType"),
    "lines.quantity": taken("quantity"),
    "lines.amount": _sum("totalPrice", "currencyCode"),
    "lines.object_id": taken("orderHeader.id"),
}

FILLS: Mapping[DataType, Mapping[str, Origin]] = MappingProxyType(
    {
        DataType.INVENTORY_LEVELS: _INVENTORY,
        DataType.ORDERS: _ORDERS,
        DataType.ORDER_SHIPMENTS: _SHIPMENTS,
        DataType.PRODUCTS: _PRODUCTS,
        DataType.INBOUND_SHIPMENTS: _INBOUND,
        DataType.INBOUND_SHIPMENT_SUPPLIERS: {
            "id": taken("code"),
            "warehouse_customer_id": taken("businessUnit.businessKey.code"),
            **_STAMPS,
            "name": taken("name"),
            "code": taken("code"),
            "currency": taken("defaultCurrencyCode"),
            "country": taken("address.country"),
        },
        DataType.RETURNS: _RETURNS,
        DataType.BILLS: _BILLS,
        DataType.WAREHOUSES: {
            "id": taken("number"),
            **_STAMPS,
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
            **_STAMPS,
            "name": taken("name"),
            "code": taken("code"),
            "active": taken("active"),
        },
        DataType.WAREHOUSE_LOCATIONS: {
            "id": taken("self.id"),
            **_STAMPS,
            "location_id": taken("number"),
            "warehouse_id": taken("facility.businessKey.number"),
            "name": taken("name", "locator", rule=_FIRST),
            "type": _word("storageType"),
            "pickable": taken("pickable"),
            **{f"measurements.{name}": origin for name, origin in _measured("dimensions", "").items()},
        },
    }
)
