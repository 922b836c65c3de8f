"""One list of a vendor over real HTTP, byte for byte as a test has it: honest pages and poisoned ones."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a page: how many came before it, the place that its token names, and what would be honest."""

    number: int
    place: int
    honest: bytes


Poison = Callable[[Asked], bytes]


def honestly(asked: Asked) -> bytes:
    return asked.honest


def page(records: Sequence[bytes], token: object, **envelope: Any) -> bytes:
    """A list's page in the vendor's own shape, whatever the records are."""
    rest = {"next_token": token, "total_count": len(records), **envelope}
    return b'{"data":[' + b",".join(records) + b"]," + json.dumps(rest).encode()[1:]


@dataclass
class Vendor:
    """Serves `records` in pages of four and by id. `poison` may answer a page's request with anything."""

    records: list[bytes] = field(default_factory=list)
    poison: Poison = honestly
    asked: int = 0
    looked_up: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str) -> bytes:
        query = parse_qs(urlsplit(path).query)
        if "ids[in]" in query:
            return self._by_id(query["ids[in]"][0].split(","))
        place = int(query["page_token"][0].rpartition("-")[2]) if "page_token" in query else 0
        after = place + PAGE
        honest = page(self.records[place:after], f"page-{after}" if after < len(self.records) else None)
        number, self.asked = self.asked, self.asked + 1
        return self.poison(Asked(number, place, honest))

    def _by_id(self, ids: Sequence[str]) -> bytes:
        self.looked_up += ids
        wanted = {json.dumps(each).encode() for each in ids}
        return page([raw for raw in self.records if any(b'"id":' + each in raw for each in wanted)], None)


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    wbufsize = -1
    disable_nagle_algorithm = True
    vendor: Vendor

    def do_GET(self) -> None:
        body = self.vendor.answer(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
        """Tests do not print."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up early is part of these tests; anything else is printed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving() -> Iterator[Vendor]:
    """A vendor on a free port of 127.0.0.1."""
    vendor = Vendor()
    server = _Server(("127.0.0.1", 0), type("BoundExchange", (_Exchange,), {"vendor": vendor}))
    vendor.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield vendor
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
