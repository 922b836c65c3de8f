"""Extensiv's lists, look-ups and filters.

Filters are RQL in the parameter `rql`, as `;` for and; names are the model's, dotted. Other parameters that a list does
not know are ignored in silence, so that rows are looked at again. Times in filters are local and carry no zone: the
setting `zone` says which. Source: the vendor's rel pages (billboard, rql, hal); what is not from there is marked in
the README as an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from planster_sync.connectors.extensiv.bills import ORDER, RECEIVER
from planster_sync.connectors.extensiv.capabilities import CAPABILITIES, ExtensivCredentials, ExtensivSettings
from planster_sync.connectors.extensiv.cutting import items_of, one, rows_counted
from planster_sync.connectors.extensiv.mapper import ExtensivMapper
from planster_sync.connectors.extensiv.paging import Lists, Params, Part
from planster_sync.connectors.extensiv.shapes import local
from planster_sync.connectors.extensiv.shipping_methods import method_key
from planster_sync.connectors.extensiv.tokens import asking
from planster_sync.connectors.extensiv.writing import ReceiverWriter
from planster_sync.errors import AnswerBroken, Conflict, EndUnproven, NotFound, SettingsInvalid, SyncError, Unsupported
from planster_sync.http.tokens import TokenAuth
from planster_sync.mapping.pages import inner
from planster_sync.ports.source import (
    Capabilities,
    Created,
    DeletionEvidence,
    End,
    Mapped,
    Page,
    ReadRequest,
    SourceRecord,
    Still,
)
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft
from planster_sync.reading.lookups import one_by_one
from planster_sync.reading.walks import whole

if TYPE_CHECKING:
    from planster_sync.http.account import Account

STATUSES: Mapping[int, type[SyncError]] = MappingProxyType(
    {
        400: AnswerBroken,  # our request is wrong: a filter or parameter that this list does not know
        412: Conflict,  # If-Match names a state that is over
        428: Conflict,  # If-Match is missing
    }
)

_RETURN = b"1"
_ORDER_DETAIL: Params = (("detail", "OrderItems,Packages,Contacts"),)
_RECEIVER_DETAIL: Params = (("detail", "ReceiveItems"), ("itemdetail", "All"))
_BILLING: Params = (("detail", "BillingDetails"),)


def _is_return(record: SourceRecord) -> bool:
    try:
        return inner(record.raw, "readOnly", "receiverType") == _RETURN
    except AnswerBroken:
        return False


def _is_no_return(record: SourceRecord) -> bool:
    return not _is_return(record)


def _is_free(record: SourceRecord) -> bool:
    """Whether a transaction carries no charges."""
    try:
        return inner(record.raw, "billing", "billingCharges").strip(b"[] \r\n\t") in (b"", b"null")
    except AnswerBroken:
        return True


_ORDERS = Part("/orders", "/orders/order", "readOnly.orderId", 200, (*_ORDER_DETAIL, ("sort", "ReadOnly.OrderId")))
_RECEIVERS = Part(
    "/inventory/receivers", "/inventory/receiver", "readOnly.receiverId", 500, (("sort", "ReadOnly.ReceiverId"),)
)
_STOCK = Part("/inventory/stocksummaries", "", "facilityId", 500)
_CUSTOMERS = Part("/customers", "/customers/customer", "readOnly.customerId", 100, (("sort", "ReadOnly.CustomerId"),))
_ITEMS = Part("", "/customers/item", "itemId", 100, (("sort", "ItemId"),))
_FACILITIES = Part("/properties/facilities", "/properties/facility", "facilityId", 100)
_PLACES = Part("", "/properties/location", "locationId", 100)
_CARRIERS = Part("/properties/carriers", "/properties/carrier", "name", 100, spelt=method_key)


def _receivers(key: str, kind: str, params: Params) -> Part:
    return replace(_RECEIVERS, key=key, params=(*_RECEIVERS.params, *params, ("receivertype", kind)))


_STATIC: Mapping[str, tuple[Part, ...]] = MappingProxyType(
    {
        "orders": (_ORDERS,),
        "inbound_shipments": (
            # An announcement may become a receiver while we read: it is then seen again, and not missed.
            replace(_receivers("announced", "2", _RECEIVER_DETAIL), left_out=_is_return),
            replace(_receivers("receivers", "0", _RECEIVER_DETAIL), left_out=_is_return),
        ),
        "returns": (replace(_receivers("", "1", _RECEIVER_DETAIL), left_out=_is_no_return),),
        "bills": (
            replace(
                _ORDERS, key="1", size=500, params=(*_BILLING, _ORDERS.params[-1]), prefix=ORDER, left_out=_is_free
            ),
            replace(_receivers("2", "4", _BILLING), prefix=RECEIVER, left_out=_is_free),
        ),
        "warehouses": (_FACILITIES,),
        "shipping_methods": (_CARRIERS,),
        "warehouse_customers": (_CUSTOMERS,),
    }
)
"""The lists of each read. Sorted by id, they do not shift while they are read (the fields' names are assumptions)."""

_SINGLE: Mapping[str, tuple[str, str, Params]] = MappingProxyType(
    {
        "orders": ("/orders/", "readOnly.orderId", _ORDER_DETAIL),
        "inbound_shipments": ("/inventory/receivers/", "readOnly.receiverId", _RECEIVER_DETAIL),
        "returns": ("/inventory/receivers/", "readOnly.receiverId", _RECEIVER_DETAIL),
        ORDER: ("/orders/", "readOnly.orderId", _BILLING),
        RECEIVER: ("/inventory/receivers/", "readOnly.receiverId", _BILLING),
    }
)
"""Where a single transaction is, what names it, and in which detail it is asked for; bills by their prefix."""


def connect(account: Account, credentials: ExtensivCredentials, settings: ExtensivSettings) -> ExtensivConnector:
    """The connector with its clients: one for tokens, one for everything else.

    Raises:
        SettingsInvalid: nobody said in which zone the warehouse's times are.
        CredentialsRejected: the credentials name no user, or two.
    """
    if settings.zone is None:
        raise SettingsInvalid(
            "The warehouse's times carry no zone, and the setting zone does not name one.",
            remedy="Set zone to the IANA time zone of the warehouse's system.",
        )
    tokens = account.tokens(asking(account, credentials, settings))
    client = account.open(settings.base_url, TokenAuth(tokens), STATUSES)
    lists = Lists(client, account.clock, settings.page_limit)
    zone = ZoneInfo(settings.zone)
    return ExtensivConnector(lists, ExtensivMapper(settings), ReceiverWriter(lists, zone, _RECEIVER_DETAIL), zone)


class ExtensivConnector:
    """Everything that one key sees."""

    def __init__(self, lists: Lists, mapper: ExtensivMapper, writer: ReceiverWriter, zone: ZoneInfo) -> None:
        self._lists = lists
        self._mapper = mapper
        self._writer = writer
        self._zone = zone

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def check(self) -> None:
        """Asks for one row of stock."""
        self._lists.body(_STOCK.path, (("pgsiz", "1"), ("pgnum", "1")))

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        if ask.read == "inventory_levels":
            return self._stock(ask)
        parts = [replace(part, params=(*part.params, *self._filters(ask))) for part in self._parts(ask)]
        return self._lists.pages(parts, after=ask.after, deadline=ask.deadline)

    def lookup(self, read: str, ids: Sequence[str]) -> Page:
        """Asks for orders, receivers and their charges, one after the other."""
        return one_by_one(ids, partial(self._single, read), self._lists.clock)

    def map(self, read: str, raw: bytes) -> Mapped:
        return self._mapper.map(read, raw)

    def find_inbound_shipment(self, reference: str) -> SourceRecord | None:
        return self._writer.find(reference, _STATIC["inbound_shipments"])

    def create_inbound_shipment(self, draft: InboundShipmentDraft) -> SourceRecord:
        return self._writer.create(draft)

    def update_inbound_shipment(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        return self._writer.update(shipment_id, change)

    def _single(self, read: str, key: str) -> SourceRecord:
        prefix, _, number = key.rpartition("/") if read == "bills" else ("", "", key)
        if CAPABILITIES.reads[read].deletion is not DeletionEvidence.LOOKUP:
            raise Unsupported("This list answers no look-ups.")
        where = _SINGLE.get(f"{prefix}/" if read == "bills" else read)
        if where is None:
            raise NotFound("A transaction is an order or a receiver.")
        path, identity, params = where
        record = one(self._lists.body(f"{path}{quote(number, safe='')}", params), identity)
        return SourceRecord(f"{prefix}/{record.id}", record.raw) if prefix else record

    def _parts(self, ask: ReadRequest) -> Sequence[Part]:
        """The lists of a read; items and places lie below each customer and each facility."""
        if ask.read == "products":
            return [self._below(_CUSTOMERS, _ITEMS, key, "items") for key in self._keys(_CUSTOMERS, ask.deadline)]
        if ask.read == "warehouse_locations":
            below = partial(self._below, _FACILITIES, _PLACES)
            return [replace(below(key, "locations"), prefix=f"{key}/") for key in self._keys(_FACILITIES, ask.deadline)]
        return _STATIC[ask.read]

    def _keys(self, part: Part, deadline: datetime | None) -> list[str]:
        found = whole(self._lists.pages((part,), after=None, deadline=deadline))
        if any(record.id is None for record in found):
            raise EndUnproven("The source's list holds a record without an id, so that what lies below it is unknown.")
        return sorted({str(record.id) for record in found})

    def _below(self, above: Part, below: Part, key: str, name: str) -> Part:
        return replace(below, path=f"{above.path}/{quote(key, safe='')}/{name}", key=f"{key:0>20}")

    def _filters(self, ask: ReadRequest) -> Params:
        terms: list[str] = []
        if ask.since is not None and CAPABILITIES.reads[ask.read].overlap:
            terms.append(f"readonly.lastmodifieddate=ge={local(ask.since, self._zone)}")
        if ask.only is Still.OPEN:
            terms.append("readonly.isclosed==false")
        if isinstance(ask.only, Created):
            bounds = (("ge", ask.only.since), ("lt", ask.only.until))
            terms += [f"readonly.creationdate={how}={local(at, self._zone)}" for how, at in bounds if at is not None]
        return (("rql", ";".join(terms)),) if terms else ()

    def _stock(self, ask: ReadRequest) -> Iterator[Page]:
        """Every row, gathered by item, a page of items at a time. `after` is the last item that was shown.

        The list has no order, so that the rows of an item may lie anywhere in it: an incomplete list shows nothing.

        Raises:
            EndUnproven: fewer rows were shown than the vendor counts.
        """
        read_at = self._lists.clock.now()
        pages = list(self._lists.pages((_STOCK,), after=None, deadline=ask.deadline))
        rows = [record for page in pages for record in page.records]
        if pages[-1].end is not End.PROVEN or rows_counted(rows) < (pages[-1].source_total or 0):
            raise EndUnproven("The source showed fewer rows of stock than it counts.")
        items = items_of(rows)
        left = [item for item in items if ask.after is None or item.id is None or item.id > ask.after]
        size = min(_STOCK.size, self._lists.limit)
        for start in range(0, max(len(left), 1), size):
            shown = left[start : start + size]
            is_last = start + size >= len(left)
            after = None if is_last else max([item.id for item in shown if item.id], default=ask.after)
            yield Page(tuple(shown), after, End.PROVEN if is_last else End.MORE, read_at, len(items))
