"""Deposco's two APIs behind one connector: stock by V1 (Basic), everything else by V2 (OAuth)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from types import MappingProxyType
from typing import TYPE_CHECKING

from planster_sync.connectors.deposco.assumptions import AFTER, ORDER_PAGE
from planster_sync.connectors.deposco.capabilities import CAPABILITIES, DeposcoCredentials, DeposcoSettings, OrderLevel
from planster_sync.connectors.deposco.grants import granting
from planster_sync.connectors.deposco.inbound_writing import InboundWriting
from planster_sync.connectors.deposco.mapper import DeposcoMapper
from planster_sync.connectors.deposco.searches import Params, Search, Searches
from planster_sync.connectors.deposco.stock import Stock
from planster_sync.connectors.deposco.suppliers_only import suppliers_only
from planster_sync.errors import SettingsInvalid, Unsupported
from planster_sync.http.auth import HeaderAuth
from planster_sync.http.tokens import TokenAuth
from planster_sync.ports.source import Capabilities, Mapped, Page, ReadRequest, ReadStyle, SourceRecord
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft
from planster_sync.reading.lookups import in_batches, one_by_one

if TYPE_CHECKING:
    from planster_sync.http.account import Account

STOCK = "inventory_levels"
SUPPLIERS = "inbound_shipment_suppliers"
_LINES: Mapping[str, str] = MappingProxyType({"orderLines": "orderLines"})
ORDERS: Mapping[OrderLevel, Search] = MappingProxyType(
    {
        OrderLevel.SALES_ORDERS: Search("/orders/salesOrders", nested=_LINES, most=ORDER_PAGE),
        OrderLevel.CUSTOMER_ORDERS: Search(
            "/orders/customerOrders", nested={"coLines": "customerOrderLines"}, most=ORDER_PAGE
        ),
    }
)
SEARCHES: Mapping[str, Search] = MappingProxyType(
    {
        "order_shipments": Search("/shipments/outboundShipments", nested={"shipmentLines": "shipmentLines"}),
        "products": Search("/items", nested={"itemVendors": "itemVendors", "upcs": "upcs"}),
        "inbound_shipments": Search("/orders/purchaseOrders", nested=_LINES, most=ORDER_PAGE),
        SUPPLIERS: Search("/tradingPartners", identity="code", by="code"),
        "returns": Search("/orders/customerReturns", nested=_LINES, most=ORDER_PAGE),
        "bills": Search("/billing/transactions"),
        "warehouses": Search("/facilities", identity="number", by="number", owner=None),
        "warehouse_customers": Search("/companies", identity="code", by="code", owner=None),
        "warehouse_locations": Search("/locations", owner=None),
    }
)


def connect(account: Account, credentials: DeposcoCredentials, settings: DeposcoSettings) -> DeposcoConnector:
    """The connector with a client for each API that the account has.

    Raises:
        SettingsInvalid: the tenant's address or the business unit is not set.
    """
    if settings.stock_url is None or settings.business_unit is None:
        raise SettingsInvalid(
            "The integration's settings name no tenant or no business unit.",
            remedy="Set stock_url and business_unit as Deposco issued them.",
        )
    pair = f"{credentials.username}:{credentials.password.get_secret_value()}"
    basic = HeaderAuth({"authorization": f"Basic {b64encode(pair.encode()).decode()}"})
    stock = Stock(
        account.open(settings.stock_url, basic, {}),
        account.clock,
        settings.stock_source,
        settings.business_unit,
        settings.page_limit,
    )
    return DeposcoConnector(stock, _searches(account, credentials, settings), settings)


def _searches(account: Account, credentials: DeposcoCredentials, settings: DeposcoSettings) -> Searches | None:
    if credentials.refresh_token is None:
        return None
    granter = account.open(settings.auth_url, HeaderAuth({}), {})
    auth = TokenAuth(account.tokens(granting(granter, credentials)))
    return Searches(account.open(settings.api_url, auth, {}), account.clock, settings.page_limit)


class DeposcoConnector:
    """One business unit of one tenant."""

    def __init__(self, stock: Stock, searches: Searches | None, settings: DeposcoSettings) -> None:
        self._stock = stock
        self._searches = searches
        self._unit = settings.business_unit or ""
        self._lists: Mapping[str, Search] = {**SEARCHES, "orders": ORDERS[settings.order_level]}
        self._mapper = DeposcoMapper(settings)

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def check(self) -> None:
        """Asks both APIs for something short: permissions are granted route by route."""
        self._stock.probe()
        if self._searches is not None:
            next(iter(self._searches.pages(self._lists["warehouses"], (), after=None, deadline=None)))

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        if ask.read == STOCK:
            return self._stock.pages(after=ask.after, deadline=ask.deadline)
        search = self._lists[ask.read]
        filters = (*self._unit_filter(search), *_changed_since(ask))
        found = self._api().pages(search, filters, after=ask.after, deadline=ask.deadline)
        return map(suppliers_only, found) if ask.read == SUPPLIERS else found

    def lookup(self, read: str, ids: Sequence[str]) -> Page:
        if read == STOCK:
            return self._stock.lookup(ids)
        api, search = self._api(), self._lists[read]
        if read == "bills":
            raise Unsupported("The warehouse system answers no look-ups of single charges.")
        if search.by is None:
            return one_by_one(ids, lambda each: api.one(search, each), api.clock)
        by, others = search.by, self._unit_filter(search)
        found = in_batches(ids, lambda batch: api.by_filter(search, by, batch[0], others), api.clock, size=1)
        return suppliers_only(found) if read == SUPPLIERS else found

    def map(self, read: str, raw: bytes) -> Mapped:
        return self._mapper.map(read, raw)

    def find_inbound_shipment(self, reference: str) -> SourceRecord | None:
        return self._writing().found(reference)

    def create_inbound_shipment(self, draft: InboundShipmentDraft) -> SourceRecord:
        return self._writing().created(draft)

    def update_inbound_shipment(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        return self._writing().changed(shipment_id, change)

    def _writing(self) -> InboundWriting:
        return InboundWriting(self._api(), self._lists["inbound_shipments"], self._unit)

    def _api(self) -> Searches:
        """V2, where the account has it.

        Raises:
            Unsupported: it has not; stock is all that V1 is asked for.
        """
        if self._searches is None:
            raise Unsupported(
                "The integration has no access to Deposco's second API.",
                remedy="Install the app for this tenant and add its client id, secret and refresh token.",
            )
        return self._searches

    def _unit_filter(self, search: Search) -> Params:
        return ((search.owner, self._unit),) if search.owner else ()


def _changed_since(ask: ReadRequest) -> Params:
    """`updatedAfter`, a second early: whether it leaves out its own moment is not documented."""
    if ask.since is None or CAPABILITIES.reads[ask.read].style is not ReadStyle.INCREMENTAL:
        return ()
    return (("updatedAfter", (ask.since.astimezone(UTC) - AFTER).strftime("%Y-%m-%dT%H:%M:%SZ")),)
