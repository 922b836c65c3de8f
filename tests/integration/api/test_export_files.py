"""Exports as one file over HTTP: asked for, told about, and fetched; on moto from the request to the erasure."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import requests
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.manual_sync_api import handler as api
from planster_sync.storage.exports import DynamoExports
from simulators.trackstar.config import AccountSpec
from tests.integration.api.caller import HOME, Api, http_event, token
from tests.integration.api.test_exports import filled
from tests.integration.deployment import Deployment, deployment

FILES = f"{HOME}/int1/export-files"
MAIN = "/v1/organisations/acme/integrations/main"


def test_an_export_is_taken_and_told_about_at_its_address() -> None:
    made = Api(filled(3))

    answer = made.post(FILES, {"data_type": "orders"}, authorizer=token(subject="user-7"))
    told = made.get(answer.headers["Location"])

    assert (answer.status, told.status) == (202, 200)
    assert told.body == answer.body
    assert (told.body["state"], told.body["url"], told.body["requested_by"]) == ("requested", None, "user-7")
    assert told.body["file"] == "orders-20260301-0200.csv.gz"
    (sent,) = made.world.queue.drain()
    assert (sent.message.run, sent.message.read) == ("export", told.body["id"])


def test_a_lost_export_says_that_it_was_never_finished() -> None:
    made = Api(filled(1))
    place = made.post(FILES, {"data_type": "orders"}).headers["Location"]
    made.world.clock.advance(4 * 3600)

    assert made.get(place).body["sentence"] == "The file was never finished; ask for it anew."


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        ({}, "invalid_request"),
        ({"data_type": "bills"}, "unsupported"),
        ({"data_type": "orders", "format": "xml"}, "invalid_request"),
        ({"data_type": "orders", "status": "opened"}, "invalid_request"),
        ({"data_type": "warehouses", "sku": "A"}, "unsupported"),
    ],
)
def test_a_file_that_cannot_be_is_refused_at_once(ask: dict[str, Any], code: str) -> None:
    made = Api(filled(1))

    answer = made.post(FILES, ask)

    assert (answer.status, answer.body["code"]) == (422, code)
    assert made.world.queue.drain() == []


def test_an_export_that_nobody_asked_for_is_not_found() -> None:
    assert Api(filled(1)).get(f"{FILES}/e9").status == 404


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    api.app.cache_clear()
    with deployment(monkeypatch, AccountSpec("con-1", "token-con-1", seed=5, size=12)) as running:
        running.register("main", "con-1")
        running.night()
        yield running
    api.app.cache_clear()


def call(method: str, address: str, body: Any = None) -> Any:
    event = http_event(method, address, None if body is None else json.dumps(body))
    return json.loads(api.handler(event, LambdaContext())["body"])


@pytest.mark.moto
@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_the_worker_writes_the_file_and_the_address_gives_it(system: Deployment, form: str) -> None:
    asked = call("POST", f"{MAIN}/export-files", {"data_type": "products", "format": form})
    system.work()

    told = call("GET", f"{MAIN}/export-files/{asked['id']}")
    fetched = requests.get(told["url"], timeout=10)

    stored = sorted(item["id"] for item in system.stored()["products"])
    lines = gzip.decompress(fetched.content).decode().splitlines()
    found = [json.loads(line)["id"] for line in lines] if form == "ndjson" else [row.split(",")[0] for row in lines[1:]]
    assert (told["state"], told["records"], told["bytes"]) == ("ready", len(stored), len(fetched.content))
    assert sorted(found) == stored
    assert told["file"] in fetched.headers["content-disposition"]


@pytest.mark.moto
def test_a_lost_message_is_found_by_the_tick_and_the_file_written(system: Deployment) -> None:
    asked = call("POST", f"{MAIN}/export-files", {"data_type": "products"})
    boto3.client("sqs").purge_queue(QueueUrl=system.urls["manual"])
    rows = DynamoExports(system.made.control)
    there = rows.get("acme", "main", asked["id"])
    assert there is not None
    assert rows.due_for_check(datetime.now(UTC), 10) == []
    rows.change(there, replace(there, check_at=datetime.now(UTC) - timedelta(seconds=1)))

    system.tick()
    system.work()

    assert call("GET", f"{MAIN}/export-files/{asked['id']}")["state"] == "ready"
    assert rows.due_for_check(datetime.now(UTC) + timedelta(days=1), 10) == []


@pytest.mark.moto
def test_a_disconnected_integration_leaves_no_file(system: Deployment) -> None:
    call("POST", f"{MAIN}/export-files", {"data_type": "products"})
    system.work()
    kept = [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket="indexes")["Contents"]]

    call("POST", f"{MAIN}/disconnect", {"integration": "main"})
    system.erase()

    assert any(key.startswith("exports/acme/main/") for key in kept)
    assert boto3.client("s3").list_objects_v2(Bucket="indexes")["KeyCount"] == 0
    items = boto3.client("dynamodb").scan(TableName="control")["Items"]
    assert [item["pk"]["S"] for item in items if item["pk"]["S"].startswith("EXPORTS#")] == []
