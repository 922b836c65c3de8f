"""A vendor on the shared server: its routes, its keys, its limits, and the control routes over it."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
import requests

from simulators.serving.limits import Concurrent, Windows
from simulators.serving.simulation import Simulation
from tests.simulators.serving.conftest import BASE, HandClock, Starter, account
from tests.simulators.serving.corner import Corner

SECRETS = ("client-1", "secret-1")


def test_pages_show_every_live_record(start: Starter) -> None:
    client = start()

    rows = [row for page in range(7) for row in client.get("/articles", page=str(page)).json()["rows"]]

    assert rows == client.truth()
    assert len(rows) >= 60


def test_unknown_route_parameter_and_body_are_refused_in_the_vendors_words(start: Starter) -> None:
    client = start()

    answers = [client.get("/stock"), client.get("/articles", colour="red"), client.send("POST", "/articles", ["x"])]

    assert [answer.status_code for answer in answers] == [404, 400, 400]
    assert answers[1].json() == {"problem": "colour is unknown"}
    assert client.send("DELETE", "/articles").status_code == 404


def test_token_is_needed_and_ends_with_its_life_or_when_a_test_says(start: Starter, clock: HandClock) -> None:
    client = start()
    fresh = client.get("/articles").status_code
    clock.forward(seconds=600)
    aged = client.get("/articles").status_code
    client.log_in()
    again = client.get("/articles").status_code

    ended = client.told("POST", "/_sim/connections/con-1/expire-access", {})

    assert (fresh, aged, again) == (200, 401, 200)
    assert ended == {"connection_id": "con-1", "expired": 2}
    assert client.get("/articles").status_code == 401


def test_wrong_secret_gets_no_token(start: Starter) -> None:
    client = start(account(), account(2))

    mixed = client.send("POST", "/token", auth=("client-1", "secret-2"))

    assert mixed.status_code == 401
    assert client.send("POST", "/token").status_code == 401


def test_revoked_account_is_refused_until_restored(start: Starter) -> None:
    client = start()
    client.told("POST", "/_sim/connections/con-1/revoke", {})
    revoked = (client.get("/articles").status_code, client.send("POST", "/token", auth=SECRETS).status_code)

    client.told("POST", "/_sim/connections/con-1/restore", {})

    assert revoked == (401, 401)
    assert client.get("/articles").status_code == 200


def test_forbidden_scope_is_refused_until_permitted(start: Starter) -> None:
    client = start(account(forbidden=["articles:write"]))
    before = client.send("POST", "/articles", {"sku": "A"}).status_code
    client.told("POST", "/_sim/connections/con-1/permit", {"scope": "articles:write"})
    permitted = client.send("POST", "/articles", {"sku": "A"}).status_code

    client.told("POST", "/_sim/connections/con-1/forbid", {"scope": "articles:read"})

    assert (before, permitted) == (403, 201)
    assert client.get("/articles").status_code == 403


def test_limit_refuses_with_headers_until_the_next_window(start: Starter, clock: HandClock) -> None:
    client = start(limiter=Windows(3, 10))  # the log-in counts under no account

    answers = [client.get("/articles") for _ in range(4)]
    clock.forward(seconds=10)

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["x-left"] == "2"
    assert answers[3].headers["retry-after"] == "10"
    assert client.get("/articles").status_code == 200


def test_concurrent_limit_frees_what_is_answered_refused_or_broken(start: Starter) -> None:
    client = start(limiter=Concurrent(1))
    client.told("POST", "/_sim/faults", [{"match": "/articles", "kind": "status_500"}])

    answers = [client.get("/articles"), client.get("/articles", colour="red"), client.get("/articles")]

    assert [answer.status_code for answer in answers] == [500, 400, 200]


def test_what_is_written_is_listed_and_survives_a_day(start: Starter, clock: HandClock) -> None:
    client = start()
    number = client.send("POST", "/articles", {"sku": "OWN"}).json()["id"]
    clock.forward(hours=1)

    told = client.told("POST", "/_sim/day/advance", {})

    own = [row for row in client.truth() if row["id"] == number]
    assert own == [{"id": number, "sku": "OWN", "onHand": 0, "changed": "2026-03-02T03:00:00Z"}]
    assert told == {"stamp": "2026-03-02T04:00:00Z", "days": {"con-1": 1}}
    assert "2026-03-02T04:00:00Z" in {row["changed"] for row in client.truth()}


def test_one_account_advances_alone(start: Starter) -> None:
    client = start(account(), account(2))
    before = client.truth("con-1")

    client.told("POST", "/_sim/day/advance", {"connection": "con-2", "days": 2})

    state = client.told("GET", "/_sim/state")
    assert [each["day"] for each in state["connections"]] == [0, 2]
    assert state["base_date"] == "2026-03-01T00:00:00Z"
    assert client.truth("con-1") == before


def test_mutations_set_unset_delete_and_create(start: Starter) -> None:
    client = start()
    first, second, third = (row["id"] for row in client.truth()[:3])
    place = {"connection": "con-1", "collection": "articles"}

    client.told("POST", "/_sim/mutate", {**place, "id": first, "set": {"sku": "NEW"}, "unset": ["onHand"]})
    client.told("POST", "/_sim/mutate", {**place, "id": second, "delete": True})
    client.told("POST", "/_sim/mutate", {**place, "id": third, "set": {"sku": "QUIET"}, "touch": False})
    made = client.told("POST", "/_sim/mutate", {**place, "create": {"id": 7, "sku": "SEVEN"}})
    missing = client.send("POST", "/_sim/mutate", {**place, "id": 8, "set": {}})

    rows = {row["id"]: row for row in client.truth()}
    assert rows[first] == {"id": first, "sku": "NEW", "changed": "2026-03-02T03:00:00Z"}
    assert second not in rows
    assert rows[third]["sku"] == "QUIET"
    assert rows[third]["changed"] < "2026-03-01"
    assert (made["key"], rows[7]["sku"]) == (7, "SEVEN")
    assert missing.status_code == 404


def test_account_opened_while_running_is_served_once(start: Starter) -> None:
    client = start()
    client.told("POST", "/_sim/connections", account(7, seed=7, size="tiny", settings={"zone": "Europe/Prague"}))

    assert client.log_in(7).status_code == 200
    assert client.told("POST", "/_sim/prepare", {"connection": "con-7"})["counts"]["articles"] >= 25
    same_secrets = account(8, credentials=account(7)["credentials"])
    for wrong in (account(7), same_secrets, account(9, colour="red"), account(9, size="none")):
        assert client.send("POST", "/_sim/connections", wrong).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_sim/nothing"),
        ("GET", "/_sim/truth/con-9/articles"),
        ("GET", "/_sim/truth/con-1/stock"),
        ("POST", "/_sim/connections/con-1/praise"),
        ("POST", "/_sim/connections/con-9/revoke"),
    ],
)
def test_unknown_control_route_and_name_are_404(start: Starter, method: str, path: str) -> None:
    assert start().send(method, path).status_code == 404


def test_log_counts_per_account_without_secrets(start: Starter) -> None:
    client = start()
    client.get("/articles", page="1")
    client.get("/nothing")

    log = client.get("/_sim/requests")
    client.send("DELETE", "/_sim/requests")

    counts = {"- POST /token": 1, "con-1 GET /articles": 1, "con-1 GET /nothing": 1}
    assert log.json()["counts"] == counts
    assert log.json()["last"][1]["query"] == "page=1"
    assert "secret-1" not in log.text
    assert "sim-access" not in log.text
    assert client.told("GET", "/_sim/requests") == {"counts": {}, "last": []}


def test_body_beyond_the_largest_is_413_in_the_vendors_shape(start: Starter) -> None:
    client = start()
    port = int(client.url.rsplit(":", 1)[1])

    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.sendall(b"POST /articles HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n")
        answer = b"".join(iter(lambda: raw.recv(65_536), b""))

    assert answer.startswith(b"HTTP/1.1 413")
    assert answer.endswith(b'{"problem":"status 413"}')


def test_stopping_ends_idle_connections(start: Starter) -> None:
    client = start()
    with socket.create_connection(("127.0.0.1", int(client.url.rsplit(":", 1)[1]))) as idle:
        idle.sendall(b"GET /articles HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(65_536).startswith(b"HTTP/1.1 401")

        client.server.stop()

        assert idle.recv(10) == b""


def test_nobody_is_found_by_a_missing_credential_or_name(clock: HandClock) -> None:
    simulation = Simulation(Corner(), BASE, clock)

    assert simulation.with_credentials(client_id=None) is None
    assert simulation.account(None) is None


START = """
import sys
from simulators.serving.limits import Unlimited
from simulators.serving.start import run
from tests.simulators.serving.corner import Corner
credentials = lambda number: {"client_id": f"client-{number}", "client_secret": f"secret-{number}"}
sys.exit(run("corner", lambda rate: Corner(Unlimited() if rate == 0 else None), credentials, 4799))
"""


def test_program_says_ready_and_ends_on_a_signal() -> None:
    command = [sys.executable, "-c", START, "--port", "0", "--size", "tiny", "--accounts", "2", "--rate", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        url = program.stdout.readline().removeprefix("READY ").strip()
        granted = requests.post(f"{url}/token", auth=("client-2", "secret-2"), timeout=10)
        listed = requests.get(
            f"{url}/articles", headers={"Authorization": f"Bearer {granted.json()['access_token']}"}, timeout=10
        )
        program.terminate()

        assert listed.headers["x-left"] == "0"
        assert len(listed.json()["rows"]) == 10
        assert program.wait(timeout=10) == 0


def test_taken_port_is_one_line_and_exit_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-c", START, "--port", str(taken.getsockname()[1])]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
