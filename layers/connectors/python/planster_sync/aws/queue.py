"""The two task queues on SQS, and the way back of a message that a worker could not finish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

from planster_sync.aws.failures import PartialRetries, busy_as_store_busy
from planster_sync.aws.messages import message_body, parse_message
from planster_sync.model.runs import Lane, TaskMessage

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

BATCH = 10
LONGEST_DELAY = 900
LONGEST_VISIBILITY = 43_200
LONGEST_GROUP = 128
_BUSY = "The task queue is busy."


class SqsTaskQueue:
    """Each message carries its organisation as message group: on standard queues SQS then serves tenants fairly.

    Source: Amazon SQS Developer Guide, "Amazon SQS fair queues".
    """

    def __init__(self, client: SQSClient, urls: Mapping[Lane, str], retries: PartialRetries) -> None:
        self._client = client
        self._urls = dict(urls)
        self._retries = retries

    def send(self, messages: Sequence[TaskMessage], *, lane: Lane, delay_seconds: float = 0) -> None:
        delay = min(LONGEST_DELAY, max(0, ceil(delay_seconds)))
        for start in range(0, len(messages), BATCH):
            self._send_batch(self._urls[lane], messages[start : start + BATCH], delay)

    def _send_batch(self, url: str, messages: Sequence[TaskMessage], delay: int) -> None:
        waiting: dict[str, Any] = {
            str(place): {
                "Id": str(place),
                "MessageBody": message_body(message),
                "MessageGroupId": message.organisation[:LONGEST_GROUP],
                "DelaySeconds": delay,
            }
            for place, message in enumerate(messages)
        }
        for _ in self._retries.rounds(_BUSY):
            with busy_as_store_busy(_BUSY):
                answer = self._client.send_message_batch(QueueUrl=url, Entries=list(waiting.values()))
            waiting = {failed["Id"]: waiting[failed["Id"]] for failed in answer.get("Failed", [])}
            if not waiting:
                return


class SqsReceipts:
    """Received messages, as Lambda's SQS event carries them."""

    def __init__(self, client: SQSClient, urls: Mapping[Lane, str]) -> None:
        self._client = client
        self._by_name = {url.rpartition("/")[2]: url for url in urls.values()}

    def parse(self, body: str) -> TaskMessage:
        return parse_message(body)

    def come_back(self, record: Mapping[str, Any], seconds: float) -> None:
        """A message whose receipt has run out stays as it is: it is visible again by itself."""
        url = self._by_name[str(record["eventSourceARN"]).rpartition(":")[2]]
        try:
            with busy_as_store_busy(_BUSY):
                self._client.change_message_visibility(
                    QueueUrl=url,
                    ReceiptHandle=record["receiptHandle"],
                    VisibilityTimeout=min(LONGEST_VISIBILITY, max(0, ceil(seconds))),
                )
        except (self._client.exceptions.MessageNotInflight, self._client.exceptions.ReceiptHandleIsInvalid):
            return
