"""What each function asks of AWS while it runs, under the role that it has, as IAM would see it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.security.policies import ACCOUNT, REGION, ROLES, Call, Grant, allowing
from tests.security.sealed_system import SealedSystem

_ACTIONS = {
    "SendMessageBatch": "SendMessage",
    "Invoke": "InvokeFunction",
    "ListObjectsV2": "ListBucket",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
}
"""AWS: Service Authorization Reference, where an operation needs an action of another name."""
_EXPRESSIONS = ("UpdateExpression", "ConditionExpression", "KeyConditionExpression", "ProjectionExpression")
_NAME = re.compile(r"(?<![:#\w.])[a-z_][A-Za-z0-9_]*(?![\w(])")
_WORDS = {"and", "or", "not", "between", "in"}


@dataclass
class Recorded:
    """`calls` counts by role; `refused` are those that no grant of the role covers."""

    calls: dict[str, Counter[Call]] = field(default_factory=lambda: {role: Counter() for role in ROLES})
    used: dict[str, Counter[Grant]] = field(default_factory=lambda: {role: Counter() for role in ROLES})
    refused: dict[str, set[str]] = field(default_factory=lambda: {role: set() for role in ROLES})

    def note(self, role: str, call: Call) -> None:
        self.calls[role][call] += 1
        covering = allowing(role, call)
        self.used[role].update(covering)
        if not covering:
            told = {key: sorted(values) for key, values in call.context.items()}
            self.refused[role].add(f"{call.action} on {call.resource} with {told}")


@contextmanager
def recorded(system: SealedSystem) -> Iterator[Recorded]:
    """While a handler runs, what it asks for is its own; a handler that waits for another has no part in it."""
    found = Recorded()

    def note(service: str, operation: str, asked: Mapping[str, Any]) -> None:
        for call in calls_of(service, operation, asked) if system.running else ():
            found.note(system.running[-1], call)

    system.aws.note = note
    yield found


def calls_of(service: str, operation: str, asked: Mapping[str, Any]) -> list[Call]:
    """What IAM is asked for one operation."""
    if service == "dynamodb":
        return _table_calls(operation, asked)
    action = f"{service}:{_ACTIONS.get(operation, operation)}"
    return [Call(action, resource) for resource in _resources(service, asked)]


_HERE = f"{REGION}:{ACCOUNT}"
_RESOURCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "sqs": lambda asked: f"arn:aws:sqs:{_HERE}:{asked['QueueUrl'].rpartition('/')[2]}",
    "ssm": lambda asked: f"arn:aws:ssm:{_HERE}:parameter{asked['Name'].partition(':')[0]}",
    "s3": lambda asked: f"arn:aws:s3:::indexes/{asked['Key']}" if asked["Key"] else "arn:aws:s3:::indexes",
    "sns": lambda asked: str(asked["TopicArn"]),
    "lambda": lambda asked: f"arn:aws:lambda:{_HERE}:function:{asked['FunctionName']}",
    "secretsmanager": lambda asked: str(asked["SecretId"]),
}


def _resources(service: str, asked: Mapping[str, Any]) -> list[str]:
    if service == "events":
        return [f"arn:aws:events:{_HERE}:event-bus/{each['EventBusName']}" for each in asked["Entries"]]
    return [_RESOURCES[service](asked)]


def _table_calls(operation: str, asked: Mapping[str, Any]) -> list[Call]:
    """AWS: a transaction needs the permissions of its parts."""
    if "TransactItems" in asked:
        parts = [(f"{verb}Item", told) for part in asked["TransactItems"] for verb, told in part.items()]
        return [call for verb, told in parts for call in _table_calls(verb, told)]
    tables = [asked["TableName"]] if "TableName" in asked else list(asked["RequestItems"])
    index = f"/index/{asked['IndexName']}" if "IndexName" in asked else ""
    context = {"dynamodb:LeadingKeys": _leading_keys(asked), "dynamodb:Attributes": _attributes(asked)}
    return [
        Call(f"dynamodb:{operation}", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}{index}", context)
        for table in tables
    ]


def _leading_keys(asked: Mapping[str, Any]) -> frozenset[str]:
    """The partitions of the items that are read or written; of a query over an index none is told here."""
    found = [asked.get("Key"), asked.get("Item")]
    for wanted in asked.get("RequestItems", {}).values():
        writes = wanted if isinstance(wanted, list) else []
        found += [each for write in writes for part in write.values() for each in part.values()]
        found += [] if isinstance(wanted, list) else wanted["Keys"]
    if "KeyConditionExpression" in asked and "IndexName" not in asked:
        found.append({"pk": asked["ExpressionAttributeValues"][":pk"]})
    return frozenset(item["pk"]["S"] for item in found if item)


def _attributes(asked: Mapping[str, Any]) -> frozenset[str]:
    names = {str(name).partition(".")[0] for name in asked.get("ExpressionAttributeNames", {}).values()}
    for kind in _EXPRESSIONS:
        names |= {name for name in _NAME.findall(asked.get(kind, "")) if name not in _WORDS}
    return frozenset(names | set(asked.get("Key", ())) | set(asked.get("Item", ())))
