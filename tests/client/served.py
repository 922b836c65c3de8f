"""The API behind real HTTP, with a gateway before it that knows tokens; and a server that answers from a script."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from tests.engine.world import World
from tests.integration.api.caller import Api, http_event, token


class Asked(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: str


class Told(NamedTuple):
    status: int
    body: str = ""
    headers: dict[str, str] = {}  # noqa: RUF012  never changed


Reply = Callable[[Asked], Told]


@contextmanager
def http(reply: Reply) -> Iterator[str]:
    """The address of a server that answers each request with `reply`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            told = reply(Asked(self.command, self.path, headers, self.rfile.read(length).decode()))
            content = told.body.encode() if told.status != 304 else b""
            self.send_response_only(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815  the names that the server asks for

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Served:
    """The API at `url`. `claims_of` is what the gateway makes of a token, None for one that it refuses."""

    world: World
    url: str = ""
    claims_of: Callable[[str], dict[str, Any] | None] | None = None
    asked: list[Asked] = field(default_factory=list)
    before: Callable[[Asked], None] = lambda _: None
    changes: dict[str, Any] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Told:
        self.asked.append(asked)
        self.before(asked)
        context: dict[str, Any] = {}
        if self.claims_of is not None:
            claims = self.claims_of(asked.headers.get("authorization", "").removeprefix("Bearer "))
            if claims is None:
                return Told(401, '{"message":"Unauthorized"}', {"content-type": "application/json"})
            context = {"authorizer": {"jwt": {"claims": claims, "scopes": None}}}
        event = http_event(asked.method, asked.path, asked.body or None, asked.headers, **context)
        answer = Api(self.world, self.changes).raw(event)
        headers = {name: str(value) for name, value in answer["headers"].items()}
        return Told(answer["statusCode"], answer["body"] or "", headers)


@contextmanager
def serving(world: World, **changes: Any) -> Iterator[Served]:
    served = Served(world, changes=changes)
    with http(served.answer) as url:
        served.url = url
        yield served


def claims(organisation: str = "org1", subject: str = "user-7") -> dict[str, Any]:
    found: dict[str, Any] = token(organisation, subject)["jwt"]["claims"]
    return found
