"""moto behind real HTTP on the loopback address, for what speaks to AWS without boto3.

moto catches calls of boto3 and of requests in this process: what arrives here is passed on by requests.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

_PASSED_ON = ("authorization", "content-type", "if-none-match", "x-amz-date", "x-amz-security-token", "x-amz-target")

_HANDED_BACK = ("content-disposition", "etag")


@contextmanager
def moto_over_http(service: str) -> Iterator[str]:
    """Serves moto's `service` (the address that AWS has it at) while moto is in force; gives the address."""

    class Relay(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body in one packet

        def do_GET(self) -> None:
            self.do_POST()

        def do_PUT(self) -> None:
            self.do_POST()

        def do_DELETE(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name: self.headers[name] for name in _PASSED_ON if name in self.headers}
            address = service.rstrip("/") + self.path
            answer = requests.request(self.command, address, data=body, headers=headers, timeout=10)
            self.send_response(answer.status_code)
            for name in (name for name in _HANDED_BACK if name in answer.headers):
                self.send_header(name, answer.headers[name])
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: object) -> None:
            pass

    with _Server(("127.0.0.1", 0), Relay) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="moto")
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    """Does not wait for the threads of kept connections, which end with their other side."""

    daemon_threads = True
