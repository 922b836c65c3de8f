"""Planners who look at the status page: so many requests a second to the API's own handler, in this process.

    .venv/bin/python -m benchmarks.api_load --endpoint URL [--rate 200] [--seconds 60] [--integrations 4]

Requests arrive at random moments that are drawn beforehand (a Poisson process), whether or not the one before has been
answered, and a latency counts from that moment: a handler that falls behind is not spared. One thread, as an instance
of a Lambda function works. Prints a line of JSON for each kind of request.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from benchmarks import deployment, stores
from benchmarks.invoking import Context, integration
from benchmarks.memory import peak_mb
from functions.manual_sync_api.handler import handler
from planster_sync.connectors import registry
from planster_sync.entry.parts import Parts, parts
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import Counts, StreamKey, Task, TaskState
from planster_sync.model.streams import DataTypeStatus, DataWindow, Stream

SEED = 20260504
WARM = 50
END = "4102444800"
"""Of the token: the year 2100, as text, as API Gateway hands it over."""
HOME = f"/v1/organisations/{deployment.ORGANISATION}"
_RUN = "20260504T020000Z"
_TELL_EVERY = 20.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A request. `known` says whether it carries the tag of the answer before, as a client's next look does."""

    name: str
    path: str
    known: bool


KINDS = (
    Kind("status page", f"{HOME}/status", known=False),
    Kind("status page, If-None-Match", f"{HOME}/status", known=True),
    Kind("one integration", f"{HOME}/integrations/wms-0", known=False),
    Kind("one integration, If-None-Match", f"{HOME}/integrations/wms-0", known=True),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Requests for the status, at a given rate.")
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--integrations", type=int, default=4)
    given = parser.parse_args()
    endpoint = given.endpoint
    os.environ.update(deployment.environment(dynamodb=endpoint, s3=endpoint, platform=endpoint))
    os.environ["ORGANISATION_REQUESTS_PER_MINUTE"] = "1000000"
    stores.create(endpoint, endpoint)
    for number in range(given.integrations):
        connect(parts(), number)
    for kind in KINDS:
        print(json.dumps(_measured(kind, given)), flush=True)


def connect(made: Parts, number: int) -> None:
    """An integration whose every read has just gone through."""
    connected = integration(deployment.ORGANISATION, f"wms-{number}", "http://127.0.0.1:9", due_at=datetime.now(UTC))
    made.integrations.put(connected)
    for read in registry.capabilities(connected.connector).reads.values():
        _synced(made, connected, read.name, tuple(read.feeds))


def _synced(made: Parts, connected: Integration, read: str, data_types: tuple[Any, ...]) -> None:
    """As the worker leaves a stream's row behind: with how its task ended, which the status does not tell."""
    now = datetime.now(UTC)
    key = StreamKey(connected.organisation, connected.id, read)
    lease, _ = made.streams.take(key, run=_RUN, segment=0, holder="bench", now=now, seconds=400)
    counts = {each: Counts(fetched=9_000, created=40, updated=210, unchanged=8_750) for each in data_types}
    window = DataWindow("2024-05-04T08:15:00Z", "2026-05-03T17:20:30Z")
    end = Stream(
        key,
        index=f"0000000002-{_RUN}",
        high_water=now,
        last_attempt_at=now,
        last_success_at=now,
        last_success_run=_RUN,
        last_snapshot_at=now,
        usable_since=now,
        last_task=Task(read, data_types, TaskState.SUCCEEDED, 0, now, now, 9, 250, counts),
        data_types={each: DataTypeStatus(live=9_000, counts=counts[each], window=window) for each in data_types},
    )
    made.streams.finish(lease, end)


def _measured(kind: Kind, given: argparse.Namespace) -> dict[str, Any]:
    headers = {"if-none-match": _told(kind, {})["headers"]["ETag"]} if kind.known else {}
    wanted = 304 if kind.known else 200
    answers = [_told(kind, headers) for _ in range(WARM)]
    _control(given.endpoint, "reset")
    cpu, began = time.process_time(), time.perf_counter()
    latencies = sorted(_latencies(kind.name, lambda: _told(kind, headers), wanted, list(_moments(given))))
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    requests = sum(_control(given.endpoint, "stats")["dynamodb"]["requests"].values())
    count = len(latencies)
    return {
        "run": kind.name,
        "rate": given.rate,
        "requests": count,
        "answered_a_second": count / wall,
        "ms": {f"p{share:g}": latencies[int(count * share / 100)] * 1000 for share in (50, 95, 99)},
        "cpu_ms": used / count * 1000,
        "dynamodb": requests / count,
        "bytes": len(answers[-1].get("body") or ""),
        "integrations": given.integrations,
        "rss_mb": peak_mb(),
    }


def _moments(given: argparse.Namespace) -> Iterator[float]:
    """When requests arrive, in seconds from the start."""
    chance, at = random.Random(SEED), 0.0
    while (at := at + chance.expovariate(given.rate)) < given.seconds:
        yield at


def _latencies(name: str, ask: Callable[[], Any], wanted: int, moments: list[float]) -> Iterator[float]:
    began = told = time.perf_counter()
    for number, moment in enumerate(moments):
        left = began + moment - time.perf_counter()
        if left > 0:
            time.sleep(left)
        if ask()["statusCode"] != wanted:
            raise SystemExit(f"{name} was not answered with {wanted}")
        now = time.perf_counter()
        yield now - began - moment
        if now - told > _TELL_EVERY:
            told = now
            print(f"  {name}: {number + 1:,} of {len(moments):,}", file=sys.stderr, flush=True)


def _told(kind: Kind, headers: dict[str, str]) -> Any:
    return handler(event_of(kind.path, headers), Context())


def event_of(path: str, headers: dict[str, str]) -> dict[str, Any]:
    """As an HTTP API hands over a planner's request behind its JWT authorizer (payload version 2)."""
    claims = {"sub": "planner-7", "organisation": deployment.ORGANISATION, "scope": "planster/read", "exp": END}
    http = {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"}
    return {
        "version": "2.0",
        "routeKey": "ANY /v1/{proxy+}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"accept": "application/json", "host": "api.example.test", **headers},
        "requestContext": {
            "requestId": "request-1",
            "stage": "$default",
            "http": http,
            "authorizer": {"jwt": {"claims": claims, "scopes": None}},
        },
        "isBase64Encoded": False,
    }


def _control(url: str, action: str) -> Any:
    with urllib.request.urlopen(f"{url}/_control/{action}") as answer:  # noqa: S310  our own server
        return json.loads(answer.read())


if __name__ == "__main__":
    main()
