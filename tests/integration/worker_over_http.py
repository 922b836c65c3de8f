"""Lambda's own API on the loopback address, for what asks the worker function and waits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from functions.sync_worker import handler as worker
from tests.fakes.loopback import Asked, Reply, served
from tests.integration.deployment import Context


@contextmanager
def worker_over_http() -> Iterator[str]:
    """As much of Invoke as the API asks for: one function, ours."""
    with served(_invoked, "lambda") as address:
        yield address


def _invoked(asked: Asked) -> Reply:
    assert (asked.method, asked.target) == ("POST", "/2015-03-31/functions/sync-worker/invocations")
    return Reply(json.dumps(worker.handler(json.loads(asked.body), Context())).encode())
