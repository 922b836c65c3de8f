"""Inbound shipments asked for over HTTP: what is accepted, joined, refused field by field, and told afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from planster_sync.errors import StoreBusy
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import Problem
from planster_sync.ports.write_backs import WriteBack, WriteMessage, WriteState
from tests.fakes.writable_vendor import declared
from tests.integration.api.caller import HOME, Api, http_event, token

SHIPMENTS = f"{HOME}/int1/inbound-shipments"
WRITES = f"{HOME}/int1/inbound-shipment-writes"
BODY = {
    "reference": "PO-1",
    "warehouse_id": "wh-1",
    "expected_at": "2026-05-01T02:00:00+02:00",
    "lines": [{"sku": "SOAP", "quantity": 12}, {"sku": "OIL", "quantity": 2.5}],
}


def api() -> Api:
    return Api(changes={"capabilities": lambda name: declared()})


def stored(api: Api, reference: str = "PO-1") -> WriteBack:
    found = api.world.stores.writes.get("org1", "int1", reference)
    assert found is not None
    return found


def put(api: Api, **changes: Any) -> None:
    there = stored(api)
    assert api.world.stores.writes.change(there, replace(there, **changes)) is not None


def test_a_shipment_is_accepted_kept_and_queued() -> None:
    desk = api()

    answer = desk.post(SHIPMENTS, BODY, authorizer=token(subject="user-7"))

    write = stored(desk)
    assert answer.status == 202
    assert (answer.body["reference"], answer.body["state"], answer.body["shipment_id"]) == ("PO-1", "requested", None)
    assert answer.headers["Location"] == f"{WRITES}/PO-1"
    assert write.draft is not None
    assert write.draft.expected_at == "2026-05-01T00:00:00Z"
    assert [str(line.quantity) for line in write.draft.lines] == ["12", "2.5"]
    assert write.requested_by == "user-7"
    assert [sent.message for sent in desk.world.write_queue.sent] == [WriteMessage("org1", "int1", "PO-1")]


def test_the_location_leads_to_the_request() -> None:
    desk = api()

    location = desk.post(SHIPMENTS, {**BODY, "reference": "PO 7/#1"}).headers["Location"]

    assert desk.get(location).body["reference"] == "PO 7/#1"


def test_the_same_shipment_again_is_the_same_request() -> None:
    desk = api()
    desk.post(SHIPMENTS, BODY)

    put(desk, attempt=1)
    answer = desk.post(SHIPMENTS, BODY)

    assert (answer.status, answer.body["attempt"]) == (202, 1)
    assert len(desk.world.write_queue.sent) == 1


def test_a_request_that_nobody_has_taken_yet_is_sent_again_when_it_is_asked_again() -> None:
    desk = api()
    desk.post(SHIPMENTS, BODY)
    desk.world.write_queue.drain()

    assert desk.post(SHIPMENTS, BODY).status == 202
    assert len(desk.world.write_queue.sent) == 1


def test_another_shipment_under_the_same_reference_is_a_conflict() -> None:
    desk = api()
    desk.post(SHIPMENTS, BODY)

    answer = desk.post(SHIPMENTS, {**BODY, "warehouse_id": "wh-2"})

    assert (answer.status, answer.body["code"]) == (409, "conflict")


def test_every_field_that_the_connector_needs_or_cannot_be_told_is_named() -> None:
    desk = api()
    lines = [{"sku": "SOAP", "quantity": 0}, {"inventory_item_id": "item-1", "quantity": 4}]

    answer = desk.post(SHIPMENTS, {"reference": "PO-1", "supplier_id": "sup-1", "lines": lines})

    named = {error["where"] for error in answer.body["errors"]}
    assert (answer.status, answer.body["code"]) == (422, "invalid_request")
    assert named == {
        "body.warehouse_id",
        "body.supplier_id",
        "body.lines.0.quantity",
        "body.lines.1.sku",
        "body.lines.1.inventory_item_id",
    }
    assert "needs the warehouse that receives it" in answer.body["detail"]
    assert desk.world.stores.writes.get("org1", "int1", "PO-1") is None
    assert desk.world.write_queue.sent == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"reference": 7}, "body.reference"),
        ({"lines": "many"}, "body.lines"),
        ({"lines": [{"sku": "SOAP", "quantity": "12"}]}, "body.lines.0.quantity"),
        ({"lines": [{"sku": "SOAP", "quantity": True}]}, "body.lines.0.quantity"),
        ({"expected_at": "2026-05-01T02:00:00"}, "body.expected_at"),
        ({"colour": "red"}, "body.colour"),
        ({"reference": " PO-1"}, "body.reference"),
        ({"reference": "x" * 101}, "body.reference"),
        ({"lines": []}, "body.lines"),
    ],
)
def test_a_body_that_breaks_the_form_is_refused_with_its_place(change: dict[str, Any], where: str) -> None:
    answer = api().post(SHIPMENTS, {**BODY, **change})

    assert answer.status == 422
    assert where in {error["where"] for error in answer.body["errors"]}


def test_a_connector_that_cannot_write_says_so() -> None:
    answer = Api().post(SHIPMENTS, BODY)

    assert (answer.status, answer.body["code"]) == (422, "unsupported")
    assert "create inbound shipments" in answer.body["detail"]


@pytest.mark.parametrize("status", [IntegrationStatus.PAUSED, IntegrationStatus.NEEDS_REAUTH])
def test_nothing_is_asked_of_an_integration_that_is_not_connected(status: IntegrationStatus) -> None:
    desk = api()
    desk.world.change(status=status)

    assert desk.post(SHIPMENTS, BODY).status == 409
    assert desk.world.write_queue.sent == []


def test_a_change_is_accepted_under_its_own_reference() -> None:
    desk = api()

    answer = desk.patch(
        f"{SHIPMENTS}/asn%2F1", {"reference": "CHG-1", "lines": [{"sku": "SOAP", "quantity": 0}], "expected_at": None}
    )

    write = stored(desk, "CHG-1")
    assert (answer.status, answer.body["operation"]) == (202, "update_inbound_shipment")
    assert (write.shipment_id, write.draft) == ("asn/1", None)
    assert write.change is not None
    assert write.change.expected_at is None
    assert [line.quantity for line in write.change.lines or ()] == [0]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({}, "body"),
        ({"lines": []}, "body.lines"),
        ({"lines": [{"sku": "SOAP", "quantity": 1}, {"sku": "SOAP", "quantity": 2}]}, "body.lines.0"),
        ({"lines": [{"quantity": 1}]}, "body.lines.0"),
        ({"warehouse_id": "wh-2"}, "body.warehouse_id"),
    ],
)
def test_a_change_that_says_too_little_or_too_much_is_refused(change: dict[str, Any], where: str) -> None:
    answer = api().patch(f"{SHIPMENTS}/asn-1", {"reference": "CHG-1", **change})

    assert answer.status == 422
    assert where in {error["where"] for error in answer.body["errors"]}


def test_a_finished_request_tells_the_shipments_id_and_what_was_not_kept() -> None:
    desk = api()
    desk.post(SHIPMENTS, BODY)
    put(desk, state=WriteState.SUCCEEDED, shipment_id="asn-1", not_kept=("supplier_name",), check_at=None)

    body = desk.get(f"{WRITES}/PO-1").body

    assert (body["state"], body["shipment_id"], body["not_kept"]) == ("succeeded", "asn-1", ["supplier_name"])
    assert "after the next sync" in body["sentence"]
    assert "supplier_name" in body["sentence"]


def test_a_refused_request_tells_why_and_whose_move_it_is() -> None:
    desk = api()
    desk.post(SHIPMENTS, BODY)
    problem = Problem("write_refused", "The warehouse system refused it: no SKU SOAP.", "Correct it.", retryable=False)
    put(desk, state=WriteState.FAILED, problem=problem, check_at=None)

    body = desk.get(f"{WRITES}/PO-1").body

    assert (body["state"], body["sentence"]) == ("failed", problem.what)
    assert (body["problem"]["code"], body["problem"]["whose_move"]) == ("write_refused", "you")


@pytest.mark.parametrize("state", [WriteState.REQUESTED, WriteState.SENDING, WriteState.UNKNOWN])
def test_an_unfinished_request_says_where_it_stands(state: WriteState) -> None:
    desk = api()
    desk.post(SHIPMENTS, BODY)
    problem = Problem("source_unavailable", "The warehouse system does not answer.", "Nothing to do.", retryable=True)
    put(desk, state=state, wait_until=desk.world.clock.now(), problem=problem)

    body = desk.get(f"{WRITES}/PO-1").body

    assert body["state"] == state.value
    assert body["sentence"].endswith("does not answer.")
    assert body["next_try_at"] == "2026-03-01T02:00:00Z"


def test_a_reference_nobody_used_is_not_found() -> None:
    assert api().get(f"{WRITES}/PO-9").status == 404


@pytest.mark.parametrize("organisation", ["org2", None])
def test_another_tenants_token_finds_nothing_and_asks_for_nothing(organisation: str | None) -> None:
    desk = api()
    desk.post(SHIPMENTS, BODY)
    foreign = {"authorizer": token(organisation)}

    answers = [
        desk.post(SHIPMENTS, {**BODY, "reference": "PO-2"}, **foreign),
        desk.patch(f"{SHIPMENTS}/asn-1", {"reference": "CHG-1", "expected_at": "2026-05-01T00:00:00Z"}, **foreign),
        desk.get(f"{WRITES}/PO-1", **foreign),
    ]

    assert [answer.status for answer in answers] == [404, 404, 404]
    assert len(desk.world.write_queue.sent) == 1


def test_an_integration_that_is_not_there_is_not_found() -> None:
    desk = api()

    assert desk.post(f"{HOME}/int9/inbound-shipments", BODY).status == 404
    assert desk.get(f"{HOME}/int9/inbound-shipment-writes/PO-1").status == 404


def test_a_busy_queue_is_told_and_the_request_is_kept_for_the_sweep() -> None:
    desk = api()

    def refuse(*_: Any, **__: Any) -> None:
        raise StoreBusy("The task queue is busy.")

    desk.world.write_queue.send_writes = refuse  # type: ignore[method-assign]

    answer = desk.post(SHIPMENTS, BODY)

    assert answer.status == 503
    assert stored(desk).check_at is not None


def test_a_wrong_method_is_told_which_ones_there_are() -> None:
    answer = api().send(http_event("PUT", f"{SHIPMENTS}/asn-1", "{}"))

    assert (answer.status, answer.headers["Allow"]) == (405, "PATCH")
