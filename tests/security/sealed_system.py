"""The three functions with their own wiring on a sealed AWS: real handlers, real connectors, HTTP to simulators."""

from __future__ import annotations

import io
import json
import logging
import random
import traceback
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.manual_sync_api import handler as api
from functions.sync_dispatcher import handler as dispatcher
from functions.sync_worker import handler as worker
from planster_sync.aws.journal import LogLines
from planster_sync.aws.metrics import MetricLines
from planster_sync.entry import parts as shared_parts
from planster_sync.entry import webhook_wiring
from planster_sync.entry.api import wiring
from planster_sync.entry.parts import NAMESPACE, SERVICE, Parts
from planster_sync.wire.connection import Answer
from planster_sync.wire.signing import Service
from tests.fakes.clock import ManualClock
from tests.integration.api.caller import http_event
from tests.security.sealed_aws import QUEUES, SealedAws, SealedBucket

ROLE_OF = {"dispatcher": "DispatcherRole", "worker": "WorkerRole", "api": "ApiRole"}
_TRACE = "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1"


class _Remaining:
    def get_remaining_time_in_millis(self) -> int:
        return 300_000


@dataclass
class SealedSystem:
    """`running` are the roles under which code runs at this moment, the innermost last; `errors` is what handlers
    raised, as Lambda would log it; `answers` are all of the API's.
    """

    aws: SealedAws
    clock: ManualClock
    closing: ExitStack
    running: list[str] = field(default_factory=list)
    log: io.StringIO = field(default_factory=io.StringIO)
    metrics: io.StringIO = field(default_factory=io.StringIO)
    errors: list[str] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)

    def tick(self) -> None:
        event = {"source": "aws.events", "detail-type": "Scheduled Event", "time": self.clock.now().isoformat()}
        self._run("dispatcher", dispatcher.handler, event)

    def work(self) -> None:
        """Hands over what is visible, until nothing is; messages that come back later stay."""
        while records := [(queue, record) for queue in QUEUES if (record := self.aws.sqs.take(queue))]:
            for queue, record in records:
                arn = f"arn:aws:sqs:eu-central-1:123456789012:{queue}"
                answer = self._run("worker", worker.handler, {"Records": [{**record, "eventSourceARN": arn}]})
                if answer is not None and not answer["batchItemFailures"]:
                    self.aws.sqs.succeed(record["receiptHandle"])

    def night(self) -> None:
        self.tick()
        self.work()

    def ask(self, method: str, address: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """The API's answer: its status, and its JSON where it is JSON."""
        text = None if body is None else body if isinstance(body, str) else json.dumps(body)
        event = http_event(method, address, text, dict(headers or {}))
        answer = self._run("api", api.handler, event)
        if answer is None:
            return 500, None
        self.answers.append((f"{method} {address}", json.dumps(answer)))
        try:
            return answer["statusCode"], json.loads(answer.get("body") or "null")
        except ValueError:
            return answer["statusCode"], answer["body"]

    def _run(self, function: str, handler: Any, event: Mapping[str, Any]) -> Any:
        self.running.append(ROLE_OF[function])
        try:
            return handler(dict(event), LambdaContext() if function == "api" else _Remaining())
        except Exception as error:  # as Lambda does: logged whole, and the function has failed
            self.errors.append("".join(traceback.format_exception(error)))
            return None
        finally:
            self.running.pop()

    def invoke(self, body: bytes) -> Answer:
        """The worker as the API asks it; a failure is told as Lambda tells it."""
        before = len(self.errors)
        answer = self._run("worker", worker.handler, json.loads(body))
        if len(self.errors) > before:
            told = json.dumps({"errorMessage": self.errors[-1]}).encode()
            return Answer(200, {"x-amz-function-error": "Unhandled"}, told)
        return Answer(200, {}, json.dumps(answer).encode())

    def stored(self, table: str) -> list[Any]:
        return [item for _, item in self.aws.tables.items(table)]


@dataclass(frozen=True, slots=True)
class _Gateway:
    system: SealedSystem

    def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        assert method == "POST"
        self.system.aws.note("lambda", "Invoke", {"FunctionName": unquote(path.split("/")[3])})
        return self.system.invoke(body)


@dataclass(frozen=True, slots=True)
class _Topic:
    """SNS as connections and signer in one: a form comes in, and is kept."""

    system: SealedSystem

    def signed(self, *_: Any) -> Mapping[str, str]:
        return {}

    def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        told = dict(parse_qsl(body.decode()))
        self.system.aws.note("sns", told["Action"], told)
        self.system.aws.digests.append(json.dumps(told))
        return Answer(200, {}, b"")


def _sealed_parts(system: SealedSystem) -> type[Parts]:
    class SealedParts(Parts):
        @cached_property
        def clock(self) -> Any:
            return system.clock

        @cached_property
        def journal(self) -> LogLines:
            return LogLines(SERVICE, system.clock, system.log, {"_X_AMZN_TRACE_ID": _TRACE})

        @cached_property
        def metrics(self) -> MetricLines:
            return MetricLines(NAMESPACE, system.clock, system.metrics)

        @cached_property
        def dynamodb(self) -> Any:
            return system.aws.endpoint("dynamodb")

        @cached_property
        def bucket(self) -> Any:
            return SealedBucket(system.aws)

        def _endpoint(self, service: Service, region: str | None = None) -> Any:
            return system.aws.endpoint(service.name)

    return SealedParts


_ENVIRONMENT = {
    "CONTROL_TABLE": "control",
    "RECORDS_TABLE": "records",
    "INDEX_BUCKET": "indexes",
    "EVENT_BUS": "default",
    "WORKER_FUNCTION": "sync-worker:live",
    "DIGEST_TOPIC": "arn:aws:sns:eu-central-1:123456789012:digests",
    "SECRET_PREFIX": "/planster/test/integrations",
    "WEBHOOK_SECRET_PREFIX": "/planster/test/webhooks",
    "VENDOR_NETWORK": "loopback",
    "API_AUTHORIZATION": "NONE",
    "SLOT_SPREAD_SECONDS": "0",
    "SYNC_COOLDOWN_SECONDS": "0",
    "FULL_SYNC_COOLDOWN_SECONDS": "0",
    "ORGANISATION_REQUESTS_PER_MINUTE": "100000",
    "CONSOLE_ISSUER": "http://127.0.0.1:9",
    "CONSOLE_CLIENT_ID": "console",
}


@contextmanager
def sealed_system(monkeypatch: pytest.MonkeyPatch) -> Iterator[SealedSystem]:
    clock = ManualClock()
    random.seed(7)  # jitter only; the waits it makes are the manual clock's
    with ExitStack() as closing:
        system = SealedSystem(SealedAws(clock), clock, closing)
        for name, value in _ENVIRONMENT.items():
            monkeypatch.setenv(name, value)
        for queue in QUEUES:
            monkeypatch.setenv(f"{queue.upper()}_QUEUE_URL", system.aws.sqs.url(queue))
        monkeypatch.setattr(shared_parts, "Parts", _sealed_parts(system))
        monkeypatch.setattr(wiring, "functions_from", lambda *_: _Gateway(system))
        monkeypatch.setattr(webhook_wiring, "topic_connections_from", lambda *_: (_Topic(system), _Topic(system)))
        listening = logging.StreamHandler(system.log)
        logging.getLogger().addHandler(listening)
        closing.callback(logging.getLogger().removeHandler, listening)
        _forget()
        closing.callback(_forget)
        yield system


def _forget() -> None:
    for made in (api.app, api.console, dispatcher.entry, worker.entry):
        made.cache_clear()


def quoted(text: str) -> str:
    return quote(text, safe="")
