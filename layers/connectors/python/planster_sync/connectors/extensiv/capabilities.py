"""What this connector reads, how, and which unified fields it fills. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from planster_sync.connectors.extensiv.coverage import FILLS
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

BASE_URL = "https://secure-wms.com"
LARGEST_PAGE = 1000
"""The most that any list's `pgsiz` takes; each list has its own bound below it (rel pages)."""

_LINKS = frozenset({"_links"})
"""What may be done with a record next; no mapping reads it."""

LOOK_BACK = timedelta(days=1)
"""More than any mistake about the zone of times makes."""

ORDERS_LOOK_BACK = timedelta(days=7)
"""An edit of a package may not move its order's date, so that young orders are read again (assumption)."""


class ExtensivCredentials(BaseModel):
    """An OAuth client, made by the warehouse, and the user in whose name it acts (auth page; help centre)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client_id: str = Field(min_length=1, description="The client id that the warehouse made for you.")
    client_secret: SecretStr = Field(min_length=1, description="Its secret.")
    user_login: str | None = Field(
        default=None, min_length=1, description="The user's login or number in the warehouse."
    )
    user_login_id: str | None = Field(
        default=None, min_length=1, description="For older clients, instead of user_login."
    )
    tpl: str | None = Field(
        default=None, pattern=r"^\{?[0-9A-Fa-f-]{36}\}?$", description="The 3PL's GUID, for dynamic credentials only."
    )


class ExtensivSettings(BaseModel):
    """Only `zone` has to be set: no answer says in which zone its times are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(default=BASE_URL, pattern=r"^https?://", description="Where the API is; sandboxes differ.")
    zone: str | None = Field(
        default=None,
        description="Needed to connect: IANA zone of the warehouse's system (its 3PL WHM System Timezone).",
    )
    currency: str | None = Field(
        default=None, pattern=r"^[A-Z]{3}$", description="ISO 4217 code of all amounts; the API names no currency."
    )
    page_limit: int = Field(
        default=LARGEST_PAGE, ge=1, le=LARGEST_PAGE, description="Records per page, within each list's own bound."
    )

    @field_validator("zone")
    @classmethod
    def _is_known(cls, zone: str | None) -> str | None:
        try:
            return zone and ZoneInfo(zone).key
        except (KeyError, OSError):
            raise ValueError("is no IANA time zone") from None


def _snapshot(name: str, *feeds: DataType, size: int) -> Read:
    return Read(
        name=name,
        feeds=MappingProxyType(dict.fromkeys(feeds, Sharing.OWNED)),
        style=ReadStyle.SNAPSHOT,
        deletion=DeletionEvidence.VENDOR_COUNT,
        page_size=size,
        volatile=_LINKS,
    )


def _incremental(
    name: str,
    feeds: Mapping[DataType, Sharing],
    *,
    size: int,
    overlap: timedelta = LOOK_BACK,
    deletion: DeletionEvidence = DeletionEvidence.LOOKUP,
    recent_first: tuple[Still | timedelta, ...] = (),
) -> Read:
    return Read(
        name=name,
        feeds=MappingProxyType(dict(feeds)),
        style=ReadStyle.INCREMENTAL,
        deletion=deletion,
        page_size=size,
        overlap=overlap,
        lag=timedelta(minutes=5),
        volatile=_LINKS,
        recent_first=recent_first,
    )


_READS = (
    _snapshot("inventory_levels", DataType.INVENTORY_LEVELS, size=500),
    _incremental(
        "orders",
        {
            DataType.ORDERS: Sharing.OWNED,
            DataType.ORDER_SHIPMENTS: Sharing.OWNED,
            DataType.ORDER_CHANNELS: Sharing.SHARED,
        },
        size=200,
        overlap=ORDERS_LOOK_BACK,
        recent_first=(Still.OPEN, timedelta(days=30), timedelta(days=90), timedelta(days=365)),
    ),
    _incremental(
        "products",
        {DataType.PRODUCTS: Sharing.OWNED},
        size=100,
        deletion=DeletionEvidence.VENDOR_COUNT,
    ),
    _incremental(
        "inbound_shipments",
        {DataType.INBOUND_SHIPMENTS: Sharing.OWNED, DataType.INBOUND_SHIPMENT_SUPPLIERS: Sharing.SHARED},
        size=500,
    ),
    _incremental("returns", {DataType.RETURNS: Sharing.OWNED}, size=500),
    _incremental("bills", {DataType.BILLS: Sharing.OWNED}, size=500),
    _snapshot("warehouses", DataType.WAREHOUSES, size=100),
    _snapshot("shipping_methods", DataType.SHIPPING_METHODS, size=100),
    _snapshot("warehouse_customers", DataType.WAREHOUSE_CUSTOMERS, size=100),
    _snapshot("warehouse_locations", DataType.WAREHOUSE_LOCATIONS, size=100),
)

_CHANGEABLE = frozenset(
    {"expected_at", "tracking_numbers", "lines.sku", "lines.inventory_item_id", "lines.supplier_sku"}
)

CAPABILITIES = Capabilities(
    name="extensiv",
    title="Extensiv 3PL Warehouse Manager",
    mapping_version=1,
    credentials=ExtensivCredentials,
    settings=ExtensivSettings,
    rate=RateLimit(per_second=4, source="none is documented, use is metered; other clients keep below 7 (assumption)"),
    reads=MappingProxyType({read.name: read for read in _READS}),
    fills=FILLS,
    writes=MappingProxyType(
        {
            WriteOperation.CREATE_INBOUND_SHIPMENT: WriteRules(
                required=frozenset({"reference", "warehouse_customer_id", "warehouse_id", "lines", "lines.quantity"}),
                accepted=_CHANGEABLE | {"supplier_id"},
            ),
            WriteOperation.UPDATE_INBOUND_SHIPMENT: WriteRules(
                required=frozenset({"lines.quantity"}), accepted=_CHANGEABLE | {"lines"}
            ),
        }
    ),
    mapping_settings=frozenset({"zone", "currency"}),
)
