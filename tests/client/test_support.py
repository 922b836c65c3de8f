"""What administrators and support need: webhooks, the bundle for support, and dry runs of shipments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from planster_sync.model.runs import Problem
from planster_sync.model.webhooks import Reply
from tests.client.script import scripted
from tests.client.served import Served, Told, serving
from tests.client.terminal import Terminal
from tests.engine.world import World
from tests.fakes.webhook_office import URL, Office

DOWN = Reply(500, Problem("webhook_refused", "The receiver answered 500.", "Mend the receiver.", retryable=True))


@pytest.fixture
def office() -> Office:
    return Office(World())


@pytest.fixture
def served(office: Office) -> Iterator[Served]:
    with serving(office.world, webhooks=office.desk) as found:
        yield found


def added(terminal: Terminal) -> str:
    """The id of a new webhook."""
    terminal.run("webhooks", "add", URL, "--json")
    return str(terminal.json["id"])


def test_a_new_webhook_shows_its_secret_this_once(office: Office, terminal: Terminal) -> None:
    code = terminal.run("webhooks", "add", URL, "--kind", "run.completed")
    shown = terminal.out
    terminal.run("webhooks", "list")

    ((_, secret),) = office.secrets.there.items()
    assert code == 0
    assert secret in shown
    assert URL in terminal.out
    assert "run.completed" in terminal.out
    assert secret not in terminal.out


def test_an_address_that_cannot_be_told_is_refused_with_its_reason(office: Office, terminal: Terminal) -> None:
    assert terminal.run("webhooks", "add", "https://169.254.169.254/") == 4
    assert office.secrets.there == {}


def test_a_new_secret_is_shown_and_the_webhook_is_removed(office: Office, terminal: Terminal) -> None:
    webhook = added(terminal)

    rotated = terminal.run("webhooks", "rotate", webhook)
    shown = terminal.out
    removed = terminal.run("webhooks", "remove", webhook)
    terminal.run("webhooks", "list")

    assert (rotated, removed) == (0, 0)
    assert "Its secret, shown this once: " in shown
    assert terminal.out == "There is none.\n"


def test_a_test_is_sent_and_the_deliveries_say_what_came_of_it(office: Office, terminal: Terminal) -> None:
    webhook = added(terminal)
    office.post.replies = [DOWN]

    code = terminal.run("webhooks", "test", webhook)
    office.work()
    terminal.run("webhooks", "deliveries", webhook)

    (row,) = [line for line in terminal.out.splitlines() if " test " in line]
    assert code == 0
    assert " 500 " in row
    assert "failed: The receiver answered 500." in row


def test_a_webhook_can_be_resumed(terminal: Terminal) -> None:
    webhook = added(terminal)

    assert terminal.run("webhooks", "resume", webhook) == 0
    assert terminal.run("webhooks", "resume", "another") == 4


def test_the_bundle_for_support_goes_into_a_file_or_a_pipe(served: Served, terminal: Terminal, tmp_path: Path) -> None:
    served.world.night()
    file = tmp_path / "bundle.json"

    into_file = terminal.run("diagnose", "int1", "-o", str(file))
    said = terminal.out
    into_pipe = terminal.run("diagnose", "int1")

    assert (into_file, into_pipe) == (0, 0)
    assert said == f"The bundle is in {file}.\n"
    assert json.loads(file.read_text())["status"]["id"] == terminal.json["status"]["id"] == "int1"


def test_a_dry_run_asks_the_address_that_sends_nothing(terminal: Terminal) -> None:
    trial = {"reference": "PO-1", "operation": "create_inbound_shipment", "sentence": "It can be sent."}
    with scripted(Told(200, json.dumps(trial))) as script:
        terminal.target(script.url)
        created = terminal.run("write", "create", "int1", "-", "--dry-run", piped='{"reference": "PO-1"}')
        updated = terminal.run("write", "update", "int1", "a/1", "-", "--dry-run", piped='{"reference": "PO-1"}')

    home = "/v1/organisations/org1/integrations/int1/inbound-shipments"
    assert (created, updated) == (0, 0)
    assert [asked.path for asked in script.asked] == [f"{home}/dry-run", f"{home}/a%2F1/dry-run"]
    assert terminal.out == "PO-1: It can be sent.\n"
