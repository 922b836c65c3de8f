"""Webhooks, dry runs of shipments and the bundle for support, as the command asks for them and shows them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.client.script import scripted
from tests.client.served import Told
from tests.client.terminal import Terminal

HOOKS = "/v1/organisations/org1/webhooks"
HOOK = {
    "id": "wh-1",
    "url": "https://example.test/hook",
    "kinds": ["run_completed", "action_needed"],
    "state": "active",
    "sentence": "It is told.",
    "last_delivered_at": None,
    "problem": None,
}
DELIVERY = {
    "id": "msg-1",
    "kind": "run_completed",
    "state": "waiting",
    "created_at": "2026-03-01T11:00:00Z",
    "attempt": 2,
    "next_try_at": "2026-03-01T12:05:00Z",
    "status": 500,
    "problem": {"code": "webhook_refused", "what": "The receiver answered 500.", "remedy": "r", "retryable": True},
}


def told(document: Any, status: int = 200) -> Told:
    return Told(status, json.dumps(document))


def test_webhooks_are_listed_in_words(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    with scripted(told({"webhooks": [HOOK]})) as script:
        terminal.target(script.url)
        code = terminal.run("webhooks", "list")

    assert (code, script.asked[0].path) == (0, HOOKS)
    assert "run completed, action needed" in terminal.out
    assert "never" in terminal.out


def test_a_new_webhook_shows_its_secret_once(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    with scripted(told({**HOOK, "secret": "whsec_once"}, 201)) as script:
        terminal.target(script.url)
        code = terminal.run("webhooks", "add", "https://example.test/hook", "--kind", "run_completed")

    assert code == 0
    assert json.loads(script.asked[0].body) == {"url": "https://example.test/hook", "kinds": ["run_completed"]}
    assert "whsec_once" in terminal.out


def test_each_deed_has_its_address(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    deeds = {
        "remove": ("DELETE", HOOKS + "/wh-1", {"id": "wh-1", "message": "It is told no more."}),
        "rotate": ("POST", HOOKS + "/wh-1/rotate", {**HOOK, "secret": "s"}),
        "resume": ("POST", HOOKS + "/wh-1/resume", HOOK),
        "test": ("POST", HOOKS + "/wh-1/test", DELIVERY),
    }
    for name, (method, path, answer) in deeds.items():
        with scripted(told(answer)) as script:
            terminal.target(script.url)

            assert terminal.run("webhooks", name, "wh-1") == 0
            assert (script.asked[0].method, script.asked[0].path) == (method, path)


def test_deliveries_say_what_came_of_them(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    with scripted(told({"deliveries": [DELIVERY], "after": None})) as script:
        terminal.target(script.url)
        terminal.run("webhooks", "deliveries", "wh-1")

    (row,) = [line for line in terminal.out.splitlines() if line.startswith("msg-1")]
    assert "500" in row
    assert "waiting, again in 5 min: The receiver answered" in row


def test_a_dry_run_asks_the_address_that_sends_nothing(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    trial = {
        "reference": "PO-1",
        "operation": "create_inbound_shipment",
        "effect": "sends",
        "sentence": "It can be sent.",
    }
    with scripted(told(trial)) as script:
        terminal.target(script.url)
        created = terminal.run("write", "create", "int1", "-", "--dry-run", piped='{"reference": "PO-1"}')
        updated = terminal.run("write", "update", "int1", "a/1", "-", "--dry-run", piped='{"reference": "PO-1"}')

    home = "/v1/organisations/org1/integrations/int1/inbound-shipments"
    assert (created, updated) == (0, 0)
    assert [asked.path for asked in script.asked] == [f"{home}/dry-run", f"{home}/a%2F1/dry-run"]
    assert terminal.out == "PO-1: It can be sent.\n"


def test_the_bundle_for_support_goes_into_a_file_or_a_pipe(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    file = tmp_path / "bundle.json"
    with scripted(told({"form": 1, "status": {"id": "int1"}})) as script:
        terminal.target(script.url)
        into_file = terminal.run("diagnose", "int1", "-o", str(file))
        said = terminal.out
        into_pipe = terminal.run("diagnose", "int1")

    assert (into_file, into_pipe) == (0, 0)
    assert said == f"The bundle is in {file}.\n"
    assert json.loads(file.read_text()) == json.loads(terminal.out) == {"form": 1, "status": {"id": "int1"}}
