"""A dead-letter queue of SQS. AWS's own redrive (StartMessageMoveTask) cannot look at what it moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from operations.redrive import HELD, Letter

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

BATCH = 10


@dataclass(frozen=True, slots=True)
class SqsDeadLetters:
    sqs: SQSClient
    url: str

    def receive(self, most: int) -> Sequence[Letter]:
        found: dict[str, Letter] = {}
        while len(found) < most:
            wanted = min(BATCH, most - len(found))
            answer = self.sqs.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=wanted, VisibilityTimeout=HELD, WaitTimeSeconds=1
            )
            fresh = [
                Letter(str(each["MessageId"]), str(each["Body"]), str(each["ReceiptHandle"]))
                for each in answer.get("Messages", ())
            ]
            if not fresh:
                break
            found |= {each.id: each for each in fresh}
        return list(found.values())

    def remove(self, letter: Letter) -> None:
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=letter.receipt)

    def give_back(self, letter: Letter) -> None:
        self.sqs.change_message_visibility(QueueUrl=self.url, ReceiptHandle=letter.receipt, VisibilityTimeout=0)
