"""An issuer on 127.0.0.1 that does what OpenID Connect asks of one, and says otherwise when a test wants it to."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from planster_sync.ports.platform import Clock

CLIENT = "console"
PEOPLE = {"ada": "acme", "bob": "globex"}
SCOPE = "planster/read planster/operate"


def unsigned(claims: dict[str, Any], algorithm: str = "RS256") -> str:
    """A token as the token endpoint gives it; nobody checks its signature, for it comes over the issuer's own line."""
    parts = ({"alg": algorithm, "typ": "JWT"}, claims)
    return ".".join([*(_base64(json.dumps(part).encode()) for part in parts), _base64(b"signature")])


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class SmallIssuer:
    """`says`, `identity` and `access` overlay what the document, the ID token and the access token would say.

    `answers` takes the place of the token endpoint's answer, `status` that of every answer's.
    """

    clock: Clock
    url: str = ""
    says: dict[str, Any] = field(default_factory=dict)
    identity: dict[str, Any] = field(default_factory=dict)
    access: dict[str, Any] = field(default_factory=dict)
    answers: Any = None
    algorithm: str = "RS256"
    opaque: bool = False
    status: int = 200
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def approve(self, address: str, subject: str = "ada") -> str:
        """What a person does who was sent to `address`: signs in, and is sent back to the address that this gives."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert address.startswith(f"{self.url}/authorize?")
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes) + 1}"
        self._codes[code] = {**asked, "subject": subject}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.url})}"

    def document(self) -> dict[str, Any]:
        places = {"issuer": self.url, "authorization_endpoint": f"{self.url}/authorize"}
        return _without_nones({**places, "token_endpoint": f"{self.url}/token", **self.says})

    def exchange(self, form: dict[str, str]) -> tuple[int, Any]:
        """RFC 6749, 4.1.3 and RFC 7636, 4.6: a code is good once, for who asked for it."""
        grant = self._codes.pop(form.get("code", ""), None)
        challenge = _base64(sha256(form.get("code_verifier", "").encode()).digest())
        if grant is None or (challenge, form["client_id"]) != (grant["code_challenge"], grant["client_id"]):
            return 400, {"error": "invalid_grant", "error_description": "secret words of the issuer"}
        if form["redirect_uri"] != grant["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, self.answers if self.answers is not None else self._tokens(grant)

    def _tokens(self, grant: dict[str, str]) -> dict[str, Any]:
        now, subject = int(self.clock.now().timestamp()), grant["subject"]
        common = {"iss": self.url, "sub": subject, "iat": now, "exp": now + 300}
        own = {"aud": CLIENT, "nonce": grant["nonce"], "organisation": PEOPLE[subject]}
        access = {**common, "aud": "planster", "organisation": PEOPLE[subject], "scope": SCOPE}
        return {
            "token_type": "Bearer",
            "id_token": unsigned(_without_nones({**common, **own, **self.identity}), self.algorithm),
            "access_token": "opaque" if self.opaque else unsigned(_without_nones({**access, **self.access})),
        }


def _without_nones(claims: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if value is not None}


class _Exchange(BaseHTTPRequestHandler):
    issuer: SmallIssuer

    def do_GET(self) -> None:
        self.issuer.asked.append(self.path)
        self._reply(self.issuer.status, self.issuer.document())

    def do_POST(self) -> None:
        self.issuer.asked.append(self.path)
        form = dict(parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
        status, answer = self.issuer.exchange(form)
        self._reply(self.issuer.status if self.issuer.status != 200 else status, answer)

    def _reply(self, status: int, answer: Any) -> None:
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Tests do not print."""


@contextmanager
def small_issuer(clock: Clock) -> Iterator[SmallIssuer]:
    issuer = SmallIssuer(clock)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Exchange,), {"issuer": issuer}))
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
