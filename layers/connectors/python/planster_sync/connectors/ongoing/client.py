"""Ongoing's endpoints, for one goods owner. Source: the Goods Owner REST API's specification, v1."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planster_sync.connectors.ongoing import cutting
from planster_sync.connectors.ongoing.capabilities import CAPABILITIES, OngoingCredentials, OngoingSettings
from planster_sync.connectors.ongoing.companions import companions
from planster_sync.connectors.ongoing.mapper import OngoingMapper
from planster_sync.connectors.ongoing.paging import LISTINGS, Params, Passes, Walk, each_once
from planster_sync.connectors.ongoing.statuses import SENT_FROM
from planster_sync.connectors.ongoing.writing import InboundShipmentWrites
from planster_sync.errors import CredentialsRejected, InvalidRequest, NotFound, SyncError
from planster_sync.http.auth import HeaderAuth
from planster_sync.ports.source import Capabilities, End, Mapped, Page, ReadRequest, SourceRecord, Still
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft
from planster_sync.reading.lookups import one_by_one

if TYPE_CHECKING:
    from planster_sync.http.account import Account

STATUSES: Mapping[int, type[SyncError]] = MappingProxyType({})
"""The vendor's statuses mean what the common table says."""

UPDATES_KEPT = timedelta(hours=47)
"""`orderUpdatedTimeFrom` reaches back two days; an hour is left for clocks that differ."""

WHOLE: Passes = MappingProxyType({"all": ()})
_OPEN: Params = (("orderStatusTo", str(SENT_FROM - 1)),)

_RETURNS = "/returnOrders"
_SINGLE: Mapping[str, str] = MappingProxyType(
    {**{read: listing.path for read, listing in LISTINGS.items()}, "return_orders": _RETURNS}
)
"""Where a record of each list answers by its id."""


def connect(account: Account, credentials: OngoingCredentials, settings: OngoingSettings) -> OngoingConnector:
    """The connector with its one client."""
    mapper = OngoingMapper(settings)
    word = f"{credentials.username}:{credentials.password.get_secret_value()}".encode()
    auth = HeaderAuth({"authorization": f"Basic {b64encode(word).decode()}", "accept": "application/json"})
    base_url = f"{settings.base_url.rstrip('/')}/{credentials.warehouse}/api/v1"
    client = account.open(base_url, auth, STATUSES)
    walk = Walk(client, account.clock, credentials.goods_owner_id)
    return OngoingConnector(walk, mapper, InboundShipmentWrites(walk, ZoneInfo(settings.zone)), settings.page_limit)


