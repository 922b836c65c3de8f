"""SQS, SSM and EventBridge for measuring: JSON protocol, messages and parameters in memory, everything counted."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping
from hashlib import md5
from itertools import count
from typing import Any

from benchmarks.serving import Asked, Reply
from benchmarks.tables import decode, encode

SERVICES = ("AmazonSQS.", "AmazonSSM.", "AWSEvents.")
_HEADERS = (("Content-Type", "application/x-amz-json-1.0"),)

Request = Mapping[str, Any]


class Platform:
    """A received message is hidden until it is deleted, or for ever: who measures hands it back by hand."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.messages: dict[str, deque[tuple[str, str]]] = {}
        self.entries: Counter[str] = Counter()
        self.secrets: dict[str, str] = {}
        self._numbers = count(1)
        self._operations: dict[str, Callable[[Request], Any]] = {
            "AmazonSQS.SendMessageBatch": self._send,
            "AmazonSQS.ReceiveMessage": self._receive,
            "AmazonSQS.DeleteMessage": self._nothing,
            "AmazonSQS.ChangeMessageVisibility": self._nothing,
            "AmazonSSM.PutParameter": self._put_parameter,
            "AmazonSSM.GetParameter": self._get_parameter,
            "AWSEvents.PutEvents": self._put_events,
        }

    def handle(self, target: str, asked: Asked) -> Reply:
        self.requests[target] += 1
        operation = self._operations.get(target)
        if operation is None:
            return _refused("UnknownOperationException")
        answer = operation(decode(asked.body))
        return _refused("ParameterNotFound") if answer is None else Reply(encode(answer), headers=_HEADERS)

    def told(self) -> dict[str, Any]:
        waiting = {name: len(messages) for name, messages in self.messages.items()}
        return {"requests": dict(self.requests), "entries": dict(self.entries), "waiting": waiting}

    def _send(self, request: Request) -> Any:
        sent = []
        for entry in request["Entries"]:
            id_, body = f"message-{next(self._numbers)}", entry["MessageBody"]
            self.messages.setdefault(request["QueueUrl"], deque()).append((id_, body))
            digest = md5(body.encode(), usedforsecurity=False).hexdigest()
            sent.append({"Id": entry["Id"], "MessageId": id_, "MD5OfMessageBody": digest})
        self.entries["SendMessageBatch"] += len(sent)
        return {"Successful": sent, "Failed": []}

    def _receive(self, request: Request) -> Any:
        waiting = self.messages.get(request["QueueUrl"], deque())
        taken = [waiting.popleft() for _ in range(min(len(waiting), request.get("MaxNumberOfMessages", 1)))]
        return {
            "Messages": [
                {
                    "MessageId": id_,
                    "ReceiptHandle": id_,
                    "Body": body,
                    "MD5OfBody": md5(body.encode(), usedforsecurity=False).hexdigest(),
                }
                for id_, body in taken
            ]
        }

    def _nothing(self, _request: Request) -> Any:
        return {}

    def _put_parameter(self, request: Request) -> Any:
        self.secrets[request["Name"]] = request["Value"]
        return {"Version": 1}

    def _get_parameter(self, request: Request) -> Any:
        value = self.secrets.get(request["Name"])
        if value is None:
            return None
        return {"Parameter": {"Name": request["Name"], "Type": "SecureString", "Value": value, "Version": 1}}

    def _put_events(self, request: Request) -> Any:
        self.entries["PutEvents"] += len(request["Entries"])
        return {"FailedEntryCount": 0, "Entries": [{"EventId": str(n)} for n, _ in enumerate(request["Entries"])]}


def _refused(code: str) -> Reply:
    return Reply(encode({"__type": code, "message": code}), 400, _HEADERS)
