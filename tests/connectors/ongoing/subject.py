"""Ongoing under the connector contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from planster_sync.connectors import registry
from tests.contract.connector_suite import Subject

_FIXTURES = Path(__file__).parent / "fixtures"
_IDS = {
    "articles": "articleSystemId",
    "orders": "orderInfo.orderId",
    "purchase_orders": "purchaseOrderInfo.purchaseOrderId",
    "return_orders": "returnOrderInfo.returnOrderId",
    "warehouses": "id",
    "warehouse_locations": "id",
}


def samples(read: str) -> tuple[bytes, ...]:
    """A list's invented records."""
    return tuple(json.dumps(each).encode() for each in json.loads((_FIXTURES / f"{read}.json").read_bytes()))


def _source_id(read: str, record: dict[str, Any]) -> str:
    if read == "shipping_methods":
        if "transporterCode" in record:
            return f"tr:{record['transporterCode']}/{record['transporterServiceCode']}"
        return f"wod:{record['code']}"
    found: Any = record
    for step in _IDS[read].split("."):
        found = found[step]
    return str(found)


_NAMED = ("name", "address1", "address2", "address3", "city", "remark", "doorCode", "telePhone", "mobilePhone", "email")

SUBJECT = Subject(
    capabilities=registry.capabilities("ongoing"),
    mapper=registry.mapper("ongoing", {}),
    samples={read: samples(read) for read in registry.capabilities("ongoing").reads},
    personal={
        "articles": ("description", "items.*.comment", "items.*.serial"),
        "orders": (
            *(f"consignee.{name}" for name in _NAMED),
            "consignee.customerNumber",
            "orderInfo.orderRemark",
            "orderInfo.deliveryInstruction",
            "orderInfo.emailNotification.value",
            "orderInfo.smsNotification",
            "orderInfo.consigneeOrderNumber",
            "orderInfo.marketPlace.marketPlaceOrderNumber",
            "parcels.*.tracking.trackingUrl",
            "tracking.*.trackingUrl",
            "orderLines.*.comment",
            "transporter.serviceComment",
        ),
        "purchase_orders": (
            "purchaseOrderInfo.purchaseOrderRemark",
            "purchaseOrderInfo.goodsOwnerReference",
            "purchaseOrderLines.*.comment",
            "purchaseOrderLines.*.articleItems.*.comment",
        ),
        "return_orders": ("returnOrderInfo.comment", "returnOrderInfo.returnOrderHandlingComment"),
        "warehouses": ("address.name", "address.address1", "address.address2", "address.telePhone"),
        "warehouse_locations": (),
        "shipping_methods": (),
    },
    source_id=_source_id,
    empty_page=b"[]",
)
