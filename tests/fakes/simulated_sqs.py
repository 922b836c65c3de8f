"""Standard SQS queues as boto3's client and as Lambda's poller see them, on a given clock and a given choice.

At least once and in any order: what is visible is taken in the order that `choose` says; `deliver_again` makes the
second delivery that a standard queue may make. Nothing else goes wrong by itself. Held to the same assertions as moto
and the emulator, in tests/contract/aws. Source: Amazon SQS Developer Guide and API Reference.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import md5
from typing import Any

from botocore.exceptions import ClientError

from planster_sync.ports.platform import Clock
from tests.fakes.simulated_errors import client_error

BATCH = 10
LONGEST_DELAY = 900
LONGEST_VISIBILITY = 43_200
LARGEST_MESSAGE = 1024 * 1024

Before = Callable[[str, Mapping[str, Any]], Collection[int]]
"""Hears of each request before it acts. Gives the places of a batch's entries to fail; may raise instead."""

After = Callable[[str, Mapping[str, Any]], None]
"""Hears of each request that has acted. Raises to lose the answer."""


class MessageNotInflight(ClientError):
    pass


class ReceiptHandleIsInvalid(ClientError):
    pass


class Exceptions:
    """As the attribute `exceptions` of boto3's client."""

    MessageNotInflight = MessageNotInflight
    ReceiptHandleIsInvalid = ReceiptHandleIsInvalid


@dataclass(frozen=True, slots=True)
class QueueLayout:
    """`visibility` in seconds. After `max_receives` receives a message goes to the queue named `dead_letters`."""

    name: str
    visibility: float
    max_receives: int | None = None
    dead_letters: str | None = None


@dataclass(slots=True, eq=False)
class Message:
    """`receipts` are all that were given out, the newest last. Two deliveries of one message are two of these."""

    id: str
    body: str
    group: str | None
    sent_at: datetime
    visible_at: datetime
    receives: int = 0
    first_received_at: datetime | None = None
    receipts: list[str] = field(default_factory=list)
    came_from: str | None = None


@dataclass(slots=True)
class _Queue:
    layout: QueueLayout
    messages: list[Message] = field(default_factory=list)


def _nothing_failed(_operation: str, _request: Mapping[str, Any]) -> Collection[int]:
    return ()


def _unheard(_operation: str, _request: Mapping[str, Any]) -> None:
    return None


def _oldest(_visible: Sequence[Message]) -> int:
    return 0


