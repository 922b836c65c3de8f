"""Connecting by a form, and again: stored unread, checked by the worker, loaded at once, made once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planster_sync.errors import StoreBusy
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import RunStatus
from planster_sync.ports.connecting import Way
from planster_sync.ports.questions import CheckAnswer, CheckQuestion
from tests.engine.world import World
from tests.integration.api.caller import HOME, Answer, Api, http_event, token
from tests.integration.api.connectable import CANARY, Desk

ORGANISATION = "/v1/organisations/org1"
FORM: dict[str, Any] = {
    "connector": "scripted",
    "name": "Second warehouse",
    "zone": "Europe/Berlin",
    "hours": [3],
    "data_types": {"warehouses": False},
    "credentials": {"user": "planster", "password": CANARY},
    "settings": {"currency": "EUR"},
}


def form(**changes: Any) -> dict[str, Any]:
    return {**FORM, **changes}


def _event(body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    return http_event("POST", HOME, json.dumps(body), headers)


def test_what_can_be_connected_is_told_with_its_form() -> None:
    (connector,) = Desk().api.get(f"{ORGANISATION}/connectors").body["connectors"]

    assert (connector["title"], connector["ways"]) == ("Scripted", ["oauth", "form"])
    assert set(connector["credentials"]["properties"]) == {"user", "password"}
    assert connector["credentials"]["required"] == ["password", "user"]
    assert connector["credentials"]["properties"]["password"]["title"] == "Password"
    assert connector["secrets"] == ["password"]
    assert connector["settings"]["properties"]["currency"]["type"] == "string"


def test_a_connected_account_is_checked_and_read_at_once() -> None:
    desk = Desk()

    answer = desk.api.post(HOME, FORM)
    desk.world.work()

    made = answer.body["integration"]
    assert (answer.status, answer.headers["Location"]) == (201, f"{HOME}/{made}")
    assert (answer.body["status"], answer.body["check"]["works"], answer.body["repeated"]) == ("active", True, False)
    run = desk.world.stores.runs.get("org1", made, answer.body["run"])
    assert run is not None
    assert (run.status, set(run.tasks)) == (RunStatus.SUCCEEDED, {"orders"})
    assert desk.secrets.kept == {("org1", made): FORM["credentials"]}


def test_a_connected_account_has_the_schedule_and_the_data_types_that_were_asked_for() -> None:
    desk = Desk()

    made = desk.api.post(HOME, FORM).body["integration"]

    settings = desk.api.get(f"{HOME}/{made}/settings").body
    assert (settings["name"], settings["zone"], settings["hours"]) == ("Second warehouse", "Europe/Berlin", [3])
    assert settings["data_types"]["warehouses"] is False
    assert settings["next_due_at"] is not None


def test_a_connected_account_has_its_history_from_the_day_that_was_asked_for() -> None:
    desk = Desk()
    assert desk.api.get(f"{ORGANISATION}/connectors").body["connectors"][0]["history_of"] == []
    desk.can_bound_history()

    made = desk.api.post(HOME, form(history_from="2025-06-01")).body["integration"]
    desk.world.work()

    assert set(desk.world.live()) == {"new"}
    assert desk.api.get(f"{HOME}/{made}/settings").body["history_from"] == "2025-06-01"
    assert desk.api.get(f"{ORGANISATION}/connectors").body["connectors"][0]["history_of"] == [
        "orders",
        "order_shipments",
    ]


@pytest.mark.parametrize("day", ["2025-06-01", "2099-01-01", "1999-12-31", "soon"])
def test_a_day_that_cannot_bound_the_history_is_named_and_nothing_is_stored(day: str) -> None:
    desk = Desk()

    answer = desk.api.post(HOME, form(history_from=day))

    assert (answer.status, [fault["where"] for fault in answer.body["errors"]]) == (422, ["body.history_from"])
    assert desk.secrets.kept == {}


def test_each_wrong_field_is_named_and_nothing_is_stored() -> None:
    desk = Desk()
    before = desk.api.get(HOME).body
    wrong = form(
        credentials={"password": "abc"},
        settings={"currency": "euro", "page_limit": 99},
        zone="Mars/Olympus",
        data_types={"bills": False},
    )

    answer = desk.api.post(HOME, wrong)

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")
    assert {fault["where"] for fault in answer.body["errors"]} == {
        "body.credentials.user",
        "body.credentials.password",
        "body.settings.currency",
        "body.settings.page_limit",
        "body.zone",
        "body.data_types.bills",
    }
    assert (desk.secrets.kept, desk.api.get(HOME).body) == ({}, before)


@pytest.mark.parametrize(
    "credentials",
    [{"user": "u", "password": CANARY, CANARY: "x"}, {"user": "u", "password": CANARY, "refresh_token": CANARY}],
    ids=["unknown", "granted"],
)
def test_a_field_that_is_not_of_the_form_is_refused_without_being_repeated(credentials: dict[str, str]) -> None:
    desk = Desk()

    answer = desk.api.post(HOME, form(credentials=credentials))

    assert (answer.status, answer.body["errors"][0]["where"]) == (422, "body.credentials")
    assert CANARY not in json.dumps(answer.body)


def test_an_unknown_connector_is_answered_with_those_that_there_are() -> None:
    answer = Desk().api.post(HOME, form(connector="nobody"))

    assert (answer.status, answer.body["errors"][0]["where"]) == (422, "body.connector")
    assert "scripted" in answer.body["errors"][0]["what"]


def test_credentials_that_are_too_large_are_refused() -> None:
    answer = Desk().api.post(HOME, form(credentials={"user": "u" * 5000, "password": "long"}))

    assert (answer.status, answer.body["errors"][0]["where"]) == (422, "body.credentials")


def test_refused_credentials_leave_an_integration_that_says_so() -> None:
    desk = Desk()
    desk.source.refused = True

    answer = desk.api.post(HOME, FORM)

    assert (answer.status, answer.body["status"], answer.body["run"]) == (201, "needs_reauth", None)
    assert answer.body["check"]["credentials"]["verdict"] == "refused"
    shown = desk.api.get(f"{HOME}/{answer.body['integration']}").body
    assert (shown["status"], shown["action"]["whose_move"]) == ("needs_reauth", "you")
    assert desk.world.queue.drain() == []


@pytest.mark.parametrize("key", [None, "key-1"])
def test_a_repeated_request_connects_nothing_twice(key: str | None) -> None:
    desk = Desk()
    headers = {"idempotency-key": key} if key else {}

    first, second = (desk.api.send(_event(FORM, headers)) for _ in range(2))

    assert (first.status, second.status) == (201, 201)
    assert first.body["integration"] == second.body["integration"]
    assert (second.body["repeated"], second.body["run"]) == (True, None)
    assert len(desk.api.get(HOME).body["integrations"]) == 2


def test_a_repetition_never_replaces_credentials() -> None:
    desk = Desk()
    made = desk.api.post(HOME, FORM).body["integration"]

    desk.api.post(HOME, form(credentials={"user": "other", "password": "another"}))

    assert desk.secrets.kept["org1", made] == FORM["credentials"]


def test_a_request_that_died_before_its_secret_was_stored_is_completed_by_its_repetition() -> None:
    class Dying:
        def keep(self, *_: object) -> None:
            raise StoreBusy("The secret store is busy.")

    desk = Desk()
    assert Api(desk.world, {"keeper": Dying()}).post(HOME, FORM).status == 503

    answer = desk.api.post(HOME, FORM)

    assert (answer.body["repeated"], answer.body["check"]["works"]) == (False, True)
    assert list(desk.secrets.kept) == [("org1", answer.body["integration"])]


def test_another_request_under_a_key_is_refused() -> None:
    desk = Desk()
    headers = {"idempotency-key": "key-1"}
    desk.api.send(_event(FORM, headers))

    answer = desk.api.send(_event(form(settings={"currency": "USD"}), headers))

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")


def test_a_name_that_is_taken_is_a_conflict_that_names_whose_it_is() -> None:
    desk = Desk()

    answer = desk.api.post(HOME, form(name="main WAREHOUSE", settings={}))

    assert (answer.status, answer.body["code"]) == (409, "conflict")
    assert "int1" in answer.body["detail"]
    assert desk.secrets.kept == {}


def test_the_id_of_a_disconnected_integration_is_never_given_again() -> None:
    desk = Desk()
    first = desk.api.post(HOME, FORM).body["integration"]
    assert desk.api.post(f"{HOME}/{first}/disconnect", {"integration": first}).status == 202

    second = desk.api.post(HOME, FORM)

    assert second.status == 201
    assert second.body["integration"] != first


def test_a_worker_that_gives_no_answer_does_not_undo_what_is_stored() -> None:
    class Silent:
        def check(self, question: CheckQuestion) -> CheckAnswer:
            raise StoreBusy("The worker did not answer in time.")

    desk = Desk()
    api = Api(desk.world, {"keeper": desk.secrets, "worker": Silent()})

    answer = api.post(HOME, FORM)

    assert (answer.status, answer.body["check"]) == (201, None)
    assert answer.body["run"] is not None
    assert "could not be checked" in answer.body["sentence"]


def test_no_answer_log_or_row_holds_the_secret() -> None:
    desk = Desk()
    answers = [
        desk.api.post(HOME, FORM),
        desk.api.post(HOME, form(name="x", credentials={"user": CANARY})),
        desk.api.post(HOME, form(credentials=CANARY)),
        desk.api.post(f"{HOME}/int1/reconnect", {"credentials": FORM["credentials"]}),
        desk.api.get(HOME),
    ]
    desk.world.work()

    assert CANARY not in json.dumps([answer.body for answer in answers])
    assert CANARY not in desk.everything_kept()
    assert CANARY in repr(desk.secrets.kept)


def refused(desk: Desk) -> None:
    """The night's credentials were refused; the integration waits for others."""
    desk.source.refused = True
    assert desk.api.post(f"{HOME}/int1/check").body["credentials"]["verdict"] == "refused"
    assert desk.world.integration.status is IntegrationStatus.NEEDS_REAUTH
    desk.source.refused = False


