"""What this connector reads, how, and which unified fields it fills. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from planster_sync.connectors.deposco.assumptions import DEFAULT_ZONE, LAG, ORDER_PAGE, OVERLAP, SEARCH_PAGE, STOCK_PAGE
from planster_sync.connectors.deposco.coverage import FILLS
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


class StockSource(StrEnum):
    """Which V1 route tells the stock: the one of Bright Order, or the one that every tenant has."""

    ENTERPRISE = "enterprise"
    FULL = "full"


class OrderLevel(StrEnum):
    """Which orders are demand: the warehouse's, or those of Bright Order that they are children of. Never both."""

    SALES_ORDERS = "sales_orders"
    CUSTOMER_ORDERS = "customer_orders"


class DeposcoCredentials(BaseModel):
    """An API user for V1 (stock); an app's three for V2 (all other data types), given together or not at all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    username: str = Field(min_length=1, description="The API user of the integration (V1) API.")
    password: SecretStr = Field(min_length=1, description="Its password.")
    client_id: str | None = Field(default=None, description="The app's client id in the developer portal (V2).")
    client_secret: SecretStr | None = Field(default=None, description="The app's secret.")
    refresh_token: SecretStr | None = Field(default=None, description="Out of the app's installation by a user.")

    @model_validator(mode="after")
    def _whole(self) -> DeposcoCredentials:
        if len({each is None for each in (self.client_id, self.client_secret, self.refresh_token)}) > 1:
            raise ValueError("client_id, client_secret and refresh_token belong together")
        return self


class DeposcoSettings(BaseModel):
    """`stock_url` and `business_unit` must be set to read anything."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stock_url: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="The tenant's V1 address as issued, such as https://acme.deposco.com/integration/ACME.",
    )
    business_unit: str | None = Field(default=None, min_length=1, description="The merchant's code in the tenant.")
    stock_source: StockSource = Field(
        default=StockSource.ENTERPRISE,
        description="`enterprise` (needs Bright Order; tells what is on order) or `full` (every tenant).",
    )
    order_level: OrderLevel = Field(
        default=OrderLevel.SALES_ORDERS,
        description="`sales_orders`, or `customer_orders` where Bright Order takes the orders in.",
    )
    api_url: str = Field(
        default="https://api.deposco.com/latest", pattern=r"^https?://", description="Where the V2 API is."
    )
    auth_url: str = Field(
        default="https://auth.deposco.com", pattern=r"^https?://", description="Where V2 tokens are granted."
    )
    page_limit: int = Field(default=SEARCH_PAGE, ge=1, le=SEARCH_PAGE, description="Records per page at most.")
    zone: str = Field(default=DEFAULT_ZONE, description="IANA zone of times that come without an offset.")
    currency: str | None = Field(
        default=None,
        pattern=r"^[A-Z]{3}$",
        description="ISO 4217 code of amounts for which the API names no currency.",
    )

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (OSError, ValueError, LookupError):
            raise ValueError("no zone of this name is known") from None
        return zone


def _read(
    name: str,
    feeds: Mapping[DataType, Sharing],
    style: ReadStyle,
    page_size: int,
    deletion: DeletionEvidence = DeletionEvidence.LOOKUP,
) -> Read:
    incremental = style is ReadStyle.INCREMENTAL
    return Read(
        name=name,
        feeds=MappingProxyType(dict(feeds)),
        style=style,
        deletion=deletion,
        page_size=page_size,
        overlap=OVERLAP if incremental else OVERLAP * 0,
        lag=LAG if incremental else LAG * 0,
        lookup_size=50,
    )


def _own(data_type: DataType) -> Mapping[DataType, Sharing]:
    return {data_type: Sharing.OWNED}


_READS = (
    _read("inventory_levels", _own(DataType.INVENTORY_LEVELS), ReadStyle.SNAPSHOT, STOCK_PAGE),
    _read(
        "orders",
        {
            DataType.ORDERS: Sharing.OWNED,
            DataType.ORDER_CHANNELS: Sharing.SHARED,
            DataType.SHIPPING_METHODS: Sharing.SHARED,
        },
        ReadStyle.INCREMENTAL,
        ORDER_PAGE,
    ),
    _read("order_shipments", _own(DataType.ORDER_SHIPMENTS), ReadStyle.INCREMENTAL, SEARCH_PAGE),
    _read("products", _own(DataType.PRODUCTS), ReadStyle.INCREMENTAL, SEARCH_PAGE),
    # Whether a receipt moves the header's updatedDate is unknown, and a received quantity must not be a week old.
    _read("inbound_shipments", _own(DataType.INBOUND_SHIPMENTS), ReadStyle.SNAPSHOT, ORDER_PAGE),
    _read("inbound_shipment_suppliers", _own(DataType.INBOUND_SHIPMENT_SUPPLIERS), ReadStyle.SNAPSHOT, SEARCH_PAGE),
    _read("returns", _own(DataType.RETURNS), ReadStyle.INCREMENTAL, ORDER_PAGE),
    _read(
        "bills",
        _own(DataType.BILLS),
        ReadStyle.INCREMENTAL,
        SEARCH_PAGE,
        DeletionEvidence.SECOND_SNAPSHOT,  # the only list without an address for a single record
    ),
    _read("warehouses", _own(DataType.WAREHOUSES), ReadStyle.SNAPSHOT, SEARCH_PAGE),
    _read("warehouse_customers", _own(DataType.WAREHOUSE_CUSTOMERS), ReadStyle.SNAPSHOT, SEARCH_PAGE),
    _read("warehouse_locations", _own(DataType.WAREHOUSE_LOCATIONS), ReadStyle.SNAPSHOT, SEARCH_PAGE),
)

_LINE = ("lines.sku", "lines.inventory_item_id", "lines.quantity", "lines.unit_cost")

CAPABILITIES = Capabilities(
    name="deposco",
    title="Deposco",
    mapping_version=1,
    credentials=DeposcoCredentials,
    settings=DeposcoSettings,
    rate=RateLimit(
        per_second=2, source="vendor contact: 2 requests/s are fine for V1; V2 allows about 4 per account (unconfirmed)"
    ),
    reads=MappingProxyType({read.name: read for read in _READS}),
    fills=FILLS,
    writes=MappingProxyType(
        {
            WriteOperation.CREATE_INBOUND_SHIPMENT: WriteRules(
                required=frozenset({"reference", "lines.sku", "lines.quantity"}),
                accepted=frozenset({"warehouse_id", "supplier_id", "expected_at", *_LINE[1:2], *_LINE[3:]}),
            ),
            WriteOperation.UPDATE_INBOUND_SHIPMENT: WriteRules(
                required=frozenset(), accepted=frozenset({"expected_at", *_LINE})
            ),
        }
    ),
    mapping_settings=frozenset({"business_unit", "zone", "currency"}),
)