class SimulatedSQS:
    """`choose` picks one of the visible messages, oldest first; the default takes the oldest."""

    exceptions = Exceptions

    def __init__(
        self,
        *queues: QueueLayout,
        clock: Clock,
        choose: Callable[[Sequence[Message]], int] = _oldest,
        before: Before = _nothing_failed,
        after: After = _unheard,
    ) -> None:
        self._clock = clock
        self._choose = choose
        self._before = before
        self._after = after
        self._queues = {layout.name: _Queue(layout) for layout in queues}
        self._by_receipt: dict[str, tuple[_Queue, Message]] = {}
        self._made = 0

    def url(self, queue: str) -> str:
        return f"https://sqs.eu-central-1.amazonaws.com/123456789012/{self._queues[queue].layout.name}"

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: N803
        request = {"QueueUrl": QueueUrl, "Entries": Entries}
        failed = self._before("SendMessageBatch", request)
        queue = self._at("SendMessageBatch", QueueUrl)
        _check_batch(Entries)
        answer: dict[str, Any] = {"Successful": [], "Failed": []}
        for place, entry in enumerate(Entries):
            refusal = "InternalError" if place in failed else _wrong(entry)
            if refusal is not None:
                answer["Failed"].append({"Id": entry["Id"], "Code": refusal, "SenderFault": place not in failed})
                continue
            message = self._new(queue, entry)
            answer["Successful"].append({"Id": entry["Id"], "MessageId": message.id})
        self._after("SendMessageBatch", request)
        return {name: entries for name, entries in answer.items() if entries}

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> dict[str, Any]:  # noqa: N803
        """Counted from now; 0 makes the message visible at once."""
        operation = "ChangeMessageVisibility"
        request = {"QueueUrl": QueueUrl, "ReceiptHandle": ReceiptHandle, "VisibilityTimeout": VisibilityTimeout}
        self._before(operation, request)
        queue = self._at(operation, QueueUrl)
        if not 0 <= VisibilityTimeout <= LONGEST_VISIBILITY:
            message = f"Value {VisibilityTimeout} for parameter VisibilityTimeout is invalid."
            raise client_error(operation, "InvalidParameterValue", message)
        there = self._by_receipt.get(ReceiptHandle)
        if there is None:
            raise ReceiptHandleIsInvalid(
                {"Error": {"Code": "ReceiptHandleIsInvalid", "Message": "The input receipt handle is invalid."}},
                operation,
            )
        message_of = there[1]
        if message_of not in queue.messages:
            raise client_error(operation, "InvalidParameterValue", _gone(ReceiptHandle))
        if message_of.visible_at <= self._clock.now():
            raise MessageNotInflight(
                {"Error": {"Code": "MessageNotInflight", "Message": "The message referred to is not in flight."}},
                operation,
            )
        message_of.visible_at = self._clock.now() + timedelta(seconds=VisibilityTimeout)
        self._after(operation, request)
        return {}

    def take(self, queue: str) -> dict[str, Any] | None:
        """Receives one message as a record of Lambda's SQS event, or None where nothing is visible."""
        there = self._queues[queue]
        while True:
            now = self._clock.now()
            visible = [message for message in there.messages if message.visible_at <= now]
            if not visible:
                return None
            message = visible[self._choose(visible)]
            if not self._buried(there, message):
                return self._received(there, message, now)

    def succeed(self, receipt: str) -> None:
        """Deletes a message, as Lambda does after its handler; one that was deleted before stays so.

        A receipt that is not the message's newest deletes nothing, as SQS may choose to do.
        """
        queue, message = self._by_receipt[receipt]
        if message.receipts[-1] == receipt and message in queue.messages:
            queue.messages.remove(message)

    def deliver_again(self, receipt: str) -> None:
        """Makes a second delivery of a message, beside the first, that the first's deletion does not take back."""
        queue, message = self._by_receipt[receipt]
        twin = Message(message.id, message.body, message.group, message.sent_at, self._clock.now(), message.receives)
        queue.messages.append(twin)

    def purge(self, queue: str) -> None:
        self._queues[queue].messages.clear()

    def redrive(self, dead_letters: str) -> int:
        """Sends every message of a dead-letter queue anew to where it came from; SQS gives them new ids and times."""
        there = self._queues[dead_letters]
        moved = [message for message in there.messages if message.came_from is not None]
        for message in moved:
            there.messages.remove(message)
            entry = {"MessageBody": message.body, "MessageGroupId": message.group}
            self._new(self._queues[str(message.came_from)], entry)
        return len(moved)

    def waiting(self, queue: str) -> Sequence[Message]:
        """Every message that is not deleted, in flight or delayed ones too."""
        return tuple(self._queues[queue].messages)

    def next_visible(self, queue: str) -> datetime | None:
        """When the next message can be taken; a moment that is past says that one can be now."""
        return min((message.visible_at for message in self._queues[queue].messages), default=None)

    def _buried(self, queue: _Queue, message: Message) -> bool:
        """Moves a message that was received too often to the dead letters, when it would be received again."""
        most, target = queue.layout.max_receives, queue.layout.dead_letters
        if most is None or target is None or message.receives < most:
            return False
        queue.messages.remove(message)
        message.came_from = queue.layout.name
        self._queues[target].messages.append(message)
        return True

    def _received(self, queue: _Queue, message: Message, now: datetime) -> dict[str, Any]:
        self._made += 1
        receipt = f"receipt-{self._made}"
        message.receives += 1
        message.first_received_at = message.first_received_at or now
        message.visible_at = now + timedelta(seconds=queue.layout.visibility)
        message.receipts.append(receipt)
        self._by_receipt[receipt] = (queue, message)
        return _record(queue.layout.name, message)

    def _new(self, queue: _Queue, entry: Mapping[str, Any]) -> Message:
        self._made += 1
        now = self._clock.now()
        visible_at = now + timedelta(seconds=entry.get("DelaySeconds", 0))
        message = Message(f"message-{self._made}", entry["MessageBody"], entry.get("MessageGroupId"), now, visible_at)
        queue.messages.append(message)
        return message

    def _at(self, operation: str, url: str) -> _Queue:
        queue = self._queues.get(url.rpartition("/")[2])
        if queue is None:
            code = "AWS.SimpleQueueService.NonExistentQueue"
            raise client_error(operation, code, "The specified queue does not exist.")
        return queue


def _record(queue: str, message: Message) -> dict[str, Any]:
    attributes = {
        "ApproximateReceiveCount": str(message.receives),
        "SentTimestamp": _millis(message.sent_at),
        "SenderId": "AROAEXAMPLE",
        "ApproximateFirstReceiveTimestamp": _millis(message.first_received_at or message.sent_at),
    }
    if message.group is not None:
        attributes["MessageGroupId"] = message.group
    if message.came_from is not None:
        attributes["DeadLetterQueueSourceArn"] = _arn(message.came_from)
    return {
        "messageId": message.id,
        "receiptHandle": message.receipts[-1],
        "body": message.body,
        "attributes": attributes,
        "messageAttributes": {},
        "md5OfBody": md5(message.body.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": _arn(queue),
        "awsRegion": "eu-central-1",
    }


def _check_batch(entries: Sequence[Mapping[str, Any]]) -> None:
    wrong = None
    if not entries:
        wrong = "EmptyBatchRequest"
    elif len(entries) > BATCH:
        wrong = "TooManyEntriesInBatchRequest"
    elif len({entry["Id"] for entry in entries}) < len(entries):
        wrong = "BatchEntryIdsNotDistinct"
    elif sum(len(entry["MessageBody"].encode()) for entry in entries) > LARGEST_MESSAGE:
        wrong = "BatchRequestTooLong"
    if wrong is not None:
        raise client_error("SendMessageBatch", f"AWS.SimpleQueueService.{wrong}", "The batch request is not valid.")


def _wrong(entry: Mapping[str, Any]) -> str | None:
    delay = entry.get("DelaySeconds", 0)
    return None if entry["MessageBody"] and 0 <= delay <= LONGEST_DELAY else "InvalidParameterValue"


def _gone(receipt: str) -> str:
    return (
        f"Value {receipt} for parameter ReceiptHandle is invalid. "
        "Reason: Message does not exist or is not available for visibility timeout change."
    )


def _arn(queue: str) -> str:
    return f"arn:aws:sqs:eu-central-1:123456789012:{queue}"


def _millis(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
