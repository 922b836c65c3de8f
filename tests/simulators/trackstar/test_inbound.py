"""Inbound shipments that are written to the simulated account: keys, lost answers, schemas."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.simulators.trackstar.conftest import Starter, account

WRONG_BODIES: dict[str, dict[str, Any]] = {
    "null": {"purchase_order_number": None},
    "empty text": {"purchase_order_number": ""},
    "the word none": {"purchase_order_number": "None"},
    "unknown key": {"colour": "red"},
    "no lines": {"line_items": []},
    "line without quantity": {"line_items": [{"sku": "A"}]},
    "quantity as text": {"line_items": [{"sku": "A", "expected_quantity": "12"}]},
    "date without time": {"expected_arrival_date": "2026-04-01"},
}


def _order_of(client: Any) -> dict[str, Any]:
    item = next(each for each in client.truth("inventory") if each["sku"])
    return {
        "warehouse_id": "wh-1",
        "purchase_order_number": "PO-900",
        "expected_arrival_date": "2026-04-01T00:00:00Z",
        "supplier_object": {"supplier_id": "sup-0000"},
        "line_items": [{"sku": item["sku"], "expected_quantity": 12, "unit_cost": 2.5}],
    }


def test_repeated_post_with_one_key_creates_one_shipment(start: Starter) -> None:
    client = start()
    body = _order_of(client)

    first = client.send("POST", "/wms/inbound-shipments", body, **{"Idempotency-Key": "k1"})
    second = client.send("POST", "/wms/inbound-shipments", body, **{"Idempotency-Key": "k1"})
    other = client.send(
        "POST", "/wms/inbound-shipments", {**body, "purchase_order_number": "PO-1"}, **{"Idempotency-Key": "k1"}
    )

    assert first.json() == second.json()
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert other.status_code == 400
    made = client.ids("/wms/inbound-shipments", purchase_order_number="PO-900")
    assert made == [first.json()["id"]]
    assert client.get(f"/wms/inbound-shipments/{made[0]}").json()["data"] == first.json()["data"]


def test_failed_post_frees_its_key(start: Starter) -> None:
    client = start()
    body = _order_of(client)

    refused = client.send(
        "POST", "/wms/inbound-shipments", {**body, "warehouse_id": "wh-none"}, **{"Idempotency-Key": "k"}
    )
    accepted = client.send("POST", "/wms/inbound-shipments", body, **{"Idempotency-Key": "k"})

    assert (refused.status_code, refused.json()["origin"]) == (400, "integration")
    assert accepted.status_code == 200


def test_post_whose_answer_is_lost_has_taken_effect(start: Starter) -> None:
    client = start()
    body = _order_of(client)
    client.post("/_sim/faults", [{"kind": "reset", "match": "/wms/inbound-shipments"}])

    with pytest.raises(requests.exceptions.RequestException):
        client.send("POST", "/wms/inbound-shipments", body, **{"Idempotency-Key": "k"})
    again = client.send("POST", "/wms/inbound-shipments", body, **{"Idempotency-Key": "k"})

    assert again.headers["Idempotent-Replayed"] == "true"
    assert client.ids("/wms/inbound-shipments", purchase_order_number="PO-900") == [again.json()["id"]]


@pytest.mark.parametrize("change", WRONG_BODIES.values(), ids=WRONG_BODIES.keys())
def test_wrong_inbound_body_is_422_and_creates_nothing(start: Starter, change: dict[str, Any]) -> None:
    client = start()
    count = len(client.ids("/wms/inbound-shipments"))

    answer = client.send("POST", "/wms/inbound-shipments", {**_order_of(client), **change})

    assert answer.status_code == 422, answer.text
    assert len(client.ids("/wms/inbound-shipments")) == count


def test_put_changes_the_shipment_and_tells_unused_fields(start: Starter) -> None:
    client = start()
    made = client.send("POST", "/wms/inbound-shipments", {**_order_of(client), "tracking_number": "T1"}).json()

    changed = client.send("PUT", f"/wms/inbound-shipments/{made['id']}", {"purchase_order_number": "PO-901"})
    lost = client.send("PUT", "/wms/inbound-shipments/asn-none", {"purchase_order_number": "PO-901"})

    assert made["unused_fields"] == ["tracking_number"]
    assert changed.json()["data"]["purchase_order_number"] == "PO-901"
    assert lost.status_code == 404


def test_system_with_its_own_schema_requires_its_own_fields(start: Starter) -> None:
    client = start(account(integration_name="shiphero"))

    answer = client.send("POST", "/wms/inbound-shipments", _order_of(client))

    assert answer.status_code == 422
    assert "shipping_price" in answer.text
