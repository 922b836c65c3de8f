"""Cin7 Core's endpoints, and which of them each read walks.

Source: the vendor's API blueprint of April 2026; what customers measured where it differs is in the README.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from planster_sync.connectors.cin7_core.calls import STATUSES, Calls, Params
from planster_sync.connectors.cin7_core.capabilities import (
    CAPABILITIES,
    PRODUCT_PAGE_SIZE,
    Cin7CoreCredentials,
    Cin7CoreSettings,
)
from planster_sync.connectors.cin7_core.catalogue import Catalogue
from planster_sync.connectors.cin7_core.cutting import STOCK, gathered, key_of, rows, wanted
from planster_sync.connectors.cin7_core.documents import PURCHASES, SALES, Documents, Kind, stamp
from planster_sync.connectors.cin7_core.listing import Listing, Lists
from planster_sync.connectors.cin7_core.mapper import Cin7CoreMapper
from planster_sync.connectors.cin7_core.places import table
from planster_sync.connectors.cin7_core.writing import Writing
from planster_sync.errors import AnswerBroken, NotFound
from planster_sync.http.auth import HeaderAuth
from planster_sync.ports.source import Capabilities, End, Mapped, Page, ReadRequest, SourceRecord
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft
from planster_sync.reading.lookups import one_by_one

if TYPE_CHECKING:
    from planster_sync.http.account import Account

_ALL = ("IncludeDeprecated", "true")
_LOCATIONS = Listing("/ref/location", "LocationList")
_RETIRED_LOCATIONS = Listing("/ref/location", "LocationList", (("Deprecated", "true"),))
_STOCK = Listing("/ref/productavailability", STOCK)
_LISTS: Mapping[str, Listing] = MappingProxyType(
    {
        "products": Listing(
            "/product", "Products", (_ALL, ("IncludeBOM", "true"), ("IncludeSuppliers", "true")), PRODUCT_PAGE_SIZE
        ),
        "inbound_shipment_suppliers": Listing("/supplier", "SupplierList", (_ALL,)),
        "shipping_methods": Listing("/ref/carrier", "CarrierList"),
    }
)
_DOCUMENTS: Mapping[str, Kind] = MappingProxyType({"orders": SALES, "inbound_shipments": PURCHASES})
_BY_ID: Mapping[str, tuple[str, tuple[Listing, ...]]] = MappingProxyType(
    {
        **{read: ("ID", (listing,)) for read, listing in _LISTS.items()},
        "shipping_methods": ("CarrierID", (_LISTS["shipping_methods"],)),
        "warehouses": ("ID", (_LOCATIONS, _RETIRED_LOCATIONS)),
    }
)


def connect(account: Account, credentials: Cin7CoreCredentials, settings: Cin7CoreSettings) -> Cin7CoreConnector:
    """The connector with its one client."""
    auth = HeaderAuth(
        {
            "api-auth-accountid": credentials.account_id.get_secret_value(),
            "api-auth-applicationkey": credentials.application_key.get_secret_value(),
        }
    )
    calls = Calls(account.open(settings.base_url, auth, STATUSES), account.clock)
    return Cin7CoreConnector(Documents(Lists(calls, settings.page_limit), settings.history_from), settings)


class Cin7CoreConnector:
    """One company's account."""

    def __init__(self, documents: Documents, settings: Cin7CoreSettings) -> None:
        self._documents = documents
        self._lists = documents.lists
        self._calls = documents.lists.calls
        self._mapper = Cin7CoreMapper(settings)
        catalogue = Catalogue(documents.lists, lambda: self._locations(None))
        self._writing = Writing(documents, catalogue, ZoneInfo(settings.zone))

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def check(self) -> None:
        """Asks for the company itself."""
        self._calls.get("/me")

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        if ask.read in _DOCUMENTS:
            return self._document_pages(ask)
        if ask.read == "inventory_levels":
            return self._stock_pages(ask)
        if ask.read == "warehouses":
            return self._warehouse_pages(ask)
        return self._list_pages(ask)

    def lookup(self, read: str, ids: Sequence[str]) -> Page:
        """Asks for one id at a time; what came besides what was asked for means that the filter was not heeded."""
        if read == "inventory_levels":
            places = self._places(None)
            return one_by_one(ids, lambda own: self._stock_of(own, places), self._calls.clock)
        if read in _DOCUMENTS:
            places = self._places(None)
            return one_by_one(ids, lambda own: self._document(_DOCUMENTS[read], own, places), self._calls.clock)
        return one_by_one(ids, lambda own: self._row(read, own), self._calls.clock)

    def map(self, read: str, raw: bytes) -> Mapped:
        return self._mapper.map(read, raw)

    def find_inbound_shipment(self, reference: str) -> SourceRecord | None:
        return self._writing.find(reference, self._places(None))

    def create_inbound_shipment(self, draft: InboundShipmentDraft) -> SourceRecord:
        return self._writing.create(draft, self._places(None))

    def update_inbound_shipment(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        return self._writing.update(shipment_id, change, self._places(None))

    def _document_pages(self, ask: ReadRequest) -> Iterator[Page]:
        yield from self._documents.pages(ask, _DOCUMENTS[ask.read], self._places(ask.deadline))

    def _list_pages(self, ask: ReadRequest) -> Iterator[Page]:
        listing = _LISTS[ask.read]
        filters: Params = () if ask.since is None else (("ModifiedSince", stamp(ask.since)),)
        for page in self._lists.pages(listing, filters, after=ask.after, deadline=ask.deadline):
            yield replace(page, records=wanted(listing.key, page.records))

    def _warehouse_pages(self, ask: ReadRequest) -> Iterator[Page]:
        read_at = self._calls.clock.now()
        yield Page(wanted("LocationList", self._locations(ask.deadline)), None, End.PROVEN, read_at)

    def _locations(self, deadline: datetime | None) -> list[SourceRecord]:
        """Every row of both lists of locations; who is on both counts as the second says."""
        found: dict[str | None, SourceRecord] = {}
        for listing in (_LOCATIONS, _RETIRED_LOCATIONS):
            found.update({each.id: each for each in self._lists.whole(listing, (), deadline, lambda row: row.id)})
        return list(found.values())

    def _places(self, deadline: datetime | None) -> Mapping[str, str]:
        try:
            return table([msgspec.json.decode(each.raw) for each in self._locations(deadline)])
        except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
            raise AnswerBroken("The source's list of locations cannot be read.") from None

    def _stock_pages(self, ask: ReadRequest) -> Iterator[Page]:
        """Rows of one product may lie on any page, so that the list is read whole; a cursor is the last product."""
        places = self._places(ask.deadline)
        read_at = self._calls.clock.now()
        found = gathered(self._lists.whole(_STOCK, (), ask.deadline, key_of), places)
        left = [each for each in found if ask.after is None or each.id is None or each.id > ask.after]
        size = CAPABILITIES.reads[ask.read].page_size
        if not left:
            yield Page((), None, End.PROVEN, read_at)
        for start in range(0, len(left), size):
            part = left[start : start + size]
            is_last = start + size >= len(left)
            yield Page(part, None if is_last else _last_id(part), End.PROVEN if is_last else End.MORE, read_at)

    def _stock_of(self, own: str, places: Mapping[str, str]) -> SourceRecord:
        listed = self._lists.whole(_STOCK, (("ID", own),), None, key_of)
        if not listed:
            raise NotFound("The source has no stock of it.")
        return _only(gathered(listed, places))

    def _document(self, kind: Kind, own: str, places: Mapping[str, str]) -> SourceRecord:
        found = self._documents.fetch(own, kind.addresses, places, None)
        if not found:
            raise NotFound("The source has no such document.")
        return found[0]

    def _row(self, read: str, own: str) -> SourceRecord:
        name, listings = _BY_ID[read]
        for listing in listings:
            params = (*listing.params, (name, own), ("Page", "1"), ("Limit", "2"))
            found = rows(self._calls.get(listing.path, params), listing.key).records
            if found:
                return _only(found)
        raise NotFound("The source has no such record.")


def _only(found: Sequence[SourceRecord]) -> SourceRecord:
    if len(found) != 1:
        raise AnswerBroken("The source answered with records that were not asked for.", detail="look-up by id")
    return found[0]


def _last_id(part: Sequence[SourceRecord]) -> str | None:
    """The cursor behind a page that is not the last; rows without an id stand at the very end."""
    return max((each.id for each in part if each.id is not None), default=None)
