"""The command against the local cloud's own issuer: a person chosen on its page, a machine, and what each may do."""

from __future__ import annotations

import html
import re
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from local_cloud.issuer.people import AUDIENCE
from local_cloud.issuer.running import RunningIssuer
from planster_sync.model.integrations import IntegrationStatus
from tests.client.served import Served
from tests.client.terminal import Terminal

TIMELESS: Any = {"verify_exp": False, "verify_iat": False}
"""The world's clock is not the machine's."""


@pytest.fixture
def issuer(served: Served) -> Iterator[RunningIssuer]:
    """The API takes its tokens, and no others."""
    with RunningIssuer(("org1", "org2"), now=lambda: served.world.clock.now().timestamp()) as running:
        key = jwt.PyJWKSet.from_dict(running.mint.key_set()).keys[0]

        def claims_of(token: str) -> dict[str, Any] | None:
            try:
                found: dict[str, Any] = jwt.decode(
                    token, key, ["RS256"], audience=AUDIENCE, issuer=running.url, options=TIMELESS
                )
            except jwt.PyJWTError:
                return None
            return found

        served.claims_of = claims_of
        yield running


@pytest.fixture
def aimed(served: Served, issuer: RunningIssuer, terminal: Terminal) -> Terminal:
    terminal.target(served.url, "org1", "--issuer", issuer.url, "--client-id", "planster-cli", proof="login")
    return terminal


def somebody_who_chooses(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser before which somebody sits."""

    def choose(address: str) -> None:
        page = urllib.request.urlopen(address).read().decode()
        links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', page)]
        (link,) = [link for link in links if f"person=org1-{role}" in link]
        urllib.request.urlopen(f"{address.partition('/authorize')[0]}{link}").read()

    monkeypatch.setattr(
        "webbrowser.open", lambda address: threading.Thread(target=choose, args=(address,), daemon=True).start()
    )


def test_a_planner_syncs_and_may_not_pause(served: Served, aimed: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody_who_chooses("planner", monkeypatch)

    codes = [aimed.run("login", "--browser"), aimed.run("sync", "int1"), aimed.run("pause", "int1")]

    assert codes == [0, 0, 4]
    assert "This takes the scope planster/admin" in aimed.err
    assert served.world.last_run().requested_by == "org1-planner"
    assert served.world.integration.status is IntegrationStatus.ACTIVE


def test_an_administrator_may_pause(served: Served, aimed: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody_who_chooses("admin", monkeypatch)

    codes = [aimed.run("login", "--browser"), aimed.run("pause", "int1")]

    assert codes == [0, 0]
    assert served.world.integration.status is IntegrationStatus.PAUSED


def test_a_machine_logs_in_with_its_secret_and_sees_its_own_organisation_only(
    issuer: RunningIssuer, aimed: Terminal
) -> None:
    aimed.environment = {
        "PLANSTER_CLIENT_ID": "org1-machine",
        "PLANSTER_CLIENT_SECRET": issuer.machine_secrets["org1-machine"],
    }

    codes = [
        aimed.run("login", "--client-credentials"),
        aimed.run("status"),
        aimed.run("status", "--organisation", "org2"),
    ]

    assert codes == [0, 0, 4]
    assert "There is no such organisation." in aimed.err


def test_a_session_ends_when_the_issuer_said(served: Served, issuer: RunningIssuer, aimed: Terminal) -> None:
    aimed.environment = {
        "PLANSTER_CLIENT_ID": "org1-machine",
        "PLANSTER_CLIENT_SECRET": issuer.machine_secrets["org1-machine"],
    }
    aimed.run("login", "--client-credentials", "--json")
    ends = aimed.json["expires_at"]
    served.world.clock.advance(599)
    before = aimed.run("status")

    served.world.clock.advance(1)

    assert (before, aimed.run("status")) == (0, 3)
    assert ends == "2026-03-01T02:10:00+00:00"


def test_the_issuers_own_pages_and_files_hold_no_token(issuer: RunningIssuer, aimed: Terminal, tmp_path: Path) -> None:
    aimed.environment = {
        "PLANSTER_CLIENT_ID": "org1-machine",
        "PLANSTER_CLIENT_SECRET": issuer.machine_secrets["org1-machine"],
    }
    aimed.run("login", "--client-credentials")
    shown = aimed.out + aimed.err

    assert "eyJ" not in shown
    assert issuer.machine_secrets["org1-machine"] not in (tmp_path / ".config/planster/targets.json").read_text()
