"""Makes the worker from the environment, once per execution environment.

Importing this does no work; `build_worker` reads the environment, so that a template's mistake is named by the first
event.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from hashlib import blake2b
from importlib import import_module
from typing import Any

from planster_sync.aws.queue import SqsReceipts
from planster_sync.connectors import registry
from planster_sync.engine.answering import Respondent
from planster_sync.engine.erasing import Erasing
from planster_sync.engine.task import Worker, Workshop
from planster_sync.engine.workshop import Connect
from planster_sync.engine.write_back import WriteWorker
from planster_sync.entry.exchanging import Unmetered, VendorExchanges
from planster_sync.entry.parts import Parts, parts
from planster_sync.entry.worker import WebhookWork, WorkerEntry, WritesExports
from planster_sync.errors import CredentialsRejected, SourceUnavailable
from planster_sync.http.account import Account
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.opening import Clients
from planster_sync.http.read_ahead import read_ahead
from planster_sync.http.retries import RetryPolicy
from planster_sync.http.tally import TalliedClock, TalliedTransport, Tally
from planster_sync.http.tokens import AskVendor, SharedTokens
from planster_sync.http.transport import RequestsTransport
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import StreamKey
from planster_sync.ports.erasing import Trace
from planster_sync.ports.platform import RateBudget
from planster_sync.ports.questions import SECONDS, VENDOR_SECONDS
from planster_sync.ports.source import Connector
from planster_sync.ports.tokens import Grant
from planster_sync.ports.write_backs import WriteBack
from planster_sync.storage.adjustments import DynamoAdjustments
from planster_sync.storage.erasure import DynamoDisconnections, DynamoTraces
from planster_sync.storage.exports import DynamoExports, S3ExportFiles
from planster_sync.storage.index_objects import S3IndexObjects
from planster_sync.storage.quarantine import DynamoQuarantine
from planster_sync.storage.rate_budget import SHARE_OF_RATE, DynamoRateBudget
from planster_sync.storage.records import DynamoRecords
from planster_sync.storage.token_turns import DynamoTokenTurns


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer, a wait for the vendor's allowance, and all together may take (seconds); how many tries."""

    attempts: int
    answer: float = math.inf
    wait: float = math.inf
    whole: float = math.inf


WORKERS_PER_ACCOUNT = 4
"""How many workers usually share one account's allowance: sets the size of a reservation, not a limit."""


PATIENT = Patience(attempts=RetryPolicy().attempts)
"""A sync's: it waits for what a moment mends."""
HASTY = Patience(answer=VENDOR_SECONDS, wait=4.0, attempts=1, whole=SECONDS)
"""For an answer that a planner waits for."""


def connect_with(
    made: Parts, patience: Patience = PATIENT
) -> Callable[[Integration], AbstractContextManager[Connector]]:
    """Gives what opens an integration's connector with its credentials; its connections are closed on every path.

    A refusal of credentials that were kept in memory says nothing about those that a customer has just stored.
    """

    @contextmanager
    def connect(integration: Integration) -> Iterator[Connector]:
        tally = Tally()
        clients = _clients(made, integration, patience, tally)
        try:
            credentials = made.secrets.read(integration)
            tokens, registration = _tokens(made, integration, credentials, tally), _registration(made, integration)
            account = Account(credentials, integration.settings, made.clock, clients.open, tokens, registration)
            try:
                yield registry.build(integration.connector, account)
            except CredentialsRejected as refused:
                if made.secrets.were_replaced(integration, credentials):
                    raise SourceUnavailable("The credentials were replaced while they were in use.") from refused
                raise
        finally:
            clients.close()
            if tally.answers:
                made.journal.event(
                    "vendor_calls",
                    organisation=integration.organisation,
                    integration=integration.id,
                    connector=integration.connector,
                    **tally.summary(),
                )

    return connect


def connect_anew_with(made: Parts) -> Connect:
    """For checks: opens with what is stored at this moment."""
    connect = connect_with(made, HASTY)

    def anew(integration: Integration) -> AbstractContextManager[Connector]:
        made.secrets.forget(integration)
        return connect(integration)

    return anew


def _registration(made: Parts, integration: Integration) -> Callable[[], Mapping[str, Any]]:
    return lambda: made.registrations.read(integration.connector)


def _tokens(
    made: Parts, integration: Integration, credentials: Mapping[str, Any], tally: Tally
) -> Callable[[AskVendor], SharedTokens]:
    """The account's tokens, for vendors whose tokens end; nothing is asked for before a connector signs with one."""
    turns = DynamoTokenTurns(made.control, integration.organisation, integration.id)
    origin = blake2b(json.dumps(credentials, sort_keys=True).encode(), digest_size=16).hexdigest()

    def shared(ask: AskVendor) -> SharedTokens:
        vault = made.token_vault(integration.organisation, integration.id)

        def asked(refresh: str | None) -> Grant:
            tally.tokens.append(made.clock.now())
            return ask(refresh)

        return SharedTokens(turns, vault, asked, made.clock, holder=made.identity.new_id(), origin=origin)

    return shared


