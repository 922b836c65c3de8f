"""ShipBob's endpoints: which list feeds which read, how it is filtered, looked up and written to.

Sources: developer.shipbob.com (auth, rate-limit, versioning, errors pages), OpenAPI 2026-01.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from planster_sync.connectors.shipbob.capabilities import (
    AUTHORIZATION,
    CAPABILITIES,
    ShipbobCredentials,
    ShipbobSettings,
)
from planster_sync.connectors.shipbob.compounds import PRODUCTS, Compounds, Records
from planster_sync.connectors.shipbob.lists import CHANNEL_HEADER, Listing, Lists, Paging, Params, numbers
from planster_sync.connectors.shipbob.mapper import ShipbobMapper
from planster_sync.connectors.shipbob.receiving import RECEIVING, ReceivingDesk
from planster_sync.connectors.shipbob.statuses import BILLED, OPEN_RECEIVING, OPEN_RETURNS
from planster_sync.errors import NotFound, Unsupported
from planster_sync.http.auth import Auth, HeaderAuth
from planster_sync.http.authorization import CodeFlow
from planster_sync.http.tokens import TokenAuth
from planster_sync.ports.source import Capabilities, Created, End, Mapped, Page, ReadRequest, SourceRecord, Still
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft
from planster_sync.reading.lookups import in_batches, one_by_one
from planster_sync.reading.walks import Turn, Turned, walk

if TYPE_CHECKING:
    from planster_sync.http.account import Account

_BY_CHANNEL = (CHANNEL_HEADER,)
_LISTS: Mapping[str, Listing] = MappingProxyType(
    {
        "inventory_levels": Listing("inventory-level", Paging.LINKED, "PageSize", "inventory_id"),
        "orders": Listing("order", Paging.NUMBERED, "Limit", sorting=(("SortOrder", "Oldest"),), headers=_BY_CHANNEL),
        "products": PRODUCTS,
        "inbound_shipments": RECEIVING,
        "returns": Listing("return", Paging.LINKED, "Limit", sorting=(("SortOrder", "Asc"),), headers=_BY_CHANNEL),
        "bills": Listing("invoices", Paging.CURSOR, "PageSize", "invoice_id", sorting=(("SortOrder", "Ascending"),)),
        "order_channels": Listing("channel", Paging.LINKED, "RecordsPerPage"),
        "shipping_methods": Listing("shipping-method", Paging.NUMBERED, "Limit"),
    }
)

_CHANGED = ("LastUpdateStartDate", "LastTrackingUpdateStartDate")
"""What asks for changed orders, one after the other: filters are joined by AND, and a carrier's news moves only one."""

_IDS: Mapping[str, str] = MappingProxyType(
    {"inventory_levels": "InventoryIds", "orders": "IDs", "inbound_shipments": "IDs", "returns": "Ids"}
)
_BOUNDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "orders": ("StartDate", "EndDate"),
        "inbound_shipments": ("InsertStartDate", "InsertEndDate"),
        "returns": ("StartDate", "EndDate"),
    }
)
_OPEN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"inbound_shipments": ("Statuses", OPEN_RECEIVING), "returns": ("Status", OPEN_RETURNS)}
)
_FIRST_INVOICE = date(2014, 1, 1)
"""ShipBob has no older ones; without a date the list begins a month ago."""

_BOUND_INCLUDED = timedelta(seconds=1)
"""Whether a filter's start includes its own second is not said (assumption: it may not); twice does no harm."""


def connect(account: Account, credentials: ShipbobCredentials, settings: ShipbobSettings) -> ShipbobConnector:
    """The connector with its one client."""
    client = account.open(settings.base_url, _signing(account, credentials), {})
    headers = {} if settings.channel_id is None else {CHANNEL_HEADER: str(settings.channel_id)}
    lists = Lists(client, account.clock, settings.api_version, settings.page_limit, headers)
    return ShipbobConnector(lists, ShipbobMapper(settings))


def _signing(account: Account, credentials: ShipbobCredentials) -> Auth:
    """The token itself, or one that is renewed each hour; ShipBob gives another refresh token each time (SDK)."""
    if credentials.token is not None:
        return HeaderAuth({"authorization": f"Bearer {credentials.token.get_secret_value()}"})
    first = credentials.refresh_token.get_secret_value() if credentials.refresh_token else ""
    flow = CodeFlow(AUTHORIZATION, account.registration())
    return TokenAuth(account.tokens(flow.renewing(account.open, first)))