class OngoingConnector:
    """One goods owner of one warehouse system."""

    def __init__(
        self, walk: Walk, mapper: OngoingMapper, writes: InboundShipmentWrites, page_limit: int | None
    ) -> None:
        self._walk = walk
        self._mapper = mapper
        self._writes = writes
        self._page_limit = page_limit

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def check(self) -> None:
        """Asks for one article, which proves the user and that the goods owner is the user's."""
        try:
            self._walk.owned(LISTINGS["articles"].path, (("maxArticlesToGet", "1"),))
        except InvalidRequest:
            raise CredentialsRejected(
                "The warehouse system does not know the goods owner.",
                remedy="Ask the warehouse's administrator for the goods owner's id, and correct it.",
            ) from None

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        if ask.read == "articles":
            return self._article_pages(ask)
        if ask.read in LISTINGS:
            return self._listed(ask, self._passes(ask))
        if ask.read == "return_orders":
            return self._walk.windows(ask.read, _RETURNS, after=ask.after, deadline=ask.deadline)
        if ask.read == "warehouse_locations":
            return self._location_pages(ask)
        return iter((self._whole(ask.read, ask.deadline),))

    def lookup(self, read: str, ids: Sequence[str]) -> Page:
        """Asks for each by its id; lists whose records have no address of their own are read again."""
        if read in _SINGLE:
            answer = one_by_one(ids, lambda each: self._one(read, each), self._walk.clock)
            return replace(answer, records=self._completed(answer.records)) if read == "articles" else answer
        pages = list(self.pages(ReadRequest(read)))
        found = [each for page in pages for each in page.records if each.id in set(ids)]
        return Page(found, None, End.PROVEN, pages[0].read_at)

    def map(self, read: str, raw: bytes) -> Mapped:
        return self._mapper.map(read, raw)

    def find_inbound_shipment(self, reference: str) -> SourceRecord | None:
        return self._writes.find(reference)

    def create_inbound_shipment(self, draft: InboundShipmentDraft) -> SourceRecord:
        return self._writes.create(draft)

    def update_inbound_shipment(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        return self._writes.update(shipment_id, change)

    def _limit(self, read: str) -> int:
        return self._page_limit or CAPABILITIES.reads[read].page_size

    def _listed(self, ask: ReadRequest, passes: Passes) -> Iterator[Page]:
        limit = self._limit(ask.read)
        return self._walk.pages(ask.read, passes, limit=limit, after=ask.after, deadline=ask.deadline)

    def _article_pages(self, ask: ReadRequest) -> Iterator[Page]:
        beside = companions(self._walk, ask.deadline)
        for page in self._listed(ask, WHOLE):
            yield replace(page, records=beside.completed(page.records, self._limit(ask.read)))

    def _completed(self, articles: Sequence[SourceRecord]) -> Sequence[SourceRecord]:
        """Articles that were looked up one by one, with their companions."""
        if not articles:
            return articles
        beside = companions(self._walk, None)
        return [full for each in articles for full in beside.completed([each], 1)]

    def _passes(self, ask: ReadRequest) -> Passes:
        """What changed; of changes that the vendor no longer knows as such, those of status, the new and the open."""
        if ask.read != "orders" or ask.since is None:
            return {"all": _slice(ask)}
        since = _stamp(ask.since)
        if self._walk.now() - ask.since <= UPDATES_KEPT:
            return {"updated": (("orderUpdatedTimeFrom", since),)}
        return {
            "created": (("orderCreatedTimeFrom", since),),
            "moved": (("orderStatusChangedTimeFrom", since),),
            "open": _OPEN,
        }

    def _one(self, read: str, key: str) -> SourceRecord:
        if not key.isdecimal():
            raise NotFound("The warehouse system numbers its records.")
        return cutting.record(read, self._walk.body(f"{_SINGLE[read]}/{key}"))

    def _whole(self, read: str, deadline: datetime | None) -> Page:
        """A list that the vendor gives in one answer, or in one for each of two kinds."""
        read_at = self._walk.now()
        if read == "warehouses":
            return Page(self._warehouses(deadline), None, End.PROVEN, read_at)
        ways = self._walk.owned("/orders/wayOfDeliveryTypes", deadline=deadline)
        transporters = self._walk.owned("/transporterContracts", deadline=deadline)
        found = [*each_once(cutting.ways_of_delivery(ways)), *cutting.transporters(transporters)]
        return Page(found, None, End.PROVEN, read_at)

    def _location_pages(self, ask: ReadRequest) -> Iterator[Page]:
        """Every warehouse's places, a page for each in the order of their ids; a cursor is the next one's id."""
        read_at = self._walk.now()
        listed = sorted(int(each.id) for each in self._warehouses(ask.deadline) if each.id is not None)
        left = [each for each in listed if each >= int(ask.after or 0)]
        if not left:
            yield Page((), None, End.PROVEN, read_at)
        for warehouse, coming in zip_longest(left, left[1:]):
            read_at = self._walk.now()
            found = each_once(self._places(str(warehouse), ask.deadline))
            after = None if coming is None else str(coming)
            yield Page(found, after, End.PROVEN if coming is None else End.MORE, read_at)

    def _places(self, warehouse: str, deadline: datetime | None) -> Sequence[SourceRecord]:
        """None where the warehouse has gone since it was listed."""
        try:
            return cutting.places(self._walk.body(f"/warehouses/{warehouse}/zones", deadline=deadline), warehouse)
        except NotFound:
            return ()

    def _warehouses(self, deadline: datetime | None) -> Sequence[SourceRecord]:
        return each_once(cutting.records("warehouses", self._walk.body("/warehouses", deadline=deadline)))


def _slice(ask: ReadRequest) -> Params:
    """The filters of one slice of the orders. Both bounds may be inclusive: a record on one may come twice."""
    if ask.only is None:
        return ()
    if ask.only is Still.OPEN:
        return _OPEN
    bounds = (("orderCreatedTimeFrom", ask.only.since), ("orderCreatedTimeTo", ask.only.until))
    return tuple((name, _stamp(bound)) for name, bound in bounds if bound is not None)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
