"""What orders, their shipments, purchase orders and returns are filled from."""

from __future__ import annotations

from planster_sync.connectors.ongoing.origins import DAY, LOCAL, NUMBERED, OWNER, PLACE, SUPPLIER, WORD, Table, at
from planster_sync.ports.source import taken, under

_SENT = "once the order has a time of shipping or counts as fulfilled; 0 before"

_ITEM: Table = {"inventory_item_id": taken("article.articleSystemId"), "sku": taken("article.articleNumber")}
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

ORDERS: Table = {
    "id": taken("orderInfo.orderId"),
    **OWNER,
    "created_at": at("orderInfo.createdDate"),
    "number": taken("orderInfo.orderNumber"),
    "reference_id": taken("orderInfo.goodsOwnerOrderId"),
    "status": taken("orderInfo.orderStatus.number", "orderInfo.orderStatus.text", rule=NUMBERED),
    "type": taken("orderInfo.orderType.code", "orderInfo.orderType.name", rule=WORD),
    "channel_id": taken(
        "orderInfo.marketPlace.marketPlace",
        "orderInfo.orderType.code",
        rule="market: and the marketplace; without one, type: and the order type",
    ),
    "channel_name": taken(
        "orderInfo.marketPlace.marketPlace", "orderInfo.orderType.name", rule="the marketplace or the order type"
    ),
    "warehouse_id": taken("orderInfo.warehouse.id"),
    "required_ship_at": taken("orderInfo.deliveryDate", rule=f"the day of delivery that is wished for, {LOCAL}"),
    "shipped_at": at("orderInfo.shippedTime"),
    **_METHOD,
    **under("destination", "consignee", PLACE),
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
SHIPMENTS: Table = {
    "id": taken("orderInfo.orderId", rule="the order's: it ships once"),
    **OWNER,
    "order_id": taken("orderInfo.orderId"),
    "order_number": taken("orderInfo.orderNumber"),
    "status": taken("orderInfo.orderStatus.text", rule="shipped; there is none before the order is sent"),
    "warehouse_id": taken("orderInfo.warehouse.id"),
    "shipped_at": at("orderInfo.shippedTime"),
    **under("destination", "consignee", PLACE),
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
    "lines.expires_on": taken("orderLines.*.pickedArticleItems.*.expiryDate", rule=DAY),
    "packages.package_id": taken("parcels.*.id", rule="labels for the way back are left out"),
    "packages.tracking_number": taken(
        "parcels.*.parcelNumber",
        "orderInfo.wayBill",
        "tracking.*.waybill",
        rule="the parcel's number; without parcels, each waybill once",
    ),
    **{f"packages.{path}": origin for path, origin in _METHOD.items()},
}

INBOUND: Table = {
    "id": taken("purchaseOrderInfo.purchaseOrderId"),
    **OWNER,
    "created_at": at("purchaseOrderInfo.createdDate"),
    "purchase_order_number": taken("purchaseOrderInfo.purchaseOrderNumber"),
    "status": taken(
        "purchaseOrderInfo.purchaseOrderStatus.number",
        "purchaseOrderInfo.purchaseOrderStatus.text",
        "purchaseOrderLines.*.receivedNumberOfItems",
        rule=f"{NUMBERED}; a deviation (400) in which nothing is missing is received",
    ),
    **SUPPLIER,
    "warehouse_id": taken("purchaseOrderInfo.warehouse.id"),
    "ordered_at": at("purchaseOrderInfo.advanced.orderDate"),
    "expected_at": at("purchaseOrderInfo.inDate"),
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
        {"receipt_id": taken("originalArticleItemId"), "received_at": at("inDate")},
    ),
    **under("receipts.lines", "purchaseOrderLines.*", _ITEM),
    **under(
        "receipts.lines",
        "purchaseOrderLines.*.articleItems.*",
        {
            "quantity": taken("numberOfItems"),
            "lot_id": taken("batchNumber"),
            "expires_on": taken("expiryDate", rule=DAY),
        },
    ),
}

RETURNS: Table = {
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
            "reason": taken("returnCause.code", "returnCause.name", rule=WORD),
        },
    ),
}
