"""What this connector reads and writes, how, and which unified fields it fills. Data only."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from planster_sync.connectors.ongoing.coverage import FILLS
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import (
    Capabilities,
    DeletionEvidence,
    RateLimit,
    Read,
    ReadStyle,
    Sharing,
    Still,
    WriteOperation,
    WriteRules,
)

BASE_URL = "https://api.ongoingsystems.se"
"""Production; demonstration systems answer at https://wms1.ongoingsystems.se (assumption: with the same paths)."""

ARTICLES_PER_PAGE = 500
ORDERS_PER_PAGE = 100
"""The vendor documents no bound. Orders carry parcels and picked items (assumption: these sizes do not time out)."""


class OngoingCredentials(BaseModel):
    """An API user ("WSI...") of one goods owner; the warehouse's administrator makes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    warehouse: str = Field(
        pattern=r"^[A-Za-z0-9_-]+$", description="The warehouse's name in the address at which people log in."
    )
    username: str = Field(min_length=1, pattern=r"^[^:]+$", description="The API user's name.")
    password: SecretStr = Field(min_length=1, description="The API user's password.")
    goods_owner_id: int = Field(ge=1, description="The goods owner's id, from the warehouse's administrator.")


class OngoingSettings(BaseModel):
    """Nothing has to be set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(default=BASE_URL, pattern=r"^https?://", description="Where the API is, without a path.")
    page_limit: int | None = Field(
        default=None, ge=1, le=1000, description="Records per page, in place of each list's own number."
    )
    zone: str = Field(
        default="Europe/Stockholm", description="IANA zone in which the warehouse writes days and local times."
    )
    currency: str | None = Field(
        default=None,
        pattern=r"^[A-Z]{3}$",
        description="ISO 4217 code of costs and prices for which the API names no currency.",
    )
    order_statuses: dict[int, str] = Field(
        default={}, description="Our word for order status numbers that the warehouse has given another meaning."
    )
    inbound_statuses: dict[int, str] = Field(
        default={}, description="Our word for purchase order status numbers with another meaning."
    )

    @field_validator("zone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("not an IANA zone") from None
        return zone


def _snapshot(name: str, page_size: int, feeds: dict[DataType, Sharing]) -> Read:
    return Read(
        name=name,
        feeds=MappingProxyType(feeds),
        style=ReadStyle.SNAPSHOT,
        deletion=DeletionEvidence.LOOKUP,
        page_size=page_size,
        lookup_size=50,
    )


_READS = (
    _snapshot(
        "articles",
        ARTICLES_PER_PAGE,
        {
            DataType.PRODUCTS: Sharing.OWNED,
            DataType.INVENTORY_LEVELS: Sharing.OWNED,
            DataType.WAREHOUSE_CUSTOMERS: Sharing.SHARED,
        },
    ),
    Read(
        name="orders",
        feeds=MappingProxyType(
            {
                DataType.ORDERS: Sharing.OWNED,
                DataType.ORDER_SHIPMENTS: Sharing.OWNED,
                DataType.ORDER_CHANNELS: Sharing.SHARED,
            }
        ),
        style=ReadStyle.INCREMENTAL,
        deletion=DeletionEvidence.LOOKUP,
        page_size=ORDERS_PER_PAGE,
        overlap=timedelta(hours=2),
        lag=timedelta(minutes=5),
        lookup_size=50,
        recent_first=(Still.OPEN, timedelta(days=30), timedelta(days=90), timedelta(days=365)),
    ),
    _snapshot(
        "purchase_orders",
        ORDERS_PER_PAGE,
        {DataType.INBOUND_SHIPMENTS: Sharing.OWNED, DataType.INBOUND_SHIPMENT_SUPPLIERS: Sharing.SHARED},
    ),
    _snapshot("return_orders", ORDERS_PER_PAGE, {DataType.RETURNS: Sharing.OWNED}),
    _snapshot("warehouses", ORDERS_PER_PAGE, {DataType.WAREHOUSES: Sharing.OWNED}),
    _snapshot("shipping_methods", ORDERS_PER_PAGE, {DataType.SHIPPING_METHODS: Sharing.OWNED}),
    _snapshot("warehouse_locations", ORDERS_PER_PAGE, {DataType.WAREHOUSE_LOCATIONS: Sharing.OWNED}),
)

_LINES = frozenset({"lines.sku", "lines.inventory_item_id", "lines.quantity"})

CAPABILITIES = Capabilities(
    name="ongoing",
    title="Ongoing WMS",
    mapping_version=1,
    credentials=OngoingCredentials,
    settings=OngoingSettings,
    rate=RateLimit(
        per_second=4,
        source="no number is published; developer.ongoingwarehouse.com, parallel-requests asks for one call at a time",
    ),
    reads=MappingProxyType({read.name: read for read in _READS}),
    fills=FILLS,
    writes=MappingProxyType(
        {
            WriteOperation.CREATE_INBOUND_SHIPMENT: WriteRules(
                required=frozenset({"reference", "lines", "lines.quantity"}),
                accepted=_LINES
                | {"warehouse_id", "warehouse_customer_id", "supplier_id", "supplier_name", "expected_at"},
            ),
            WriteOperation.UPDATE_INBOUND_SHIPMENT: WriteRules(
                required=frozenset(), accepted=_LINES | {"expected_at", "lines"}
            ),
        }
    ),
    mapping_settings=frozenset({"zone", "currency", "order_statuses", "inbound_statuses"}),
    exemptions=MappingProxyType(
        {
            DataType.BILLS: "the REST API lists no invoices; charges are told order by order, without their currency, "
            "and only to users with invoice access"
        }
    ),
)
