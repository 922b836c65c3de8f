"""What the API answers, as far as this client looks at it; `document` of an answer is all of it, as it came.

Words are plain texts and unknown fields are let through: an API that learns a new word breaks no client.
Times are UTC; a null is unknown, never 0.
"""

from planster_client.answers.base import Accepted, Answer, Trouble
from planster_client.answers.connecting import Begun, Connected, Connector, ConnectorList
from planster_client.answers.decisions import (
    Decided,
    Delivery,
    HeldDeletion,
    HeldList,
    SetAside,
    Settings,
    Trial,
    Webhook,
    WebhookList,
    WebhookProblem,
    Write,
)
from planster_client.answers.numbers import (
    Adjustment,
    AdjustmentHistory,
    AdjustmentMade,
    BulkAdjustment,
    Check,
    Definition,
    Difference,
    Finding,
    LastChange,
    LineChange,
    LineError,
    Verification,
    Verified,
)
from planster_client.answers.runs import FINAL, GOOD, Counts, Expectation, Progress, Run, SyncAccepted, Task
from planster_client.answers.states import Action, DataType, HeldShare, Integration, StatusPage, Waiting

__all__ = [
    "FINAL",
    "GOOD",
    "Accepted",
    "Action",
    "Adjustment",
    "AdjustmentHistory",
    "AdjustmentMade",
    "Answer",
    "Begun",
    "BulkAdjustment",
    "Check",
    "Connected",
    "Connector",
    "ConnectorList",
    "Counts",
    "DataType",
    "Decided",
    "Definition",
    "Delivery",
    "Difference",
    "Expectation",
    "Finding",
    "HeldDeletion",
    "HeldList",
    "HeldShare",
    "Integration",
    "LastChange",
    "LineChange",
    "LineError",
    "Progress",
    "Run",
    "SetAside",
    "Settings",
    "StatusPage",
    "SyncAccepted",
    "Task",
    "Trial",
    "Trouble",
    "Verification",
    "Verified",
    "Waiting",
    "Webhook",
    "WebhookList",
    "WebhookProblem",
    "Write",
]
