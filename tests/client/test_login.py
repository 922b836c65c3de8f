"""`planster login`: a token comes by the issuer's rules, is kept for its owner alone, and is never shown."""

from __future__ import annotations

import base64
import json
import stat
import threading
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from planster_cli.renewing import renewed
from planster_cli.sessions import Sessions
from planster_cli.surroundings import Surroundings
from planster_cli.targets import Targets
from planster_client.identity import Token
from tests.client.issuer import Issuer, issuing
from tests.client.served import Served, claims
from tests.client.terminal import Terminal

SECRET = "access-of-user-7"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


@pytest.fixture
def aimed(served: Served, issuer: Issuer, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A target with that issuer; whatever address is opened in a browser is gone to at once."""
    served.claims_of = {SECRET: claims()}.get
    terminal.target(served.url, "org1", "--issuer", issuer.url, "--client-id", "planster-cli", proof="login")
    monkeypatch.setattr("webbrowser.open", _browse)
    return terminal


def _browse(address: str) -> None:
    """As a browser does: follows the issuer back to whoever sent it."""
    threading.Thread(target=lambda: urllib.request.urlopen(address).read(), daemon=True).start()


def kept(terminal: Terminal) -> Path:
    return terminal.home / ".local/state/planster/sessions.json"


def test_a_person_logs_in_with_a_browser_and_is_known_from_then_on(served: Served, aimed: Terminal) -> None:
    before = aimed.run("status")
    code = aimed.run("login", "--browser")
    said = aimed.out + aimed.err
    after = aimed.run("status")

    assert (before, code, after) == (3, 0, 0)
    assert "The session ends in 15 min." in said
    assert served.asked[-1].headers["authorization"] == f"Bearer {SECRET}"
    assert SECRET not in said + aimed.out + aimed.err


def test_the_login_follows_the_rules_for_programs_without_a_secret(issuer: Issuer, aimed: Terminal) -> None:
    """PKCE with S256, a state and a nonce of its own, and a redirect to this machine at a free port."""
    aimed.run("login", "--browser")
    address = next(line for line in aimed.err.splitlines() if line.startswith(issuer.url))

    (form,) = issuer.forms
    assert "code_challenge_method=S256" in address
    assert "state=" in address
    assert "nonce=" in address
    assert form["redirect_uri"].startswith("http://127.0.0.1:")
    assert 43 <= len(form["code_verifier"]) <= 128
    assert form["code_verifier"] not in address


def test_the_token_is_in_a_file_that_only_its_owner_can_read(aimed: Terminal) -> None:
    aimed.run("login", "--browser")

    file = kept(aimed)
    assert SECRET in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [each.name for each in file.parent.iterdir()] == ["sessions.json"]


def test_a_person_who_says_no_is_not_logged_in(issuer: Issuer, aimed: Terminal) -> None:
    issuer.refusal = {"error": "access_denied", "error_description": "Not today."}

    code = aimed.run("login", "--browser")

    assert code == 4
    assert not kept(aimed).exists()


@pytest.mark.parametrize("back", [{"state": "another"}, {"iss": "https://elsewhere.test"}], ids=["state", "issuer"])
def test_an_answer_that_belongs_to_another_login_is_not_redeemed(
    back: dict[str, str], issuer: Issuer, aimed: Terminal
) -> None:
    issuer.back = back

    code = aimed.run("login", "--browser")

    assert code == 4
    assert issuer.forms == []


@pytest.mark.parametrize(
    "broken",
    [
        {"issuer": "https://elsewhere.test"},
        {"token_endpoint": "http://elsewhere.test/token"},
        {"authorization_endpoint": ""},
    ],
    ids=["another-name", "without-tls", "nowhere"],
)
def test_an_issuer_that_cannot_be_trusted_is_told_nothing(
    broken: dict[str, str], issuer: Issuer, aimed: Terminal
) -> None:
    issuer.broken = broken

    code = aimed.run("login", "--browser")

    assert code == 4
    assert issuer.logins == {}


def test_an_issuer_that_is_not_there_is_unreachable(issuer: Issuer, terminal: Terminal, served: Served) -> None:
    terminal.target(served.url, "org1", "--issuer", "http://127.0.0.1:9", "--client-id", "c", proof="login")

    assert terminal.run("login") == 5


def test_a_machine_logs_in_with_its_own_secret(issuer: Issuer, aimed: Terminal) -> None:
    aimed.environment = {"PLANSTER_CLIENT_ID": "machine/1", "PLANSTER_CLIENT_SECRET": "its secret"}

    code = aimed.run("login", "--client-credentials")

    assert code == 0
    assert issuer.forms[0]["scope"] == "planster/read planster/operate planster/admin"
    assert aimed.run("status") == 0


def test_a_machine_with_a_wrong_secret_is_refused_in_the_issuers_words(aimed: Terminal) -> None:
    aimed.environment = {"PLANSTER_CLIENT_ID": "machine/1", "PLANSTER_CLIENT_SECRET": "canary"}

    code = aimed.run("login", "--client-credentials")

    assert code == 4
    assert "That is somebody else's." in aimed.err
    assert "canary" not in aimed.err


def test_a_machine_without_a_secret_sends_nothing(issuer: Issuer, aimed: Terminal) -> None:
    assert aimed.run("login", "--client-credentials") == 2
    assert issuer.forms == []


def test_a_token_may_come_by_the_standard_input_and_its_end_is_read_from_it(served: Served, aimed: Terminal) -> None:
    ends = served.world.clock.now() + timedelta(hours=1)
    payload = base64.urlsafe_b64encode(json.dumps({"exp": int(ends.timestamp())}).encode()).decode().rstrip("=")
    token = f"e30.{payload}.c2ln"
    served.claims_of = {token: claims()}.get

    code = aimed.run("login", "--token-stdin", piped=f"{token}\n")
    known = aimed.run("status")

    assert (code, known) == (0, 0)
    assert token not in aimed.out + aimed.err


@pytest.mark.parametrize("piped", ["", "\n", "two words"])
def test_what_is_no_token_is_not_kept(piped: str, aimed: Terminal) -> None:
    assert aimed.run("login", "--token-stdin", piped=piped) == 2
    assert not kept(aimed).exists()


def test_an_ended_session_is_told_as_such_and_nothing_is_sent(served: Served, aimed: Terminal) -> None:
    aimed.run("login", "--browser")
    served.world.clock.advance(901)
    served.asked.clear()

    code = aimed.run("status")

    assert code == 3
    assert "The session ended at 2026-03-01 02:15 UTC." in aimed.err
    assert "planster login" in aimed.err
    assert served.asked == []


def test_a_session_goes_on_by_its_refresh_token_and_the_next_one(
    served: Served, aimed: Terminal, issuer: Issuer
) -> None:
    issuer.refresh = ["refresh-1", "refresh-2", "refresh-3"]
    aimed.run("login", "--browser")
    served.claims_of = {SECRET: claims(), "access-2": claims(), "access-3": claims()}.get

    codes, bearers = [], []
    for token in ("access-2", "access-3"):
        issuer.token = token
        served.world.clock.advance(880)
        codes.append(aimed.run("status"))
        bearers.append(served.asked[-1].headers["authorization"])

    assert (codes, bearers) == ([0, 0], ["Bearer access-2", "Bearer access-3"])
    assert [form.get("refresh_token") for form in issuer.forms[1:]] == ["refresh-1", "refresh-2"]
    assert stat.S_IMODE(kept(aimed).stat().st_mode) == 0o600
    assert "refresh-" not in aimed.out + aimed.err


def test_a_refresh_token_that_does_not_rotate_is_kept(served: Served, aimed: Terminal, issuer: Issuer) -> None:
    issuer.refresh = ["refresh-1"]
    aimed.run("login", "--browser")
    served.world.clock.advance(1000)
    assert aimed.run("status") == 0
    issuer.given = "refresh-1"
    served.world.clock.advance(1000)

    assert aimed.run("status") == 0
    assert [form.get("refresh_token") for form in issuer.forms[1:]] == ["refresh-1", "refresh-1"]


def test_a_session_that_the_issuer_has_ended_says_how_to_log_in_again(
    served: Served, aimed: Terminal, issuer: Issuer
) -> None:
    issuer.refresh = ["refresh-1"]
    aimed.run("login", "--browser")
    issuer.given = "another one"
    served.world.clock.advance(901)
    served.asked.clear()

    code = aimed.run("status", "--json")

    assert (code, served.asked) == (3, [])
    assert json.loads(aimed.err)["remedy"] == "Run `planster login`."


def test_what_another_command_has_renewed_is_used(served: Served, aimed: Terminal, issuer: Issuer) -> None:
    issuer.refresh = ["refresh-1"]
    aimed.run("login", "--browser")
    around = Surroundings(environment={"HOME": str(aimed.home)}, now=served.world.clock.now)
    sessions, target = Sessions.of(around), Targets.of(around).named("demo")
    ended = sessions.find("demo")
    assert ended is not None
    sessions.keep("demo", Token("access-2", served.world.clock.now() + timedelta(hours=1), "refresh-2"))

    assert renewed(around, target, ended).access_token == "access-2"
    assert len(issuer.forms) == 1


def test_a_token_that_ends_in_the_middle_of_a_long_look_is_renewed(
    served: Served, aimed: Terminal, issuer: Issuer
) -> None:
    issuer.refresh = ["refresh-1"]
    aimed.run("login", "--browser")
    served.claims_of = {SECRET: claims(), "access-2": claims()}.get
    issuer.token = "access-2"

    def wait(_: float) -> None:
        served.world.clock.advance(880)
        served.world.work()

    aimed.wait = wait

    assert aimed.run("sync", "int1", "--follow") == 0
    assert served.asked[-1].headers["authorization"] == "Bearer access-2"


def test_a_session_that_lasts_is_asked_for_where_the_issuer_offers_it(aimed: Terminal, issuer: Issuer) -> None:
    issuer.broken = {"scopes_supported": ["openid", "offline_access"]}
    aimed.run("login", "--browser")

    assert issuer.asked_scopes == ["openid planster/read planster/operate planster/admin offline_access"]


def test_a_session_that_the_api_does_not_take_is_told_as_json_too(served: Served, aimed: Terminal) -> None:
    aimed.run("login", "--browser")
    served.claims_of = lambda token: None

    code = aimed.run("status", "--json")

    assert code == 3
    assert aimed.out == ""
    assert json.loads(aimed.err)["code"] == "not_logged_in"


def test_logging_out_forgets_the_token(aimed: Terminal) -> None:
    aimed.run("login", "--browser")

    code = aimed.run("logout")

    assert (code, aimed.run("status")) == (0, 3)
    assert SECRET not in kept(aimed).read_text()


def test_a_token_in_the_environment_wins(served: Served, terminal: Terminal) -> None:
    served.claims_of = {"from-environment": claims()}.get
    terminal.environment = {"PLANSTER_API_TOKEN": "from-environment"}

    assert terminal.run("status") == 0


def test_another_organisation_looks_like_one_that_does_not_exist(served: Served, terminal: Terminal) -> None:
    served.claims_of = {"t": claims("org2")}.get
    terminal.environment = {"PLANSTER_API_TOKEN": "t"}

    code = terminal.run("status")

    assert code == 4
    assert "There is no such organisation." in terminal.err


def test_a_target_that_changes_its_address_loses_its_session(served: Served, aimed: Terminal, issuer: Issuer) -> None:
    """A token must not go to an API that it was not made for."""
    aimed.run("login", "--browser")

    aimed.target("http://127.0.0.1:9", "org1", "--issuer", issuer.url, proof="login")

    assert aimed.run("status") == 3


def test_a_file_of_sessions_that_is_broken_is_named(aimed: Terminal) -> None:
    kept(aimed).parent.mkdir(parents=True)
    kept(aimed).write_text("{")

    code = aimed.run("status")

    assert code == 2
    assert "sessions.json" in aimed.err


def test_a_token_shows_itself_nowhere(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "planster" / "sessions.json")
    sessions.keep("demo", Token("canary", datetime(2026, 1, 1, tzinfo=UTC)))

    found = sessions.find("demo")

    assert found is not None
    assert "canary" not in repr(found)
