"""Both task queues and their dead letters, with what SQS may do to a message: twice, late, in any order, or purged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.chaos.hub import START, Hub
from tests.chaos.perils import Perils
from tests.fakes.simulated_sqs import Message, QueueLayout, SimulatedSQS

QUEUES = ("night", "manual")
DEAD = "dead"
RECEIVES = 5


@dataclass(frozen=True, slots=True)
class TrueClock:
    """The world's own time, that no process's clock has any part in."""

    hub: Hub

    def now(self) -> datetime:
        return self.hub.moment

    def wait(self, seconds: float) -> None:
        self.hub.pause(seconds)


class Mail:
    """`arrived` is told, in virtual seconds, when a message can be taken."""

    def __init__(self, hub: Hub, perils: Perils, visibility: float, arrived: Callable[[float], None]) -> None:
        self._hub = hub
        self._perils = perils
        self._arrived = arrived
        layouts = [QueueLayout(name, visibility, RECEIVES, DEAD) for name in QUEUES]
        self.sqs = SimulatedSQS(
            *layouts, QueueLayout(DEAD, visibility), clock=TrueClock(hub), choose=self._choice, after=self._heard
        )
        self.sent = self.done = self.purged = 0

    def take(self, queue: str) -> dict[str, Any] | None:
        record = self.sqs.take(queue)
        if record is None:
            return None
        self._wake(queue)
        if self._perils.happens("duplicate_message"):
            delay = self._perils.random.choice((0.0, 0.5, 100.0, 450.0, 4000.0))
            self._hub.at(self._hub.now + delay, lambda: self._again(queue, record["receiptHandle"]))
        return record

    def succeed(self, queue: str, receipt: str) -> None:
        before = len(self.sqs.waiting(queue))
        self.sqs.succeed(receipt)
        self.done += before - len(self.sqs.waiting(queue))

    def purge(self) -> None:
        for queue in QUEUES:
            self.purged += len(self.sqs.waiting(queue))
            self.sqs.purge(queue)

    def redrive(self) -> None:
        """Sends every dead letter back, and each of them once more."""
        for message in self.sqs.waiting(DEAD):
            entry = {"Id": "0", "MessageBody": message.body, "DelaySeconds": 0}
            self.sqs.send_message_batch(QueueUrl=self.sqs.url(str(message.came_from)), Entries=[entry])
        self.sqs.redrive(DEAD)
        for queue in QUEUES:
            self._wake(queue)

    @property
    def dead(self) -> Sequence[Message]:
        return self.sqs.waiting(DEAD)

    @property
    def is_empty(self) -> bool:
        return not any(self.sqs.waiting(queue) for queue in QUEUES)

    @property
    def is_conserved(self) -> bool:
        """Whether every message that was sent is done, dead, purged or still there."""
        there = sum(len(self.sqs.waiting(queue)) for queue in (*QUEUES, DEAD))
        return self.sent == self.done + self.purged + there

    def _again(self, queue: str, receipt: str) -> None:
        self.sqs.deliver_again(receipt)
        self.sent += 1
        self._wake(queue)

    def _heard(self, operation: str, request: Mapping[str, Any]) -> None:
        queue = str(request["QueueUrl"]).rpartition("/")[2]
        if operation == "SendMessageBatch":
            fresh = self.sqs.waiting(queue)[-len(request["Entries"]) :]
            self.sent += len(request["Entries"])
            for message in fresh:
                if self._perils.happens("delay_message"):
                    longest = self._perils.random.choice((5.0, 300.0, 3000.0, 43_200.0))
                    message.visible_at += timedelta(seconds=self._perils.random.random() * longest)
        self._wake(queue)

    def _wake(self, queue: str) -> None:
        for message in self.sqs.waiting(queue):
            self._arrived(max((message.visible_at - START).total_seconds(), self._hub.now))

    def _choice(self, visible: Sequence[Message]) -> int:
        if len(visible) > 1 and self._perils.happens("reorder_messages"):
            return self._perils.random.randrange(len(visible))
        return 0
