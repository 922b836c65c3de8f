"""Everything that a deployment keeps and sends, taken in the middle of a night, and put into another one.

What is taken is what lies in AWS: rows as DynamoDB gives them, objects byte for byte, messages as they travel.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from tests.integration.deployment import QUEUES, Deployment

FOLDER = Path(__file__).parent
TABLES = ("control", "records")
BUCKET = "indexes"
SOURCE = "http://source.example"
"""Stands for the simulator's address, which is another each time."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    rows: dict[str, list[dict[str, Any]]]
    objects: dict[str, str]
    messages: dict[str, list[str]]

    def text(self) -> str:
        told = {"rows": self.rows, "objects": self.objects, "messages": self.messages}
        return json.dumps(told, indent=1, sort_keys=True) + "\n"


def stored(name: str) -> Snapshot:
    """A recorded one, by the version of its forms."""
    return Snapshot(**json.loads((FOLDER / f"{name}.json").read_text()))


def taken(system: Deployment) -> Snapshot:
    """What there is now; the messages are gone from their queues with it."""
    rows = {table: _rows(table) for table in TABLES}
    text = json.dumps(rows).replace(system.simulator.url, SOURCE)
    messages = {name: _messages(system.urls[name]) for name in QUEUES}
    return Snapshot(json.loads(text), _objects(), messages)


def restored(system: Deployment, snapshot: Snapshot) -> None:
    """Fills an empty deployment; its messages are handed over by whoever calls this, with `send`."""
    client = boto3.client("dynamodb")
    rows = json.loads(json.dumps(snapshot.rows).replace(SOURCE, system.simulator.url))
    for table, items in rows.items():
        for item in items:
            client.put_item(TableName=table, Item=item)
    for key, content in snapshot.objects.items():
        boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=base64.b64decode(content))
    for name, bodies in snapshot.messages.items():
        for body in bodies:
            boto3.client("sqs").send_message(QueueUrl=system.urls[name], MessageBody=body)


def _rows(table: str) -> list[dict[str, Any]]:
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return sorted(
        (dict(item) for page in pages for item in page["Items"]), key=lambda item: str((item["pk"], item["sk"]))
    )


def _objects() -> dict[str, str]:
    client = boto3.client("s3")
    listed = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {
        each["Key"]: base64.b64encode(client.get_object(Bucket=BUCKET, Key=each["Key"])["Body"].read()).decode()
        for each in listed
    }


def _messages(url: str) -> list[str]:
    client, found = boto3.client("sqs"), []
    while answer := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        found += [message["Body"] for message in answer]
    return sorted(found)
