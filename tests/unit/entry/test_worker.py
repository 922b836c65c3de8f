"""Messages in, partial failures out: whatever goes wrong with one message, the answer names it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from planster_sync.aws.messages import parse_message
from planster_sync.engine.task import Worker
from planster_sync.entry.worker import WorkerEntry
from planster_sync.errors import InvalidRequest, StoreBusy
from planster_sync.model.runs import TaskMessage
from planster_sync.model.timings import Timings
from tests.fakes.clock import ManualClock
from tests.fakes.memory_platform import MemoryJournal

EVENT = json.loads((Path(__file__).parents[3] / "events" / "sqs_task.json").read_text())
MESSAGE = EVENT["Records"][0]["messageId"]


class _Refusing:
    """A worker that knows no run."""

    def handle(self, message: TaskMessage, until: object) -> float | None:
        raise InvalidRequest(f"There is no run {message.run}.")


class _Receipts:
    def __init__(self, *fails_with: Exception) -> None:
        self._fails_with = list(fails_with)
        self.returned: list[float] = []

    def parse(self, body: str) -> TaskMessage:
        return parse_message(body)

    def come_back(self, record: Mapping[str, Any], seconds: float) -> None:
        if self._fails_with:
            raise self._fails_with.pop()
        self.returned.append(seconds)


def _entry(receipts: _Receipts, journal: MemoryJournal) -> WorkerEntry:
    return WorkerEntry(cast(Worker, _Refusing()), receipts, ManualClock(), Timings(), journal)


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
