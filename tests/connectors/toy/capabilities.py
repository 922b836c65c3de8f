"""What the toy vendor offers."""

from __future__ import annotations

from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, SecretStr

from planster_sync.model.data_types import DataType
from planster_sync.ports.source import (
    Capabilities,
    DeletionEvidence,
    Origin,
    RateLimit,
    Read,
    ReadStyle,
    Sharing,
    taken,
    under,
)

_SERVED: dict[DataType, dict[str, Origin]] = {
    DataType.PRODUCTS: {
        "id": taken("no"),
        "sku": taken("code"),
        "name": taken("label"),
        "updated_at": taken("changed", rule="in the setting zone"),
        "supplier_id": taken("maker.no"),
    },
    DataType.INVENTORY_LEVELS: {
        "id": taken("no"),
        "sku": taken("code"),
        "on_hand": taken("stock.*.pieces", rule="their sum"),
        **under("warehouses", "stock.*", {"warehouse_id": taken("depot"), "on_hand": taken("pieces")}),
        "measurements.weight_g": taken("grams"),
        "measurements.weight_unit": taken(rule="always g"),
        "measurements.length_unit": taken(rule="always mm"),
    },
    DataType.INBOUND_SHIPMENT_SUPPLIERS: {"id": taken("maker.no"), "name": taken("maker.title")},
    DataType.ORDERS: {
        "id": taken("no"),
        "status": taken("state", rule="by table"),
        "ordered_at": taken("taken", rule="in the setting zone"),
        "total_price": taken("worth", rule="amount and currency in one text"),
        **under("lines", "rows.*", {"sku": taken("code"), "quantity": taken("pieces")}),
    },
    DataType.ORDER_SHIPMENTS: {
        "id": taken("no", "parcels.*.no", rule="the job's number / the parcel's"),
        "shipment_id": taken("parcels.*.no"),
        "order_id": taken("no"),
        "shipped_at": taken("parcels.*.left", rule="in the setting zone"),
        "packages.tracking_number": taken("parcels.*.trace"),
        "packages.package_id": taken("parcels.*.no"),
    },
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
