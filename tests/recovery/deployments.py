"""Bad code in the place of good, and the letters that it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from operations.redrive import Letter, Redrive
from tests.chaos.mail import DEAD, Mail
from tests.recovery.rig import Rig


@dataclass(frozen=True)
class MailedDeadLetters:
    """The dead letters of both queues, as `operations` sees one of them."""

    mail: Mail

    def receive(self, most: int) -> Sequence[Letter]:
        found: list[Letter] = []
        while len(found) < most and (record := self.mail.sqs.take(DEAD)) is not None:
            found.append(Letter(record["messageId"], record["body"], record["receiptHandle"]))
        return found

    def remove(self, letter: Letter) -> None:
        self.mail.sqs.succeed(letter.receipt)

    def give_back(self, letter: Letter) -> None:
        url = self.mail.sqs.url(DEAD)
        self.mail.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=letter.receipt, VisibilityTimeout=0)


@dataclass(eq=False)
class BrokenCode:
    """What a bad deployment puts in the place of the worker: it dies with every message, before it reads it."""

    rig: Rig
    version: int = 1
    entry: Any = field(init=False)

    def __post_init__(self) -> None:
        self.entry = self

    def handle_batch(self, event: Mapping[str, Any], _seconds: float) -> dict[str, Any]:
        self.rig.failures += 1
        return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in event["Records"]]}


def deploy_badly(rig: Rig) -> Callable[[], None]:
    """From now on workers die at once; gives what takes it back."""
    good = rig.environment

    def environment(kind: str) -> Any:
        return BrokenCode(rig) if kind == "worker" else good(kind)

    rig.idle.clear()
    rig.environment = environment  # type: ignore[method-assign]  # a deployment does just that

    def take_back() -> None:
        rig.idle.clear()
        rig.environment = good  # type: ignore[method-assign]

    return take_back


def redriven(rig: Rig) -> list[str]:
    """What an operator's `redrive` makes of every dead letter: sent, dropped or kept."""
    again = Redrive(MailedDeadLetters(rig.region.mail), rig.desk, per_second=5)
    return [line.done for line in again.do(again.look(100), lambda done, of: None)]
