"""ShipHero's lists over GraphQL: cursors, look-ups by id, and lists inside records that are read to their end.

Cursors are offsets in disguise, so that rows which come or go during a read shift its pages: what a snapshot missed is
looked up by id before it counts as gone. Source: developer.shiphero.com, GraphQL primer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from planster_sync.connectors.shiphero import asking, queries, tokens
from planster_sync.connectors.shiphero.asking import Asking
from planster_sync.connectors.shiphero.capabilities import CAPABILITIES, ShipheroCredentials, ShipheroSettings
from planster_sync.connectors.shiphero.mapper import ShipheroMapper
from planster_sync.connectors.shiphero.nests import Completion
from planster_sync.connectors.shiphero.refusals import is_only_missing, refusal
from planster_sync.connectors.shiphero.turning import turned
from planster_sync.connectors.shiphero.writing import Writing
from planster_sync.errors import AnswerBroken, Unsupported
from planster_sync.http.auth import HeaderAuth
from planster_sync.http.tokens import TokenAuth
from planster_sync.mapping.pages import inner, single, split
from planster_sync.ports.source import Capabilities, End, Mapped, Page, ReadRequest, SourceRecord
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft
from planster_sync.reading.lookups import in_batches
from planster_sync.reading.walks import Turned, walk, whole

if TYPE_CHECKING:
    from planster_sync.http.account import Account

_CHECK = queries.question(
    "query",
    "account { request_id complexity data { id } } "
    "products { request_id complexity data(first: 1) { edges { node { id } } } }",
)
_WITHOUT_SINGLE_RECORDS = frozenset({"warehouses", "warehouse_customers", "inbound_shipment_suppliers"})
_KIND = queries.question("query", "account { request_id complexity data { is_3pl } }")


def connect(account: Account, credentials: ShipheroCredentials, settings: ShipheroSettings) -> ShipheroConnector:
    """The connector with its two clients: one that asks for tokens, one that is signed with them."""
    unsigned = account.open(settings.base_url, HeaderAuth({}), tokens.STATUSES)
    auth = TokenAuth(account.tokens(tokens.asking(unsigned, credentials)))
    asked = Asking(account.open(settings.base_url, auth, asking.STATUSES), account.clock)
    return ShipheroConnector(asked, settings, ShipheroMapper(settings))


@dataclass(frozen=True, slots=True)
class ShipheroConnector:
    """One account, a brand's or a 3PL's."""

    _asking: Asking
    _settings: ShipheroSettings
    _mapper: ShipheroMapper

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def check(self) -> None:
        """Asks for the account and for one product, which is what nobody can do without."""
        self._asking.data(_CHECK)

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        """Yields pages as `walk` does; bills exist for 3PLs only."""
        if ask.read == "warehouses":
            read_at = self._asking.clock.now()
            return iter((Page(self._warehouses(ask.deadline), None, End.PROVEN, read_at),))
        return self._listed(ask)

    def lookup(self, read: str, ids: Sequence[str]) -> Page:
        """Asks by id, several records in one document; a list that has no such query is read whole once more."""
        if read in _WITHOUT_SINGLE_RECORDS:
            read_at, wanted = self._asking.clock.now(), set(ids)
            found = tuple(each for each in whole(self.pages(ReadRequest(read))) if each.id in wanted)
            return Page(found, None, End.PROVEN, read_at)
        fetch = self._located if read == "warehouse_locations" else lambda batch: self._singles(read, batch)
        return in_batches(ids, fetch, self._asking.clock, size=CAPABILITIES.reads[read].lookup_size)

    def map(self, read: str, raw: bytes) -> Mapped:
        return self._mapper.map(read, raw)

    def find_inbound_shipment(self, reference: str) -> SourceRecord | None:
        return self._writing.found(reference)

    def create_inbound_shipment(self, draft: InboundShipmentDraft) -> SourceRecord:
        return self._writing.created(draft)

    def update_inbound_shipment(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        return self._writing.updated(shipment_id, change)

    @property
    def _writing(self) -> Writing:
        completion = self._completion("inbound_shipments", None)
        return Writing(self._asking, completion, self._settings.line_limit, self._settings.currency)

    def _completion(self, read: str, deadline: datetime | None) -> Completion:
        return Completion(self._asking, queries.PLANS[read].nests, self._settings.page_limit, deadline)

    def _listed(self, ask: ReadRequest) -> Iterator[Page]:
        if ask.read == "bills":
            self._require_3pl(ask.deadline)
        plan, filters = queries.PLANS[ask.read], queries.filters_of(ask)
        first = min(CAPABILITIES.reads[ask.read].page_size, self._settings.page_limit)
        completion = self._completion(ask.read, ask.deadline)

        def turn(after: str | None) -> Turned:
            asked = queries.page(plan, filters, first, self._settings.line_limit, after)
            connection = inner(self._asking.data(asked, ask.deadline), *plan.steps)
            return turned(connection, completion.completed)

        yield from walk(turn, self._asking.clock, after=ask.after)

    def _require_3pl(self, deadline: datetime | None) -> None:
        told = inner(self._asking.data(_KIND, deadline), "account", "data", "is_3pl")
        if told != b"true":
            raise Unsupported("Only 3PL accounts have bills at ShipHero.")

    def _warehouses(self, deadline: datetime | None) -> Sequence[SourceRecord]:
        """Every warehouse; the vendor gives them as one plain list."""
        body = inner(self._asking.data(queries.warehouses(), deadline), "account", "data")
        return split(body, records="warehouses").records

    def _singles(self, read: str, ids: Sequence[str]) -> Sequence[SourceRecord]:
        """The records with these ids. One that is missing is an error of its own, and leaves the others be."""
        plan = queries.PLANS[read]
        told = self._asking.told(queries.singles(plan, ids, self._settings.line_limit))
        if told.errors and not is_only_missing(told.errors):
            raise refusal(told.errors, self._asking.clock.now())
        answers = [_single(told.data, f"r{place}") for place in range(len(ids))]
        if answers.count(None) != len(told.errors):
            raise AnswerBroken("The source's answer contradicts itself.", detail="records missing without an error")
        completion = self._completion(read, None)
        return [completion.completed(single(each)) for each in answers if each and inner(each, "data") != b"null"]

    def _located(self, ids: Sequence[str]) -> Sequence[SourceRecord]:
        """Locations have a filter by ids instead of a query for one."""
        plan = queries.PLANS["warehouse_locations"]
        asked = queries.page(plan, {"ids": ("[String]", list(ids))}, len(ids), self._settings.line_limit, None)
        found = turned(inner(self._asking.data(asked), *plan.steps), lambda record: record)
        if found.coming is not None:
            raise AnswerBroken("The source's answer holds more than was asked for.", detail="locations by ids")
        return found.records


def _single(data: bytes, name: str) -> bytes | None:
    """One operation's part of the answer; None where the vendor gave an error instead."""
    found = b"null" if data == b"null" else inner(data, name)
    return None if found == b"null" else found
