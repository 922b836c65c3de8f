"""`planster target`: which API, whose data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.client.served import Served
from tests.client.terminal import Terminal

URL = "https://api.example.test"


@pytest.fixture
def bare(tmp_path: Path) -> Terminal:
    """A home folder in which nothing was done yet."""
    return Terminal(tmp_path)


def test_without_a_target_the_first_step_is_named(bare: Terminal) -> None:
    assert bare.run("status") == 2
    assert "planster target add" in bare.err


def test_the_last_one_added_is_the_current_one_until_another_is_chosen(bare: Terminal) -> None:
    for name in ("one", "two"):
        bare.run("target", "add", name, "--url", URL, "--organisation", "o")
    bare.run("target", "use", "one")

    bare.run("target", "list", "--json")

    assert [(each["name"], each["current"]) for each in bare.json] == [("one", True), ("two", False)]


def test_a_command_may_name_another_target(served: Served, terminal: Terminal) -> None:
    terminal.run("target", "add", "elsewhere", "--url", "http://127.0.0.1:9", "--organisation", "o", "--proof", "none")

    by_option = terminal.run("status", "--target", "demo")
    terminal.environment = {"PLANSTER_TARGET": "demo"}
    by_environment = terminal.run("status")

    assert (by_option, by_environment) == (0, 0)


def test_an_unknown_target_is_bad_usage(terminal: Terminal) -> None:
    assert terminal.run("status", "--target", "nobody") == 2
    assert "demo" in terminal.err


def test_a_removed_target_is_gone_and_another_becomes_current(bare: Terminal) -> None:
    for name in ("one", "two"):
        bare.run("target", "add", name, "--url", URL, "--organisation", "o")

    code = bare.run("target", "remove", "two")
    bare.run("target", "list", "--json")

    assert code == 0
    assert [(each["name"], each["current"]) for each in bare.json] == [("one", True)]


@pytest.mark.parametrize("address", ["http://api.example.test", "ftp://127.0.0.1", "api.example.test", ""])
def test_a_token_goes_nowhere_where_it_can_be_read_on_the_way(address: str, bare: Terminal) -> None:
    assert bare.run("target", "add", "x", "--url", address, "--organisation", "o") == 2
    assert bare.run("target", "add", "x", "--url", URL, "--organisation", "o", "--issuer", address) == 2


def test_a_file_of_targets_that_is_broken_is_named(bare: Terminal) -> None:
    file = bare.home / ".config/planster/targets.json"
    file.parent.mkdir(parents=True)
    file.write_text("[]")

    assert bare.run("status") == 2
    assert "targets.json" in bare.err


def test_folders_follow_the_xdg_variables(bare: Terminal, tmp_path: Path) -> None:
    bare.environment = {"XDG_CONFIG_HOME": str(tmp_path / "elsewhere")}

    bare.run("target", "add", "x", "--url", URL, "--organisation", "o")

    assert (tmp_path / "elsewhere/planster/targets.json").exists()


def test_requests_are_signed_for_iam(served: Served, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ACCESS_KEY_ID", "AKIA"), ("SECRET_ACCESS_KEY", "secret"), ("REGION", "eu-central-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    terminal.target(served.url, proof="iam")

    code = terminal.run("sync", "int1")

    assert code == 0
    assert "/eu-central-1/execute-api/aws4_request" in served.asked[-1].headers["authorization"]
