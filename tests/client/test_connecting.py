"""`planster connect` and `reconnect`: by a person at a terminal, by a script, and by a consent that is waited for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from planster_sync.model.integrations import IntegrationStatus
from planster_sync.ports.connecting import Way
from tests.client.served import Served, serving
from tests.client.terminal import Terminal
from tests.integration.api.caller import http_event
from tests.integration.api.connectable import CANARY, Desk

CREDENTIALS = {"user": "planster", "password": CANARY}
NAMED = ("--name", "Second hall")


@pytest.fixture
def desk() -> Desk:
    return Desk(ways=(Way.FORM,))


@pytest.fixture
def served(desk: Desk) -> Iterator[Served]:
    with serving(desk.world, **desk.changes) as found:
        yield found


def made(desk: Desk, name: str = "Second hall") -> Any:
    found = [each for each, _ in desk.world.stores.integrations.status_page("org1") if each.name == name]
    return found[0] if found else None


def refused(desk: Desk) -> None:
    desk.source.refused = True
    desk.api.post("/v1/organisations/org1/integrations/int1/check")
    desk.source.refused = False


def consenting(desk: Desk, terminal: Terminal, query: str, after: int = 2) -> None:
    """Somebody consents at the vendor at the second look."""
    looks = iter(range(1, 1000))

    def wait(seconds: float) -> None:
        desk.world.clock.advance(seconds)
        if next(looks) == after:
            state = list(desk.world.stores.consents.begun)[-1]
            desk.guarded.raw(http_event("GET", f"/v1/connect/callback?state={state}&{query}"))

    terminal.wait = wait


def test_a_person_is_asked_for_each_field_and_sees_what_the_check_found(desk: Desk, terminal: Terminal) -> None:
    terminal.secrets = [CANARY]

    code = terminal.run(
        "connect", "scripted", *NAMED, "--zone", "Europe/Berlin", "--hour", "3", typed="EUR\nplanster\n"
    )

    assert (code, terminal.asked) == (0, ["Password: "])
    assert "The connection works." in terminal.out
    assert f"planster runs {made(desk).id}" in terminal.out
    assert desk.secrets.kept == {("org1", made(desk).id): CREDENTIALS}
    assert (made(desk).schedule.zone, made(desk).schedule.hours) == ("Europe/Berlin", (3,))
    assert made(desk).settings == {"currency": "EUR"}
    assert CANARY not in terminal.out + terminal.err


def test_history_is_read_from_the_day_that_is_named(desk: Desk, terminal: Terminal) -> None:
    desk.can_bound_history()
    terminal.environment = {"PLANSTER_CREDENTIAL_USER": "planster", "PLANSTER_CREDENTIAL_PASSWORD": CANARY}

    codes = [terminal.run("connect", "scripted", *NAMED, "--history-from", day) for day in ("soon", "2025-06-01")]
    desk.world.work()

    assert codes == [2, 0]
    assert set(desk.world.live()) == {"new"}


def test_what_is_required_is_asked_for_until_it_is_there(desk: Desk, terminal: Terminal) -> None:
    terminal.secrets = ["", CANARY]

    terminal.run("connect", "scripted", *NAMED, typed="\n\n\nplanster\n")

    assert desk.secrets.kept[("org1", made(desk).id)] == CREDENTIALS


@pytest.mark.parametrize("how", ["file", "stdin", "environment", "both"])
def test_a_script_gives_credentials_by_file_stdin_or_environment(
    desk: Desk, terminal: Terminal, tmp_path: Path, how: str
) -> None:
    file = tmp_path / "credentials.json"
    file.write_text(json.dumps(CREDENTIALS if how == "file" else {"user": "planster"}))
    piped = json.dumps(CREDENTIALS) if how == "stdin" else ""
    argv = {"file": str(file), "both": str(file), "stdin": "-", "environment": None}[how]
    if argv is None:
        terminal.environment = {"PLANSTER_CREDENTIAL_USER": "planster", "PLANSTER_CREDENTIAL_PASSWORD": CANARY}
    if how == "both":
        terminal.environment = {"PLANSTER_CREDENTIAL_PASSWORD": CANARY, "PLANSTER_CREDENTIAL_USER": "not this one"}

    words = ["--credentials", argv] if argv else []
    code = terminal.run("connect", "scripted", *NAMED, *words, "--set", "page_limit=7", "--json", piped=piped)

    assert (code, terminal.json["check"]["works"], terminal.json["status"]) == (0, True, "active")
    assert desk.secrets.kept == {("org1", terminal.json["integration"]): CREDENTIALS}
    assert made(desk).settings == {"page_limit": 7}
    assert CANARY not in terminal.out + terminal.err


def test_no_option_takes_a_secret() -> None:
    from planster_cli.connecting import connect, reconnect  # noqa: PLC0415  loaded as the command loads it

    options = {name for command in (connect, reconnect) for each in command.params for name in each.opts}

    assert options & {"--password", "--token", "--secret", "--api-key", "--credential"} == set()


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["connect", "nobody", *NAMED], "There is no connector nobody."),
        (["connect", "scripted", *NAMED], "nobody is there to type them"),
        (["connect", "scripted", *NAMED, "--way", "oauth"], "is not connected by oauth"),
        (["connect", "scripted", *NAMED, "--set", "moon=1"], "There is no setting moon."),
        (["connect", "scripted", *NAMED, "--credentials", "-"], "is not JSON"),
        (["reconnect", "int1"], "nobody is there to type them"),
    ],
)
def test_what_cannot_be_sent_is_told_and_nothing_is_stored(
    desk: Desk, terminal: Terminal, argv: list[str], says: str
) -> None:
    code = terminal.run(*argv)

    assert (code, says in terminal.err, desk.secrets.kept) == (2, True, {})


def test_a_field_that_is_wrong_is_named_and_its_value_is_not(desk: Desk, terminal: Terminal) -> None:
    told = json.dumps({"user": "planster", "password": "abc"})

    code = terminal.run("connect", "scripted", *NAMED, "--credentials", "-", piped=told)

    assert (code, desk.secrets.kept) == (4, {})
    assert "body.credentials.password" in terminal.err
    assert "abc" not in terminal.out + terminal.err


def test_refused_credentials_end_with_1_and_say_how_to_correct_them(desk: Desk, terminal: Terminal) -> None:
    desk.source.refused = True

    code = terminal.run("connect", "scripted", *NAMED, "--credentials", "-", piped=json.dumps(CREDENTIALS))

    assert code == 1
    assert f"planster reconnect {made(desk).id}" in terminal.out


def test_the_same_again_changes_nothing(desk: Desk, terminal: Terminal) -> None:
    for _ in range(2):
        code = terminal.run(
            "connect", "scripted", *NAMED, "--credentials", "-", "--json", piped=json.dumps(CREDENTIALS)
        )

    assert (code, terminal.json["repeated"]) == (0, True)
    assert len(desk.world.stores.integrations.status_page("org1")) == 2


def test_the_first_load_is_followed_to_its_end(desk: Desk, terminal: Terminal) -> None:
    def wait(seconds: float) -> None:
        desk.world.clock.advance(seconds)
        desk.world.work()

    terminal.wait = wait
    words = ["--credentials", "-", "--follow"]

    code = terminal.run("connect", "scripted", *NAMED, *words, piped=json.dumps(CREDENTIALS))

    assert code == 0
    assert "✔ Succeeded in " in terminal.out


def test_an_integration_is_connected_again_and_keeps_its_id(desk: Desk, terminal: Terminal) -> None:
    refused(desk)
    terminal.secrets = [CANARY]

    code = terminal.run("reconnect", "int1", typed="planster\n")

    assert (code, desk.world.integration.status) == (0, IntegrationStatus.ACTIVE)
    assert desk.secrets.kept == {("org1", "int1"): CREDENTIALS}


class TestConsents:
    @pytest.fixture
    def desk(self) -> Desk:
        return Desk(ways=(Way.OAUTH, Way.FORM))

    def test_a_consent_is_waited_for_and_its_connection_checked(self, desk: Desk, terminal: Terminal) -> None:
        consenting(desk, terminal, "code=c-1")

        code = terminal.run("connect", "scripted", *NAMED, "--json")

        address = next(line for line in terminal.err.splitlines() if line.startswith("https://"))
        assert parse_qs(urlsplit(address).query)["state"] == list(desk.world.stores.consents.begun)
        assert (code, terminal.json["works"]) == (0, True)
        assert desk.secrets.kept == {("org1", made(desk).id): {"refresh_token": "for c-1"}}

    def test_a_consent_mends_an_integration(self, desk: Desk, terminal: Terminal) -> None:
        refused(desk)
        consenting(desk, terminal, "code=c-1")

        code = terminal.run("reconnect", "int1")

        assert (code, desk.world.integration.status) == (0, IntegrationStatus.ACTIVE)
        assert "int1: connected." in terminal.out

    def test_a_consent_that_is_not_given_ends_with_6(self, desk: Desk, terminal: Terminal) -> None:
        consenting(desk, terminal, "error=access_denied")

        code = terminal.run("connect", "scripted", *NAMED)

        assert (code, made(desk)) == (6, None)
        assert "Nobody has consented yet." in terminal.err

    def test_credentials_that_are_given_are_used_instead(self, desk: Desk, terminal: Terminal) -> None:
        code = terminal.run("connect", "scripted", *NAMED, "--credentials", "-", piped=json.dumps(CREDENTIALS))

        assert (code, desk.secrets.kept) == (0, {("org1", made(desk).id): CREDENTIALS})


class TestLinks:
    @pytest.fixture
    def desk(self) -> Desk:
        return Desk(ways=(Way.LINK, Way.FORM))

    @pytest.mark.parametrize("somebody", [True, False], ids=["a person", "a script"])
    def test_a_link_is_ended_by_the_code_of_its_dialogue(self, desk: Desk, terminal: Terminal, somebody: bool) -> None:
        terminal.secrets = [CANARY]
        told: dict[str, Any] = {"typed": "\n"} if somebody else {"piped": f"{CANARY}\n"}

        code = terminal.run("connect", "scripted", *NAMED, "--way", "link", **told)

        assert (code, "link-1" in terminal.err, CANARY in terminal.out + terminal.err) == (0, True, False)
        assert desk.secrets.kept == {("org1", made(desk).id): {"refresh_token": f"for {CANARY}"}}
