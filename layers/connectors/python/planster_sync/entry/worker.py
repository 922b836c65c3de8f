"""The worker function's body: SQS batches in, partial failures out; the API's questions in, answers out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from planster_sync.engine.announcing import Looker
from planster_sync.engine.delivering import Courier
from planster_sync.engine.task import Worker
from planster_sync.engine.write_back import WriteWorker
from planster_sync.errors import InvalidRequest, RetrySoon, StepAside
from planster_sync.model.runs import EXPORT, TaskMessage
from planster_sync.model.timings import Timings
from planster_sync.model.webhooks import DeliveryMessage, LookMessage
from planster_sync.ports.connecting import BeginQuestion, ExchangeQuestion
from planster_sync.ports.platform import Clock, Journal
from planster_sync.ports.questions import AsksWorker, CheckQuestion, Question
from planster_sync.ports.write_backs import WriteMessage

QUESTION = "ask"
"""Stands in a question of the API, and in no event of SQS."""

Message = TaskMessage | WriteMessage | DeliveryMessage | LookMessage

SAFETY_SECONDS = 5.0
"""Kept free at the end of an invocation, for the checkpoint and the handler's return."""


class Receipts(Protocol):
    """The way a received message comes back."""

    def parse(self, body: str) -> Message:
        """Raises InvalidRequest where the body is nobody's message."""
        ...

    def come_back(self, record: Mapping[str, Any], seconds: float) -> None:
        """Makes a message that is reported as failed visible again after so many seconds, not after the queue's own."""
        ...


class WritesExports(Protocol):
    def handle(self, message: TaskMessage, until: datetime) -> float | None: ...


@dataclass(frozen=True, slots=True)
class WebhookWork:
    """Who finds out what is to be told, and who tells it."""

    announcer: Looker
    courier: Courier


@dataclass(frozen=True, slots=True)
class WorkerEntry:
    """`webhooks` and `exporter` make their parts with the first message that needs them."""

    worker: Worker
    writer: WriteWorker
    respondent: AsksWorker
    receipts: Receipts
    clock: Clock
    timings: Timings
    journal: Journal
    webhooks: Callable[[], WebhookWork]
    exporter: Callable[[], WritesExports]

    def handle(self, event: Mapping[str, Any], remaining_seconds: float) -> Any:
        """A question of the API is answered; all else is a batch of messages."""
        if QUESTION in event:
            return self.answer(event)
        return self.handle_batch(event, remaining_seconds)

    def answer(self, event: Mapping[str, Any]) -> Any:
        """The answer as JSON values. Raises msgspec.ValidationError for a question that nobody knows."""
        question = msgspec.convert(dict(event), Question)
        answer: Any
        match question:
            case CheckQuestion():
                answer = self.respondent.check(question)
            case BeginQuestion():
                answer = self.respondent.begin(question)
            case ExchangeQuestion():
                answer = self.respondent.exchange(question)
            case _:
                answer = self.respondent.look_up(question)
        return msgspec.to_builtins(answer)

    def handle_batch(self, event: Mapping[str, Any], remaining_seconds: float) -> dict[str, list[dict[str, str]]]:
        """Works on every message; those that must come back are named in `batchItemFailures` (AWS: SQS with Lambda).

        A message that can never be worked on comes back at once, so that its receives are soon used up and it lies in
        the dead-letter queue, its reason in the log.
        """
        failures = []
        for record in event.get("Records", ()):
            comes_back_in = self._handle(record, remaining_seconds)
            if comes_back_in is not None:
                self._hasten(record, comes_back_in)
                failures.append({"itemIdentifier": str(record["messageId"])})
        return {"batchItemFailures": failures}

    def _hasten(self, record: Mapping[str, Any], seconds: float) -> None:
        """Without it the message comes back all the same, after the queue's own time: no reason to fail the others."""
        try:
            self.receipts.come_back(record, seconds)
        except Exception as error:  # whatever it is, the message is reported as failed
            self.journal.failure("message_not_hastened", error, message=record.get("messageId"))

    def _handle(self, record: Mapping[str, Any], remaining_seconds: float) -> float | None:
        message_id = record.get("messageId")
        slice_seconds = min(self.timings.slice, remaining_seconds - self.timings.http_timeout - SAFETY_SECONDS)
        until = self.clock.now() + timedelta(seconds=max(slice_seconds, 0))
        try:
            return self._work(self.receipts.parse(record["body"]), until)
        except InvalidRequest as error:
            self.journal.event("message_rejected", message=message_id, **error.for_log())
            return 0.0
        except (RetrySoon, StepAside) as error:
            self.journal.event("message_postponed", message=message_id, **error.for_log())
            return self.timings.retry_wait
        except Exception as error:  # the last seam: the message stays, the traceback is in the log
            self.journal.failure("internal", error, message=message_id)
            return self.timings.retry_wait

    def _work(self, message: Message, until: datetime) -> float | None:
        """Gives the seconds after which the message must come back, or None."""
        if isinstance(message, WriteMessage):
            return self.writer.handle(message)
        if isinstance(message, TaskMessage):
            return (self.exporter() if message.run == EXPORT else self.worker).handle(message, until)
        if isinstance(message, LookMessage):
            self.webhooks().announcer.handle(message)
        else:
            self.webhooks().courier.handle(message)
        return None
