"""What the product must have stored for each record of the simulated Ongoing, read from that record alone.

An independent second reading: it shares nothing with the connector, so that the same mistake is not made twice. A field
that is not named here is not judged. The zone is the connector's default, Europe/Stockholm.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from local_cloud.agreement import Expected, Readings, Source
from simulators.ongoing.readings.stock import goods_owner, inventory_level, product
from simulators.ongoing.readings.trade import (
    inbound_shipment,
    order,
    order_channel,
    order_shipment,
    returned,
    supplier,
)

_IDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "articles": ("articleSystemId",),
        "orders": ("orderInfo", "orderId"),
        "purchase_orders": ("purchaseOrderInfo", "purchaseOrderId"),
        "return_orders": ("returnOrderInfo", "returnOrderId"),
    }
)


def warehouse(source: Source) -> Expected:
    address = source.get("address") or {}
    yield (
        str(source["id"]),
        {
            "name": source["name"],
            "code": source["code"] or None,
            "city": address.get("city"),
            "region": address.get("countryStateCode"),
            "postal_code": address.get("postCode"),
            "country": address.get("countryCode"),
        },
    )


def warehouse_location(source: Source) -> Expected:
    yield (
        str(source["id"]),
        {
            "location_id": source["name"],
            "warehouse_id": str(source["warehouseId"]),
            "name": source["name"],
            "pickable": source["isPickingLocation"] and not source["isLocked"],
            "sellable": not source["isLockedForSale"],
        },
    )


def shipping_method(source: Source) -> Expected:
    if source["_list"] == "way":
        yield f"wod:{source['code']}", {"name": source["name"], "code": source["code"], "carrier_id": None}
        return
    yield (
        f"tr:{source['transporterCode']}/{source['transporterServiceCode']}",
        {
            "name": source["transporterServiceName"],
            "code": source["transporterServiceCode"],
            "carrier_id": source["transporterCode"],
            "carrier_name": source["transporterName"],
        },
    )


def _source_id(collection: str, source: Source) -> str:
    if collection == "shipping_methods":
        ((key, _),) = shipping_method(source)
        return key
    found: object = source
    for step in _IDS.get(collection, ("id",)):
        found = found[step] if isinstance(found, Mapping) else None
    return str(found)


_PERSONAL = ("name", "address1", "address2", "address3", "customerNumber")


def _personal_texts(source: Source) -> frozenset[str]:
    """What an order tells about its buyer and must not be stored anywhere."""
    buyer = source.get("consignee") or {}
    info = source.get("orderInfo") or {}
    told = [buyer.get(name) for name in _PERSONAL]
    told += [*(buyer.get("advanced") or {}).values(), (info.get("emailNotification") or {}).get("value")]
    told += [info.get("orderRemark")]
    return frozenset(text for text in told if isinstance(text, str) and len(text) > 3)


READINGS = Readings(
    of=MappingProxyType(
        {
            "inventory_levels": ("articles", inventory_level),
            "products": ("articles", product),
            "warehouse_customers": ("articles", goods_owner),
            "orders": ("orders", order),
            "order_shipments": ("orders", order_shipment),
            "order_channels": ("orders", order_channel),
            "inbound_shipments": ("purchase_orders", inbound_shipment),
            "inbound_shipment_suppliers": ("purchase_orders", supplier),
            "returns": ("return_orders", returned),
            "warehouses": ("warehouses", warehouse),
            "warehouse_locations": ("locations", warehouse_location),
            "shipping_methods": ("shipping_methods", shipping_method),
        }
    ),
    source_id=_source_id,
    personal_texts=_personal_texts,
)
