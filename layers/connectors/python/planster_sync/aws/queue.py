"""The two task queues on SQS, and the way back of a message that a worker could not finish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from planster_sync.aws.failures import Asking, Retries, code_of
from planster_sync.aws.messages import Message, delivery_body, look_body, message_body, parse_message, write_body
from planster_sync.model.runs import Lane, TaskMessage
from planster_sync.model.webhooks import DeliveryMessage, LookMessage
from planster_sync.ports.write_backs import WriteMessage
from planster_sync.wire.endpoint import Endpoint, Refused

BATCH = 10
LONGEST_DELAY = 900
LONGEST_VISIBILITY = 43_200
LONGEST_GROUP = 128
_BUSY = "The task queue is busy."
_RUN_OUT = frozenset({"InvalidParameterValue", "MessageNotInflight", "ReceiptHandleIsInvalid"})


class SqsTaskQueue:
    """Each message carries its organisation as message group: on standard queues SQS then serves tenants fairly.

    Source: Amazon SQS Developer Guide, "Amazon SQS fair queues".
    """

    def __init__(self, endpoint: Endpoint, urls: Mapping[Lane, str], retries: Retries) -> None:
        self._asking = Asking(endpoint, retries, _BUSY)
        self._urls = dict(urls)
        self._retries = retries

    def send(self, messages: Sequence[TaskMessage], *, lane: Lane, delay_seconds: float = 0) -> None:
        bodies = [(message.organisation, message_body(message)) for message in messages]
        self._send_all(self._urls[lane], bodies, delay_seconds)

    def send_writes(self, messages: Sequence[WriteMessage], *, delay_seconds: float = 0) -> None:
        """Through the manual queue: a planner waits, and whoever may sync by hand may send these."""
        bodies = [(message.organisation, write_body(message)) for message in messages]
        self._send_all(self._urls[Lane.MANUAL], bodies, delay_seconds)

    def send_deliveries(self, messages: Sequence[DeliveryMessage], *, delay_seconds: float = 0) -> None:
        """Through the manual queue, too: no night's reads stand before them, nor they before those."""
        bodies = [(message.organisation, delivery_body(message)) for message in messages]
        self._send_all(self._urls[Lane.MANUAL], bodies, delay_seconds)

    def send_looks(self, messages: Sequence[LookMessage]) -> None:
        bodies = [(message.organisation, look_body(message)) for message in messages]
        self._send_all(self._urls[Lane.MANUAL], bodies, 0)

    def _send_all(self, url: str, bodies: Sequence[tuple[str, str]], delay_seconds: float) -> None:
        delay = min(LONGEST_DELAY, max(0, ceil(delay_seconds)))
        for start in range(0, len(bodies), BATCH):
            self._send_batch(url, bodies[start : start + BATCH], delay)

    def _send_batch(self, url: str, bodies: Sequence[tuple[str, str]], delay: int) -> None:
        waiting: dict[str, Any] = {
            str(place): {
                "Id": str(place),
                "MessageBody": body,
                "MessageGroupId": organisation[:LONGEST_GROUP],
                "DelaySeconds": delay,
            }
            for place, (organisation, body) in enumerate(bodies)
        }
        for _ in self._retries.rounds(_BUSY):
            answer = self._asking.once("SendMessageBatch", {"QueueUrl": url, "Entries": list(waiting.values())})
            if answer is None:
                continue
            waiting = {failed["Id"]: waiting[failed["Id"]] for failed in answer.get("Failed", [])}
            if not waiting:
                return


class SqsReceipts:
    """Received messages, as Lambda's SQS event carries them."""

    def __init__(self, endpoint: Endpoint, urls: Mapping[Lane, str], retries: Retries) -> None:
        self._asking = Asking(endpoint, retries, _BUSY)
        self._by_name = {url.rpartition("/")[2]: url for url in urls.values()}

    def parse(self, body: str) -> Message:
        return parse_message(body)

    def come_back(self, record: Mapping[str, Any], seconds: float) -> None:
        """A message whose receipt has run out stays as it is: it is visible again by itself."""
        wanted = {
            "QueueUrl": self._by_name[str(record["eventSourceARN"]).rpartition(":")[2]],
            "ReceiptHandle": record["receiptHandle"],
            "VisibilityTimeout": min(LONGEST_VISIBILITY, max(0, ceil(seconds))),
        }
        try:
            self._asking.until_answered("ChangeMessageVisibility", wanted)
        except Refused as refused:
            if code_of(refused) not in _RUN_OUT:
                raise
