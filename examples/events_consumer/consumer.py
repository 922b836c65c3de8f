"""Reads Planster Sync's events from a queue and says what a planner's own system would do with each.

As a Lambda function: `handler`, with the queue as its event source and SEEN_TABLE, a DynamoDB table with the key `id`
and TTL on `expires`. On a machine of one's own, until the queue is empty:

    python examples/events_consumer/consumer.py --queue https://sqs.eu-central-1.amazonaws.com/123456789012/planster-events

Events arrive at least once and in any order: what has been done is known by the event's id, and what holds is decided
by its timestamp. Fields that this code does not know are passed over; a version that it does not know is left to a
person.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

SOURCE = "planster.sync"
VERSIONS = frozenset({1})
KEPT_SECONDS = 3 * 24 * 3600
"""An event is tried again for 22 hours; after three days none comes twice."""

Event = Mapping[str, Any]


class Seen(Protocol):
    """Which events were done."""

    def __contains__(self, event: str) -> bool: ...

    def add(self, event: str) -> None: ...


class UnknownVersion(Exception):
    """The event is of a form that this code was not written for."""


def act(event: Event) -> Iterable[str]:
    """What a planner's system would do; one line for each thing."""
    data = event["data"]
    account = f"{data['organisation']}/{data['integration']}"
    if event["type"] == "run.completed":
        changed = {
            data_type: counts["created"] + counts["updated"] + counts["deleted"]
            for read in data["reads"]
            for data_type, counts in read["counts"].items()
        }
        for data_type, count in changed.items():
            if count:
                yield f"{account}: fetch {count} changed {data_type}, then plan again"
    elif event["type"] == "state.changed":
        for change in data["data_types"]:
            stops = change["now"]["health"] == "broken"
            what = "propose no orders from it" if stops else "use it"
            yield f"{account}: {change['data_type']} is {change['now']['state']}; {what}"
    elif event["type"] == "action.needed":
        yield f"{account}: a task for a planner: {data['what']} {data['remedy']}"
    elif event["type"] == "deletion.held":
        for held in data["data_types"]:
            yield f"{account}: ask somebody whether {held['count']} of {held['live']} {held['data_type']} are gone"


def take(body: str, seen: Seen, say: Callable[[str], None]) -> None:
    """One message of the queue: an event as EventBridge hands it over. One that was done is done.

    Raises:
        UnknownVersion: the message stays, for a person to look at.
    """
    envelope = json.loads(body)
    if envelope.get("source") != SOURCE or "version" not in envelope.get("detail", {}):
        return
    event = envelope["detail"]
    if event["version"] not in VERSIONS:
        raise UnknownVersion(f"{event.get('type')} is of version {event['version']}")
    if event["id"] in seen:
        return
    for line in act(event):
        say(line)
    seen.add(event["id"])  # last: an event that was half done is done again


class SeenInDynamo:
    def __init__(self, table: str) -> None:
        import boto3  # noqa: PLC0415  a script of one's own needs no table

        self._table = boto3.resource("dynamodb").Table(table)

    def __contains__(self, event: str) -> bool:
        return "Item" in self._table.get_item(Key={"id": event}, ConsistentRead=True)

    def add(self, event: str) -> None:
        self._table.put_item(Item={"id": event, "expires": int(time.time()) + KEPT_SECONDS})


class SeenInFile:
    def __init__(self, path: str) -> None:
        self._file = sqlite3.connect(path)
        self._file.execute("create table if not exists seen (id text primary key)")

    def __contains__(self, event: str) -> bool:
        return self._file.execute("select 1 from seen where id = ?", (event,)).fetchone() is not None

    def add(self, event: str) -> None:
        with self._file:
            self._file.execute("insert or ignore into seen values (?)", (event,))


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """AWS Lambda, with ReportBatchItemFailures: what failed comes back, and goes to the dead letters in the end."""
    seen, failed = SeenInDynamo(os.environ["SEEN_TABLE"]), []
    for record in event["Records"]:
        try:
            take(record["body"], seen, print)
        except Exception as error:  # one message must not hold up the others
            print(f"{record['messageId']}: {type(error).__name__}: {error}")
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def drain(queue: str, seen: Seen, say: Callable[[str], None]) -> int:
    """Everything that waits; gives how many messages were taken."""
    import boto3  # noqa: PLC0415

    sqs, taken = boto3.client("sqs"), 0
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages"):
        for message in messages:
            take(message["Body"], seen, say)
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            taken += 1
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--queue", required=True, help="the queue's address")
    parser.add_argument("--seen", default="planster-events.db", help="the file that remembers what was done")
    asked = parser.parse_args()
    print(f"{drain(asked.queue, SeenInFile(asked.seen), print)} messages")


if __name__ == "__main__":
    main()
