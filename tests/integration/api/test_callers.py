"""Who may call what: the caller of a request, the scope of a route, the size of a body."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from planster_sync.entry.api.app import build_app
from planster_sync.entry.api.caller import TRUSTED_MACHINE, Caller, Scope, bearer, caller_of
from planster_sync.entry.api.gate import LARGEST_BODY
from tests.engine.world import World
from tests.integration.api.caller import HOME, Api, http_event, shop_of, token

READ_ONLY = "planster/read"
SYNC = f"{HOME}/int1/sync"


def asked_without_proof(**context: Any) -> Api:
    return Api(changes={"anonymous": None}, **context)


def test_a_token_names_one_organisation_its_bearer_and_scopes() -> None:
    caller = bearer({"organisation": "org1", "sub": "u-1", "scope": "openid planster/read planster/operate"})

    assert caller == Caller("org1", "u-1", frozenset({Scope.READ, Scope.OPERATE}))


@pytest.mark.parametrize(
    "claims",
    [
        {"scope": "planster/read"},
        {"scp": "planster/read"},
        {"scp": ["planster/read"]},
        {"scp": "[planster/read other]"},
        {"scope": "  planster/read\tx "},
    ],
)
def test_scopes_are_read_in_each_form_that_issuers_and_the_gateway_give_them(claims: dict[str, Any]) -> None:
    assert bearer({"organisation": "org1", **claims}).scopes == {Scope.READ}


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"scope": ""},
        {"scope": "planster/"},
        {"scope": "planster/reader"},
        {"scope": "PLANSTER/READ"},
        {"scope": "read"},
        {"scope": 7},
        {"scope": {"planster/read": True}},
    ],
)
def test_whatever_is_not_a_scope_allows_nothing(claims: dict[str, Any]) -> None:
    assert bearer({"organisation": "org1", **claims}).scopes == frozenset()


@pytest.mark.parametrize("organisation", [None, "", 7, ["org1"], {"org1": "org1"}])
def test_a_claim_that_is_no_organisation_sees_none(organisation: object) -> None:
    caller = bearer({"organisation": organisation, "scope": READ_ONLY})

    assert not caller.sees("org1")
    assert not caller.sees(str(organisation))
    assert not caller.is_back_end


@pytest.mark.parametrize("subject", ["ada@example.test", "Ada Lovelace", "x" * 65, "", None, 7])
def test_a_subject_that_may_be_personal_data_is_not_kept(subject: object) -> None:
    assert bearer({"sub": subject}).subject == "planner"


@pytest.mark.parametrize("context", [{}, {"authorizer": None}, {"authorizer": {}}, {"authorizer": {"iam": None}}])
def test_a_request_that_nobody_has_checked_has_no_caller(context: dict[str, Any]) -> None:
    assert caller_of({"requestContext": context}) is None


def test_a_token_that_never_ends_is_none() -> None:
    claims = {"organisation": "org1", "scope": READ_ONLY}

    assert caller_of({"requestContext": {"authorizer": {"jwt": {"claims": claims}}}}) is None
    assert asked_without_proof().get(HOME, authorizer={"jwt": {"claims": claims}}).status == 401


def test_a_request_that_nobody_has_checked_is_refused() -> None:
    answer = asked_without_proof().get(HOME)

    assert (answer.status, answer.body["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_what_the_caller_writes_into_headers_proves_nothing() -> None:
    claims = json.dumps({"organisation": "org1", "scope": READ_ONLY})

    answer = asked_without_proof().send(http_event("GET", HOME, headers={"authorization": claims, "x-claims": claims}))

    assert answer.status == 401


def test_a_machine_that_iam_let_in_may_do_everything() -> None:
    event = {"requestContext": {"authorizer": {"iam": {"accountId": "000000000000", "userArn": "arn:aws:iam::x"}}}}

    assert caller_of(event) == TRUSTED_MACHINE
    assert TRUSTED_MACHINE.scopes == frozenset(Scope)


def test_a_missing_scope_is_named() -> None:
    api = Api()

    answer = api.post(SYNC, authorizer=token(scope=READ_ONLY))

    assert (answer.status, answer.body["code"]) == (403, "scope_missing")
    assert "planster/operate" in answer.body["detail"]
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="planster/operate"'
    assert api.world.queue.drain() == []


def test_a_missing_scope_is_told_before_a_body_is_looked_at() -> None:
    assert Api().post(SYNC, "no json", authorizer=token(scope=READ_ONLY)).status == 403


def test_health_needs_no_scope() -> None:
    assert Api().get("/v1/health", authorizer=token(scope="")).status == 200


@pytest.mark.parametrize("address", [SYNC, "/v1/health", "/v1/nothing", f"{HOME}/int1/settings"])
def test_a_body_over_a_megabyte_is_refused_wherever_it_goes(address: str) -> None:
    answer = Api().post(address, "x" * 1_000_001, authorizer=token())

    assert (answer.status, answer.body["code"]) == (413, "request_too_large")


@pytest.mark.parametrize(("more", "status"), [(0, 400), (1, 413), (2, 413), (3, 413)])
def test_a_body_in_base64_counts_as_what_it_stands_for(more: int, status: int) -> None:
    body = base64.b64encode(b"x" * (LARGEST_BODY + more)).decode()

    answer = Api().send({**http_event("POST", SYNC, body), "isBase64Encoded": True})

    assert answer.status == status


def test_a_body_is_counted_in_bytes() -> None:
    assert Api().post(SYNC, "ä" * 500_001).status == 413


def test_a_page_of_the_same_function_asks_for_its_session_s_caller() -> None:
    api = build_app(shop_of(World(), anonymous=None))
    planner = Caller("org1", "user-9", frozenset({Scope.READ}))

    seen = api.resolve_for(planner, http_event("GET", HOME), LambdaContext())
    refused = api.resolve_for(planner, http_event("POST", SYNC), LambdaContext())
    foreign = api.resolve_for(planner, http_event("GET", HOME.replace("org1", "org2")), LambdaContext())
    afterwards = api.resolve(http_event("GET", HOME), LambdaContext())

    assert [each["statusCode"] for each in (seen, refused, foreign, afterwards)] == [200, 403, 404, 401]


def test_a_session_s_caller_outweighs_what_the_event_says() -> None:
    api = build_app(shop_of(World()))
    event = http_event("GET", HOME, authorizer=token("org1"))

    answer = api.resolve_for(Caller("org2", "user-9", frozenset(Scope)), event, LambdaContext())

    assert answer["statusCode"] == 404


def test_a_page_s_own_request_stays_its_own_while_it_asks_the_api() -> None:
    pages, api = APIGatewayHttpResolver(), build_app(shop_of(World()))
    planner = Caller("org1", "user-9", frozenset(Scope))

    @pages.get("/console")
    def show() -> dict[str, str]:
        api.resolve_for(planner, http_event("GET", HOME), LambdaContext())
        return {"path": pages.current_event.path}

    answer = pages.resolve(http_event("GET", "/console"), LambdaContext())

    assert json.loads(answer["body"]) == {"path": "/console"}
