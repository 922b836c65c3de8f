"""A whole AWS in this process, behind the seams that the functions speak to: everything that reaches it can be seen.

DynamoDB and SQS are the simulated ones that tests/contract/aws holds to the real protocols; the rest is as much of S3,
SSM, Secrets Manager and EventBridge as the functions ask for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from planster_sync.wire.bucket import Listed
from planster_sync.wire.endpoint import Endpoint, Refused
from tests.chaos.tables import LAYOUTS
from tests.fakes.as_endpoint import AsEndpoint
from tests.fakes.clock import START, ManualClock
from tests.fakes.simulated_dynamodb import SimulatedDynamoDB
from tests.fakes.simulated_sqs import QueueLayout, SimulatedSQS
from tests.fakes.simulated_tables import Write

QUEUES = ("night", "manual")
DEAD = {"night": "night-dead-letters", "manual": "manual-dead-letters"}
VISIBILITY, RECEIVES = 1800, 5
RUN_ENDED = "sync run finished"

Note = Callable[[str, str, Mapping[str, Any]], None]
"""Hears of service, operation and request, before the service does."""


@dataclass
class SealedAws:
    """`sent`, `written` and `put` are all messages, items and objects that ever were, also those that are gone."""

    clock: ManualClock
    note: Note = lambda *_: None
    parameters: dict[str, list[str]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    written: dict[str, list[Any]] = field(default_factory=lambda: {"control": [], "records": []})
    put: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tables = SimulatedDynamoDB(LAYOUTS, created_at=START.timestamp(), accepted=self._written)
        layouts = [QueueLayout(name, VISIBILITY, RECEIVES, DEAD[name]) for name in QUEUES]
        self.sqs = SimulatedSQS(
            *layouts,
            *(QueueLayout(name, VISIBILITY) for name in DEAD.values()),
            clock=self.clock,
            after=self._heard,
        )
        self._services: Mapping[str, Callable[[str, bytes], bytes]] = {
            "dynamodb": self.tables.call,
            "sqs": AsEndpoint(self.sqs).call,
            "ssm": self._parameter,
            "secretsmanager": self._secret,
            "events": self._event,
        }

    def endpoint(self, service: str) -> Endpoint:
        return _Service(service, self._services[service], self.note)

    def store(self, name: str, value: Mapping[str, Any]) -> None:
        """As an operator does, who is no function."""
        self.parameters.setdefault(name, []).append(json.dumps(dict(value)))

    def _written(self, write: Write) -> None:
        self.written[write.table].append(write.new)

    def _heard(self, operation: str, request: Mapping[str, Any]) -> None:
        if operation == "SendMessageBatch":
            self.sent += [entry["MessageBody"] for entry in request["Entries"]]

    def _parameter(self, operation: str, body: bytes) -> bytes:
        asked = json.loads(body)
        name, _, version = asked["Name"].partition(":")
        if operation == "PutParameter":
            kept = self.parameters.setdefault(name, [])
            kept.append(asked["Value"])
            return json.dumps({"Version": len(kept)}).encode()
        if name not in self.parameters or int(version or 1) > len(self.parameters[name]):
            raise Refused("ParameterNotFound", "", b"{}")
        if operation == "DeleteParameter":
            del self.parameters[name]
            return b"{}"
        assert operation == "GetParameter"
        assert asked["WithDecryption"]
        kept = self.parameters[name]
        number = int(version or len(kept))
        return json.dumps({"Parameter": {"Value": kept[number - 1], "Version": number}}).encode()

    def _secret(self, operation: str, body: bytes) -> bytes:
        name = json.loads(body)["SecretId"]
        if name not in self.secrets:
            raise Refused("ResourceNotFoundException", "", b"{}")
        found = self.secrets[name]
        if operation == "DeleteSecret":
            del self.secrets[name]
            return b"{}"
        assert operation == "GetSecretValue"
        return json.dumps({"SecretString": found}).encode()

    def _event(self, operation: str, body: bytes) -> bytes:
        """The rule RunsEnded of the template passes ends of runs on to the manual queue."""
        assert operation == "PutEvents"
        for entry in json.loads(body)["Entries"]:
            self.events.append(entry)
            if entry["DetailType"] == RUN_ENDED:
                told = {"source": entry["Source"], "detail-type": RUN_ENDED, "detail": json.loads(entry["Detail"])}
                message = {"Id": "0", "MessageBody": json.dumps(told)}
                self.sqs.send_message_batch(QueueUrl=self.sqs.url("manual"), Entries=[message])
        return b'{"FailedEntryCount": 0}'


@dataclass(frozen=True, slots=True)
class _Service:
    name: str
    act: Callable[[str, bytes], bytes]
    note: Note

    def call(self, operation: str, body: bytes) -> bytes:
        self.note(self.name, operation, json.loads(body))
        return self.act(operation, body)


@dataclass(frozen=True, slots=True)
class SealedBucket:
    """Objects by key. What is asked is noted by the name of S3's own operation."""

    aws: SealedAws
    uploads: dict[str, list[bytes]] = field(default_factory=dict)

    def put(self, key: str, content: bytes) -> None:
        self._note("PutObject", key)
        self.aws.objects[key] = bytes(content)
        self.aws.put.append(bytes(content))

    def put_new(self, key: str, content: bytes) -> None:
        if key in self.aws.objects:
            raise Refused("PreconditionFailed", "", b"")
        self.put(key, content)

    def get(self, key: str) -> bytes:
        self._note("GetObject", key)
        if key not in self.aws.objects:
            raise Refused("NoSuchKey", "", b"")
        return self.aws.objects[key]

    def list(self, prefix: str, after: str) -> Listed:
        self._note("ListObjectsV2", "")
        return Listed(sorted(key for key in self.aws.objects if key.startswith(prefix) and key > after), more=False)

    def delete(self, key: str) -> None:
        self._note("DeleteObject", key)
        self.aws.objects.pop(key, None)

    def begin_upload(self, key: str) -> str:
        self._note("CreateMultipartUpload", key)
        name = f"upload-{len(self.uploads)}"
        self.uploads[name] = []
        return name

    def put_part(self, key: str, upload: str, number: int, content: bytes) -> str:
        self._note("UploadPart", key)
        assert number == len(self.uploads[upload]) + 1
        self.uploads[upload].append(content)
        return str(number)

    def end_upload(self, key: str, upload: str, tags: tuple[str, ...]) -> None:
        self._note("CompleteMultipartUpload", key)
        parts = self.uploads.pop(upload)
        assert len(tags) == len(parts)
        self.aws.objects[key] = b"".join(parts)
        self.aws.put.append(self.aws.objects[key])

    def drop_upload(self, key: str, upload: str) -> None:
        self._note("AbortMultipartUpload", key)
        self.uploads.pop(upload, None)

    def signed_address(self, key: str, seconds: int, disposition: str) -> str:
        self._note("GetObject", key)  # whoever is given the address acts as the signer
        return f"https://indexes.example.test/{key}?seconds={seconds}&{disposition}"

    def _note(self, operation: str, key: str) -> None:
        self.aws.note("s3", operation, {"Key": key})
