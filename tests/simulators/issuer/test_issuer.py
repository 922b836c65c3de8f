"""The local issuer as its clients meet it, over HTTP: discovery, the page, codes, secrets, and what tokens say."""

from __future__ import annotations

import http.client
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
import pytest

from local_cloud.issuer.codes import challenge_of
from local_cloud.issuer.people import AUDIENCE
from local_cloud.issuer.running import RunningIssuer

VERIFIER = "a-verifier-of-more-than-forty-three-characters-0123"
BACK = "http://a1b2c3d4.execute-api.localhost:4566/console/signed-in"
ASKED = {
    "response_type": "code",
    "client_id": "planster-console",
    "redirect_uri": BACK,
    "scope": "openid planster/read planster/operate planster/admin",
    "state": "s-1",
    "nonce": "n-1",
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass
class Time:
    """Seconds since 1970, moved by hand."""

    at: float = 1_800_000_000.0

    def now(self) -> float:
        return self.at


@dataclass(frozen=True)
class Told:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def sent_back(self) -> dict[str, str]:
        """What the client finds in the address to which the browser was sent."""
        assert self.headers["Location"].startswith(BACK + "?")
        return dict(parse_qsl(urlsplit(self.headers["Location"]).query))


@dataclass
class Client:
    issuer: RunningIssuer
    time: Time
    home: str = field(init=False)

    def send(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Told:
        connection = http.client.HTTPConnection(urlsplit(self.issuer.url).netloc, timeout=10)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        told = Told(answer.status, dict(answer.headers), answer.read().decode())
        connection.close()
        return told

    def authorize(self, **changes: str | None) -> Told:
        asked = {name: value for name, value in {**ASKED, **changes}.items() if value is not None}
        return self.send("GET", f"/authorize?{urlencode(asked)}")

    def code(self, **changes: str | None) -> str:
        return self.authorize(person="alder-planner", **changes).sent_back["code"]

    def token(self, form: dict[str, str], headers: dict[str, str] | None = None) -> Told:
        return self.send("POST", "/token", urlencode(form), {**FORM, **(headers or {})})

    def for_secret(self, name: str, secret: str) -> Told:
        return self.token({"grant_type": "client_credentials", "client_id": name, "client_secret": secret})

    def redeem(self, code: str, **changes: str) -> Told:
        form = {"client_id": ASKED["client_id"], "redirect_uri": BACK, "code_verifier": VERIFIER, "code": code}
        return self.token({"grant_type": "authorization_code", **form, **changes})

    def verified(self, token: str, audience: str) -> dict[str, Any]:
        """The claims, once the signature is checked with the published key."""
        (key,) = self.send("GET", "/jwks.json").body["keys"]
        assert key["kid"] == jwt.get_unverified_header(token)["kid"]
        options: Any = {"verify_exp": False, "verify_iat": False}
        return jwt.decode(
            token, jwt.PyJWK(key), algorithms=["RS256"], audience=audience, issuer=self.issuer.url, options=options
        )


@pytest.fixture(scope="module")
def running() -> Iterator[Client]:
    time = Time()
    with RunningIssuer(now=time.now) as issuer:
        yield Client(issuer, time)


@pytest.fixture
def client(running: Client) -> Client:
    return running


def test_discovery_leads_to_every_address(client: Client) -> None:
    told = client.send("GET", "/.well-known/openid-configuration").body

    assert told["issuer"] == client.issuer.url
    assert told["code_challenge_methods_supported"] == ["S256"]
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        assert client.send("GET", told[name].removeprefix(client.issuer.url)).status in (200, 400, 405)


def test_the_published_key_is_the_public_half_only(client: Client) -> None:
    (key,) = client.send("GET", "/jwks.json").body["keys"]

    assert set(key) == {"kty", "n", "e", "kid", "use", "alg", "key_ops"}


def test_another_issuer_has_another_key() -> None:
    with RunningIssuer() as one, RunningIssuer() as other:
        assert one.mint.key_set()["keys"][0]["n"] != other.mint.key_set()["keys"][0]["n"]
        assert one.machine_secrets.keys() == other.machine_secrets.keys()
        assert not set(one.machine_secrets.values()) & set(other.machine_secrets.values())


def test_the_page_offers_a_planner_and_an_administrator_of_each_organisation(client: Client) -> None:
    page = client.authorize()

    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', page.text)]
    offered = [parse_qs(urlsplit(link).query)["person"][0] for link in links]
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert offered == [f"{name}-{role}" for name in ("alder", "birch", "maple") for role in ("planner", "admin")]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_link_of_the_page_sends_the_browser_back_with_a_code_and_the_state(client: Client) -> None:
    link = unescape(re.findall(r'href="([^"]+)"', client.authorize().text)[0])

    answer = client.send("GET", link)

    assert answer.status == 302
    assert set(answer.sent_back) == {"code", "state"}
    assert answer.sent_back["state"] == "s-1"


def test_what_was_asked_with_is_shown_as_text(client: Client) -> None:
    page = client.authorize(state='"><script>alert(1)</script>')

    assert "<script>" not in page.text


@pytest.mark.parametrize(
    ("subject", "scopes"),
    [
        ("birch-planner", "planster/read planster/operate"),
        ("birch-admin", "planster/read planster/operate planster/admin"),
    ],
)
def test_a_code_becomes_tokens_that_say_who_and_what(client: Client, subject: str, scopes: str) -> None:
    answer = client.redeem(client.authorize(person=subject).sent_back["code"])

    access = client.verified(answer.body["access_token"], AUDIENCE)
    about = client.verified(answer.body["id_token"], "planster-console")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert (answer.body["token_type"], answer.body["expires_in"], answer.body["scope"]) == ("Bearer", 600, scopes)
    assert (access["sub"], access["organisation"], access["scope"]) == (subject, "birch", scopes)
    assert access["exp"] - access["iat"] == 600
    assert (about["sub"], about["organisation"], about["nonce"]) == (subject, "birch", "n-1")
    assert jwt.get_unverified_header(answer.body["access_token"])["typ"] == "at+jwt"


def test_fewer_scopes_are_given_where_fewer_are_asked_for(client: Client) -> None:
    answer = client.redeem(client.code(scope="planster/read planster/admin"))

    assert answer.body["scope"] == "planster/read"
    assert "id_token" not in answer.body


def test_a_code_is_good_once(client: Client) -> None:
    code = client.code()

    assert client.redeem(code).status == 200
    assert client.redeem(code).body["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": VERIFIER + "x"},
        {"code_verifier": ASKED["code_challenge"]},
        {"code_verifier": ""},
        {"redirect_uri": BACK + "/other"},
        {"client_id": "planster-cli"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_code_is_good_for_the_one_that_asked(client: Client, changes: dict[str, str]) -> None:
    code = client.code()

    refused = client.redeem(code, **changes)

    assert (refused.status, refused.body["error"]) == (400, "invalid_grant")
    assert client.redeem(code).body["error"] == "invalid_grant"


def test_a_code_is_good_for_a_minute(client: Client) -> None:
    code = client.code()
    client.time.at += 61

    assert client.redeem(code).body["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
    ],
)
def test_the_client_is_told_what_it_asked_wrongly(client: Client, changes: dict[str, str | None], error: str) -> None:
    told = client.authorize(person="alder-admin", **changes).sent_back

    assert (told["error"], told["state"]) == (error, "s-1")
    assert "code" not in told


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody"},
        {"redirect_uri": "https://example.test/"},
        {"redirect_uri": "http://example.test/"},
        {"redirect_uri": "http://127.0.0.1@example.test/"},
        {"redirect_uri": "http://localhost.example.test/"},
        {"redirect_uri": "http://127.0.0.1/#part"},
        {"redirect_uri": "http://127.0.0.1/\r\nX-Header: 1"},
        {"redirect_uri": None},
    ],
)
def test_nobody_is_sent_anywhere_else(client: Client, changes: dict[str, str | None]) -> None:
    answer = client.authorize(person="alder-admin", **changes)

    assert answer.status == 400
    assert not {"Location", "X-Header"} & set(answer.headers)


