"""Which unified fields the mappers fill, from which of the vendor's fields, by which rule.

A list inside of an answer lies at `_embedded.*`, whose members are named by addresses. An inventory level's source
record is the rows of one item, gathered under `rows`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Origin, taken

_LOCAL = "local time of the warehouse's system, setting `zone`"
_MONEY = "currency from the setting `currency`"
_NEGATED = "negated"
_KEY = "the item's id, and behind a colon the qualifier, where it has one"
_SUM = "sum over all facilities; null as soon as one of them is"
_CARRIER_KEY = "the carrier's name, slashes escaped"
_METHOD_KEY = "the carrier's name, a slash, the service's code"
_LINE = "_embedded.*.*"
_ONCE_CLOSED = "once the order is closed"
_ONCE_CONFIRMED = "once the receiver is confirmed (status 1)"
_STATE = ("readOnly.status", "readOnly.isClosed")

_OWNER: Mapping[str, Origin] = MappingProxyType(
    {"warehouse_customer_id": taken("readOnly.customerIdentifier.id")},
)
_STAMPS: Mapping[str, Origin] = MappingProxyType(
    {
        **_OWNER,
        "created_at": taken("readOnly.creationDate", rule=_LOCAL),
        "updated_at": taken("readOnly.lastModifiedDate", rule=_LOCAL),
    }
)


def _item(prefix: str, line: str) -> dict[str, Origin]:
    return {
        f"{prefix}.inventory_item_id": taken(f"{line}.itemIdentifier.id", f"{line}.qualifier", rule=_KEY),
        f"{prefix}.sku": taken(f"{line}.itemIdentifier.sku"),
    }


def _measures(source: str) -> dict[str, Origin]:
    """Size and weight of an object that is measured in inches and pounds (assumption)."""
    sizes = {
        f"measurements.{name}_mm": taken(f"{source}{name}", rule="inches") for name in ("length", "width", "height")
    }
    return {
        **sizes,
        "measurements.weight_g": taken(f"{source}weight", rule="pounds"),
        "measurements.length_unit": taken(rule="always inches (assumption)"),
        "measurements.weight_unit": taken(rule="always pounds (assumption)"),
    }


def _under(prefix: str, origins: Mapping[str, Origin]) -> dict[str, Origin]:
    return {f"{prefix}.{name}": origin for name, origin in origins.items()}


_ON_HAND = taken("rows.*.onHand")
_AVAILABLE = taken("rows.*.available")
_ON_HOLD = taken("rows.*.onHold")
_BEYOND = "ordered and not allocated, beyond what is available; never below 0"

_INVENTORY_LEVELS: Mapping[str, Origin] = {
    "id": taken("rows.*.itemIdentifier.id", "rows.*.qualifier", rule=_KEY),
    "sku": taken("rows.*.itemIdentifier.sku"),
    "on_hand": taken(*_ON_HAND.fields, rule=_SUM),
    "fulfillable": taken(*_AVAILABLE.fields, rule=_SUM),
    "unsellable": taken(*_ON_HOLD.fields, rule=_SUM),
    "backordered": taken("rows.*.orderedNotAllocated", "rows.*.available", rule=f"{_BEYOND}; {_SUM}"),
    "warehouses.warehouse_id": taken("rows.*.facilityId"),
    "warehouses.on_hand": _ON_HAND,
    "warehouses.fulfillable": _AVAILABLE,
    "warehouses.unsellable": _ON_HOLD,
    "warehouses.backordered": taken("rows.*.orderedNotAllocated", "rows.*.available", rule=_BEYOND),
}

_SHIP_DATES = ("readOnly.shipDate", "readOnly.smallParcelShipDate", "readOnly.processDate")
_SHIPPED_AT = taken(*_SHIP_DATES, *_STATE, rule=f"the first that is there, {_ONCE_CLOSED}; {_LOCAL}")
_DESTINATION: Mapping[str, Origin] = {
    "destination.region": taken("shipTo.state"),
    "destination.postal_code": taken("shipTo.zip"),
    "destination.country": taken("shipTo.country"),
}
_CARRIER: Mapping[str, Origin] = {
    "shipping_method_id": taken("routingInfo.carrier", "routingInfo.mode", rule=_METHOD_KEY),
    "shipping_method_name": taken("routingInfo.mode"),
    "carrier_id": taken("routingInfo.carrier", rule=_CARRIER_KEY),
    "carrier_name": taken("routingInfo.carrier"),
}

_ORDERS: Mapping[str, Origin] = {
    "id": taken("readOnly.orderId"),
    **_STAMPS,
    **_DESTINATION,
    **_CARRIER,
    "number": taken("referenceNum"),
    "reference_id": taken("externalId"),
    "status": taken(
        *_STATE,
        "readOnly.onHoldDate",
        "readOnly.packDoneDate",
        "readOnly.pickDoneDate",
        "readOnly.packStarted",
        "readOnly.pickStarted",
        "readOnly.pickTicketPrintDate",
        "readOnly.fullyAllocated",
        rule="2 cancelled; 1 or isClosed fulfilled; of an open order the first step, in this order, that was taken",
    ),
    "type": taken("orderType", rule="AmazonFBA is a transfer"),
    "channel_id": taken("readOnly.importChannelIdentifier.id"),
    "channel_name": taken("readOnly.importChannelIdentifier.name"),
    "warehouse_id": taken("readOnly.facilityIdentifier.id"),
    "required_ship_at": taken("shipCancelDate", rule=_LOCAL),
    "shipped_at": _SHIPPED_AT,
    "total_tax": taken("fulfillInvInfo.fulfillInvTax", rule=_MONEY),
    "total_discount": taken("fulfillInvInfo.fulfillInvDiscountAmount", rule=_MONEY),
    "total_shipping": taken("fulfillInvInfo.fulfillInvShippingAndHandling", rule=_MONEY),
    **_item("lines", _LINE),
    "lines.line_id": taken(f"{_LINE}.readOnly.orderItemId"),
    "lines.product_id": taken(f"{_LINE}.itemIdentifier.id"),
    "lines.quantity": taken(f"{_LINE}.qty"),
    "lines.shipped": taken(f"{_LINE}.qty", *_STATE, rule=f"{_ONCE_CLOSED}; before, 0"),
    "lines.unit_price": taken(f"{_LINE}.fulfillInvSalePrice", rule=_MONEY),
}

_CONTENT = f"{_LINE}._embedded.*.*"
_BY_ITEM = "of the order's line with the same orderItemId"
_ORDER_SHIPMENTS: Mapping[str, Origin] = {
    "id": taken("readOnly.orderId", rule="an order has one shipment at most"),
    **_OWNER,
    **_DESTINATION,
    "order_id": taken("readOnly.orderId"),
    "order_number": taken("referenceNum"),
    "status": taken(*_STATE, rule="2 cancelled; 1 or isClosed shipped; else open"),
    "warehouse_id": taken("readOnly.facilityIdentifier.id"),
    "shipped_at": _SHIPPED_AT,
    **_item("lines", _LINE),
    "lines.product_id": taken(f"{_LINE}.itemIdentifier.id"),
    "lines.quantity": taken(f"{_LINE}.qty", rule=_ONCE_CLOSED),
    "lines.lot_id": taken(f"{_LINE}.lotNumber"),
    "lines.expires_on": taken(f"{_LINE}.expirationDate", rule="the day as written"),
    **_under("packages", _CARRIER),
    **_under("packages", _measures(f"{_LINE}.")),
    "packages.scac": taken("routingInfo.scacCode"),
    "packages.package_id": taken(f"{_LINE}.packageId"),
    "packages.name": taken(f"{_LINE}.packageDefIdentifier.name"),
    "packages.tracking_number": taken(
        f"{_LINE}.trackingNumber",
        "routingInfo.trackingNumber",
        "parcelResponse.trackingNumbers",
        rule="each package's own; one more package for each number that no package carries",
    ),
    "packages.lines.inventory_item_id": taken(f"{_LINE}.itemIdentifier.id", f"{_LINE}.qualifier", rule=_BY_ITEM),
    "packages.lines.product_id": taken(f"{_LINE}.itemIdentifier.id", rule=_BY_ITEM),
    "packages.lines.sku": taken(f"{_LINE}.itemIdentifier.sku", rule=_BY_ITEM),
    "packages.lines.quantity": taken(f"{_CONTENT}.qty"),
    "packages.lines.lot_id": taken(f"{_CONTENT}.lotNumber"),
    "packages.lines.expires_on": taken(f"{_CONTENT}.expirationDate", rule="the day as written"),
}

_KIT = "kit.components.*"
_OWN = "a plain item is its own component"
_PRODUCTS: Mapping[str, Origin] = {
    "id": taken("itemId"),
    **_STAMPS,
    "sku": taken("sku"),
    "name": taken("description"),
    "active": taken("readOnly.deactivated", rule=_NEGATED),
    "barcodes": taken("upc", rule="the inventory unit's alone; cartons and pallets hold several"),
    "is_kit": taken("kit.components", rule="whether there are any"),
    "holds_own_stock": taken("kit.components", rule="true for a kit: it is assembled ahead (assumption)"),
    "components.inventory_item_id": taken(
        f"{_KIT}.itemIdentifier.id", f"{_KIT}.qualifier", "itemId", rule=f"{_KEY}; {_OWN}"
    ),
    "components.sku": taken(f"{_KIT}.itemIdentifier.sku", "sku", rule=_OWN),
    "components.quantity": taken(f"{_KIT}.qty", rule=f"{_OWN}, of quantity 1"),
    "unit_price": taken("price", rule=_MONEY),
    "unit_cost": taken("cost", rule=_MONEY),
    "country_of_origin": taken("countryOfManufacture"),
    "harmonized_code": taken("harmonizedCode"),
    "category": taken("classificationIdentifier.name"),
    **_measures("options.inventoryUnit.imperial."),
}

_CONFIRMED = ("readOnly.status",)
_EXPECTED = taken(f"{_LINE}.readOnly.expectedQty", f"{_LINE}.qty", rule="expectedQty, where null qty")
_RECEIVED = taken(f"{_LINE}.qty", *_CONFIRMED, rule=f"{_ONCE_CONFIRMED}; before, 0")
_ARRIVED = taken("arrivalDate", *_CONFIRMED, rule=f"{_ONCE_CONFIRMED}; {_LOCAL}")
_ALL_LINES = "where all lines name the same"

_INBOUND_SHIPMENTS: Mapping[str, Origin] = {
    "id": taken("readOnly.receiverId"),
    **_STAMPS,
    "purchase_order_number": taken("poNum", "referenceNum", rule="poNum, where empty referenceNum"),
    "status": taken(
        "readOnly.status",
        "scannedArrivalDate",
        rule="0 open, with scannedArrivalDate receiving; 1 received; 2 cancelled",
    ),
    "supplier_id": taken(f"{_LINE}.supplierIdentifier.id", rule=_ALL_LINES),
    "supplier_name": taken(f"{_LINE}.supplierIdentifier.name", rule=_ALL_LINES),
    "warehouse_id": taken("readOnly.facilityIdentifier.id"),
    "expected_at": taken("expectedDate", rule=_LOCAL),
    "received_at": _ARRIVED,
    "tracking_numbers": taken("trackingNumber", rule="parted at commas"),
    **_item("lines", _LINE),
    "lines.line_id": taken(f"{_LINE}.readOnly.receiveItemId"),
    "lines.supplier_sku": taken(f"{_LINE}.externalId"),
    "lines.expected": _EXPECTED,
    "lines.received": _RECEIVED,
    "lines.unit_cost": taken(f"{_LINE}.cost", rule=_MONEY),
    "receipts.receipt_id": taken("readOnly.receiverId", rule=_ONCE_CONFIRMED),
    "receipts.received_at": _ARRIVED,
    **_item("receipts.lines", _LINE),
    "receipts.lines.quantity": taken(f"{_LINE}.qty"),
    "receipts.lines.lot_id": taken(f"{_LINE}.lotNumber"),
    "receipts.lines.expires_on": taken(f"{_LINE}.expirationDate", rule="the day as written"),
}

_RETURNS: Mapping[str, Origin] = {
    "id": taken("readOnly.receiverId"),
    **_STAMPS,
    "status": taken("readOnly.status", rule="0 open, 1 received, 2 cancelled"),
    **_item("lines", _LINE),
    "lines.expected": _EXPECTED,
    "lines.received": _RECEIVED,
    "lines.restocked": taken(f"{_LINE}.qty", f"{_LINE}.onHold", *_CONFIRMED, rule="received and not on hold"),
    "shipments.tracking_number": taken("trackingNumber", rule="the first, parted at commas"),
    "shipments.arrived_at": _ARRIVED,
    "shipments.warehouse_id": taken("readOnly.facilityIdentifier.id"),
    "shipments.carrier_id": taken("carrier", rule=_CARRIER_KEY),
    "shipments.carrier_name": taken("carrier"),
    "shipments.scac": taken("scacCode"),
    **_item("shipments.lines", _LINE),
    "shipments.lines.quantity": taken(f"{_LINE}.qty"),
    "shipments.lines.inspections.quantity": taken(f"{_LINE}.qty", *_CONFIRMED, rule=_ONCE_CONFIRMED),
    "shipments.lines.inspections.disposition": taken(
        f"{_LINE}.onHold", *_CONFIRMED, rule="on hold quarantined, else restocked"
    ),
}

_TRANSACTION = ("readOnly.orderId", "readOnly.receiverId")
_CHARGES = "billing.billingCharges.*"
_BILLS: Mapping[str, Origin] = {
    "id": taken(*_TRANSACTION, rule="order/ or receiver/ before the transaction's id"),
    **_STAMPS,
    "status": taken("readOnly.chargesPending", rule="a draft while charges are pending"),
    "total": taken(f"{_CHARGES}.subtotal", rule=f"sum; {_MONEY}"),
    "billed_at": taken(
        "readOnly.processDate", "arrivalDate", *_STATE, rule=f"when the transaction was confirmed; {_LOCAL}"
    ),
    "lines.charge": taken(
        f"{_CHARGES}.details.*.chargeLabel", f"{_CHARGES}.chargeType", rule="the first label, else the type's number"
    ),
    "lines.quantity": taken(f"{_CHARGES}.details.*.numUnits", rule="where there is one detail"),
    "lines.amount": taken(f"{_CHARGES}.subtotal", rule=_MONEY),
    "lines.object_id": taken(*_TRANSACTION),
    "lines.object_type": taken(*_TRANSACTION, "readOnly.receiverType", rule="order, inbound shipment or return"),
}

_WAREHOUSES: Mapping[str, Origin] = {
    "id": taken("facilityId"),
    "name": taken("name"),
    "code": taken("code"),
    "active": taken("deactivated", rule=_NEGATED),
    "city": taken("contact.city"),
    "region": taken("contact.state"),
    "postal_code": taken("contact.zip", "shippingZip", rule="the contact's, where empty the shipping one"),
    "country": taken("contact.country"),
    "zone": taken("timeZoneName", rule="Windows' name as an IANA name"),
}

_SERVICE = "shipmentServices.*"
_SHIPPING_METHODS: Mapping[str, Origin] = {
    "id": taken("name", f"{_SERVICE}.code", rule=f"the carrier by its name; a service by {_METHOD_KEY}"),
    "name": taken(f"{_SERVICE}.description", "description", "displayName", "name", rule="the first that is there"),
    "code": taken(f"{_SERVICE}.code", "carrierCode", rule="a service's, else the carrier's"),
    "carrier_id": taken("name", rule=_CARRIER_KEY),
    "carrier_name": taken("displayName", "name", rule="displayName, where empty name"),
    "scac": taken("scacCode"),
    "active": taken(f"{_SERVICE}.deactivated", "deactivated", rule=_NEGATED),
}

FILLS: Mapping[DataType, Mapping[str, Origin]] = MappingProxyType(
    {
        DataType.INVENTORY_LEVELS: _INVENTORY_LEVELS,
        DataType.ORDERS: _ORDERS,
        DataType.ORDER_SHIPMENTS: _ORDER_SHIPMENTS,
        DataType.PRODUCTS: _PRODUCTS,
        DataType.INBOUND_SHIPMENTS: _INBOUND_SHIPMENTS,
        DataType.INBOUND_SHIPMENT_SUPPLIERS: {
            "id": taken(f"{_LINE}.supplierIdentifier.id"),
            "name": taken(f"{_LINE}.supplierIdentifier.name"),
        },
        DataType.RETURNS: _RETURNS,
        DataType.BILLS: _BILLS,
        DataType.WAREHOUSES: _WAREHOUSES,
        DataType.ORDER_CHANNELS: {
            "id": taken("readOnly.importChannelIdentifier.id"),
            "name": taken("readOnly.importChannelIdentifier.name"),
        },
        DataType.SHIPPING_METHODS: _SHIPPING_METHODS,
        DataType.WAREHOUSE_CUSTOMERS: {
            "id": taken("readOnly.customerId"),
            "created_at": taken("readOnly.creationDate", rule=_LOCAL),
            "name": taken("companyInfo.companyName"),
            "code": taken("externalId"),
            "active": taken("readOnly.deactivated", rule=_NEGATED),
        },
        DataType.WAREHOUSE_LOCATIONS: {
            "id": taken("facilityIdentifier.id", "locationId", rule="the facility's id, a slash, the location's"),
            "location_id": taken("locationId"),
            "warehouse_id": taken("facilityIdentifier.id"),
            "name": taken("name"),
            "active": taken("deactivated", rule=_NEGATED),
            "pickable": taken("nonPickable", rule=_NEGATED),
        },
    }
)
