"""What holds for every address: the tenant's wall, and a problem document for whatever goes wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.errors import (
    CredentialsRejected,
    LeaseLost,
    SettingsInvalid,
    SourceUnavailable,
    StoreBusy,
    SyncError,
)
from tests.engine.world import World
from tests.integration.api.caller import HOME, Answer, Api, http_event, token

ADDRESSES = [
    HOME,
    f"{HOME}/int1",
    f"{HOME}/int1/runs",
    f"{HOME}/int1/runs/20260301T020000Z",
    f"{HOME}/int1/records/orders",
    f"{HOME}/int1/records/orders/o1",
]

ANY = Api()


class Failing:
    """A store on which every call fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        def fail(*_args: object, **_fields: object) -> None:
            raise self._error

        return fail


def synced() -> Api:
    world = World()
    world.source.order("o1")
    world.night()
    return Api(world)


def is_problem(answer: Answer) -> bool:
    known = {"type", "title", "status", "detail", "code", "remedy", "retryable", "request"}
    is_typed = answer.headers["Content-Type"] == "application/problem+json"
    return is_typed and answer.body["status"] == answer.status and known <= set(answer.body)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_token_sees_its_own_organisation(address: str) -> None:
    assert synced().get(address, authorizer=token("org1")).status == 200


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("organisation", ["org2", "org", "org1 org2", None], ids=["other", "prefix", "list", "none"])
def test_a_foreign_token_finds_nothing(address: str, organisation: str | None) -> None:
    answer = synced().get(address, authorizer=token(organisation))

    assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert is_problem(answer)


def test_a_foreign_token_cannot_tell_who_is_a_customer() -> None:
    api = synced()

    customer = api.get(HOME, authorizer=token("org7"))
    nobody = api.get("/v1/organisations/nobody/integrations", authorizer=token("org7"))

    assert customer == nobody


def test_a_foreign_token_starts_nothing() -> None:
    api = synced()

    answer = api.post(f"{HOME}/int1/sync", authorizer=token("org2"))

    assert answer.status == 404
    assert api.world.queue.sent == []


def test_a_back_end_that_iam_let_in_sees_every_organisation() -> None:
    answer = synced().get(HOME, authorizer={"iam": {"accountId": "000000000000"}})

    assert answer.status == 200


@pytest.mark.parametrize(
    "address", ["/", "/v1", "/v2/health", "/v1/organisations/org1", f"{HOME}/", f"{HOME}/int1/", "/v1/{x}", "/v1/%"]
)
def test_an_address_that_is_not_served_is_not_found(address: str) -> None:
    answer = Api().get(address)

    assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert is_problem(answer)


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("DELETE", f"{HOME}/int1", "GET"),
        ("GET", f"{HOME}/int1/sync", "POST"),
        ("PUT", f"{HOME}/int1/records/orders/a%2Fb", "GET"),
        ("OPTIONS", "/v1/health", "GET"),
    ],
)
def test_a_method_that_an_address_lacks_names_those_that_it_has(method: str, address: str, allowed: str) -> None:
    answer = Api().send(http_event(method, address))

    assert (answer.status, answer.headers["Allow"], answer.body["code"]) == (405, allowed, "method_not_allowed")
    assert is_problem(answer)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (SettingsInvalid("The zone is unknown."), 409),
        (CredentialsRejected("Refused."), 409),
        (LeaseLost("Somebody else works."), 409),
        (SourceUnavailable("It does not answer."), 503),
        (StoreBusy("Throttled."), 503),
    ],
    ids=lambda value: getattr(value, "code", ""),
)
def test_each_kind_of_failure_has_its_status(error: SyncError, status: int) -> None:
    answer = Api(changes={"integrations": Failing(error)}).get(HOME)

    assert (answer.status, answer.body["code"], answer.body["detail"]) == (status, error.code, error.what)
    assert is_problem(answer)


@pytest.mark.parametrize(
    "error",
    [KeyError("secret-value"), SyncError("secret-value"), UnicodeDecodeError("utf-8", b"", 0, 1, "secret-value")],
)
@pytest.mark.parametrize("address", ADDRESSES[:3])
def test_an_unknown_failure_shows_nothing_outside_and_everything_in_the_log(address: str, error: Exception) -> None:
    failing = Failing(error)
    api = Api(changes={"integrations": failing})

    answer = api.get(address)

    (logged,) = api.world.journal.named("internal")
    assert (answer.status, answer.body["code"]) == (500, "internal")
    assert is_problem(answer)
    assert "secret-value" not in json.dumps(answer.body)
    assert "secret-value" in logged["error"]
    assert logged["request"] == answer.body["request"] == "request-1"


def test_a_value_that_was_refused_is_not_repeated() -> None:
    answer = Api().get(f"{HOME}/int1/runs?state=secret-value")

    assert answer.status == 422
    assert "secret-value" not in json.dumps(answer.body)


def test_no_answer_may_be_kept_by_a_cache() -> None:
    api = synced()

    answers = [api.get(address) for address in [*ADDRESSES, f"{HOME}/int9"]]

    assert {answer.headers["Cache-Control"] for answer in answers} <= {"no-store", "no-cache"}


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded", "text/plain", "a; b=c"])
def test_a_body_of_another_kind_is_refused_unseen(kind: str) -> None:
    answer = Api().post(f"{HOME}/int1/sync", "data_types=orders", headers={"content-type": kind})

    assert (answer.status, answer.body["code"]) == (415, "unsupported_media_type")
    assert is_problem(answer)


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/json", ""])
def test_json_is_known_however_it_is_written(kind: str) -> None:
    assert synced().post(f"{HOME}/int1/sync", {}, headers={"content-type": kind}).status == 202


@pytest.mark.parametrize("body", ["[null, null]", '[{"data_types": ["orders"]}]', '"orders"', "7", "true", "[]"])
def test_a_body_that_is_no_object_starts_nothing(body: str) -> None:
    api = synced()
    before = len(api.world.queue.sent)

    answer = api.post(f"{HOME}/int1/sync", body)

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")
    assert len(api.world.queue.sent) == before


def test_a_word_of_an_address_is_no_data_type() -> None:
    answer = Api().get(f"{HOME}/int1/adjustments/bulk")

    assert (answer.status, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("moment", ["0.5", "1767225600", "2026-05-04", "2026-05-04T08:00:00", "yesterday"])
@pytest.mark.parametrize("address", ["records/orders?updated_since=", "changes/orders?since="])
def test_a_moment_that_could_mean_several_is_refused(address: str, moment: str) -> None:
    answer = synced().get(f"{HOME}/int1/{address}{moment}")

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD"]),
    path=st.lists(
        st.sampled_from([*HOME.split("/")[1:], "int1", "sync", "runs", "records", "orders", "..", "é", "%2F", ""])
    )
    | st.lists(st.text(max_size=8), max_size=9),
    query=st.dictionaries(st.sampled_from(["limit", "after", "state", "sku", "updated_since"]), st.text(max_size=20)),
    body=st.none() | st.text(max_size=30),
)
def test_whatever_is_asked_is_answered_and_nothing_breaks(
    method: str, path: list[str], query: dict[str, str], body: str | None
) -> None:
    event = {**http_event(method, "/", body), "rawPath": "/" + "/".join(path), "queryStringParameters": query}

    answer = ANY.send(event)

    assert answer.status < 500
    assert answer.status < 400 or is_problem(answer)
