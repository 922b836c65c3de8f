"""Writes events/: `python -m tests.events.write_events` in the repository's root.

Each is an envelope as it was captured, its changing values replaced by examples, around what today's code sends.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.events.bodies import DATA_TYPES, INTEGRATION, MESSAGES, ORGANISATION, QUESTIONS
from tests.events.shapes import captured

FOLDER = Path(__file__).parents[2] / "events"
STACK, ACCOUNT, HOST = "planster-sync-dev", "123456789012", "a1b2c3d4.execute-api.eu-central-1.amazonaws.com"
QUEUE = f"arn:aws:sqs:eu-central-1:{ACCOUNT}:{STACK}"
MOMENT = "2026-03-29T02:15:00Z"
EPOCH = 1774750500000
"""The same, in milliseconds since 1970."""

EXAMPLES: Mapping[str, Any] = {
    "account": ACCOUNT,
    "accountId": ACCOUNT,
    "apiId": "a1b2c3d4",
    "ApproximateFirstReceiveTimestamp": str(EPOCH + 100),
    "domainName": HOST,
    "host": HOST,
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "messageId": "19dd0b57-b21e-4ac1-bd88-01bbb068cb78",
    "MessageGroupId": ORGANISATION,
    "receiptHandle": "AQEB-example",
    "requestId": "JKJaXmPLvHcESHA=",
    "resources": [f"arn:aws:events:eu-central-1:{ACCOUNT}:rule/{STACK}-tick"],
    "SenderId": f"AROAEXAMPLE:{STACK}-sync-dispatcher",
    "SentTimestamp": str(EPOCH),
    "sourceIp": "192.0.2.1",
    "timeEpoch": EPOCH,
}
"""Instead of what is another with each event, wherever a member of this name stands."""

FORWARDED = {"x-forwarded-for": "192.0.2.1", "x-forwarded-port": "443", "x-forwarded-proto": "https"}
"""What the local cloud leaves out, as `domainPrefix` and, where a browser sends some, `cookies` (AWS: Create AWS Lambda
proxy integrations for HTTP APIs, payload format 2.0)."""
COOKIES = {"page": ["theme=dark"]}


def _example(value: Any) -> Any:
    if isinstance(value, list):
        return [_example(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: EXAMPLES[name] if EXAMPLES.get(name) else _example(inner) for name, inner in value.items()}


def _of_queue(name: str, body: str, envelope: str = "queue") -> dict[str, Any]:
    """A message of the night's queue where it is a task, of the other where it is anything else."""
    event: dict[str, Any] = _example(captured()[envelope])
    (record,) = event["Records"]
    queue = "NightQueue" if name == "sqs_task" else "ManualQueue"
    digest = hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
    record.update(body=body, md5OfBody=digest, eventSourceARN=f"{QUEUE}-{queue}")
    return event


def _of_bus() -> dict[str, Any]:
    """The bus's own event, as the rule puts it into the queue. Rules name no resource in it."""
    body = json.loads(captured()["bus"]["Records"][0]["body"])
    said = {**_example(body), "resources": body["resources"], "time": MOMENT}
    said["detail"] = {"organisation": ORGANISATION, "integration": INTEGRATION}
    return _of_queue("sqs_run_ended", json.dumps(said, separators=(",", ":")), "bus")


def _of_http(envelope: str, body: str | None = None) -> dict[str, Any]:
    event: dict[str, Any] = _example(captured()[envelope])
    event["requestContext"]["time"] = "29/Mar/2026:02:15:00 +0000"
    event["requestContext"]["domainPrefix"] = HOST.partition(".")[0]
    event["headers"].pop("connection", None)
    event["headers"].update(FORWARDED)
    event["cookies"] = COOKIES.get(envelope)
    event = {name: value for name, value in event.items() if value is not None}  # AWS leaves out what is not there
    if body is not None:
        event["body"] = body
        event["headers"]["content-length"] = str(len(body))
    return event


def _of_clock() -> dict[str, Any]:
    return {**_example(captured()["clock"]), "time": MOMENT}


def _made() -> dict[str, Callable[[], Any]]:
    messages = {name: (lambda name=name, body=body: _of_queue(name, body)) for name, body in MESSAGES.items()}
    questions = {name: (lambda asked=asked: copy.deepcopy(asked)) for name, asked in QUESTIONS.items()}
    return {
        "scheduled_tick": _of_clock,
        **messages,
        "sqs_run_ended": _of_bus,
        **questions,
        "http_get": lambda: _of_http("get"),
        "http_post": lambda: _of_http("post", json.dumps(DATA_TYPES)),
        "http_console": lambda: _of_http("page"),
    }


def current() -> dict[str, str]:
    """The text of every file, by its name without the ending."""
    return {name: json.dumps(make(), indent=2) + "\n" for name, make in _made().items()}


if __name__ == "__main__":
    for name, text in current().items():
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
