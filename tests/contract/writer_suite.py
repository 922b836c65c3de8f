"""What every connector that writes must keep, as functions.

A vendor joins with `WRITER` in tests/connectors/<name>/writer.py.

Each check drives the real engine over rows in memory, and the connector over whatever the subject begins: nearly always
its simulator over real HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol, cast

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import Conflict, FieldsInvalid
from planster_sync.http.account import Account
from planster_sync.http.addresses import AddressPolicy
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.messages import Answer, NoAnswer, Request, Transport
from planster_sync.http.opening import Clients
from planster_sync.http.retries import RetryPolicy
from planster_sync.http.transport import RequestsTransport
from planster_sync.model.data_types import DataType
from planster_sync.model.inbound import InboundShipment
from planster_sync.model.record import Money
from planster_sync.ports.source import Capabilities, Connector, ReadRequest, WriteOperation
from planster_sync.ports.write_backs import WriteBack, WriteState
from planster_sync.ports.writing import (
    DraftLine,
    InboundShipmentChange,
    InboundShipmentDraft,
    InboundShipmentWriter,
)
from tests.contract.over_http.simulated import Meeting, Simulated
from tests.fakes.clock import ManualClock
from tests.fakes.memory_platform import FreeBudget
from tests.fakes.own_tokens import OwnTokens
from tests.fakes.write_desk import WriteDesk

CREATE, UPDATE = WriteOperation.CREATE_INBOUND_SHIPMENT, WriteOperation.UPDATE_INBOUND_SHIPMENT


class Line(Protocol):
    """What lies between a connector and its vendor; counts the requests that ask for a change, and breaks on demand."""

    @property
    def changes(self) -> int:
        """How many requests for a change were sent."""
        ...

    def lose_answer(self) -> None:
        """The next change is made, and its answer is lost."""
        ...

    def lose_request(self) -> None:
        """The next request for a change never arrives, which the connector cannot know."""
        ...

    def meanwhile(self, act: Callable[[], None]) -> None:
        """Right before the next change arrives, something else happens at the vendor."""
        ...


def _by_method(request: Request) -> bool:
    return request.method != "GET"


@dataclass
class HttpLine:
    """A line of real HTTP. `is_change` tells the requests that ask for a change; by default by their method."""

    is_change: Callable[[Request], bool] = _by_method
    changes: int = 0
    _faults: list[Callable[[Callable[[], Answer]], Answer]] = field(default_factory=list)

    def lose_answer(self) -> None:
        def lose(exchange: Callable[[], Answer]) -> Answer:
            exchange()
            raise NoAnswer(ConnectionResetError(), sent=True)

        self._faults.append(lose)

    def lose_request(self) -> None:
        def lose(exchange: Callable[[], Answer]) -> Answer:
            raise NoAnswer(ConnectionResetError(), sent=True)

        self._faults.append(lose)

    def meanwhile(self, act: Callable[[], None]) -> None:
        def delay(exchange: Callable[[], Answer]) -> Answer:
            act()
            return exchange()

        self._faults.append(delay)

    def over(self, transport: Transport) -> Transport:
        return _Watched(self, transport)

    def carry(self, request: Request, exchange: Callable[[], Answer]) -> Answer:
        if not self.is_change(request):
            return exchange()
        self.changes += 1
        return self._faults.pop(0)(exchange) if self._faults else exchange()


@dataclass
class _Watched:
    line: HttpLine
    transport: Transport

    def exchange(self, request: Request, ends: datetime) -> Answer:
        return self.line.carry(request, lambda: self.transport.exchange(request, ends))

    def close(self) -> None:
        self.transport.close()


@dataclass(frozen=True)
class Bench:
    """One running vendor with one connector on it, and the line between them.

    `references` are the numbers of all inbound shipments that the vendor holds at present, from its own control routes
    and not through the connector. `touch` lets somebody else change the shipment with this id at the vendor; None where
    the vendor has no versions, so that the last writer wins.
    """

    connector: Connector
    clock: ManualClock
    line: Line
    references: Callable[[], Sequence[str | None]]
    touch: Callable[[str], None] | None = None

    @property
    def capabilities(self) -> Capabilities:
        return self.connector.capabilities

    @property
    def writer(self) -> InboundShipmentWriter:
        return cast(InboundShipmentWriter, self.connector)

    def desk(self) -> WriteDesk:
        return WriteDesk(self.connector, self.clock)

    def read(self) -> list[InboundShipment]:
        """Every inbound shipment as the next snapshot brings it, mapped."""
        read = self.capabilities.read_of(DataType.INBOUND_SHIPMENTS)
        assert read is not None
        found = []
        for page in self.connector.pages(ReadRequest(read.name)):
            found += [self.connector.map(read.name, record.raw).owned[0] for record in page.records]
        return [each for each in found if isinstance(each, InboundShipment)]

    def shipment(self, id_: str | None) -> InboundShipment:
        """The one shipment of that id in the next snapshot."""
        (found,) = [each for each in self.read() if each.id == id_]
        return found


@dataclass(frozen=True)
class WriterSubject:
    """One connector under the writers' contract.

    `draft` is valid, has the fields that this vendor keeps, at least two lines of different items, and a reference that
    the vendor does not hold yet. `refused` is one that passes our own rules and that the vendor refuses, and a word
    that its sentence must have. `change` is a valid change of the created shipment that gives one of the draft's lines
    another quantity, where the vendor's update takes lines; None where it offers no update. `has_versions`: the vendor
    refuses a change of a shipment that was changed since it was read, and `Bench.touch` changes it.
    """

    begin: Callable[[], AbstractContextManager[Bench]]
    draft: Callable[[Bench], InboundShipmentDraft]
    refused: Callable[[Bench], tuple[InboundShipmentDraft, str]]
    change: Callable[[Bench, InboundShipmentDraft], InboundShipmentChange] | None = None
    has_versions: bool = False


Check = Callable[[WriterSubject], None]


@contextmanager
def bench_of(
    name: str,
    simulated: Simulated,
    references: Callable[[Meeting], Sequence[str | None]],
    *,
    touch: Callable[[Meeting, str], None] | None = None,
    is_change: Callable[[Request], bool] = _by_method,
) -> Iterator[Bench]:
    """A bench of the registered connector and its vendor's simulator, over real HTTP.

    `references` and `touch` are as in `Bench`, asked of the simulator; `is_change` tells the requests that ask for a
    change from those that only read.
    """
    with ExitStack() as closing:
        meeting = Meeting(name, simulated, closing)
        line = HttpLine(is_change)
        connector = closing.enter_context(_connected(meeting, line))
        touched = None if touch is None else partial(touch, meeting)
        yield Bench(connector, meeting.clock, line, lambda: references(meeting), touched)


@contextmanager
def _connected(meeting: Meeting, line: HttpLine) -> Iterator[Connector]:
    clock, simulated = meeting.clock, meeting.simulated
    clients = Clients(
        FreeBudget(clock),
        clock,
        lambda: 0.0,
        lambda origin: line.over(RequestsTransport(origin, AddressPolicy.loopback(), AnswerLimits(), clock)),
        RetryPolicy(attempts=2),
    )
    try:
        settings = simulated.settings(meeting.url)
        yield registry.build(meeting.name, Account(simulated.good, settings, clock, clients.open, OwnTokens(clock)))
    finally:
        clients.close()


def a_created_shipment_is_what_was_asked_for(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft = subject.draft(bench)

        outcome = _created(bench, draft)

        shipment = bench.shipment(outcome.shipment_id)
        assert shipment.purchase_order_number == draft.reference
        assert _pieces(shipment) == _wanted(draft)
        assert outcome.not_kept == ()
        assert list(bench.references()).count(draft.reference) == 1


def a_created_shipment_is_in_the_next_read_once_under_the_same_id(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        before = {shipment.id for shipment in bench.read()}

        outcome = _created(bench, subject.draft(bench))

        after = [shipment.id for shipment in bench.read()]
        assert outcome.shipment_id not in before
        assert set(after) - before == {outcome.shipment_id}
        assert len(after) == len(set(after)) == len(before) + 1


def a_creation_whose_answer_is_lost_leaves_one_shipment(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft = subject.draft(bench)
        bench.line.lose_answer()

        outcome = _created(bench, draft)

        assert outcome.attempt > 1
        assert list(bench.references()).count(draft.reference) == 1
        assert bench.shipment(outcome.shipment_id).purchase_order_number == draft.reference


def a_creation_that_failed_before_it_was_made_is_made_then(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft = subject.draft(bench)
        bench.line.lose_request()

        outcome = _created(bench, draft)

        assert outcome.attempt > 1
        assert list(bench.references()).count(draft.reference) == 1


def one_call_sends_at_most_one_change(subject: WriterSubject) -> None:
    """Who asks decides about a second try: the connector must not repeat a change by itself."""
    with subject.begin() as bench:
        draft = subject.draft(bench)
        desk = bench.desk()
        bench.line.lose_answer()
        before = bench.line.changes

        desk.create(draft)
        desk.work(messages=1)

        assert bench.line.changes == before + 1
        assert desk.outcome(draft.reference).state is WriteState.UNKNOWN


def a_shipment_is_found_by_its_whole_reference_only(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft = subject.draft(bench)
        longer = replace(draft, reference=f"{draft.reference}1")
        _created(bench, longer)

        assert bench.writer.find_inbound_shipment(draft.reference) is None
        made = _created(bench, draft)
        found = bench.writer.find_inbound_shipment(draft.reference)

        assert found is not None
        assert found.id == made.shipment_id


def a_missing_required_field_is_named_before_anything_is_sent(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft = subject.draft(bench)
        before = bench.line.changes
        required = bench.capabilities.writes[CREATE].required - {"reference", "lines.quantity"}

        for each in sorted(required):
            with pytest.raises(FieldsInvalid) as refusal:
                bench.desk().create(_without(draft, each))
            assert {_plain(name) for name in refusal.value.fields} & {each, "lines"}, each

        assert required
        assert bench.line.changes == before
        assert draft.reference not in bench.references()


def a_field_that_the_vendor_cannot_be_told_is_named_before_anything_is_sent(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft = subject.draft(bench)
        rules = bench.capabilities.writes[CREATE]
        everything = _with_everything(draft)
        foreign = _given(everything) - rules.required - rules.accepted
        before = bench.line.changes

        for each in sorted(foreign):
            with pytest.raises(FieldsInvalid) as refusal:
                bench.desk().create(everything)
            assert each in {_plain(name) for name in refusal.value.fields}

        assert bench.line.changes == before
        assert draft.reference not in bench.references()


def a_refusal_comes_back_in_the_vendors_words(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft, word = subject.refused(bench)
        desk = bench.desk()

        desk.create(draft)
        outcome = desk.until_ended(draft.reference)

        assert outcome.problem is not None
        assert (outcome.state, outcome.in_doubt) == (WriteState.FAILED, False)
        assert (outcome.problem.code, outcome.problem.retryable) == ("write_refused", False)
        assert word in outcome.problem.what
        assert draft.reference not in bench.references()


def a_change_alters_what_it_names_and_nothing_else(subject: WriterSubject) -> None:
    with _with_shipment(subject) as (bench, draft, made):
        before = bench.shipment(made.shipment_id)
        change = _change(subject, bench, draft)

        outcome = _changed(bench, made, change)

        after = bench.shipment(made.shipment_id)
        assert outcome.shipment_id == made.shipment_id
        assert outcome.not_kept == ()
        assert _pieces(after) == {**_pieces(before), **_wanted_of(change.lines or ())}
        assert after.purchase_order_number == before.purchase_order_number
        assert after.warehouse_id == before.warehouse_id
        if change.expected_at is not None:
            assert after.expected_at != before.expected_at
        if change.tracking_numbers is not None:
            assert after.tracking_numbers == tuple(change.tracking_numbers)


def a_change_whose_answer_is_lost_is_made_all_the_same(subject: WriterSubject) -> None:
    with _with_shipment(subject) as (bench, draft, made):
        before = _pieces(bench.shipment(made.shipment_id))
        change = _change(subject, bench, draft)
        bench.line.lose_answer()

        outcome = _changed(bench, made, change)

        assert outcome.attempt > 1
        assert _pieces(bench.shipment(made.shipment_id)) == {**before, **_wanted_of(change.lines or ())}
        assert list(bench.references()).count(draft.reference) == 1


def a_change_of_what_is_not_there_is_refused(subject: WriterSubject) -> None:
    with _with_shipment(subject) as (bench, draft, made):
        desk = bench.desk()

        desk.update("change-1", f"{made.shipment_id}99", _change(subject, bench, draft))
        outcome = desk.until_ended("change-1")

        assert outcome.problem is not None
        assert (outcome.state, outcome.in_doubt) == (WriteState.FAILED, False)
        assert outcome.problem.code in ("not_found", "write_refused")


def a_change_of_a_shipment_that_moved_on_is_a_conflict_and_then_made_on_it(subject: WriterSubject) -> None:
    with _with_shipment(subject) as (bench, draft, made):
        touch, id_ = bench.touch, made.shipment_id or ""
        assert touch is not None
        change = _change(subject, bench, draft)
        bench.line.meanwhile(lambda: touch(id_))
        with pytest.raises(Conflict):
            bench.writer.update_inbound_shipment(id_, change)
        bench.line.meanwhile(lambda: touch(id_))

        outcome = _changed(bench, made, change)

        assert outcome.attempt > 1
        assert _wanted_of(change.lines or ()).items() <= _pieces(bench.shipment(made.shipment_id)).items()


CREATION: tuple[Check, ...] = (
    a_created_shipment_is_what_was_asked_for,
    a_created_shipment_is_in_the_next_read_once_under_the_same_id,
    a_creation_whose_answer_is_lost_leaves_one_shipment,
    a_creation_that_failed_before_it_was_made_is_made_then,
    one_call_sends_at_most_one_change,
    a_shipment_is_found_by_its_whole_reference_only,
    a_missing_required_field_is_named_before_anything_is_sent,
    a_field_that_the_vendor_cannot_be_told_is_named_before_anything_is_sent,
    a_refusal_comes_back_in_the_vendors_words,
)
CHANGES: tuple[Check, ...] = (
    a_change_alters_what_it_names_and_nothing_else,
    a_change_whose_answer_is_lost_is_made_all_the_same,
    a_change_of_what_is_not_there_is_refused,
)
VERSIONS: tuple[Check, ...] = (a_change_of_a_shipment_that_moved_on_is_a_conflict_and_then_made_on_it,)


def checks_for(subject: WriterSubject, capabilities: Capabilities) -> tuple[Check, ...]:
    """Those that a connector must pass, by the operations that it declares and by whether its vendor has versions."""
    creation = CREATION if CREATE in capabilities.writes else ()
    changes = CHANGES if UPDATE in capabilities.writes else ()
    return (*creation, *changes, *(VERSIONS if changes and subject.has_versions else ()))


@contextmanager
def _with_shipment(subject: WriterSubject) -> Iterator[tuple[Bench, InboundShipmentDraft, WriteBack]]:
    with subject.begin() as bench:
        draft = subject.draft(bench)
        yield bench, draft, _created(bench, draft)


def _change(subject: WriterSubject, bench: Bench, draft: InboundShipmentDraft) -> InboundShipmentChange:
    assert subject.change is not None, "the connector declares an update, and its subject has no change"
    return subject.change(bench, draft)


def _created(bench: Bench, draft: InboundShipmentDraft) -> WriteBack:
    desk = bench.desk()
    desk.create(draft)
    outcome = desk.until_ended(draft.reference)
    assert outcome.state is WriteState.SUCCEEDED, outcome.problem
    return outcome


def _changed(bench: Bench, made: WriteBack, change: InboundShipmentChange) -> WriteBack:
    desk = bench.desk()
    desk.update("change-1", made.shipment_id or "", change)
    outcome = desk.until_ended("change-1")
    assert outcome.state is WriteState.SUCCEEDED, outcome.problem
    return outcome


def _pieces(shipment: InboundShipment) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in shipment.lines:
        name = line.sku or line.inventory_item_id or ""
        found[name] = found.get(name, 0) + (line.expected or 0)
    return found


def _wanted(draft: InboundShipmentDraft) -> dict[str, Any]:
    return _wanted_of(draft.lines)


def _wanted_of(lines: Sequence[DraftLine]) -> dict[str, Any]:
    return {line.sku or line.inventory_item_id or "": line.quantity for line in lines}


def _without(draft: InboundShipmentDraft, name: str) -> InboundShipmentDraft:
    if name == "lines":
        return replace(draft, lines=())
    if name.startswith("lines."):
        bare: dict[str, Any] = {name.partition(".")[2]: None}
        return replace(draft, lines=[replace(line, **bare) for line in draft.lines])
    nothing: dict[str, Any] = {name: () if name == "tracking_numbers" else None}
    return replace(draft, **nothing)


def _with_everything(draft: InboundShipmentDraft) -> InboundShipmentDraft:
    """The draft with something in every field that it leaves open."""
    line = {"inventory_item_id": "item-1", "supplier_sku": "S-1", "unit_cost": Money(amount="1.5", currency="EUR")}
    head = {
        "warehouse_id": "wh",
        "warehouse_customer_id": "cust",
        "supplier_id": "sup",
        "supplier_name": "Supplier",
        "expected_at": "2026-05-01T00:00:00Z",
        "tracking_numbers": ("1Z",),
    }
    lines = [replace(each, **_open_in(each, line)) for each in draft.lines]
    return replace(draft, lines=lines, **_open_in(draft, head))


def _open_in(value: Any, filling: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given for name, given in filling.items() if not getattr(value, name)}


def _given(draft: InboundShipmentDraft) -> set[str]:
    head = {each.name for each in fields(draft) if getattr(draft, each.name)}
    return head | {f"lines.{each.name}" for line in draft.lines for each in fields(line) if getattr(line, each.name)}


def _plain(path: str) -> str:
    """The field without the places of its lines."""
    return ".".join(step for step in path.split(".") if not step.isdecimal())
