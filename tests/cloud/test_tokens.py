"""Which tokens the deployed API takes: those of its issuer, for its audience, of today, untouched."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any

import jwt
import pytest

from local_cloud.deployment import Deployment
from local_cloud.issuer.people import AUDIENCE, SCOPES, Bearer
from local_cloud.issuer.running import RunningIssuer
from local_cloud.issuer.tokens import Mint, new_key
from planster_sync.aws.clock import SystemClock

pytestmark = pytest.mark.cloud


def now() -> float:
    return SystemClock().now().timestamp()


PLANNER = Bearer("alder", "planner", SCOPES)
HOME = "/v1/organisations/alder/integrations"


def get(deployment: Deployment, headers: Mapping[str, str], address: str = HOME, method: str = "GET") -> int:
    request = urllib.request.Request(f"{deployment.api_url}{address}", headers=dict(headers), method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def part(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def good(issuer: RunningIssuer, **changes: Any) -> dict[str, Any]:
    claims = {**issuer.mint.claims(PLANNER, AUDIENCE), "scope": " ".join(SCOPES), **changes}
    return {name: value for name, value in claims.items() if value is not None}


def signed(issuer: RunningIssuer, **changes: Any) -> str:
    return issuer.mint.sign(good(issuer, **changes), kind="at+jwt")


def of_another_key(issuer: RunningIssuer) -> str:
    """It bears the right key's id."""
    foreign = Mint(issuer.url, now, new_key())
    foreign.key_id = issuer.mint.key_id
    return foreign.sign(good(issuer), kind="at+jwt")


def of_an_unknown_key(issuer: RunningIssuer) -> str:
    return Mint(issuer.url, now, new_key()).sign(good(issuer), kind="at+jwt")


def unsigned(issuer: RunningIssuer) -> str:
    header = {"alg": "none", "typ": "at+jwt", "kid": issuer.mint.key_id}
    return f"{part(header)}.{part(good(issuer))}."


def signed_with_the_public_key(issuer: RunningIssuer) -> str:
    """The public key, which everybody has, taken for a shared secret."""
    public = issuer.mint.key_set()["keys"][0]["n"]
    return jwt.encode(good(issuer), public, algorithm="HS256", headers={"kid": issuer.mint.key_id})


def tampered(issuer: RunningIssuer) -> str:
    header, claims, signature = signed(issuer, organisation="birch").split(".")
    read = json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    return f"{header}.{part({**read, 'organisation': 'alder'})}.{signature}"


def of_a_changed_algorithm(issuer: RunningIssuer) -> str:
    _, claims, signature = signed(issuer).split(".")
    return f"{part({'alg': 'none', 'kid': issuer.mint.key_id})}.{claims}.{signature}"


def id_token(issuer: RunningIssuer) -> str:
    """It says who signed in, to the program in which they did; the API is not meant."""
    return issuer.mint.id_token(PLANNER, "planster-console", None)


REFUSED: dict[str, Callable[[RunningIssuer], str]] = {
    "another issuer": lambda issuer: signed(issuer, iss="http://127.0.0.1:1"),
    "no issuer": lambda issuer: signed(issuer, iss=None),
    "another audience": lambda issuer: signed(issuer, aud="somebody-else"),
    "no audience": lambda issuer: signed(issuer, aud=None),
    "an id token": id_token,
    "expired": lambda issuer: signed(issuer, iat=int(now()) - 700, exp=int(now()) - 100),
    "without an end": lambda issuer: signed(issuer, exp=None),
    "not valid yet": lambda issuer: signed(issuer, nbf=int(now()) + 600),
    "another key": of_another_key,
    "an unknown key": of_an_unknown_key,
    "algorithm none": unsigned,
    "algorithm changed to none": of_a_changed_algorithm,
    "the public key as a secret": signed_with_the_public_key,
    "tampered": tampered,
    "no signature": lambda issuer: signed(issuer).rpartition(".")[0] + ".",
    "half a token": lambda issuer: signed(issuer)[: len(signed(issuer)) // 2],
    "no token": lambda _: "",
}


def test_a_token_of_the_issuer_is_taken(deployment: Deployment, issuer: RunningIssuer) -> None:
    assert get(deployment, issuer.proof("alder")) == 200


def test_a_request_without_a_token_is_refused(deployment: Deployment) -> None:
    assert get(deployment, {}) == 401


@pytest.mark.parametrize("kind", REFUSED)
def test_another_token_is_refused(deployment: Deployment, issuer: RunningIssuer, kind: str) -> None:
    assert get(deployment, bearer(REFUSED[kind](issuer))) == 401


@pytest.mark.parametrize("kind", ["expired", "another issuer", "tampered"])
def test_a_refused_token_reaches_no_address(deployment: Deployment, issuer: RunningIssuer, kind: str) -> None:
    headers = bearer(REFUSED[kind](issuer))

    assert {get(deployment, headers, address) for address in ("/v1/health", "/v1/openapi.json")} == {401}


@pytest.mark.parametrize("organisation", ["birch", "", None, 7], ids=["foreign", "empty", "none", "number"])
def test_a_good_token_opens_its_own_organisation_only(
    deployment: Deployment, issuer: RunningIssuer, organisation: object
) -> None:
    assert get(deployment, bearer(signed(issuer, organisation=organisation))) == 404


def test_a_good_token_does_what_its_scopes_say(deployment: Deployment, issuer: RunningIssuer) -> None:
    read, operate, admin = (issuer.proof("alder", [scope]) for scope in SCOPES)
    sync, pause = f"{HOME}/nothing/sync", f"{HOME}/nothing/pause"

    may = [
        [get(deployment, headers), *(get(deployment, headers, address, "POST") for address in (sync, pause))]
        for headers in (read, operate, admin, issuer.proof("alder", []))
    ]

    assert may == [[200, 403, 403], [403, 404, 403], [403, 403, 404], [403, 403, 403]]


def test_a_machine_gets_a_token_for_its_secret(deployment: Deployment, issuer: RunningIssuer) -> None:
    secret = issuer.machine_secrets["alder-machine"]
    form = f"grant_type=client_credentials&client_id=alder-machine&client_secret={secret}".encode()

    with urllib.request.urlopen(f"{issuer.url}/token", form) as answer:
        told = json.load(answer)

    assert get(deployment, bearer(told["access_token"])) == 200
    assert get(deployment, bearer(told["access_token"]), HOME.replace("alder", "birch")) == 404
