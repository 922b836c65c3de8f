"""What our own code puts into the envelopes: messages as it sends them, and questions as it asks them."""

from __future__ import annotations

from typing import Any

import msgspec

from planster_sync.aws.messages import delivery_body, look_body, message_body, write_body
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import EXPORT, Lane, TaskMessage
from planster_sync.model.webhooks import DeliveryMessage, LookMessage
from planster_sync.ports.questions import CheckQuestion, LookUpQuestion, Question
from planster_sync.ports.write_backs import WriteMessage

ORGANISATION, INTEGRATION = "alder", "int-1"
RUN = "20260329T020000Z"
"""That of the slot which the scheduled tick finds due: 02:00 UTC, as schedules are where nobody chose."""
READ = str(DataType.INVENTORY_LEVELS)
DATA_TYPES = {"data_types": [READ]}

MESSAGES = {
    "sqs_task": message_body(TaskMessage(ORGANISATION, INTEGRATION, RUN, READ, 0, Lane.NIGHT)),
    "sqs_export": message_body(TaskMessage(ORGANISATION, INTEGRATION, EXPORT, "exp-1", 0, Lane.MANUAL)),
    "sqs_write_back": write_body(WriteMessage(ORGANISATION, INTEGRATION, "PO-1")),
    "sqs_webhook_delivery": delivery_body(DeliveryMessage(ORGANISATION, "hook-1", "delivery-1")),
    "sqs_webhook_look": look_body(LookMessage(ORGANISATION)),
}


def _asked(question: Question) -> Any:
    return msgspec.json.decode(msgspec.json.encode(question))


QUESTIONS = {
    "question_check": _asked(CheckQuestion(ORGANISATION, INTEGRATION)),
    "question_look_up": _asked(LookUpQuestion(ORGANISATION, INTEGRATION, READ, ("item-1",))),
}
