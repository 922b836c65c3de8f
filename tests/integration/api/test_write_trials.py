"""Dry runs of write-backs: what would be refused is refused, and nothing is kept or sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import Problem
from planster_sync.ports.write_backs import WriteState
from tests.fakes.writable_vendor import declared
from tests.integration.api.caller import HOME, Api

SHIPMENTS = f"{HOME}/int1/inbound-shipments"
CREATION = {"reference": "PO-1", "warehouse_id": "wh-1", "lines": [{"sku": "SOAP", "quantity": 12}]}
CHANGE = {"reference": "CHG-1", "expected_at": "2026-05-01T00:00:00Z"}
BOTH = [
    pytest.param(SHIPMENTS, f"{SHIPMENTS}/dry-run", CREATION, id="create"),
    pytest.param(f"{SHIPMENTS}/asn%2F1", f"{SHIPMENTS}/asn%2F1/dry-run", CHANGE, id="change"),
]


def api() -> Api:
    return Api(changes={"capabilities": lambda name: declared()})


def ask(desk: Api, address: str, body: Any) -> Any:
    return desk.post(address, body) if address == SHIPMENTS else desk.patch(address, body)


def kept(desk: Api, reference: str) -> Any:
    return desk.world.stores.writes.get("org1", "int1", reference)


@pytest.mark.parametrize(("asking", "trying", "body"), BOTH)
def test_what_would_be_new_is_said_to_be_and_is_not_sent(asking: str, trying: str, body: dict[str, Any]) -> None:
    desk = api()

    answer = desk.post(trying, body)

    assert (answer.status, answer.body["effect"], answer.body["present"]) == (200, "new", None)
    assert kept(desk, body["reference"]) is None
    assert desk.world.write_queue.sent == []


@pytest.mark.parametrize(("asking", "trying", "body"), BOTH)
def test_what_was_sent_before_would_be_joined(asking: str, trying: str, body: dict[str, Any]) -> None:
    desk = api()
    ask(desk, asking, body)

    answer = desk.post(trying, body)

    assert (answer.status, answer.body["effect"]) == (200, "joined")
    assert answer.body["present"]["state"] == "requested"
    assert len(desk.world.write_queue.sent) == 1


@pytest.mark.parametrize(("asking", "trying", "body"), BOTH)
@pytest.mark.parametrize(("retryable", "effect"), [(True, "anew"), (False, "joined")])
def test_after_a_failure_it_says_whether_sending_it_again_helps(
    asking: str, trying: str, body: dict[str, Any], retryable: bool, effect: str
) -> None:
    desk = api()
    ask(desk, asking, body)
    there = kept(desk, body["reference"])
    failed = replace(there, state=WriteState.FAILED, problem=Problem("write_refused", "No.", "Ask.", retryable))
    desk.world.stores.writes.change(there, failed)

    assert desk.post(trying, body).body["effect"] == effect


@pytest.mark.parametrize(
    ("address", "body"),
    [
        (f"{SHIPMENTS}/dry-run", {**CREATION, "warehouse_id": None, "supplier_id": "sup-1"}),
        (f"{SHIPMENTS}/dry-run", {**CREATION, "lines": [{"sku": "SOAP", "quantity": 0}]}),
        (f"{SHIPMENTS}/a/dry-run", {"reference": "CHG-1"}),
        (f"{SHIPMENTS}/a/dry-run", {**CHANGE, "reference": "x" * 101}),
    ],
)
def test_a_dry_run_refuses_exactly_what_sending_refuses(address: str, body: dict[str, Any]) -> None:
    tried, asked = api().post(address, body), ask(api(), address.removesuffix("/dry-run"), body)

    assert tried.status == asked.status == 422
    assert tried.body["errors"] == asked.body["errors"]


def test_another_shipment_under_the_reference_is_a_conflict_in_a_dry_run_too() -> None:
    desk = api()
    desk.post(SHIPMENTS, CREATION)

    assert desk.post(f"{SHIPMENTS}/dry-run", {**CREATION, "warehouse_id": "wh-2"}).status == 409


def test_nothing_is_tried_on_a_paused_integration() -> None:
    desk = api()
    desk.world.stores.integrations.put(replace(desk.world.integration, status=IntegrationStatus.PAUSED))

    assert desk.post(f"{SHIPMENTS}/dry-run", CREATION).status == 409
