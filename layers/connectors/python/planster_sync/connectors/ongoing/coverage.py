"""Which unified fields the mappers fill, per data type, and out of which of the vendor's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Origin, taken, under

Table = dict[str, Origin]

_NUMBERED = "by number, each standing for the stage that begins at it or below it; below the first: other"
_WORD = "by table, unknown words become other"
_CURRENCY = "in the setting currency, where none is named"
_DAY = "the calendar day as written"
_LOCAL = "in the setting zone, where the time names none; a bare day begins at midnight"
_SENT = "once the order has a time of shipping or counts as fulfilled; 0 before"
_KEY = "the supplier's number; without one, name: and the name in small letters"


def _time(field: str) -> Origin:
    return taken(field, rule=_LOCAL)


def _in(unit: str, field: str) -> Origin:
    return taken(field, rule=f"in {unit}")


_OWNER: Table = {"warehouse_customer_id": taken("goodsOwner.id")}
_PLACE: Table = {
    "region": taken("countryStateCode"),
    "postal_code": taken("postCode"),
    "country": taken("countryCode"),
}
_SUPPLIER: Table = {
    "supplier_id": taken("supplierInfo.supplierNumber", "supplierInfo.supplierName", rule=_KEY),
    "supplier_name": taken("supplierInfo.supplierName"),
}
_ITEM: Table = {"inventory_item_id": taken("article.articleSystemId"), "sku": taken("article.articleNumber")}
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
    **_OWNER,
    "sku": taken("articleNumber"),
    "name": taken("articleName"),
    "active": taken("isActive", "storageProperties.isObsolete", rule="false where it is obsolete"),
    **_MEASURED,
}
_METHOD: Table = {
    "shipping_method_id": taken(
        "orderInfo.wayOfDelivery.code",
        "transporter.code",
        "transporter.serviceCode",
        rule="wod: and the way of delivery; without one, tr: and the transporter's code and service",
    ),
    "shipping_method_name": taken("orderInfo.wayOfDelivery.name", "transporter.name", rule="the first that is there"),
    "carrier_id": taken("transporter.code"),
    "carrier_name": taken("transporter.transporterName"),
}
_MAIN_KIND = ("articleKind", "structureDefinition.articleKind")
_LOTS = {
    "lot_id": taken("batch"),
    "on_hand": taken("numberOfItems", rule="sum of the items of one batch, day of expiry and warehouse"),
    "expires_on": taken("expiryDate", rule=_DAY),
    "warehouse_id": taken("warehouse.id"),
}
_PLACES = {
    "location_id": taken("location"),
    "quantity": taken("numberOfItems", rule="sum of the items in one place"),
    "warehouse_id": taken("warehouse.id"),
}

_INVENTORY: Table = {
    **_ARTICLE,
    "unit_cost": taken("stockValuationPrice", rule=_CURRENCY),
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
    "updated_at": _time("articleDataLastUpdated"),
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
    "unit_price": taken("customerPrice", rule=_CURRENCY),
    "unit_cost": taken("purchasePrice", "purcaseCurrencyCode", rule=_CURRENCY),
    **_SUPPLIER,
    "suppliers.supplier_id": taken(
        "supplierInfo.supplierNumber",
        "supplierInfo.supplierName",
        "supplierInfo.alternativeSuppliers.*.supplierNumber",
        "supplierInfo.alternativeSuppliers.*.supplierName",
        rule=_KEY,
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

_ORDERS: Table = {
    "id": taken("orderInfo.orderId"),
    **_OWNER,
    "created_at": _time("orderInfo.createdDate"),
    "number": taken("orderInfo.orderNumber"),
    "reference_id": taken("orderInfo.goodsOwnerOrderId"),
    "status": taken("orderInfo.orderStatus.number", "orderInfo.orderStatus.text", rule=_NUMBERED),
    "type": taken("orderInfo.orderType.code", "orderInfo.orderType.name", rule=_WORD),
    "channel_id": taken(
        "orderInfo.marketPlace.marketPlace",
        "orderInfo.orderType.code",
        rule="market: and the marketplace; without one, type: and the order type",
    ),
    "channel_name": taken(
        "orderInfo.marketPlace.marketPlace", "orderInfo.orderType.name", rule="the marketplace or the order type"
    ),
    "warehouse_id": taken("orderInfo.warehouse.id"),
    "required_ship_at": taken("orderInfo.deliveryDate", rule=f"the day of delivery that is wished for, {_LOCAL}"),
    "shipped_at": _time("orderInfo.shippedTime"),
    **_METHOD,
    **under("destination", "consignee", _PLACE),
    "lines.line_id": taken("orderLines.*.id"),
    "lines.product_id": taken("orderLines.*.article.articleSystemId"),
    "lines.inventory_item_id": taken(
        "orderLines.*.article.articleSystemId",
        "orderLines.*.article.articleKind",
        "orderLines.*.subOrderLines",
        rule="null for a Structure kit",
    ),
    "lines.sku": taken("orderLines.*.article.articleNumber"),
    "lines.quantity": taken("orderLines.*.orderedNumberOfItems"),
    "lines.shipped": taken(
        "orderLines.*.pickedNumberOfItems",
        "orderInfo.shippedTime",
        "orderInfo.orderStatus.number",
        "orderLines.*.subOrderLines.*.pickedNumberOfItems",
        rule=f"what is picked, {_SENT}; all of a kit where all its parts are picked",
    ),
    "lines.is_picked": taken(
        "orderLines.*.pickedNumberOfItems",
        "orderLines.*.orderedNumberOfItems",
        rule="whether as much is picked as is ordered",
    ),
}

_PICKED = "orderLines.*.subOrderLines"
_SHIPMENTS: Table = {
    "id": taken("orderInfo.orderId", rule="the order's: it ships once"),
    **_OWNER,
    "order_id": taken("orderInfo.orderId"),
    "order_number": taken("orderInfo.orderNumber"),
    "status": taken("orderInfo.orderStatus.text", rule="shipped; there is none before the order is sent"),
    "warehouse_id": taken("orderInfo.warehouse.id"),
    "shipped_at": _time("orderInfo.shippedTime"),
    **under("destination", "consignee", _PLACE),
    "lines.inventory_item_id": taken(
        "orderLines.*.article.articleSystemId", f"{_PICKED}.*.article.articleSystemId", rule="of a kit, its parts"
    ),
    "lines.product_id": taken("orderLines.*.article.articleSystemId"),
    "lines.sku": taken(
        "orderLines.*.article.articleNumber", f"{_PICKED}.*.article.articleNumber", rule="of a kit, its parts"
    ),
    "lines.quantity": taken(
        "orderLines.*.pickedNumberOfItems",
        f"{_PICKED}.*.pickedNumberOfItems",
        "orderLines.*.pickedArticleItems.*.numberOfItems",
        rule="by picked item where they are told; of a kit, its parts",
    ),
    "lines.lot_id": taken("orderLines.*.pickedArticleItems.*.batchNumber"),
    "lines.expires_on": taken("orderLines.*.pickedArticleItems.*.expiryDate", rule=_DAY),
    "packages.package_id": taken("parcels.*.id", rule="labels for the way back are left out"),
    "packages.tracking_number": taken(
        "parcels.*.parcelNumber",
        "orderInfo.wayBill",
        "tracking.*.waybill",
        rule="the parcel's number; without parcels, each waybill once",
    ),
    **{f"packages.{path}": origin for path, origin in _METHOD.items()},
}

_INBOUND: Table = {
    "id": taken("purchaseOrderInfo.purchaseOrderId"),
    **_OWNER,
    "created_at": _time("purchaseOrderInfo.createdDate"),
    "purchase_order_number": taken("purchaseOrderInfo.purchaseOrderNumber"),
    "status": taken(
        "purchaseOrderInfo.purchaseOrderStatus.number",
        "purchaseOrderInfo.purchaseOrderStatus.text",
        "purchaseOrderLines.*.receivedNumberOfItems",
        rule=f"{_NUMBERED}; a deviation (400) in which nothing is missing is received",
    ),
    **_SUPPLIER,
    "warehouse_id": taken("purchaseOrderInfo.warehouse.id"),
    "ordered_at": _time("purchaseOrderInfo.advanced.orderDate"),
    "expected_at": _time("purchaseOrderInfo.inDate"),
    **under(
        "lines",
        "purchaseOrderLines.*",
        {
            "line_id": taken("id"),
            **_ITEM,
            "supplier_sku": taken("externalOrderLineId", rule="the customer's own id of the line"),
            "expected": taken("advisedNumberOfItems"),
            "received": taken("receivedNumberOfItems"),
        },
    ),
    **under(
        "receipts",
        "purchaseOrderLines.*.articleItems.*",
        {"receipt_id": taken("originalArticleItemId"), "received_at": _time("inDate")},
    ),
    **under("receipts.lines", "purchaseOrderLines.*", _ITEM),
    **under(
        "receipts.lines",
        "purchaseOrderLines.*.articleItems.*",
        {
            "quantity": taken("numberOfItems"),
            "lot_id": taken("batchNumber"),
            "expires_on": taken("expiryDate", rule=_DAY),
        },
    ),
}

_RETURNS: Table = {
    "id": taken("returnOrderInfo.returnOrderId"),
    "order_id": taken("customerOrderInfo.orderId"),
    "status": taken(
        "returnOrderInfo.returnOrderStatus.number",
        "returnOrderInfo.returnOrderStatus.text",
        "returnOrderLines.*.returnedNumberOfItems",
        rule="cancelled by number or text; otherwise by what has come back",
    ),
    **under(
        "lines",
        "returnOrderLines.*",
        {
            **_ITEM,
            "expected": taken("toBeReturnedNumberOfItems"),
            "received": taken("returnedNumberOfItems"),
            "restocked": taken(
                "returnedNumberOfItems",
                "returnedRemovedByInventoryNumberOfItems",
                rule="what came back, less what stock-taking removed",
            ),
            "reason": taken("returnCause.code", "returnCause.name", rule=_WORD),
        },
    ),
}

FILLS: Mapping[DataType, Mapping[str, Origin]] = MappingProxyType(
    {
        DataType.INVENTORY_LEVELS: _INVENTORY,
        DataType.ORDERS: _ORDERS,
        DataType.ORDER_SHIPMENTS: _SHIPMENTS,
        DataType.PRODUCTS: _PRODUCTS,
        DataType.INBOUND_SHIPMENTS: _INBOUND,
        DataType.INBOUND_SHIPMENT_SUPPLIERS: {
            "id": taken("supplierInfo.supplierNumber", "supplierInfo.supplierName", rule=_KEY),
            "name": taken("supplierInfo.supplierName"),
            "code": taken("supplierInfo.supplierNumber"),
        },
        DataType.RETURNS: _RETURNS,
        DataType.WAREHOUSES: {
            "id": taken("id"),
            "name": taken("name"),
            "code": taken("code"),
            "city": taken("address.city"),
            "region": taken("address.countryStateCode"),
            "postal_code": taken("address.postCode"),
            "country": taken("address.countryCode"),
        },
        DataType.ORDER_CHANNELS: {"id": _ORDERS["channel_id"], "name": _ORDERS["channel_name"]},
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
