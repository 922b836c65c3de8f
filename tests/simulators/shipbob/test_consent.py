"""The simulated consent: codes for one use, proofs, rotation, scopes."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from simulators.shipbob.consent import APP
from tests.simulators.shipbob.conftest import Client, HandClock

PROOF = "a-proof-that-is-long-enough"
BACK = "http://127.0.0.1:9/back"
ASKED = {
    "response_type": "code",
    "client_id": APP["client_id"],
    "redirect_uri": BACK,
    "scope": "orders_read offline_access",
    "state": "s-1",
    "code_challenge": urlsafe_b64encode(sha256(PROOF.encode()).digest()).rstrip(b"=").decode(),
    "code_challenge_method": "S256",
}


def authorize(client: Client, **changes: str) -> requests.Response:
    asked = {**ASKED, "account": "con-1", **changes}
    return requests.get(f"{client.url}/connect/authorize", params=asked, allow_redirects=False, timeout=10)


def code_of(client: Client, **changes: str) -> str:
    return dict(parse_qsl(urlsplit(authorize(client, **changes).headers["location"]).query))["code"]


def token(client: Client, **asked: str) -> requests.Response:
    body = {**APP, "redirect_uri": BACK, **asked}
    return requests.post(f"{client.url}/connect/token", data=body, timeout=10)


def exchanged(client: Client, code: str, proof: str = PROOF) -> requests.Response:
    return token(client, grant_type="authorization_code", code=code, code_verifier=proof)


def granted(client: Client, **changes: str) -> dict[str, Any]:
    answer = exchanged(client, code_of(client, **changes))
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_the_page_offers_each_account_and_a_way_out(client: Client) -> None:
    answer = requests.get(f"{client.url}/connect/authorize", params=ASKED, timeout=10)

    assert answer.status_code == 200
    assert ("Consent as con-1" in answer.text, "Do not consent" in answer.text) == (True, True)


def test_who_does_not_consent_is_sent_back_with_an_error(client: Client) -> None:
    answer = authorize(client, account="-")

    assert (answer.status_code, answer.headers["location"]) == (302, f"{BACK}?error=access_denied&state=s-1")


@pytest.mark.parametrize(
    "changes",
    [{"client_id": "x"}, {"redirect_uri": "https://elsewhere.test/"}, {"code_challenge_method": "plain"}],
    ids=lambda changes: next(iter(changes)),
)
def test_strangers_are_sent_nowhere(client: Client, changes: dict[str, str]) -> None:
    assert authorize(client, **changes).status_code == 400


def test_a_granted_token_reads_what_was_consented_to(client: Client) -> None:
    client.token = granted(client)["access_token"]

    assert (client.get("order").status_code, client.get("product").status_code) == (200, 403)


def test_a_code_is_good_for_one_use(client: Client) -> None:
    code = code_of(client)

    assert [exchanged(client, code).status_code for _ in range(2)] == [200, 400]


def test_a_code_lasts_two_minutes(client: Client, clock: HandClock) -> None:
    code = code_of(client)
    clock.forward(seconds=120)

    assert exchanged(client, code).json() == {"error": "invalid_grant"}


def test_a_code_needs_the_proof_that_belongs_to_it(client: Client) -> None:
    assert exchanged(client, code_of(client), proof="another").json() == {"error": "invalid_grant"}


def test_a_refresh_token_is_used_up_by_its_use(client: Client, clock: HandClock) -> None:
    first = granted(client)
    clock.forward(hours=1)
    client.token = first["access_token"]
    assert client.get("order").status_code == 401

    second = token(client, grant_type="refresh_token", refresh_token=first["refresh_token"])
    again = token(client, grant_type="refresh_token", refresh_token=first["refresh_token"])

    client.token = second.json()["access_token"]
    assert (client.get("order").status_code, again.json()) == (200, {"error": "invalid_grant"})


def test_without_offline_access_there_is_no_refresh_token(client: Client) -> None:
    assert "refresh_token" not in granted(client, scope="orders_read")


def test_another_client_gets_nothing(client: Client) -> None:
    answer = token(client, grant_type="refresh_token", refresh_token="x", client_secret="wrong")

    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_client"})
