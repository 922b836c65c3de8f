"""What the toy vendor offers."""

from __future__ import annotations

from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, SecretStr

from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Capabilities, DeletionEvidence, RateLimit, Read, ReadStyle, Sharing

_SERVED = {
    DataType.PRODUCTS: frozenset({"id", "sku", "name", "updated_at", "supplier_id"}),
    DataType.INVENTORY_LEVELS: frozenset(
        {"id", "sku", "on_hand", "warehouses.warehouse_id", "warehouses.on_hand", "measurements.weight_g"}
        | {"measurements.weight_unit", "measurements.length_unit"}
    ),
    DataType.INBOUND_SHIPMENT_SUPPLIERS: frozenset({"id", "name"}),
    DataType.ORDERS: frozenset({"id", "status", "ordered_at", "total_price", "lines.sku", "lines.quantity"}),
    DataType.ORDER_SHIPMENTS: frozenset(
        {"id", "shipment_id", "order_id", "shipped_at", "packages.tracking_number", "packages.package_id"}
    ),
}


class ToyCredentials(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    key: SecretStr


class ToySettings(BaseModel):
    """`zone` is the IANA zone in which the vendor's clock runs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zone: str = "Europe/Berlin"


def _read(name: str, feeds: dict[DataType, Sharing]) -> Read:
    return Read(
        name=name,
        feeds=MappingProxyType(feeds),
        style=ReadStyle.SNAPSHOT,
        deletion=DeletionEvidence.SECOND_SNAPSHOT,
        page_size=3,
    )


TOY_CAPABILITIES = Capabilities(
    name="toy",
    title="Toy",
    mapping_version=1,
    credentials=ToyCredentials,
    settings=ToySettings,
    rate=RateLimit(per_second=2, source="invented"),
    reads=MappingProxyType(
        {
            "articles": _read(
                "articles",
                {
                    DataType.PRODUCTS: Sharing.OWNED,
                    DataType.INVENTORY_LEVELS: Sharing.OWNED,
                    DataType.INBOUND_SHIPMENT_SUPPLIERS: Sharing.SHARED,
                },
            ),
            "jobs": _read("jobs", {DataType.ORDERS: Sharing.OWNED, DataType.ORDER_SHIPMENTS: Sharing.OWNED}),
        }
    ),
    fills=MappingProxyType(_SERVED),
    mapping_settings=frozenset({"zone"}),
    exemptions=MappingProxyType({each: "the toy vendor has no such list" for each in DataType if each not in _SERVED}),
)
