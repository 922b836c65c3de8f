"""What Lambda, and whoever connects an integration, do around the functions: events, contexts, secrets, queues."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from benchmarks import deployment
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda tells a handler of its time."""

    seconds: float = 300.0

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


def event_of(body: str, name: str) -> dict[str, Any]:
    """The event in which Lambda's poller hands over one message of the night queue."""
    record = {
        "messageId": name,
        "receiptHandle": name,
        "body": body,
        "eventSourceARN": f"arn:aws:sqs:{deployment.REGION}:000000000000:{deployment.NIGHT_QUEUE}",
    }
    return {"Records": [record]}


def asked(url: str, target: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """One operation of an AWS service in its JSON protocol, unsigned: a counting endpoint looks at no signature."""
    sent = urllib.request.Request(  # noqa: S310  our own server
        f"{url}/", data=json.dumps(request).encode(), headers={"X-Amz-Target": target}
    )
    with urllib.request.urlopen(sent, timeout=60) as answer:  # noqa: S310  our own server
        return json.loads(answer.read())  # type: ignore[no-any-return]


def is_there(url: str, table: str) -> bool:
    try:
        asked(url, "DynamoDB_20120810.DescribeTable", {"TableName": table})
    except urllib.error.HTTPError:
        return False
    return True


def integration(organisation: str, id_: str, upstream: str, **more: Any) -> Integration:
    now = datetime.now(UTC)
    settings = {"base_url": upstream}
    told = {"schedule": Schedule(), "created_at": now, "settings": settings, **more}
    return Integration(organisation, id_, "trackstar", "Benchmark", IntegrationStatus.ACTIVE, **told)


def store_secret(platform: str, organisation: str, id_: str, token: str) -> None:
    name = f"{deployment.PREFIX}/{organisation}/{id_}"
    value = json.dumps({"api_key": "bench", "access_token": token})
    asked(platform, "AmazonSSM.PutParameter", {"Name": name, "Value": value, "Type": "SecureString", "Overwrite": True})