def reconnect(desk: Desk) -> Answer:
    return desk.api.post(f"{HOME}/int1/reconnect", {"credentials": FORM["credentials"]})


def test_new_credentials_let_it_sync_at_once_and_keep_id_history_and_checkpoints() -> None:
    desk = Desk()
    desk.world.night()
    before = desk.world.stream().index, desk.world.last_run().id
    refused(desk)

    answer = reconnect(desk)
    desk.world.work()

    assert (answer.status, answer.body["integration"], answer.body["status"]) == (200, "int1", "active")
    run = desk.world.run(answer.body["run"])
    assert (run.status, run.tasks["orders"].counts == {}) == (RunStatus.SUCCEEDED, False)
    assert desk.world.last_run().id == answer.body["run"] != before[1]
    assert desk.world.run(before[1]).status is RunStatus.SUCCEEDED
    assert desk.world.integration.needs_reauth_at is None
    assert (desk.world.stream().index is not None, before[0] is not None) == (True, True)


def test_the_night_after_new_credentials_does_not_wait_for_the_rest_of_the_refused_ones() -> None:
    desk = Desk()
    refused(desk)
    desk.world.tick()
    rest_ends = desk.world.integration.due_at

    reconnect(desk)

    assert rest_ends is not None
    assert desk.world.integration.due_at is not None
    assert desk.world.integration.due_at <= rest_ends
    desk.world.work()
    assert desk.world.night().status is RunStatus.SUCCEEDED


