"""Messages in, partial failures out: whatever goes wrong with one message, the answer names it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from planster_sync.aws.messages import delivery_body, look_body, parse_message, write_body
from planster_sync.engine.task import Worker
from planster_sync.engine.write_back import WriteWorker
from planster_sync.entry.worker import Message, WebhookWork, WorkerEntry
from planster_sync.errors import InvalidRequest, StoreBusy
from planster_sync.model.runs import Problem, TaskMessage
from planster_sync.model.timings import Timings
from planster_sync.model.webhooks import DeliveryMessage, LookMessage
from planster_sync.ports.connecting import BeginAnswer, BeginQuestion, ExchangeAnswer, ExchangeQuestion
from planster_sync.ports.questions import CheckAnswer, CheckQuestion, LookUpAnswer, LookUpQuestion, Sighting
from planster_sync.ports.write_backs import WriteMessage
from tests.fakes.clock import ManualClock
from tests.fakes.memory_platform import MemoryJournal
from tests.fakes.webhook_office import Office

EVENT = json.loads((Path(__file__).parents[3] / "events" / "sqs_task.json").read_text())
MESSAGE = EVENT["Records"][0]["messageId"]


class _Refusing:
    """A worker that knows no run."""

    def handle(self, message: TaskMessage, until: object) -> float | None:
        raise InvalidRequest(f"There is no run {message.run}.")


class _Writing:
    """Notes what it is handed, and wants it back after a while."""

    def __init__(self) -> None:
        self.handed: list[WriteMessage] = []

    def handle(self, message: WriteMessage) -> float | None:
        self.handed.append(message)
        return 42.0


class _Receipts:
    def __init__(self, *fails_with: Exception) -> None:
        self._fails_with = list(fails_with)
        self.returned: list[float] = []

    def parse(self, body: str) -> Message:
        return parse_message(body)

    def come_back(self, record: Mapping[str, Any], seconds: float) -> None:
        if self._fails_with:
            raise self._fails_with.pop()
        self.returned.append(seconds)


def _entry(
    receipts: _Receipts, journal: MemoryJournal, writing: _Writing | None = None, webhooks: WebhookWork | None = None
) -> WorkerEntry:
    writer = cast(WriteWorker, writing or _Writing())
    office = Office()
    work = webhooks or WebhookWork(office.announcer, office.courier)
    return WorkerEntry(
        cast(Worker, _Refusing()),
        writer,
        _Answering(),
        receipts,
        ManualClock(),
        Timings(),
        journal,
        lambda: work,
        _Refusing,
    )


class _Answering:
    """Knows an account that works, and a source without records."""

    def check(self, question: CheckQuestion) -> CheckAnswer:
        return CheckAnswer(None, {question.integration: None})

    def look_up(self, question: LookUpQuestion) -> LookUpAnswer:
        return LookUpAnswer("", tuple(Sighting(source, is_there=False) for source in question.sources))

    def begin(self, question: BeginQuestion) -> BeginAnswer:
        return BeginAnswer(address=f"https://vendor.test/?state={question.state}")

    def exchange(self, question: ExchangeQuestion) -> ExchangeAnswer:
        return ExchangeAnswer(Problem("credentials_rejected", question.code, "", retryable=False))


def test_a_question_is_answered_and_taken_for_no_batch() -> None:
    entry = _entry(_Receipts(), MemoryJournal())
    place = {"organisation": "org1", "integration": "int1"}

    checked = entry.handle({"ask": "check", **place}, 300)
    seen = entry.handle({"ask": "look_up", **place, "read": "orders", "sources": ["o1"]}, 300)

    assert checked == {"problem": None, "reads": {"int1": None}}
    assert [sighting["source"] for sighting in seen["sightings"]] == ["o1"]
    consent = {**place, "connector": "toy", "way": "oauth", "state": "s"}
    assert entry.handle({"ask": "begin", **consent}, 300)["address"] == "https://vendor.test/?state=s"
    assert entry.handle({"ask": "exchange", **consent, "code": "c"}, 300)["problem"]["what"] == "c"
    assert entry.handle({"Records": []}, 300) == {"batchItemFailures": []}


@pytest.mark.parametrize("question", [{"ask": "secrets"}, {"ask": "check"}, {"ask": "look_up", "read": 1}])
def test_a_question_that_nobody_knows_is_refused(question: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        _entry(_Receipts(), MemoryJournal()).handle(question, 300)


def test_a_message_that_can_never_be_worked_on_comes_back_at_once_with_its_reason_in_the_log() -> None:
    receipts, journal = _Receipts(), MemoryJournal()

    answer = _entry(receipts, journal).handle_batch(EVENT, 300)

    assert answer == {"batchItemFailures": [{"itemIdentifier": MESSAGE}]}
    assert receipts.returned == [0.0]
    assert [fields["code"] for fields in journal.named("message_rejected")] == ["invalid_request"]


def test_a_message_whose_way_back_is_blocked_is_reported_all_the_same() -> None:
    journal = MemoryJournal()

    answer = _entry(_Receipts(StoreBusy("The task queue is busy.")), journal).handle_batch(EVENT, 300)

    assert answer == {"batchItemFailures": [{"itemIdentifier": MESSAGE}]}
    assert len(journal.named("message_not_hastened")) == 1


def test_a_write_backs_message_goes_to_the_writer_and_comes_back_when_it_says() -> None:
    writing, receipts = _Writing(), _Receipts()
    message = WriteMessage("acme", "main", "PO-1")
    event = {"Records": [{**EVENT["Records"][0], "body": write_body(message)}]}

    answer = _entry(receipts, MemoryJournal(), writing).handle_batch(event, 300)

    assert writing.handed == [message]
    assert answer == {"batchItemFailures": [{"itemIdentifier": MESSAGE}]}
    assert receipts.returned == [42.0]


def test_a_run_that_has_ended_is_looked_at_and_what_is_found_is_delivered() -> None:
    office = Office()
    office.world.source.fill(3)
    office.register()
    office.world.night()
    work = WebhookWork(office.announcer, office.courier)
    ended = {
        "source": "planster.sync",
        "detail-type": "sync run finished",
        "detail": {"organisation": "org1", "integration": "int1", "run": "r", "status": "succeeded"},
    }

    first = _handled(json.dumps(ended), work)
    found = [sent.message for sent in office.queue.drain()]
    rest = [_handled(delivery_body(each), work) for each in found if isinstance(each, DeliveryMessage)]

    assert [first, *rest] == [{"batchItemFailures": []}] * 3
    assert sorted(each.kind.value for each in office.post.sent) == ["run.completed", "state.changed"]


def test_a_look_at_an_organisation_without_webhooks_is_done_at_once() -> None:
    office = Office()

    answer = _handled(look_body(LookMessage("org1")), WebhookWork(office.announcer, office.courier))

    assert (answer, office.queue.sent) == ({"batchItemFailures": []}, [])


def _handled(body: str, webhooks: WebhookWork) -> Any:
    entry = _entry(_Receipts(), MemoryJournal(), webhooks=webhooks)
    return entry.handle_batch({"Records": [{**EVENT["Records"][0], "body": body}]}, 300)
