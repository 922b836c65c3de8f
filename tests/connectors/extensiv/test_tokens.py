"""How an access token is asked for."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, cast

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import AnswerBroken, CredentialsRejected, SyncError
from planster_sync.http.account import Account
from planster_sync.http.auth import Auth
from planster_sync.http.client import HttpClient
from planster_sync.http.messages import Request
from planster_sync.http.tokens import AskVendor, SharedTokens
from planster_sync.ports.tokens import Grant
from tests.connectors.extensiv.subject import SETTINGS
from tests.fakes.clock import ManualClock
from tests.fakes.own_tokens import OwnTokens
from tests.fakes.scripted_client import ScriptedClient

CLIENT = {"client_id": "us", "client_secret": "s"}
GUID = "{0a1b2c3d-0000-1111-2222-333344445555}"


def asked(answer: Any, **credentials: str) -> tuple[Grant, Request]:
    """What a connector with these credentials is granted, and the request that asked for it, signed."""
    client, signing, asking = ScriptedClient([answer]), list[Auth](), list[AskVendor]()
    clock = ManualClock()

    def opened(base_url: str, auth: Auth, statuses: Mapping[int, type[SyncError]]) -> HttpClient:
        signing.append(auth)
        return cast(HttpClient, client)

    def tokens(ask: AskVendor) -> SharedTokens:
        asking.append(ask)
        return OwnTokens(clock)(ask)

    registry.build("extensiv", Account({**CLIENT, **credentials}, SETTINGS, clock, opened, tokens))
    grant = asking[0](None)
    return grant, signing[0].sign(client.asked[0])


@pytest.mark.parametrize("user", [{"user_login": "17"}, {"user_login_id": "17"}, {"user_login_id": "17", "tpl": GUID}])
def test_the_client_goes_into_the_header_and_the_user_into_the_body(user: dict[str, str]) -> None:
    grant, request = asked({"access_token": "t", "expires_in": 3600, "refresh_token": None}, **user)

    assert (grant.access, grant.seconds, grant.refresh) == ("t", 3600, None)
    assert (request.method, request.path) == ("POST", "/AuthServer/api/Token")
    assert request.headers["authorization"] == f"Basic {b64encode(b'us:s').decode()}"
    assert json.loads(request.body or b"") == {"grant_type": "client_credentials", **user}


def test_a_token_without_an_end_is_taken_to_live_half_an_hour() -> None:
    assert asked({"access_token": "t"}, user_login="17")[0].seconds == 1800


@pytest.mark.parametrize("answer", [{}, [], b"<html>", {"access_token": "t", "expires_in": "soon"}])
def test_an_answer_without_a_token_is_broken(answer: object) -> None:
    with pytest.raises(AnswerBroken):
        asked(answer, user_login="17")


@pytest.mark.parametrize("user", [{}, {"user_login": "17", "user_login_id": "17"}])
def test_credentials_that_name_no_user_or_two_are_refused(user: dict[str, str]) -> None:
    with pytest.raises(CredentialsRejected):
        asked({}, **user)
