"""What this connector reads, how, and which unified fields it fills. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from planster_sync.connectors.trackstar.coverage import FILLS
from planster_sync.model.data_types import DataType
from planster_sync.ports.connecting import Way
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

_TOUCHED = frozenset({"trackstar_updated_date"})
"""Moves whenever Trackstar's own copy is touched (incremental reads filter by it); no mapping reads it."""

BASE_URL = "https://production.trackstarhq.com"
PAGE_SIZE = 1000
"""The default and the most that `limit` takes (about-the-api, Pagination)."""


class TrackstarCredentials(BaseModel):
    """Both keys are needed on every data call (about-the-api, Authentication).

    A connection that was linked here has no key of its own: it belongs to the deployment's Trackstar organisation.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_key: SecretStr | None = Field(
        default=None, min_length=1, description="The organisation's key, from Settings, API keys."
    )
    access_token: SecretStr = Field(min_length=1, description="The connection's permanent token.")
    connection_id: str | None = Field(default=None, min_length=1, description="The connection, to install it again.")

    @model_validator(mode="after")
    def _whose_key(self) -> TrackstarCredentials:
        if self.api_key is None and self.connection_id is None:
            raise ValueError("the organisation's key is needed")
        return self


class TrackstarSettings(BaseModel):
    """Nothing has to be set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(default=BASE_URL, pattern=r"^https?://", description="Where the API is.")
    page_limit: int = Field(default=PAGE_SIZE, ge=1, le=PAGE_SIZE, description="Records per page.")
    currency: str | None = Field(
        default=None,
        pattern=r"^[A-Z]{3}$",
        description="ISO 4217 code of costs and prices for which the API names no currency.",
    )


_HISTORY = (timedelta(days=30), timedelta(days=90), timedelta(days=365))
"""Every list filters by `created_date`, orders and returns by `status` as well (about-the-api, Filtering)."""


def _snapshot(name: str, *feeds: DataType) -> Read:
    return Read(
        name=name,
        feeds=MappingProxyType(dict.fromkeys(feeds, Sharing.OWNED)),
        style=ReadStyle.SNAPSHOT,
        deletion=DeletionEvidence.LOOKUP,
        page_size=PAGE_SIZE,
        volatile=_TOUCHED,
        lookup_size=100,
    )


def _incremental(name: str, feeds: Mapping[DataType, Sharing], recent_first: tuple[Still | timedelta, ...]) -> Read:
    return Read(
        name=name,
        feeds=MappingProxyType(dict(feeds)),
        style=ReadStyle.INCREMENTAL,
        deletion=DeletionEvidence.LOOKUP,
        page_size=PAGE_SIZE,
        volatile=_TOUCHED,
        overlap=timedelta(hours=1),
        lag=timedelta(minutes=5),
        lookup_size=100,
        recent_first=recent_first,
    )


_READS = (
    _snapshot("inventory_levels", DataType.INVENTORY_LEVELS),
    _incremental(
        "orders",
        {
            DataType.ORDERS: Sharing.OWNED,
            DataType.ORDER_SHIPMENTS: Sharing.OWNED,
            DataType.ORDER_CHANNELS: Sharing.SHARED,
        },
        (Still.OPEN, *_HISTORY),
    ),
    _snapshot("products", DataType.PRODUCTS),
    _snapshot("inbound_shipments", DataType.INBOUND_SHIPMENTS),
    _snapshot("inbound_shipment_suppliers", DataType.INBOUND_SHIPMENT_SUPPLIERS),
    _incremental("returns", {DataType.RETURNS: Sharing.OWNED}, (Still.OPEN, *_HISTORY)),
    _incremental("bills", {DataType.BILLS: Sharing.OWNED}, _HISTORY),
    _snapshot("warehouses", DataType.WAREHOUSES),
    _snapshot("shipping_methods", DataType.SHIPPING_METHODS),
    _snapshot("warehouse_customers", DataType.WAREHOUSE_CUSTOMERS),
    _snapshot("warehouse_locations", DataType.WAREHOUSE_LOCATIONS),
)

_LINE = frozenset({"lines.sku", "lines.quantity"})
_DATED = frozenset({"expected_at", "tracking_numbers"})
_LINE_MORE = frozenset({"lines.supplier_sku", "lines.unit_cost"})
_WRITES = {
    WriteOperation.CREATE_INBOUND_SHIPMENT: WriteRules(
        required=frozenset({"reference", "lines"}) | _LINE,
        accepted=frozenset({"warehouse_id", "warehouse_customer_id", "supplier_id", "supplier_name"})
        | _DATED
        | _LINE_MORE,
    ),
    WriteOperation.UPDATE_INBOUND_SHIPMENT: WriteRules(
        required=_LINE, accepted=frozenset({"lines"}) | _DATED | _LINE_MORE
    ),
}
"""What every connected system needs; each may need more and refuse some (programmatic-writes, write-info)."""

CAPABILITIES = Capabilities(
    name="trackstar",
    title="Trackstar",
    mapping_version=1,
    credentials=TrackstarCredentials,
    settings=TrackstarSettings,
    rate=RateLimit(per_second=10, source="docs.trackstarhq.com, about-the-api, Rate limits: 10 GET/s per access token"),
    reads=MappingProxyType({read.name: read for read in _READS}),
    fills=FILLS,
    writes=MappingProxyType(_WRITES),
    mapping_settings=frozenset({"currency"}),
    ways=(Way.LINK, Way.FORM),
    granted=frozenset({"connection_id"}),
    typed=frozenset({"api_key"}),
)
