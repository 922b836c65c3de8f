"""The issuer as a server in this process, on a free port of 127.0.0.1, until it is stopped."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from local_cloud.issuer.codes import Codes
from local_cloud.issuer.endpoints import Endpoints
from local_cloud.issuer.people import AUDIENCE, SCOPES, Bearer, machines, people
from local_cloud.issuer.tokens import Mint, new_key
from local_cloud.processes import LOOPBACK
from local_cloud.seed import ORGANISATIONS
from simulators.serving.exchange import Answer, Request

LARGEST_BODY = 64 * 1024
POLL_SECONDS = 0.05
OWN_MACHINE = "local-cloud"


class RunningIssuer:
    """`url` is the issuer's name in tokens; `machine_secrets` are by client id, made at start."""

    def __init__(self, organisations: Sequence[str] = ORGANISATIONS, now: Callable[[], float] = time.time) -> None:
        self._server = _Server((LOOPBACK, 0), _Handler)
        self.url = f"http://{LOOPBACK}:{self._server.server_port}"
        self.mint = Mint(self.url, now, new_key())
        self.machine_secrets = {name: secrets.token_urlsafe(24) for name in machines(organisations)}
        known = {name: (machine, self.machine_secrets[name]) for name, machine in machines(organisations).items()}
        self._server.endpoints = Endpoints(self.mint, Codes(now), people(organisations), known)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        self._thread.start()

    @property
    def parameters(self) -> dict[str, str]:
        """The template's parameters with which a deployment asks for this issuer's tokens."""
        return {"ApiAuthorization": "JWT", "JwtIssuer": self.url, "JwtAudience": AUDIENCE}

    def proof(self, organisation: str, scopes: Sequence[str] = SCOPES) -> dict[str, str]:
        """The header that shows a new token of an organisation, known or not, without anybody having to sign in."""
        bearer = Bearer(organisation, OWN_MACHINE, tuple(scopes))
        return {"authorization": f"Bearer {self.mint.access_token(bearer, scopes, OWN_MACHINE)}"}

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> RunningIssuer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    endpoints: Endpoints


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        if length > LARGEST_BODY:
            self.send_error(413)
            return
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._send(self.server.endpoints.answer(Request(self.command, path, query, headers, self.rfile.read(length))))

    do_POST = do_GET  # noqa: N815 - the base class looks for these names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Silent: addresses hold codes."""

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        sent = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body)), **answer.headers}
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
