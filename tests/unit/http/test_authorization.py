"""The authorisation-code flow: what is asked for, how it is proven, and what a refusal means."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from planster_sync.errors import AnswerBroken, CredentialsRejected, SettingsInvalid, SourceUnavailable, SyncError
from planster_sync.http.auth import Auth
from planster_sync.http.authorization import CodeFlow
from planster_sync.http.client import HttpClient
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.messages import Answer, NoAnswer, Request
from planster_sync.http.retries import RetryPolicy
from planster_sync.ports.connecting import Authorization
from tests.fakes.clock import ManualClock
from tests.fakes.memory_platform import FreeBudget

FLOW = Authorization("https://vendor.test/authorize", "https://tokens.test/oauth/token", ("read", "offline"))
APP = {"client_id": "planster", "client_secret": "s3cr3t", "redirect_uri": "https://api.test/v1/connect/callback"}


class Vendor:
    """Answers as it is told and remembers what it was asked."""

    def __init__(self, status: int = 200, body: Any = None) -> None:
        self.status = status
        self.body = json.dumps(body).encode() if not isinstance(body, bytes) else body
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.silent = False

    def open(self, base_url: str, auth: Auth, statuses: Mapping[int, type[SyncError]]) -> HttpClient:
        self.base_url = base_url
        clock = ManualClock()
        return HttpClient(
            self, auth, FreeBudget(clock), clock, RetryPolicy(attempts=2), AnswerLimits(), statuses, lambda: 0.5
        )

    def exchange(self, request: Request, ends: datetime) -> Answer:
        form = dict(parse_qsl((request.body or b"").decode()))
        self.asked.append((self.base_url, request.path, form))
        if self.silent:
            raise NoAnswer(TimeoutError(), sent=True)
        return Answer(self.status, {}, self.body)

    def close(self) -> None:
        """Nothing is open."""


GRANTED = {"access_token": "a-1", "expires_in": 3600, "refresh_token": "r-1", "token_type": "Bearer"}


def test_the_address_asks_for_a_code_with_a_proof() -> None:
    address = CodeFlow(FLOW, APP).address("state-1")

    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://vendor.test/authorize"
    assert {name: asked[name] for name in ("response_type", "client_id", "redirect_uri", "scope", "state")} == {
        "response_type": "code",
        "client_id": "planster",
        "redirect_uri": APP["redirect_uri"],
        "scope": "read offline",
        "state": "state-1",
    }
    assert asked["code_challenge_method"] == "S256"
    assert "s3cr3t" not in address


def test_a_code_is_exchanged_with_the_proof_that_the_address_announced() -> None:
    vendor, flow = Vendor(body=GRANTED), CodeFlow(FLOW, APP)
    challenge = dict(parse_qsl(urlsplit(flow.address("state-1")).query))["code_challenge"]

    grant = flow.exchanged(vendor.open, "code-1", "state-1")

    ((base_url, path, form),) = vendor.asked
    proof = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
    assert (base_url, path, proof) == ("https://tokens.test", "/oauth/token", challenge)
    assert (form["grant_type"], form["code"], form["redirect_uri"]) == (
        "authorization_code",
        "code-1",
        APP["redirect_uri"],
    )
    assert (grant.access, grant.seconds, grant.refresh) == ("a-1", 3600, "r-1")


def test_each_state_has_a_proof_of_its_own() -> None:
    flow = CodeFlow(FLOW, APP)

    challenges = {dict(parse_qsl(urlsplit(flow.address(state)).query))["code_challenge"] for state in ("a", "b")}

    assert len(challenges) == 2


def test_the_newest_refresh_token_is_used_and_the_first_one_where_there_is_none() -> None:
    vendor = Vendor(body={"access_token": "a-2"})
    ask = CodeFlow(FLOW, APP).renewing(vendor.open, "first")

    grants = [ask(None), ask("newest")]

    assert [form["refresh_token"] for _, _, form in vendor.asked] == ["first", "newest"]
    assert [(grant.access, grant.refresh) for grant in grants] == [("a-2", None)] * 2


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"error": "invalid_grant"}, CredentialsRejected),
        (403, {"error": "access_denied"}, CredentialsRejected),
        (401, {"error": "invalid_client"}, SettingsInvalid),
        (400, {"error": "unauthorized_client"}, SettingsInvalid),
        (400, b"<html>", AnswerBroken),
        (200, {"token": "s3cr3t-token"}, AnswerBroken),
        (200, b"\xff", AnswerBroken),
        (503, b"", SourceUnavailable),
    ],
)
def test_refusals_say_whose_move_it_is(status: int, body: Any, error: type[SyncError]) -> None:
    ask = CodeFlow(FLOW, APP).renewing(Vendor(status, body).open, "first")

    with pytest.raises(error) as failed:
        ask(None)

    told = f"{failed.value.what} {failed.value.remedy} {failed.value.detail} {failed.value.__cause__}"
    assert ("s3cr3t" in told, "first" in told) == (False, False)


def test_a_code_is_never_sent_twice() -> None:
    vendor = Vendor()
    vendor.silent = True

    with pytest.raises(SourceUnavailable):
        CodeFlow(FLOW, APP).exchanged(vendor.open, "code-1", "state-1")

    assert len(vendor.asked) == 1


def test_a_registration_may_name_other_addresses() -> None:
    vendor = Vendor(body=GRANTED)
    app = {**APP, "consent_url": "https://stage.test/ask?x=1", "exchange_url": "https://stage.test/token"}
    flow = CodeFlow(FLOW, app)

    flow.exchanged(vendor.open, "c", "s")

    assert flow.address("s").startswith("https://stage.test/ask?x=1&response_type=code")
    assert vendor.asked[0][:2] == ("https://stage.test", "/token")


@pytest.mark.parametrize("missing", sorted(APP))
def test_a_registration_that_lacks_a_part_is_told_without_being_shown(missing: str) -> None:
    app = {name: value for name, value in APP.items() if name != missing}

    with pytest.raises(SettingsInvalid) as failed:
        CodeFlow(FLOW, app)

    assert "s3cr3t" not in f"{failed.value.what} {failed.value.remedy} {failed.value.__cause__}"
