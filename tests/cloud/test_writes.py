"""A shipment asked for over the deployed API is sent by a worker process, once, and the next sync brings it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from local_cloud.deployment import Deployment
from local_cloud.scene import wait_until
from local_cloud.seed import Connected
from planster_sync.connectors import registry
from planster_sync.ports.source import WriteOperation, WriteRules

pytestmark = pytest.mark.cloud

Call = Callable[..., Any]


def calling(deployment: Deployment, one: Connected) -> Call:
    home = f"{deployment.api_url}/v1/organisations/{one.integration.organisation}/integrations/{one.integration.id}"

    def call(address: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(f"{home}/{address}", content, headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    return call


def synced(call: Call, *data_types: str) -> None:
    run = call("sync", {"data_types": data_types})["run"]
    ended = {"succeeded", "succeeded_with_warnings", "failed"}
    wait_until(lambda: True if call(f"runs/{run}")["state"] in ended else None)


def ended(call: Call, reference: str) -> Any:
    def look() -> Any:
        write = call(f"inbound-shipment-writes/{reference}")
        return write if write["state"] in ("succeeded", "failed") else None

    return wait_until(look)


GIVEN = frozenset({"reference", "warehouse_id", "expected_at", "lines", "lines.sku", "lines.quantity"})


def rules_of(one: Connected) -> WriteRules | None:
    return registry.capabilities(one.integration.connector).writes.get(WriteOperation.CREATE_INBOUND_SHIPMENT)


def a_writer(connected: list[Connected]) -> Connected:
    """An integration whose connector needs no more than every warehouse has."""
    return next(one for one in connected if (rules := rules_of(one)) is not None and rules.required <= GIVEN)


def draft(call: Call, one: Connected, reference: str) -> dict[str, Any]:
    rules = rules_of(one)
    assert rules is not None
    sku = next(each["sku"] for each in call("records/inventory_levels")["records"] if each.get("sku"))
    body = {
        "reference": reference,
        "warehouse_id": call("records/warehouses")["records"][0]["id"],
        "expected_at": "2027-05-01T00:00:00Z",
        "lines": [{"sku": sku, "quantity": 36}],
    }
    return {name: value for name, value in body.items() if name in rules.required | rules.accepted}


def test_a_shipment_is_sent_once_by_a_worker_and_read_by_the_next_sync(
    deployment: Deployment, connected: list[Connected]
) -> None:
    one = a_writer(connected)
    call = calling(deployment, one)
    synced(call, "inventory_levels", "warehouses")
    asked = draft(call, one, "PO-cloud-1")

    states = [call("inbound-shipments", asked)["state"] for _ in range(3)]
    outcome = ended(call, "PO-cloud-1")
    synced(call, "inbound_shipments")

    made = call("records/inbound_shipments?limit=100")["records"]
    assert states[0] == "requested"
    assert (outcome["state"], outcome["problem"]) == ("succeeded", None)
    assert [each["id"] for each in made if each.get("purchase_order_number") == "PO-cloud-1"] == [
        outcome["shipment_id"]
    ]