def test_credentials_that_are_refused_again_are_told_and_nothing_is_started() -> None:
    desk = Desk()
    desk.source.refused = True

    answer = reconnect(desk)

    assert (answer.status, answer.body["status"], answer.body["run"]) == (200, "needs_reauth", None)
    assert answer.body["check"]["credentials"]["problem"]["whose_move"] == "you"


def test_a_check_that_finds_the_credentials_good_ends_the_wait_for_others() -> None:
    desk = Desk()
    refused(desk)

    desk.api.post(f"{HOME}/int1/check")

    assert desk.world.integration.status is IntegrationStatus.ACTIVE
    assert desk.world.integration.problem is None
    assert desk.world.night().status is RunStatus.SUCCEEDED


def test_a_paused_integration_stays_paused_with_its_new_credentials() -> None:
    desk = Desk()
    desk.api.post(f"{HOME}/int1/pause")

    answer = reconnect(desk)

    assert (answer.body["status"], answer.body["run"]) == ("paused", None)
    assert ("org1", "int1") in desk.secrets.kept


def test_credentials_that_an_operator_keeps_elsewhere_are_not_replaced_here() -> None:
    desk = Desk(world=World(secret="/planster/dev/integrations/org1/shared"))

    answer = reconnect(desk)

    assert (answer.status, answer.body["code"], desk.secrets.kept) == (409, "conflict", {})


def test_wrong_credentials_of_a_reconnection_are_named_by_field() -> None:
    desk = Desk()

    answer = desk.api.post(f"{HOME}/int1/reconnect", {"credentials": {"user": ""}})

    assert (answer.status, desk.secrets.kept) == (422, {})
    assert {fault["where"] for fault in answer.body["errors"]} == {
        "body.credentials.user",
        "body.credentials.password",
    }


def test_what_is_being_disconnected_is_not_connected_again() -> None:
    desk = Desk()
    desk.api.post(f"{HOME}/int1/disconnect", {"integration": "int1"})

    assert (reconnect(desk).status, desk.secrets.kept) == (409, {})


def test_another_organisation_connects_and_sees_nothing_here() -> None:
    desk = Desk(ways=(Way.FORM,))

    for address, body in ((HOME, FORM), (f"{HOME}/int1/reconnect", {"credentials": FORM["credentials"]})):
        assert desk.api.post(address, body, authorizer=token("org2")).status == 404
    theirs = desk.api.post("/v1/organisations/org2/integrations", FORM, authorizer=token("org2"))

    assert theirs.status == 201
    assert [each["id"] for each in desk.api.get(HOME).body["integrations"]] == ["int1"]
    assert set(desk.secrets.kept) == {("org2", theirs.body["integration"])}
