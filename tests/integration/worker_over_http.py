"""Lambda's own API on the loopback address, for what asks the worker function and waits."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from functions.sync_worker import handler as worker
from tests.integration.deployment import Context


@contextmanager
def worker_over_http() -> Iterator[str]:
    """As much of Invoke as the API asks for: one function, ours."""

    class Invoke(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/2015-03-31/functions/sync-worker/invocations"
            event = json.loads(self.rfile.read(int(self.headers["content-length"])))
            content = json.dumps(worker.handler(event, Context())).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Invoke) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="lambda")
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
