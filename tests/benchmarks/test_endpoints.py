"""What is kept of the endpoints' state comes back as it was, whatever was acknowledged in between."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.endpoints import Endpoints
from benchmarks.serving import Asked, Reply

TABLE = {"TableName": "t", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]}


def ask(endpoints: Endpoints, operation: str, request: dict[str, Any]) -> Reply:
    head = f"POST / HTTP/1.1\r\nX-Amz-Target: DynamoDB_20120810.{operation}".encode()
    return endpoints.handle(Asked("POST", "/", head, json.dumps(request).encode()))


def control(endpoints: Endpoints, action: str) -> bytes:
    return endpoints.handle(Asked("GET", f"/_control/{action}", b"", b"")).body


def put(endpoints: Endpoints, id_: str) -> None:
    item = {"pk": {"S": id_}, "id": {"S": id_}, "version": {"S": "1"}}
    ask(endpoints, "BatchWriteItem", {"RequestItems": {"t": [{"PutRequest": {"Item": item}}]}})


def s3(endpoints: Endpoints, method: str, target: str, *headers: str, body: bytes = b"") -> Reply:
    head = "\r\n".join([f"{method} {target} HTTP/1.1", *headers]).encode()
    return endpoints.handle(Asked(method, target, head, body))


def test_restoring_forgets_what_was_acknowledged_since() -> None:
    endpoints = Endpoints()
    ask(endpoints, "CreateTable", TABLE)
    put(endpoints, "first")
    control(endpoints, "keep?night")

    for _ in range(2):
        put(endpoints, "second")
        control(endpoints, "restore?night")

    assert control(endpoints, "copy?table=t&version=version") == b"first 1\n"


def test_an_object_that_must_be_new_is_refused_where_one_is() -> None:
    endpoints = Endpoints()
    s3(endpoints, "PUT", "/bucket")

    answers = [s3(endpoints, "PUT", "/bucket/a%20key", "If-None-Match: *", body=body) for body in (b"one", b"two")]

    assert [answer.status for answer in answers] == [200, 412]
    assert s3(endpoints, "GET", "/bucket/a%20key").body == b"one"


def test_requests_are_counted_until_they_are_forgotten() -> None:
    endpoints = Endpoints()
    ask(endpoints, "CreateTable", TABLE)
    put(endpoints, "first")

    before = json.loads(control(endpoints, "stats"))["dynamodb"]["requests"]
    after = json.loads(control(endpoints, "reset"))["dynamodb"]

    assert before == {"CreateTable": 1, "BatchWriteItem": 1}
    assert (after["requests"], after["tables"]["t"]["items"]) == ({}, 1)
