"""From the command through the API, queues and worker to a simulated vendor and back: as deployed, on moto."""

from __future__ import annotations

import csv
import io
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.manual_sync_api import handler as api
from simulators.trackstar.config import AccountSpec
from tests.client.served import Asked, Told, http
from tests.client.terminal import Terminal
from tests.integration.api.caller import http_event
from tests.integration.deployment import Deployment, deployment
from tests.integration.worker_over_http import worker_over_http

pytestmark = pytest.mark.moto

ACCOUNT = AccountSpec("con-1", "token-con-1", seed=5, size=6, forbidden=frozenset({"get_returns"}))


def answer(asked: Asked) -> Told:
    """What API Gateway does between a client and the handler."""
    event = http_event(asked.method, asked.path, asked.body or None, asked.headers)
    told = api.handler(event, LambdaContext())
    return Told(told["statusCode"], told["body"] or "", {name: str(value) for name, value in told["headers"].items()})


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    api.app.cache_clear()
    with deployment(monkeypatch, ACCOUNT) as running, worker_over_http() as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", url)
        running.register("main", "con-1")
        yield running
    api.app.cache_clear()


@pytest.fixture
def terminal(system: Deployment, tmp_path: Path) -> Iterator[Terminal]:
    """In its waits a worker does what is queued."""
    with http(answer) as url:
        made = Terminal(tmp_path, wait=lambda _: system.work())
        made.target(url, "acme")
        yield made


def truth(system: Deployment, collection: str) -> list[dict[str, object]]:
    with urllib.request.urlopen(f"{system.simulator.url}/_sim/truth/con-1/{collection}") as told:
        return [json.loads(line) for line in told.read().splitlines()]


def test_a_planner_syncs_finds_what_is_missing_and_takes_the_stock_home(
    system: Deployment, terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "stock.csv"

    synced = terminal.run("sync", "main", "--follow")
    told = terminal.out
    exported = terminal.run("export", "main", "inventory_levels", "-o", str(file))
    checked = terminal.run("check", "main")
    verdicts = terminal.out
    verified = terminal.run("verify", "main", "inventory_levels", "--sample", "2")

    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert (synced, exported, checked, verified) == (0, 0, 1, 0)
    assert "✔ With warnings" in told
    assert "returns  " in told
    assert len(rows) == len(truth(system, "inventory"))
    assert "✖ not permitted" in verdicts
    assert terminal.out.count("The warehouse system says the same.") == 2


def test_a_number_is_corrected_until_the_source_speaks_again(system: Deployment, terminal: Terminal) -> None:
    terminal.run("sync", "main", "inventory_levels", "--follow")
    terminal.run("export", "main", "inventory_levels", "--format", "ndjson")
    record = json.loads(terminal.out.splitlines()[0])

    adjusted = terminal.run(
        "adjust", "one", "main", "inventory_levels", "name=Counted", "--record", record["id"], "--reason", "test"
    )
    terminal.run("adjust", "list", "main", "inventory_levels", "--json")
    in_force = [each["record"] for each in terminal.json]
    withdrawn = terminal.run("adjust", "withdraw", "main", "inventory_levels", record["id"])
    terminal.run("adjust", "list", "main", "inventory_levels", "--json")

    assert (adjusted, withdrawn) == (0, 0)
    assert in_force == [record["id"]]
    assert terminal.json == []
