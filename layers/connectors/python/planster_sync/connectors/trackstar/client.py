"""Trackstar's endpoints and paging.

Reads never reach the connected warehouse system: Trackstar serves its own hourly copy, with `next_token` paging and
no sort order. Source: docs.trackstarhq.com, about-the-api; a page's filters are repeated with every page token.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

from planster_sync.connectors.trackstar.capabilities import CAPABILITIES, TrackstarCredentials, TrackstarSettings
from planster_sync.connectors.trackstar.linking import registration_of
from planster_sync.connectors.trackstar.mapper import TrackstarMapper
from planster_sync.connectors.trackstar.paging import Walk
from planster_sync.connectors.trackstar.warehouse_locations import key_prefix, parts_of
from planster_sync.connectors.trackstar.writing import InboundShipmentWrites
from planster_sync.errors import (
    AnswerBroken,
    CredentialsRejected,
    EndUnproven,
    Forbidden,
    NotFound,
    SyncError,
    Unsupported,
)
from planster_sync.http.auth import HeaderAuth
from planster_sync.mapping.pages import single
from planster_sync.ports.source import Capabilities, End, Mapped, Page, ReadRequest, ReadStyle, SourceRecord, Still
from planster_sync.reading.walks import advancing

if TYPE_CHECKING:
    from planster_sync.http.account import Account
    from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft

STATUSES: Mapping[int, type[SyncError]] = MappingProxyType(
    {
        401: CredentialsRejected,
        403: Forbidden,  # the endpoint is switched off for this organisation or connection
        404: NotFound,  # this record, or this warehouse's list, is not in Trackstar's copy
        422: AnswerBroken,  # our request is wrong: a filter or an operator that it does not know
        501: Unsupported,  # the connected system lacks the endpoint; never worth a retry
    }
)

_LISTS: Mapping[str, str] = MappingProxyType(
    {
        "inventory_levels": "/wms/inventory",
        "orders": "/wms/orders",
        "products": "/wms/products",
        "inbound_shipments": "/wms/inbound-shipments",
        "inbound_shipment_suppliers": "/wms/inbound-shipments/suppliers",
        "returns": "/wms/returns",
        "bills": "/wms/billing",
        "warehouses": "/wms/warehouses",
        "shipping_methods": "/wms/shipping-methods",
        "warehouse_customers": "/wms/warehouse-customers",
    }
)
_OPEN: Mapping[str, str] = MappingProxyType(
    {
        "orders": "open,confirmed,processing,picked,packed,partially_fulfilled,backordered,exception",
        "returns": "open,in-transit,receiving",
    }
)
"""The vendor's words for what still waits to be done; `other` may be anything and comes with the history."""

_WITHOUT_SINGLE_RECORDS = frozenset({"inbound_shipment_suppliers"})


def connect(account: Account, credentials: TrackstarCredentials, settings: TrackstarSettings) -> TrackstarConnector:
    """The connector with its one client."""
    base_url, key = _place(account, credentials, settings)
    token = credentials.access_token.get_secret_value()
    auth = HeaderAuth({"x-trackstar-api-key": key, "x-trackstar-access-token": token})
    client = account.open(base_url, auth, STATUSES)
    walk = Walk(client, account.clock, settings.page_limit)
    return TrackstarConnector(walk, TrackstarMapper(settings), InboundShipmentWrites(walk, settings.currency))


def _place(account: Account, credentials: TrackstarCredentials, settings: TrackstarSettings) -> tuple[str, str]:
    """Where the API is, and the organisation's key. The deployment's key goes to the deployment's address only."""
    if credentials.api_key is not None:
        return settings.base_url, credentials.api_key.get_secret_value()
    registered = registration_of(account.registration())
    return registered.base_url, registered.api_key


