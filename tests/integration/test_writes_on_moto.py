"""A shipment from the planner's request to the record that the next sync brings, through all three functions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.manual_sync_api import handler as api
from simulators.trackstar.config import AccountSpec
from tests.integration.api.caller import http_event
from tests.integration.deployment import Deployment, deployment

pytestmark = pytest.mark.moto

MAIN = "/v1/organisations/acme/integrations/main"


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    api.app.cache_clear()
    with deployment(monkeypatch, AccountSpec("con-1", "token-con-1", seed=5, size=20)) as found:
        found.register("main", "con-1")
        yield found
    api.app.cache_clear()


def call(method: str, address: str, body: Any = None) -> tuple[int, Any]:
    text = None if body is None else json.dumps(body)
    answer = api.handler(http_event(method, address, text), LambdaContext())
    return answer["statusCode"], json.loads(answer["body"])


def ask(system: Deployment, reference: str, **changes: Any) -> dict[str, Any]:
    """A shipment of something that the warehouse has, as the last night brought it."""
    stored = system.stored()
    sku = next(item["sku"] for item in stored["inventory_levels"] if item.get("sku"))
    body = {
        "reference": reference,
        "warehouse_id": stored["warehouses"][0]["id"],
        "expected_at": "2026-05-01T00:00:00Z",
        "lines": [{"sku": sku, "quantity": 36}],
    }
    return {**body, **changes}


def test_a_shipment_that_was_asked_for_is_among_the_records_after_the_next_sync(system: Deployment) -> None:
    system.night()
    before = {item["id"] for item in system.stored()["inbound_shipments"]}

    status, asked = call("POST", f"{MAIN}/inbound-shipments", ask(system, "PO-1"))
    system.work()
    _, outcome = call("GET", f"{MAIN}/inbound-shipment-writes/PO-1")
    call("POST", f"{MAIN}/sync", {"data_types": ["inbound_shipments"]})
    system.work()

    assert (status, asked["state"]) == (202, "requested")
    assert (outcome["state"], outcome["problem"], outcome["not_kept"]) == ("succeeded", None, [])
    after = {item["id"]: item for item in system.stored()["inbound_shipments"]}
    assert set(after) - before == {outcome["shipment_id"]}
    assert after[outcome["shipment_id"]]["purchase_order_number"] == "PO-1"


def test_a_change_reaches_the_vendor_and_the_next_sync(system: Deployment) -> None:
    system.night()
    body = ask(system, "PO-1")
    call("POST", f"{MAIN}/inbound-shipments", body)
    system.work()
    shipment = call("GET", f"{MAIN}/inbound-shipment-writes/PO-1")[1]["shipment_id"]

    change = {"reference": "CHG-1", "lines": [{**body["lines"][0], "quantity": 40}]}
    status, _ = call("PATCH", f"{MAIN}/inbound-shipments/{shipment}", change)
    system.work()
    call("POST", f"{MAIN}/sync", {"data_types": ["inbound_shipments"]})
    system.work()

    assert status == 202
    assert call("GET", f"{MAIN}/inbound-shipment-writes/CHG-1")[1]["state"] == "succeeded"
    _, record = call("GET", f"{MAIN}/records/inbound_shipments/{shipment}")
    assert record["lines"][0]["expected"] == 40


def test_a_refusal_of_the_warehouse_is_told_in_its_words(system: Deployment) -> None:
    system.night()

    call("POST", f"{MAIN}/inbound-shipments", ask(system, "PO-1", lines=[{"sku": "NO-SUCH-SOAP", "quantity": 1}]))
    system.work()

    _, outcome = call("GET", f"{MAIN}/inbound-shipment-writes/PO-1")
    assert (outcome["state"], outcome["problem"]["code"]) == ("failed", "write_refused")
    assert "NO-SUCH-SOAP" in outcome["sentence"]


def test_a_message_of_a_request_that_was_lost_is_sent_again_by_the_tick(system: Deployment) -> None:
    system.night()
    call("POST", f"{MAIN}/inbound-shipments", ask(system, "PO-1"))
    boto3.client("sqs").purge_queue(QueueUrl=system.urls["manual"])

    there = system.made.writes.get("acme", "main", "PO-1")
    assert there is not None
    system.made.writes.change(there, replace(there, check_at=there.requested_at))  # as if two minutes had gone by
    system.tick()
    system.work()

    assert call("GET", f"{MAIN}/inbound-shipment-writes/PO-1")[1]["state"] == "succeeded"
