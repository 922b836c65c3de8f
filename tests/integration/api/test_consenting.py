"""Connecting by a consent: begun by a caller, given at the vendor, ended once and within ten minutes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planster_sync.errors import CredentialsRejected, SettingsInvalid, SourceUnavailable
from planster_sync.ports.connecting import Way
from tests.integration.api.caller import HOME, Answer, http_event, token
from tests.integration.api.connectable import CANARY, Desk

CONSENT = "/v1/organisations/org1/connect/scripted"
CALLBACK = "/v1/connect/callback"


def begun(desk: Desk, **ask: Any) -> Answer:
    answer = desk.api.post(f"{CONSENT}/begin", ask or {"name": "Second"}, authorizer=token("org1"))
    assert answer.status == 200, answer.body
    return answer


def state_of(answer: Answer) -> str:
    return str(answer.body["address"]).rpartition("=")[2]


def called_back(desk: Desk, query: str) -> dict[str, Any]:
    return desk.guarded.raw(http_event("GET", f"{CALLBACK}?{query}", headers={"accept": "text/html"}))


def linked(desk: Desk, state: str, **context: Any) -> Answer:
    body = {"state": state, "auth_code": CANARY}
    return desk.api.post(f"{CONSENT}/exchange", body, **(context or {"authorizer": token("org1")}))


def test_a_consent_is_begun_with_an_address_to_visit() -> None:
    answer = begun(Desk())

    assert answer.body["way"] == "oauth"
    assert answer.body["address"].startswith("https://vendor.test/authorize?")
    assert (answer.body["link_token"], answer.body["state"]) == (None, None)
    assert answer.body["expires_at"].endswith("Z")


def test_the_way_back_connects_checks_and_loads_without_a_token() -> None:
    desk = Desk()
    state = state_of(begun(desk, name="Second", zone="Europe/Berlin", settings={"currency": "EUR"}))

    answer = called_back(desk, f"state={state}&code=c-1")
    desk.world.work()

    made = next(each for each in desk.api.get(HOME).body["integrations"] if each["name"] == "Second")
    assert (answer["statusCode"], made["status"]) == (200, "active")
    assert answer["headers"]["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in answer["headers"]["Content-Security-Policy"]
    assert "<h1>Connected</h1>" in answer["body"]
    assert desk.secrets.kept == {("org1", made["id"]): {"refresh_token": "for c-1"}}
    runs = desk.api.get(f"{HOME}/{made['id']}/runs").body["runs"]
    assert [run["state"] for run in runs] == ["succeeded"]
    assert desk.api.get(f"{HOME}/{made['id']}/settings").body["zone"] == "Europe/Berlin"


def test_history_that_was_bounded_before_the_consent_is_bounded_after_it() -> None:
    desk = Desk()
    desk.can_bound_history()
    state = state_of(begun(desk, name="Second", history_from="2025-06-01"))

    called_back(desk, f"state={state}&code=c-1")
    desk.world.work()

    made = next(each for each in desk.api.get(HOME).body["integrations"] if each["name"] == "Second")
    assert desk.api.get(f"{HOME}/{made['id']}/settings").body["history_from"] == "2025-06-01"
    assert set(desk.world.live()) == {"new"}


@pytest.mark.parametrize("query", ["state={0}&code=c", "state={0}x&code=c", "state=&code=c", "code=c", ""])
def test_a_state_is_good_for_one_use_and_no_other_text_is_one(query: str) -> None:
    desk = Desk()
    state = state_of(begun(desk))
    called_back(desk, f"state={state}&code=c-1")
    stored = dict(desk.secrets.kept)

    answer = called_back(desk, query.format(state))

    assert (answer["statusCode"], desk.secrets.kept) == (422, stored)
    assert "Begin again" in answer["body"]


def test_a_state_ends_after_ten_minutes() -> None:
    desk = Desk()
    state = state_of(begun(desk))
    desk.world.clock.advance(600)

    answer = called_back(desk, f"state={state}&code=c-1")

    assert (answer["statusCode"], desk.secrets.kept) == (422, {})


@pytest.mark.parametrize("query", ["error=access_denied", "error=x&code=c", "code="])
def test_a_consent_that_was_not_given_connects_nothing(query: str) -> None:
    desk = Desk()
    state = state_of(begun(desk))

    answer = called_back(desk, f"state={state}&{query}")

    assert (answer["statusCode"], desk.secrets.kept) == (409, {})
    assert len(desk.api.get(HOME).body["integrations"]) == 1


def test_nothing_of_the_address_is_repeated_on_the_page() -> None:
    desk = Desk()
    state = state_of(begun(desk))

    answer = called_back(desk, f"state={state}&error=%3Cscript%3E{CANARY}&error_description={CANARY}")

    assert CANARY not in answer["body"]
    assert "<script" not in answer["body"]
    assert CANARY not in desk.everything_kept()


def test_a_code_that_the_vendor_refuses_leaves_an_integration_that_says_so_and_can_be_begun_again() -> None:
    desk = Desk()
    state = state_of(begun(desk))
    desk.exchanges.error = CredentialsRejected("The warehouse system no longer grants access.")

    answer = called_back(desk, f"state={state}&code=c-1")

    made = next(each for each in desk.api.get(HOME).body["integrations"] if each["name"] == "Second")
    assert (answer["statusCode"], made["status"]) == (409, "needs_reauth")
    desk.exchanges.error = None
    again = called_back(desk, f"state={state_of(begun(desk))}&code=c-2")
    assert again["statusCode"] == 200
    assert desk.secrets.kept == {("org1", made["id"]): {"refresh_token": "for c-2"}}
    assert len(desk.api.get(HOME).body["integrations"]) == 2


def test_a_deployment_that_is_not_registered_says_so_before_anybody_consents() -> None:
    desk = Desk()
    desk.exchanges.error = SettingsInvalid("Planster is not registered with this system.")

    answer = desk.api.post(f"{CONSENT}/begin", {"name": "Second"})

    assert (answer.status, answer.body["code"]) == (409, "conflict")


def test_a_vendor_that_gives_no_answer_is_asked_again_later() -> None:
    desk = Desk()
    desk.exchanges.error = SourceUnavailable("It gives no answer.")

    answer = desk.api.post(f"{CONSENT}/begin", {"name": "Second"})

    assert (answer.status, answer.body["retryable"]) == (503, True)


def test_an_integration_is_connected_again_by_a_consent() -> None:
    desk = Desk()
    desk.source.refused = True
    desk.api.post(f"{HOME}/int1/check")
    desk.source.refused = False
    state = state_of(begun(desk, integration="int1"))

    answer = called_back(desk, f"state={state}&code=c-1")

    assert answer["statusCode"] == 200
    assert desk.secrets.kept == {("org1", "int1"): {"refresh_token": "for c-1"}}
    assert desk.api.get(f"{HOME}/int1").body["status"] == "active"
    assert len(desk.api.get(HOME).body["integrations"]) == 1


@pytest.mark.parametrize(
    "ask", [{}, {"name": "x", "integration": "int1"}, {"name": "x", "settings": {"currency": "e"}}, {"name": ""}]
)
def test_a_begin_that_says_too_little_or_something_wrong_is_refused(ask: dict[str, Any]) -> None:
    assert Desk().api.post(f"{CONSENT}/begin", ask).status == 422


def test_a_name_that_is_taken_and_a_connector_that_is_none_cannot_be_begun() -> None:
    answer = Desk().api.post(f"{CONSENT}/begin", {"name": "Main warehouse"})

    assert (answer.status, "int1" in answer.body["detail"]) == (409, True)
    assert Desk().api.post("/v1/organisations/org1/connect/nobody/begin", {"name": "x"}).status == 422


def test_a_connector_with_a_form_only_has_nothing_to_begin() -> None:
    answer = Desk(ways=(Way.FORM,)).api.post(f"{CONSENT}/begin", {"name": "Second"})

    assert (answer.status, answer.body["code"]) == (422, "unsupported")


def test_a_link_is_opened_by_a_token_and_ended_by_its_code() -> None:
    desk = Desk(ways=(Way.LINK, Way.FORM))
    answer = begun(desk)
    assert (answer.body["way"], answer.body["link_token"], answer.body["address"]) == ("link", "link-1", None)

    ended = linked(desk, answer.body["state"])

    assert (ended.status, ended.body["check"]["works"]) == (200, True)
    assert desk.secrets.kept == {("org1", ended.body["integration"]): {"refresh_token": f"for {CANARY}"}}
    assert CANARY not in json.dumps(ended.body) + desk.everything_kept()
    assert linked(desk, answer.body["state"]).status == 422


@pytest.mark.parametrize("caller", [token("org1", "somebody-else"), token("org2")], ids=["another person", "tenant"])
def test_a_link_is_ended_by_nobody_but_who_began_it(caller: dict[str, Any]) -> None:
    desk = Desk(ways=(Way.LINK,))
    state = begun(desk).body["state"]

    answer = linked(desk, state, authorizer=caller)

    assert (answer.status in (404, 422), desk.secrets.kept) == (True, {})


def test_another_tenant_ends_no_consent_below_its_own_organisation() -> None:
    desk = Desk(ways=(Way.LINK,))
    state = begun(desk).body["state"]

    body = {"state": state, "auth_code": "c"}
    answer = desk.api.post("/v1/organisations/org2/connect/scripted/exchange", body, authorizer=token("org2"))

    assert (answer.status, desk.secrets.kept) == (422, {})


def test_another_tenants_integration_cannot_be_begun_anew() -> None:
    desk = Desk()

    ask = {"integration": "int1"}
    answer = desk.api.post("/v1/organisations/org2/connect/scripted/begin", ask, authorizer=token("org2"))

    assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_a_code_of_a_link_is_not_taken_on_the_way_back_of_a_consent() -> None:
    desk = Desk(ways=(Way.LINK,))
    state = begun(desk).body["state"]

    assert (called_back(desk, f"state={state}&code=c")["statusCode"], desk.secrets.kept) == (422, {})