class ShipbobConnector:
    """One merchant's account."""

    def __init__(self, lists: Lists, mapper: ShipbobMapper) -> None:
        self._lists = lists
        self._compounds = Compounds(lists)
        self._desk = ReceivingDesk(lists, self._compounds)
        self._mapper = mapper
        self._composing: Mapping[str, Callable[[Records, datetime | None], Records]] = {
            "inventory_levels": self._compounds.stock,
            "products": self._compounds.products,
            "inbound_shipments": self._compounds.boxes,
            "bills": self._compounds.charges,
        }

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def check(self) -> None:
        """Asks for one stock item: without the right to read stock nothing else is of use."""
        self._lists.get("inventory-level", (("PageSize", "1"),))

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        if ask.read == "warehouses":
            return self._centres(ask.deadline)
        if ask.read == "orders" and ask.since is not None and ask.only is None:
            return self._changed_orders(ask, ask.since)
        return self._walked(ask, self._filters(ask))

    def lookup(self, read: str, ids: Sequence[str]) -> Page:
        """Asks by id; what is no number is no id of this vendor's, and is not asked for."""
        known = numbers(ids)
        if read == "products":
            return one_by_one(known, self._variant, self._lists.clock)
        if read not in _IDS:
            raise Unsupported("ShipBob answers no look-ups by id for this list.")
        size = CAPABILITIES.reads[read].lookup_size
        return in_batches(known, lambda batch: self._found(read, batch), self._lists.clock, size=size)

    def map(self, read: str, raw: bytes) -> Mapped:
        return self._mapper.map(read, raw)

    def find_inbound_shipment(self, reference: str) -> SourceRecord | None:
        return self._desk.find(reference)

    def create_inbound_shipment(self, draft: InboundShipmentDraft) -> SourceRecord:
        return self._desk.create(draft)

    def update_inbound_shipment(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        return self._desk.update(shipment_id, change)

    def _walked(self, ask: ReadRequest, filters: Params) -> Iterator[Page]:
        read = CAPABILITIES.reads[ask.read]
        turn = self._lists.turn(_LISTS[ask.read], filters, read.page_size, ask.deadline)
        return walk(self._composed(ask, turn), self._lists.clock, after=ask.after)

    def _composed(self, ask: ReadRequest, turn: Turn) -> Turn:
        compose = self._composing.get(ask.read)
        if compose is None:
            return turn

        def composed(asked: str | None) -> Turned:
            turned = turn(asked)
            return replace(turned, records=compose(turned.records, ask.deadline))

        return composed

    def _changed_orders(self, ask: ReadRequest, since: datetime) -> Iterator[Page]:
        """The passes of `_CHANGED`. `after` is the pass and its own cursor."""
        begun, _, inner = (ask.after or "0|").partition("|")
        for number in range(int(begun), len(_CHANGED)):
            after = inner if inner and number == int(begun) else None
            for page in self._walked(replace(ask, after=after), ((_CHANGED[number], _stamp(since)),)):
                yield _of_pass(page, number)
                if page.end is End.CLAIMED:
                    return

    def _filters(self, ask: ReadRequest) -> Params:
        """The filters of the whole list, or of one slice of it."""
        if ask.read == "bills":
            return self._billed(ask.only)
        if ask.only is None:
            return ()
        if ask.only is Still.OPEN:
            return (_OPEN[ask.read],)
        start, end = _BOUNDS[ask.read]
        since = () if ask.only.since is None else ((start, _stamp(ask.only.since - _BOUND_INCLUDED)),)
        return (*since, *(() if ask.only.until is None else ((end, _stamp(ask.only.until)),)))

    def _billed(self, only: Still | Created | None) -> Params:
        """Both days are always sent, in UTC; days that a bound cuts belong to both slices."""
        bounds = only if isinstance(only, Created) else Created()
        first = bounds.since.astimezone(UTC).date() if bounds.since else _FIRST_INVOICE
        last = (bounds.until or self._lists.clock.now()).astimezone(UTC).date()
        types = tuple(("InvoiceTypes", each) for each in BILLED)
        return (("FromDate", first.isoformat()), ("ToDate", last.isoformat()), *types)

    def _centres(self, deadline: datetime | None) -> Iterator[Page]:
        """Both lists have no pages: an answer that is whole is the whole list."""
        read_at = self._lists.clock.now()
        yield Page(self._compounds.centres(deadline), None, End.PROVEN, read_at)

    def _found(self, read: str, ids: Sequence[str]) -> Records:
        found = self._lists.all(_LISTS[read], ((_IDS[read], ",".join(ids)),), CAPABILITIES.reads[read].page_size)
        compose = self._composing.get(read)
        return found if compose is None else compose(found, None)

    def _variant(self, variant_id: str) -> SourceRecord:
        inside = self._compounds.products(self._compounds.containing(variant_id), None)
        found = next((each for each in inside if each.id == variant_id), None)
        if found is None:
            raise NotFound("ShipBob has no such variant.")
        return found


def _of_pass(page: Page, number: int) -> Page:
    """A page of one pass; the end of a pass that is not the last one leads to the next."""
    if page.end is End.PROVEN and number + 1 < len(_CHANGED):
        return replace(page, after=f"{number + 1}|", end=End.MORE, source_total=None)
    return replace(page, after=None if page.after is None else f"{number}|{page.after}", source_total=None)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
