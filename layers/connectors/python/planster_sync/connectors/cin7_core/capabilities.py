"""What this connector reads and writes, how, and which unified fields it fills. Data only."""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from planster_sync.connectors.cin7_core.coverage import FILLS
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import (
    Capabilities,
    DeletionEvidence,
    RateLimit,
    Read,
    ReadStyle,
    Sharing,
    WriteOperation,
    WriteRules,
)

BASE_URL = "https://inventory.dearsystems.com/ExternalApi/v2"
PAGE_SIZE = 1000
"""The most that `Limit` takes (blueprint, Pagination)."""

PRODUCT_PAGE_SIZE = 500
"""With bills of materials the vendor gives no more than this, whatever is asked for (measured by a customer, 2026)."""

DOCUMENTS_AT_ONCE = 10
"""So many documents, of one request each, make a page: what is read is durable every 12 seconds or so."""


class Cin7CoreCredentials(BaseModel):
    """Both travel with every request (blueprint, Connecting to the API)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    account_id: SecretStr = Field(min_length=1, description="The company's account id, from Integrations, API.")
    application_key: SecretStr = Field(
        min_length=1, description="The key of an API application made for Planster alone."
    )


class Cin7CoreSettings(BaseModel):
    """Nothing has to be set; a company east or west of Greenwich should set its zone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(default=BASE_URL, pattern=r"^https?://", description="Where the API is.")
    page_limit: int = Field(default=PAGE_SIZE, ge=1, le=PAGE_SIZE, description="Rows per page of a list.")
    zone: str = Field(default="UTC", description="IANA zone of the company's calendar dates (General Settings).")
    currency: str | None = Field(
        default=None,
        pattern=r"^[A-Z]{3}$",
        description="ISO 4217 code of the company's base currency: costs and prices.",
    )
    history_from: date | None = Field(
        default=None, description="Purchases changed before this day are not read; none reads all. No bound for sales."
    )

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (KeyError, OSError):  # a name that leads to no file, or to a folder
            raise ValueError("not an IANA time zone") from None


def _read(
    feeds: dict[DataType, Sharing],
    style: ReadStyle = ReadStyle.SNAPSHOT,
    page_size: int = PAGE_SIZE,
    recent_first: tuple[timedelta, ...] = (),
) -> Read:
    changes = style is ReadStyle.INCREMENTAL
    return Read(
        name=next(iter(feeds)),
        feeds=MappingProxyType(feeds),
        style=style,
        deletion=DeletionEvidence.LOOKUP,
        page_size=page_size,
        overlap=timedelta(hours=1 if changes else 0),
        lag=timedelta(minutes=5 if changes else 0),
        lookup_size=25,
        recent_first=recent_first,
    )


_READS = (
    _read({DataType.INVENTORY_LEVELS: Sharing.OWNED}),
    _read(
        {
            DataType.ORDERS: Sharing.OWNED,
            DataType.ORDER_SHIPMENTS: Sharing.OWNED,
            DataType.RETURNS: Sharing.OWNED,
            DataType.ORDER_CHANNELS: Sharing.SHARED,
        },
        ReadStyle.INCREMENTAL,
        DOCUMENTS_AT_ONCE,
        (timedelta(days=30), timedelta(days=90), timedelta(days=365)),
    ),
    _read({DataType.PRODUCTS: Sharing.OWNED}, ReadStyle.INCREMENTAL, PRODUCT_PAGE_SIZE),
    _read(
        {DataType.INBOUND_SHIPMENTS: Sharing.OWNED, DataType.BILLS: Sharing.OWNED},
        ReadStyle.INCREMENTAL,
        DOCUMENTS_AT_ONCE,
    ),
    _read({DataType.INBOUND_SHIPMENT_SUPPLIERS: Sharing.OWNED}, ReadStyle.INCREMENTAL),
    _read({DataType.WAREHOUSES: Sharing.OWNED, DataType.WAREHOUSE_LOCATIONS: Sharing.OWNED}),
    _read({DataType.SHIPPING_METHODS: Sharing.OWNED}),
)

_ITEM = frozenset({"lines.sku", "lines.inventory_item_id", "lines.supplier_sku"})
_WRITES = {
    WriteOperation.CREATE_INBOUND_SHIPMENT: WriteRules(
        required=frozenset(
            {"reference", "warehouse_id", "supplier_id", "lines", "lines.quantity", "lines.unit_cost"},
        ),
        accepted=frozenset({"expected_at"}) | _ITEM,
    ),
    WriteOperation.UPDATE_INBOUND_SHIPMENT: WriteRules(
        required=frozenset({"lines.quantity"}),
        accepted=frozenset({"expected_at", "lines", "lines.unit_cost"}) | _ITEM,
    ),
}
"""A price that is left out becomes 0 at the vendor, and the value of the stock with it."""

CAPABILITIES = Capabilities(
    name="cin7_core",
    title="Cin7 Core",
    mapping_version=1,
    credentials=Cin7CoreCredentials,
    settings=Cin7CoreSettings,
    rate=RateLimit(per_second=1, source="blueprint, API Status Codes: 60 calls per minute and API application"),
    reads=MappingProxyType({read.name: read for read in _READS}),
    fills=FILLS,
    writes=MappingProxyType(_WRITES),
    mapping_settings=frozenset({"zone", "currency"}),
    exemptions=MappingProxyType(
        {DataType.WAREHOUSE_CUSTOMERS: "An account is one company with its own goods; its customers are buyers."}
    ),
)
