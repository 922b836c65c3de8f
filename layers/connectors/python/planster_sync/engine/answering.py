"""The worker's answers to the API: whether an account works, and what the source says of a record now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from planster_sync.engine.workshop import Connect
from planster_sync.errors import (
    CredentialsRejected,
    Forbidden,
    NotFound,
    SetAside,
    SettingsInvalid,
    SourceUnavailable,
    SyncError,
)
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.record import instant_of
from planster_sync.model.runs import Problem
from planster_sync.ports.connecting import BeginAnswer, BeginQuestion, ExchangeAnswer, ExchangeQuestion
from planster_sync.ports.platform import Clock
from planster_sync.ports.questions import (
    SECONDS,
    CheckAnswer,
    CheckQuestion,
    LookUpAnswer,
    LookUpQuestion,
    Sighting,
)
from planster_sync.ports.source import Capabilities, Connector, Read, ReadRequest, ReadStyle
from planster_sync.ports.stores import Integrations

_TOO_SLOW = "The warehouse system was too slow to be asked about every record."
_ACCOUNT = (CredentialsRejected, SettingsInvalid)
"""What is wrong with the whole account, whichever read says so."""


class Exchanges(Protocol):
    """Gets credentials from the vendor and stores them. Raises SyncError where it cannot."""

    def begin(self, question: BeginQuestion) -> BeginAnswer: ...

    def exchange(self, question: ExchangeQuestion) -> None: ...


@dataclass(frozen=True, slots=True)
class Respondent:
    """`connect` opens a connector with the credentials that are stored now, whatever was kept in memory."""

    integrations: Integrations
    capabilities: Callable[[str], Capabilities]
    connect: Connect
    clock: Clock
    exchanges: Exchanges

    def check(self, question: CheckQuestion) -> CheckAnswer:
        """Tries the credentials, then asks for a page of each read; what there was no time for is not in the answer.

        What is found out about the credentials is noted: good ones end the wait for others, refused ones begin it.
        """
        reads: dict[str, Problem | None] = {}
        try:
            integration = self._integration(question)
        except SyncError as error:
            return CheckAnswer(Problem.of(error), reads)
        try:
            self._try(integration, reads)
        except SyncError as error:
            problem = Problem.of(error)
            if isinstance(error, CredentialsRejected):
                self.integrations.needs_reauth(integration.organisation, integration.id, problem, self.clock.now())
            return CheckAnswer(problem, reads)
        if integration.status is IntegrationStatus.NEEDS_REAUTH:
            self.integrations.active_again(integration.organisation, integration.id, due_at=self.clock.now())
        return CheckAnswer(None, reads)

    def _try(self, integration: Integration, reads: dict[str, Problem | None]) -> None:
        ends = self.clock.now() + timedelta(seconds=SECONDS)
        with self.connect(integration) as connector:
            _try_credentials(connector)
            for read in self.capabilities(integration.connector).reads.values():
                if self.clock.now() >= ends:
                    break
                reads[read.name] = _probe(connector, read, self.clock.now(), ends)

    def begin(self, question: BeginQuestion) -> BeginAnswer:
        """Where a person must go to consent."""
        try:
            return self.exchanges.begin(question)
        except SyncError as error:
            return BeginAnswer(problem=Problem.of(error))

    def exchange(self, question: ExchangeQuestion) -> ExchangeAnswer:
        """Has credentials stored that the vendor gives for a code."""
        try:
            self.exchanges.exchange(question)
        except SyncError as error:
            return ExchangeAnswer(Problem.of(error))
        return ExchangeAnswer()

    def look_up(self, question: LookUpQuestion) -> LookUpAnswer:
        """Asks for the source records by id and maps them, as a sync would.

        Not all of them may be in the answer: `problem` says why the others could not be asked for.
        """
        read_at, seen = "", []
        ends = self.clock.now() + timedelta(seconds=SECONDS)
        try:
            integration = self._integration(question)
            size = self.capabilities(integration.connector).reads[question.read].lookup_size
            with self.connect(integration) as connector:
                for batch in _batches(question.sources, size):
                    if self.clock.now() >= ends:
                        raise SourceUnavailable(_TOO_SLOW, remedy="Verify the others one by one.")
                    page = connector.lookup(question.read, batch)
                    found = {record.id: record.raw for record in page.records}
                    seen += [_sighting(connector, question.read, each, found.get(each)) for each in batch]
                    read_at = read_at or instant_of(page.read_at)
        except SyncError as error:
            return LookUpAnswer(read_at, tuple(seen), Problem.of(error))
        return LookUpAnswer(read_at, tuple(seen))

    def _integration(self, question: CheckQuestion | LookUpQuestion) -> Integration:
        found = self.integrations.get(question.organisation, question.integration)
        if found is None:
            raise NotFound("There is no such integration.", remedy="Check the address.")
        return found


def _batches(sources: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(sources), size):
        yield sources[start : start + size]


def _try_credentials(connector: Connector) -> None:
    """A missing permission says that the credentials themselves work; the reads tell the rest."""
    try:
        connector.check()
    except Forbidden:
        return


def _probe(connector: Connector, read: Read, now: datetime, ends: datetime) -> Problem | None:
    """Asks for a page, of what has just changed where the vendor filters by it: permission is what counts.

    Raises:
        CredentialsRejected, SettingsInvalid: the account as a whole does not work.
    """
    since = now if read.style is ReadStyle.INCREMENTAL else None
    try:
        pages: Any = connector.pages(ReadRequest(read.name, since=since, deadline=ends))
        with closing(pages) if hasattr(pages, "close") else nullcontext():
            next(iter(pages), None)
    except _ACCOUNT:
        raise
    except SyncError as error:
        return Problem.of(error)
    return None


def _sighting(connector: Connector, read: str, source: str, raw: bytes | None) -> Sighting:
    if raw is None:
        return Sighting(source, is_there=False)
    try:
        mapped = connector.map(read, raw)
    except SetAside as error:
        return Sighting(source, is_there=True, problem=Problem.of(error))
    records = (*mapped.owned, *mapped.shared)
    return Sighting(source, True, tuple({**each.attributes(), "data_type": each.data_type.value} for each in records))
