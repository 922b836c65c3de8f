"""What a connector that writes is held to the contract on: a running vendor, a line that breaks, and what to ask for.

A vendor joins with `WRITER` in tests/connectors/<name>/writer.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol, cast

from planster_sync.connectors import registry
from planster_sync.http.account import Account
from planster_sync.http.addresses import AddressPolicy
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.messages import Answer, NoAnswer, Request, Transport
from planster_sync.http.opening import Clients
from planster_sync.http.retries import RetryPolicy
from planster_sync.http.transport import RequestsTransport
from planster_sync.model.data_types import DataType
from planster_sync.model.inbound import InboundShipment
from planster_sync.ports.source import Capabilities, Connector, ReadRequest
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft, InboundShipmentWriter
from tests.contract.over_http.simulated import Meeting, Simulated
from tests.fakes.clock import ManualClock
from tests.fakes.memory_platform import FreeBudget
from tests.fakes.own_tokens import OwnTokens
from tests.fakes.write_desk import WriteDesk


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
    """A line of real HTTP. `is_change` tells the requests that ask for a change; by default by their method.

    A vendor that is asked for tokens, or for records, by POST says itself which are changes.
    """

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
