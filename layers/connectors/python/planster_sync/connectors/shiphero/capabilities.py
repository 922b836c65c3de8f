"""What this connector reads and writes, how, and at what price in credits. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from planster_sync.connectors.shiphero.coverage import FILLS
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

BASE_URL = "https://public-api.shiphero.com"

BUCKET = 4004
"""Credits that an account holds at most; one operation may not ask for more (assumption: larger plans differ)."""

RESTORED_A_SECOND = 60
"""Credits that an account gets back each second, up to `BUCKET` (assumption, as above)."""

PAGE_COST = 101
"""What a full page costs: a credit, and one for each row, nested rows included. Rows that are asked for and not there
are given back, so that a page of orders, which asks for 501, costs about as much as a page of 100 plain rows."""

FLAT_PAGE = 100
"""Rows of a page without nested lists; also the vendor's own default (GraphQL primer)."""

NESTED_PAGES: Mapping[str, int] = MappingProxyType({"orders": 25, "inbound_shipments": 10, "bills": 10})
"""Rows of a page whose records hold lists."""

MOST_LINES = 40
"""Rows of a nested list that come with its record at most; the rest is read on."""

LOOKED_UP = 25


class ShipheroCredentials(BaseModel):
    """A developer user's long-lived token; access tokens are got with it (getting-started)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    refresh_token: SecretStr = Field(
        min_length=1, description="Refresh token of a third-party developer user, from My Account, Developer Users."
    )


class ShipheroSettings(BaseModel):
    """Nothing has to be set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(default=BASE_URL, pattern=r"^https?://", description="Where the API is.")
    page_limit: int = Field(
        default=FLAT_PAGE, ge=1, le=FLAT_PAGE, description="Rows per page at most; less costs fewer credits at once."
    )
    line_limit: int = Field(
        default=MOST_LINES, ge=1, le=MOST_LINES, description="Lines that come with a record; the rest is read on."
    )
    currency: str | None = Field(
        default=None,
        pattern=r"^[A-Z]{3}$",
        description="ISO 4217 code of costs, prices and bills for which the API names no currency.",
    )
    weight_unit: Literal["lb", "oz"] = Field(
        default="lb", description="Unit of the account's weights; sizes are always inches."
    )


_HISTORY = (timedelta(days=30), timedelta(days=90), timedelta(days=365))


def _snapshot(name: str, *feeds: DataType) -> Read:
    return Read(
        name=name,
        feeds=MappingProxyType(dict.fromkeys(feeds, Sharing.OWNED)),
        style=ReadStyle.SNAPSHOT,
        deletion=DeletionEvidence.LOOKUP,
        page_size=NESTED_PAGES.get(name, FLAT_PAGE),
        lookup_size=LOOKED_UP,
    )


def _incremental(name: str, feeds: Mapping[DataType, Sharing], recent_first: tuple[Still | timedelta, ...]) -> Read:
    return Read(
        name=name,
        feeds=MappingProxyType(dict(feeds)),
        style=ReadStyle.INCREMENTAL,
        deletion=DeletionEvidence.LOOKUP,
        page_size=NESTED_PAGES.get(name, FLAT_PAGE),
        overlap=timedelta(hours=1),
        lag=timedelta(minutes=5),
        lookup_size=LOOKED_UP,
        recent_first=recent_first,
    )


_READS = (
    _snapshot("products", DataType.PRODUCTS, DataType.INVENTORY_LEVELS),
    _incremental(
        "orders",
        {
            DataType.ORDERS: Sharing.OWNED,
            DataType.ORDER_SHIPMENTS: Sharing.OWNED,
            DataType.ORDER_CHANNELS: Sharing.SHARED,
            DataType.SHIPPING_METHODS: Sharing.SHARED,
        },
        (Still.OPEN, *_HISTORY),
    ),
    _snapshot("inbound_shipments", DataType.INBOUND_SHIPMENTS),
    _snapshot("inbound_shipment_suppliers", DataType.INBOUND_SHIPMENT_SUPPLIERS),
    _incremental("returns", {DataType.RETURNS: Sharing.OWNED}, ()),
    _snapshot("bills", DataType.BILLS),
    _snapshot("warehouses", DataType.WAREHOUSES),
    _snapshot("warehouse_customers", DataType.WAREHOUSE_CUSTOMERS),
    _snapshot("warehouse_locations", DataType.WAREHOUSE_LOCATIONS),
)

_WRITES = MappingProxyType(
    {
        WriteOperation.CREATE_INBOUND_SHIPMENT: WriteRules(
            required=frozenset(
                {"reference", "warehouse_id", "lines", "lines.sku", "lines.quantity", "lines.unit_cost"}
            ),
            accepted=frozenset(
                {
                    "warehouse_customer_id",
                    "supplier_id",
                    "expected_at",
                    "tracking_numbers",
                    "lines.supplier_sku",
                    "lines.inventory_item_id",
                }
            ),
        ),
        WriteOperation.UPDATE_INBOUND_SHIPMENT: WriteRules(
            required=frozenset({"lines.sku", "lines.quantity"}),
            accepted=frozenset(
                {"expected_at", "tracking_numbers", "lines", "lines.unit_cost", "lines.inventory_item_id"}
            ),
        ),
    }
)

CAPABILITIES = Capabilities(
    name="shiphero",
    title="ShipHero",
    mapping_version=1,
    credentials=ShipheroCredentials,
    settings=ShipheroSettings,
    rate=RateLimit(
        per_second=round(RESTORED_A_SECOND / PAGE_COST, 2),
        source=f"{RESTORED_A_SECOND} credits a second are restored, of {BUCKET} at most, and a page costs {PAGE_COST}; "
        "besides, 7,000 requests in five minutes",
    ),
    reads=MappingProxyType({read.name: read for read in _READS}),
    fills=FILLS,
    writes=_WRITES,
    mapping_settings=frozenset({"currency", "weight_unit"}),
)
