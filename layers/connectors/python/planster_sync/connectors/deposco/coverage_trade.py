"""Which unified fields of orders, shipments, purchase orders, returns and bills are filled, and out of what."""

from __future__ import annotations

from planster_sync.connectors.deposco.assumptions import PACK_SIZE, SUPPLIER
from planster_sync.connectors.deposco.origins import (
    CARRIER,
    CURRENCY,
    ITEM,
    OWNED,
    PACK,
    PACKS,
    PLACE,
    WORD,
    Table,
    amount,
    eaches_of,
    word_of,
)
from planster_sync.ports.source import Origin, taken, under

_LEVEL = "of a sales order, or of a customer order"


def _either(*fields: str, rule: str = "") -> Origin:
    return taken(*fields, rule="; ".join(filter(None, (_LEVEL, rule))))


def _placed(name: str) -> Origin:
    return _either(f"shipToAddress.{name}", f"shipToContact.{name}")


def _line_pieces(sales: str, customer: str) -> Origin:
    return _either(
        f"orderLines.data.*.{sales}",
        f"orderLines.data.*.{PACK}",
        f"coLines.data.*.{customer}",
        "coLines.data.*.packQuantity",
        rule=PACKS,
    )


def _of_line(name: str, rule: str = "") -> Origin:
    return _either(f"orderLines.data.*.{name}", f"coLines.data.*.{name}", rule=rule)


ORDERS: Table = {
    **OWNED,
    "number": taken("number"),
    "reference_id": _either("customerOrderNumber", "externalOrderNumber"),
    "status": _either("orderStatus", "status", rule=WORD),
    "channel_id": taken("orderSource"),
    "channel_name": taken("orderSource"),
    "warehouse_id": taken("shipFromFacility.businessKey.number"),
    "ordered_at": taken("placedDate"),
    "required_ship_at": taken("cancelByShipDate"),
    "shipped_at": taken("actualShipDate", "orderStatus", rule="only where all of it was shipped"),
    **CARRIER,
    "total_price": _either("orderTotal", "total", "currencyCode", rule=CURRENCY),
    "total_tax": _either("orderTaxTotal", "taxTotal", "currencyCode", rule=CURRENCY),
    "total_discount": _either("orderDiscountSubtotal", "discountSubtotal", "currencyCode", rule=CURRENCY),
    "total_shipping": _either("orderShippingTotal", "shippingTotal", "currencyCode", rule=CURRENCY),
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
    "lines.unit_price": _of_line("unitPrice", CURRENCY),
    "lines.discount": _of_line("discountAmount", "of one each, times the eaches ordered"),
    "lines.is_picked": taken(
        "orderLines.data.*.pickedPackQuantity",
        "orderLines.data.*.canceledPackQuantity",
        rule="picked at least what was ordered less cancelled",
    ),
}
SHIPMENTS: Table = {
    **OWNED,
    "shipment_id": taken("self.id"),
    "order_id": taken("orderHeaders.data.*.id", rule="null where the shipment serves several orders"),
    "order_number": taken(
        "orderHeaders.data.*.businessKey.number", rule="null where the shipment serves several orders"
    ),
    "status": word_of("status"),
    "warehouse_id": taken("shipFromFacility.businessKey.number"),
    "shipped_at": taken("shipmentDates.actualShipDate", "status", rule="only where it was shipped"),
    "delivered_at": taken("shipmentDates.actualArrivalDate"),
    **under("destination", "shipToAddress", PLACE),
    **under(
        "lines",
        "shipmentLines.data.*",
        {
            **ITEM,
            "quantity": taken(
                "shippedPackQuantity",
                PACK,
                f"orderLineDetails.pack.{PACK_SIZE}",
                rule=f"{PACKS}; the line's pack, or else its order line's",
            ),
            "lot_id": taken("lotNumber"),
            "expires_on": taken("expirationDate", rule="the calendar day as written"),
        },
    ),
    "packages.package_id": taken("lpnNumber"),
    "packages.tracking_number": taken("trackingNumber"),
    **{f"packages.{name}": origin for name, origin in CARRIER.items()},
    "packages.cost": amount("shippingCosts.shippingCost", "shippingCosts.currencyCode"),
}
INBOUND: Table = {
    **OWNED,
    "purchase_order_number": taken("number"),
    "status": word_of("orderStatus"),
    "supplier_id": taken(f"{SUPPLIER}.businessKey.code"),
    "warehouse_id": taken("shipToFacility.businessKey.number"),
    "ordered_at": taken("placedDate"),
    "expected_at": taken("plannedArrivalDate"),
    "received_at": taken("actualArrivalDate", "orderStatus", rule="only where nothing more is expected"),
    **under("origin", "shipFromAddress", PLACE),
    **under(
        "lines",
        "orderLines.data.*",
        {
            **ITEM,
            "line_id": taken("self.id"),
            "expected": taken(
                "orderPackQuantity",
                "canceledPackQuantity",
                PACK,
                "orderLineStatus",
                "receivedPackQuantity",
                rule="(ordered - cancelled) times the eaches in a pack; what came, of a line that is over too early",
            ),
            "received": eaches_of("receivedPackQuantity"),
            "rejected": eaches_of("receivedDamagedPackQuantity"),
        },
    ),
    "lines.unit_cost": amount("orderLines.data.*.unitCost", "currencyCode"),
}
RETURNS: Table = {
    **OWNED,
    "order_id": taken("parentOrder.id"),
    "status": word_of("orderStatus"),
    **under(
        "lines",
        "orderLines.data.*",
        {
            **ITEM,
            "expected": taken(
                "orderPackQuantity",
                "canceledPackQuantity",
                PACK,
                rule="(ordered - cancelled) times the eaches in a pack",
            ),
            "received": eaches_of("receivedPackQuantity"),
        },
    ),
}
BILLS: Table = {
    **OWNED,
    "number": taken("transactionNumber"),
    "status": word_of("status"),
    "total": amount("totalPrice", "currencyCode"),
    "lines.charge": word_of("transactionType"),
    "lines.quantity": taken("quantity"),
    "lines.amount": amount("totalPrice", "currencyCode"),
    "lines.object_id": taken("orderHeader.id"),
}