def _clients(made: Parts, integration: Integration, patience: Patience, tally: Tally) -> Clients:
    budget = DynamoRateBudget(
        made.control,
        StreamKey(integration.organisation, integration.id, ""),
        per_second=SHARE_OF_RATE * registry.capabilities(integration.connector).rate.per_second,
        workers=WORKERS_PER_ACCOUNT,
        short_wait=min(made.settings.timings.short_wait, patience.wait),
        clock=TalliedClock(made.clock, tally),
    )
    return _clients_within(made, budget, patience, tally)


def _clients_within(made: Parts, budget: RateBudget, patience: Patience, tally: Tally) -> Clients:
    timings = made.settings.timings
    clock = TalliedClock(made.clock, tally)
    answer, wait = min(timings.http_timeout, patience.answer), min(timings.short_wait, patience.wait)
    limits = AnswerLimits(
        connect=min(10.0, answer),
        read=answer,
        total=answer,
        past_deadline=0.0,
        short_wait=wait,
    )
    return Clients(
        budget,
        clock,
        random.random,
        lambda origin: TalliedTransport(RequestsTransport(origin, made.addresses, limits, clock), tally, clock),
        RetryPolicy(attempts=patience.attempts),
        limits=limits,
        ends=made.clock.now() + timedelta(seconds=patience.whole) if math.isfinite(patience.whole) else None,
    )


def _traces(made: Parts, objects: S3IndexObjects) -> dict[str, Trace]:
    """Every place in which an integration leaves something; credentials that another one uses as well are kept."""
    tables = DynamoTraces(made.control, made.records_table, made.clock)

    def secrets(integration: Integration, _until: datetime) -> int:
        page = made.integrations.status_page(integration.organisation)
        return made.secrets.erase(integration, {other.secret for other, _ in page if other.id != integration.id})

    return {
        "secrets": secrets,
        "records": tables.records,
        "objects": lambda integration, _until: objects.erase(integration.organisation, integration.id),
        "rows": tables.rows,
    }


def _erasing(made: Parts, objects: S3IndexObjects) -> Erasing:
    return Erasing(
        made.integrations,
        DynamoDisconnections(made.control),
        _traces(made, objects),
        made.queue,
        made.clock,
        made.settings.timings,
        made.journal,
    )


def _workshop(made: Parts, connect: Connect, objects: S3IndexObjects) -> Workshop:
    return Workshop(
        integrations=made.integrations,
        runs=made.runs,
        streams=made.streams,
        records=DynamoRecords(made.records_table, made.control, made.clock),
        quarantine=DynamoQuarantine(made.records_table),
        adjustments=DynamoAdjustments(made.records_table, made.clock),
        objects=objects,
        queue=made.queue,
        events=made.events,
        clock=made.clock,
        identity=made.identity,
        journal=made.journal,
        metrics=made.metrics,
        erasing=_erasing(made, objects),
        timings=made.settings.timings,
        capabilities=registry.capabilities,
        connect=connect,
        open_pages=read_ahead,
    )


def _webhook_work(made: Parts) -> WebhookWork:
    """Loaded with the first message that concerns webhooks: it needs the API's judgement, a sync does not."""
    from planster_sync.entry.webhook_wiring import webhook_work  # noqa: PLC0415

    return webhook_work(made)


def _tell_failure(made: Parts, write: WriteBack) -> None:
    """Loaded with the first failure, as above."""
    from planster_sync.entry.webhook_wiring import failure_teller  # noqa: PLC0415

    failure_teller(made).tell(write)


def _exchanges(made: Parts) -> VendorExchanges:
    return VendorExchanges(
        made.integrations,
        made.secrets,
        made.secret_keeper,
        made.registrations,
        lambda: _clients_within(made, Unmetered(), HASTY, Tally()),
    )


def _exporter(made: Parts) -> WritesExports:
    """Loaded by the first export: it brings the API's lists and the classes of all records."""
    exporting = import_module("planster_sync.entry.exporting")
    overlays = import_module("planster_sync.entry.api.overlays")
    reader = import_module("planster_sync.storage.records_reader").RecordsReader(made.records_table)
    corrections = import_module("planster_sync.storage.corrections").DynamoCorrections(made.records_table)
    exports: WritesExports = exporting.Exporter(
        made.integrations,
        DynamoExports(made.control),
        S3ExportFiles(made.bucket, made.backoff, made.clock),
        overlays.OverlaidRecords(reader, corrections),
        made.queue,
        made.clock,
        made.settings.timings,
        made.journal,
    )
    return exports


def build_worker() -> WorkerEntry:
    made = parts()
    objects = S3IndexObjects(made.bucket, made.backoff, made.lanes)
    connect = connect_with(made)
    writer = WriteWorker(
        made.integrations,
        made.writes,
        made.queue,
        made.clock,
        made.identity,
        made.journal,
        made.settings.timings,
        registry.capabilities,
        connect,
        partial(_tell_failure, made),
    )
    respondent = Respondent(
        made.integrations, registry.capabilities, connect_anew_with(made), made.clock, _exchanges(made)
    )
    receipts = SqsReceipts(made.sqs, made.settings.queue_urls, made.retries)
    return WorkerEntry(
        Worker(_workshop(made, connect, objects)),
        writer,
        respondent,
        receipts,
        made.clock,
        made.settings.timings,
        made.journal,
        cache(partial(_webhook_work, made)),
        cache(partial(_exporter, made)),
    )