def test_a_parameter_that_is_given_twice_is_refused(client: Client) -> None:
    doubled = f"{urlencode(ASKED)}&redirect_uri=http://127.0.0.1/other"

    assert client.send("GET", f"/authorize?{doubled}").status == 400


@pytest.mark.parametrize("way", ["form", "header"])
def test_a_machine_shows_its_secret_in_the_form_or_in_the_header(client: Client, way: str) -> None:
    name, secret = "maple-machine", client.issuer.machine_secrets["maple-machine"]
    header = {"authorization": f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"}

    if way == "form":
        answer = client.for_secret(name, secret)
    else:
        answer = client.token({"grant_type": "client_credentials", "scope": "planster/read"}, header)

    claims = client.verified(answer.body["access_token"], AUDIENCE)
    assert (claims["organisation"], claims["sub"], claims["client_id"]) == ("maple", name, name)
    assert claims["scope"] == ("planster/read planster/operate planster/admin" if way == "form" else "planster/read")


@pytest.mark.parametrize(
    ("name", "secret"), [("maple-machine", "wrong"), ("maple-machine", ""), ("nobody", ""), ("alder-planner", "")]
)
def test_whoever_does_not_know_the_secret_gets_nothing(client: Client, name: str, secret: str) -> None:
    answer = client.for_secret(name, secret)

    assert (answer.status, answer.body["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("grant", ["password", "refresh_token", "implicit", ""])
def test_other_grants_do_not_exist(client: Client, grant: str) -> None:
    assert client.token({"grant_type": grant}).body["error"] == "unsupported_grant_type"


def test_a_form_in_json_is_refused(client: Client) -> None:
    answer = client.send("POST", "/token", "{}", {"content-type": "application/json"})

    assert (answer.status, answer.body["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/token", 405), ("POST", "/authorize", 405), ("GET", "/", 404)]
)
def test_other_addresses_and_methods_are_refused(client: Client, method: str, path: str, status: int) -> None:
    assert client.send(method, path).status == status
