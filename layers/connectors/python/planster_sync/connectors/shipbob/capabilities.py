"""What this connector reads, how, and which unified fields it fills. Data only."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from planster_sync.connectors.shipbob.coverage import FILLS
from planster_sync.model.data_types import DataType
from planster_sync.ports.connecting import Authorization, Way
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

BASE_URL = "https://api.shipbob.com"
API_VERSION = "2026-07"
"""The default version since July 2026 (versioning page); a new one comes each January and July."""

LARGEST_PAGE = 250
"""`Limit` of orders and shipping methods and `PageSize` of products end here (OpenAPI 2026-01)."""

DETAILED_PAGE = 20
"""Each record of these lists costs a request of its own: a page must be read within one slice, also where several
workers share the allowance."""


def _known(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, LookupError):
        raise ValueError("no such IANA zone") from None
    return zone


class ShipbobCredentials(BaseModel):
    """A personal access token (one merchant, every scope, no end), or the grant of a consent (auth page)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr | None = Field(
        default=None,
        min_length=1,
        description="Personal access token, from Integrations, API Tokens, made by the root user.",
    )
    refresh_token: SecretStr | None = Field(default=None, min_length=1, description="Out of a consent at ShipBob.")

    @model_validator(mode="after")
    def _one_of_both(self) -> ShipbobCredentials:
        if (self.token is None) == (self.refresh_token is None):
            raise ValueError("a personal access token is needed")
        return self


class ShipbobSettings(BaseModel):
    """Nothing has to be set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(default=BASE_URL, pattern=r"^https?://", description="Where the API is.")
    api_version: str = Field(default=API_VERSION, pattern=r"^20\d\d-\d\d$", description="Version in every path.")
    page_limit: int = Field(
        default=LARGEST_PAGE, ge=1, le=LARGEST_PAGE, description="Records per page, where the list takes as many."
    )
    channel_id: int | None = Field(
        default=None, ge=1, description="Reads the orders and returns of this channel only; all channels where none."
    )
    currency: str = Field(
        default="USD",
        pattern=r"^[A-Z]{3}$",
        description="ISO 4217 code of order values and prices, for which the API names no currency.",
    )
    zone: Annotated[str, AfterValidator(_known)] = Field(
        default="UTC", description="IANA zone of bare days (invoices) and of times without an offset."
    )


_HISTORY = (timedelta(days=30), timedelta(days=90), timedelta(days=365))


def _snapshot(
    name: str,
    page_size: int,
    deletion: DeletionEvidence,
    *,
    lookup_size: int = 100,
    recent_first: tuple[Still | timedelta, ...] = (),
) -> Read:
    return Read(
        name=name,
        feeds=MappingProxyType({DataType(name): Sharing.OWNED}),
        style=ReadStyle.SNAPSHOT,
        deletion=deletion,
        page_size=page_size,
        lookup_size=lookup_size,
        recent_first=recent_first,
    )


_READS = (
    _snapshot("inventory_levels", 150, DeletionEvidence.LOOKUP),
    Read(
        name="orders",
        feeds=MappingProxyType({DataType.ORDERS: Sharing.OWNED, DataType.ORDER_SHIPMENTS: Sharing.OWNED}),
        style=ReadStyle.INCREMENTAL,
        deletion=DeletionEvidence.LOOKUP,
        page_size=LARGEST_PAGE,
        overlap=timedelta(hours=1),
        lag=timedelta(minutes=5),
        lookup_size=100,
        recent_first=_HISTORY,
    ),
    _snapshot("products", LARGEST_PAGE, DeletionEvidence.LOOKUP, lookup_size=20),
    _snapshot(
        "inbound_shipments",
        DETAILED_PAGE,
        DeletionEvidence.LOOKUP,
        lookup_size=20,
        recent_first=(Still.OPEN, *_HISTORY),
    ),
    _snapshot("returns", 100, DeletionEvidence.LOOKUP, recent_first=(Still.OPEN, *_HISTORY)),
    _snapshot("bills", DETAILED_PAGE, DeletionEvidence.SECOND_SNAPSHOT, recent_first=_HISTORY),
    _snapshot("warehouses", LARGEST_PAGE, DeletionEvidence.SECOND_SNAPSHOT),
    _snapshot("order_channels", 50, DeletionEvidence.SECOND_SNAPSHOT),
    _snapshot("shipping_methods", LARGEST_PAGE, DeletionEvidence.SECOND_SNAPSHOT),
)

_WRITES = {
    WriteOperation.CREATE_INBOUND_SHIPMENT: WriteRules(
        required=frozenset({"reference", "warehouse_id", "expected_at", "lines", "lines.quantity"}),
        accepted=frozenset({"lines.sku", "lines.inventory_item_id", "tracking_numbers"}),
    ),
    WriteOperation.UPDATE_INBOUND_SHIPMENT: WriteRules(
        required=frozenset(),
        accepted=frozenset(
            {"expected_at", "tracking_numbers", "lines", "lines.quantity", "lines.sku", "lines.inventory_item_id"}
        ),
    ),
}

AUTHORIZATION = Authorization(
    consent_url="https://auth.shipbob.com/connect/authorize",
    exchange_url="https://auth.shipbob.com/connect/token",
    scopes=(
        "billing_read",
        "channels_read",
        "inventory_read",
        "locations_read",
        "offline_access",
        "orders_read",
        "products_read",
        "receiving_read",
        "receiving_write",
        "returns_read",
    ),
)
"""A code lasts two minutes, an access token an hour, a refresh token thirty days unless it is used (auth page, SDK)."""

CAPABILITIES = Capabilities(
    name="shipbob",
    title="ShipBob",
    mapping_version=1,
    credentials=ShipbobCredentials,
    settings=ShipbobSettings,
    rate=RateLimit(per_second=2.5, source="developer.shipbob.com, Rate limit: 150 a minute per user and application"),
    reads=MappingProxyType({read.name: read for read in _READS}),
    fills=FILLS,
    writes=MappingProxyType(_WRITES),
    mapping_settings=frozenset({"currency", "zone"}),
    ways=(Way.OAUTH, Way.FORM),
    authorization=AUTHORIZATION,
    granted=frozenset({AUTHORIZATION.credential}),
    typed=frozenset({"token"}),
    exemptions=MappingProxyType(
        {
            DataType.INBOUND_SHIPMENT_SUPPLIERS: "a receiving order names no supplier; purchase orders exist only"
            " under Experimental, which may change without notice",
            DataType.WAREHOUSE_CUSTOMERS: "a token belongs to one merchant",
            DataType.WAREHOUSE_LOCATIONS: "places inside a fulfilment centre are not listed",
        }
    ),
)
