"""Every AWS service as an account that holds nothing, on one loopback port: what a function's first event asks of them.

It measures nothing and keeps nothing; it answers fast, so that a cold start's time is the function's own.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LOOPBACK = "127.0.0.1"
PARAMETER = {"Parameter": {"Name": "any", "Type": "SecureString", "Value": "{}"}}
ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "Query": {"Items": [], "Count": 0, "ScannedCount": 0},
    "BatchGetItem": {"Responses": {}},
    "GetParameter": PARAMETER,
    "PutEvents": {"FailedEntryCount": 0, "Entries": []},
}
"""By operation, as `X-Amz-Target` names it; every other one is answered by an empty object."""


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        body = json.dumps(ANSWERS.get(operation, {})).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def quiet_cloud() -> Iterator[str]:
    """Gives the address that AWS_ENDPOINT_URL must name."""
    server = ThreadingHTTPServer((LOOPBACK, 0), _Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