class TrackstarConnector:
    """One connection of one organisation."""

    def __init__(self, walk: Walk, mapper: TrackstarMapper, writes: InboundShipmentWrites) -> None:
        self._walk = walk
        self._mapper = mapper
        self._writes = writes

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def check(self) -> None:
        """Asks for one warehouse; a system without warehouses proves the credentials as well."""
        try:
            self._walk.body(_LISTS["warehouses"], (("limit", "1"),))
        except Unsupported:
            return

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        if ask.read == "warehouse_locations":
            return self._location_pages(ask)
        params = (*self._changed_since(ask), *_slice(ask))
        return self._walk.pages(_LISTS[ask.read], params, after=ask.after, deadline=ask.deadline)

    def lookup(self, read: str, ids: Sequence[str]) -> Page:
        """Asks by `ids[in]`; an id with a comma, which the list syntax cannot carry, is asked for by itself."""
        if read == "warehouse_locations":
            return self._locate(ids)
        read_at = self._walk.now()
        if read in _WITHOUT_SINGLE_RECORDS and any("," in each for each in ids):
            return self._sought_in_whole_list(read, ids, read_at)
        return _answer(self._found(_LISTS[read], ids, ""), read_at)

    def map(self, read: str, raw: bytes) -> Mapped:
        return self._mapper.map(read, raw)

    def find_inbound_shipment(self, reference: str) -> SourceRecord | None:
        return self._writes.find(reference)

    def create_inbound_shipment(self, draft: InboundShipmentDraft) -> SourceRecord:
        return self._writes.create(draft)

    def update_inbound_shipment(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        return self._writes.update(shipment_id, change)

    def _changed_since(self, ask: ReadRequest) -> tuple[tuple[str, str], ...]:
        if ask.since is None or CAPABILITIES.reads[ask.read].style is not ReadStyle.INCREMENTAL:
            return ()
        return (("trackstar_updated_date[gte]", _stamp(ask.since)),)

    def _location_pages(self, ask: ReadRequest) -> Iterator[Page]:
        """Every warehouse's locations, by warehouse id. `after` holds [warehouse, page token, an end was unproven]."""
        resume, token, doubt = json.loads(ask.after) if ask.after else ("", None, False)
        read_at = self._walk.now()
        listed, proven = self._warehouses(ask.deadline)
        doubt = doubt or not proven
        left = [each for each in listed if each >= resume]
        if not left:
            yield Page((), None, End.CLAIMED if doubt else End.PROVEN, read_at)
        for place, warehouse in enumerate(left):
            inside = replace(ask, after=token if warehouse == resume else None)
            coming = left[place + 1] if place + 1 < len(left) else None
            for page in self._locations_of(warehouse, inside):
                doubt = doubt or page.end is End.CLAIMED
                yield _within(page, warehouse, coming, doubt=doubt)

    def _locations_of(self, warehouse: str, ask: ReadRequest) -> Iterator[Page]:
        """One warehouse's locations; none where the warehouse has gone since it was listed."""
        read_at = self._walk.now()
        try:
            yield from self._walk.pages(
                _locations(warehouse), (), after=ask.after, deadline=ask.deadline, prefix=key_prefix(warehouse)
            )
        except NotFound:
            yield Page((), None, End.PROVEN, read_at)

    def _warehouses(self, deadline: datetime | None) -> tuple[list[str], bool]:
        """Every warehouse's id, sorted, and whether the list's end was proven."""
        found: set[str] = set()
        proven = False
        for page in advancing(self._walk.pages(_LISTS["warehouses"], (), after=None, deadline=deadline)):
            found |= {record.id for record in page.records if record.id is not None}
            proven = page.end is End.PROVEN and all(record.id for record in page.records)
        return sorted(found), proven

    def _locate(self, ids: Sequence[str]) -> Page:
        read_at = self._walk.now()
        found: list[SourceRecord] = []
        for warehouse, group in groupby(sorted(map(parts_of, ids)), key=itemgetter(0)):
            places = [place for _, place in group]
            try:
                found += self._found(_locations(warehouse), places, key_prefix(warehouse))
            except NotFound:
                continue  # the warehouse is gone, and its locations with it
        return _answer(found, read_at)

    def _found(self, path: str, ids: Sequence[str], prefix: str) -> list[SourceRecord]:
        plain = [each for each in ids if "," not in each]
        found = self._walk.by_ids(path, plain, prefix) if plain else []
        for each in ids:
            if "," in each:
                found += self._one(f"{path}/{quote(each, safe='')}", prefix)
        return found

    def _one(self, path: str, prefix: str) -> list[SourceRecord]:
        try:
            return [single(self._walk.body(path), prefix=prefix)]
        except NotFound:
            return []

    def _sought_in_whole_list(self, read: str, ids: Sequence[str], read_at: datetime) -> Page:
        wanted, found, end = set(ids), [], End.MORE
        for page in advancing(self._walk.pages(_LISTS[read], (), after=None, deadline=None)):
            found += [record for record in page.records if record.id in wanted]
            end = page.end
        if end is not End.PROVEN:
            raise EndUnproven("The source did not say that its list was complete.")
        return _answer(found, read_at)


def _locations(warehouse: str) -> str:
    return f"/wms/warehouses/{quote(warehouse, safe='')}/locations"


def _answer(records: Sequence[SourceRecord], read_at: datetime) -> Page:
    return Page(tuple(records), None, End.PROVEN, read_at)


def _within(page: Page, warehouse: str, coming: str | None, *, doubt: bool) -> Page:
    """A warehouse's page as a page of the whole read."""
    if page.end is End.MORE:
        return replace(page, after=json.dumps([warehouse, page.after, doubt]))
    if coming is not None:
        return replace(page, after=json.dumps([coming, None, doubt]), end=End.MORE)
    return replace(page, after=None, end=End.CLAIMED if doubt else End.PROVEN)


def _slice(ask: ReadRequest) -> tuple[tuple[str, str], ...]:
    """The filters of one slice of a list; dates have whole seconds, so that neighbouring slices share their bound."""
    if ask.only is None:
        return ()
    if ask.only is Still.OPEN:
        return (("status[in]", _OPEN[ask.read]),)
    bounds = (("created_date[gte]", ask.only.since), ("created_date[lt]", ask.only.until))
    return tuple((name, _stamp(bound)) for name, bound in bounds if bound is not None)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
