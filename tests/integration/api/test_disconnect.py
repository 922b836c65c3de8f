"""Disconnecting over HTTP: it has to be meant, it ends everything, and the proof stays."""

from __future__ import annotations

import pytest

from tests.engine.world import World
from tests.integration.api.caller import HOME, Answer, Api, token

MAIN = f"{HOME}/int1"
PROOFS = "/v1/organisations/org1/disconnections"
OTHERS = ("/settings", "/runs", "/records/orders", "/quarantine/orders")


def filled() -> World:
    world = World()
    world.source.fill(12)
    world.night()
    return world


def disconnect(api: Api) -> Answer:
    return api.post(f"{MAIN}/disconnect", {"integration": "int1"}, authorizer=token(subject="user-7"))


def test_everything_is_erased_and_the_proof_is_where_the_answer_says() -> None:
    api = Api(filled())

    answer = disconnect(api)
    before = api.get(answer.headers["Location"]).body["disconnections"]
    api.world.work()
    (proof,) = api.get(PROOFS).body["disconnections"]

    assert (answer.status, answer.headers["Location"]) == (202, PROOFS)
    assert before == [answer.body]
    assert (answer.body["requested_by"], answer.body["completed_at"]) == ("user-7", None)
    assert proof["completed_at"] == proof["begins_at"]
    assert proof["erased"]["records"] > 12
    assert (api.get(MAIN).status, api.get(HOME).body) == (404, {"integrations": []})


def test_until_then_the_status_page_says_what_is_happening_and_nothing_else_answers() -> None:
    api = Api(filled())
    disconnect(api)

    (shown,) = api.get("/v1/organisations/org1/status").body["integrations"]
    answers = [api.get(f"{MAIN}{other}") for other in OTHERS] + [api.post(f"{MAIN}/sync"), api.post(f"{MAIN}/resume")]

    assert (shown["status"], shown["state"], shown["next_due_at"]) == ("disconnecting", "disabled", None)
    assert (shown["action"], shown["health"]) == (None, "not_counted")
    assert {(answer.status, answer.body["code"]) for answer in answers} == {(409, "conflict")}


def test_asking_again_changes_nothing() -> None:
    api = Api(filled())
    first = disconnect(api)
    api.world.clock.advance(60)

    again = disconnect(api)

    assert (again.status, again.body) == (202, first.body)


@pytest.mark.parametrize(
    "body", [None, {}, {"integration": "int2"}, {"integration": ""}, {"integration": "int1", "x": 1}]
)
def test_a_request_that_may_not_be_meant_erases_nothing(body: object) -> None:
    world = filled()

    answer = Api(world).post(f"{MAIN}/disconnect", body)

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")
    assert (world.integration.disconnecting_at, world.queue.sent) == (None, [])


def test_what_is_not_there_cannot_be_disconnected() -> None:
    assert Api().post(f"{HOME}/int9/disconnect", {"integration": "int9"}).status == 404


def test_another_organisation_sees_no_proof() -> None:
    api = Api(filled())
    disconnect(api)

    assert api.get("/v1/organisations/org2/disconnections").body == {"disconnections": []}
    assert api.get(PROOFS, authorizer=token("org2")).status == 404
