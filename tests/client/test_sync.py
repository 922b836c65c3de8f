"""`planster sync`: started once, followed to its end, and honest about what it does not know."""

from __future__ import annotations

import json

import pytest

from planster_sync.errors import CredentialsRejected
from planster_sync.model.data_types import DataType
from tests.client.served import Asked, Served
from tests.client.terminal import Terminal


@pytest.fixture
def working(served: Served, terminal: Terminal) -> Terminal:
    """A terminal in whose waits a worker does what is queued."""

    def wait(seconds: float) -> None:
        served.world.clock.advance(seconds)
        served.world.work()

    terminal.wait = wait
    return terminal


def test_a_sync_is_started_and_says_how_to_follow_it(served: Served, terminal: Terminal) -> None:
    code = terminal.run("sync", "int1")

    run = served.world.last_run()
    assert code == 0
    assert f"planster runs int1 {run.id} --follow" in terminal.out
    assert set(run.tasks) == {"orders", "warehouses"}


def test_named_data_types_are_what_is_synced(served: Served, terminal: Terminal) -> None:
    terminal.run("sync", "int1", "warehouses")

    assert set(served.world.last_run().tasks) == {"warehouses"}


def test_a_followed_sync_tells_each_news_once_and_ends_with_what_it_did(served: Served, working: Terminal) -> None:
    served.world.source.fill(12)

    code = working.run("sync", "int1", "--follow")

    lines = working.out.splitlines()
    assert code == 0
    assert sum("orders, order shipments" in line and "It waits for its turn." in line for line in lines) == 1
    assert any("✔ orders" in line and "It ended with 12 records" in line for line in lines)
    assert any(line.startswith("✔ Succeeded in ") for line in lines)
    (row,) = [line.split() for line in lines if line.startswith("orders  ")]
    assert row == ["orders", "✔", "succeeded", "12", "12"]


def test_bars_are_drawn_where_somebody_watches(served: Served, working: Terminal) -> None:
    served.world.source.fill(12)

    code = working.run("sync", "int1", "--follow", watched=True)

    assert code == 0
    assert "━" in working.out
    assert "\x1b[" in working.out


def test_json_is_a_line_for_each_change(served: Served, working: Terminal) -> None:
    served.world.source.fill(12)

    code = working.run("sync", "int1", "--follow", "--json")

    states = [json.loads(line)["state"] for line in working.out.splitlines()]
    assert code == 0
    assert (states[0], states[-1]) == ("queued", "succeeded")


def test_a_failed_sync_ends_with_1_and_says_what_to_do(served: Served, working: Terminal) -> None:
    def refuse() -> None:
        raise CredentialsRejected("The key is not taken.")

    served.world.connecting = refuse

    code = working.run("sync", "int1", "--follow")

    assert code == 1
    assert "✖ Failed" in working.out
    assert "The key is not taken." in working.out
    assert "→ you: " in working.out


def test_ctrl_c_stops_the_looking_and_not_the_sync(served: Served, terminal: Terminal) -> None:
    def wait(_: float) -> None:
        raise KeyboardInterrupt

    terminal.wait = wait

    code = terminal.run("sync", "int1", "--follow")

    assert code == 130
    assert "The sync goes on." in terminal.err
    assert served.world.last_run().cancelled_at is None


def test_a_request_whose_answer_is_lost_is_sent_again_under_the_same_key(served: Served, terminal: Terminal) -> None:
    lost: list[str] = []

    def lose_the_first(asked: Asked) -> None:
        if asked.method == "POST" and not lost:
            lost.append(asked.headers["idempotency-key"])
            raise ConnectionAbortedError

    served.before = lose_the_first

    code = terminal.run("sync", "int1", "--json")

    keys = [asked.headers["idempotency-key"] for asked in served.asked if asked.method == "POST"]
    assert code == 0
    assert keys == lost * 2
    assert len(served.world.stores.runs.recent("org1", "int1", 10, None)[0]) == 1


def test_the_same_key_is_the_same_sync(served: Served, terminal: Terminal) -> None:
    terminal.run("sync", "int1", "--key", "monday", "--json")
    first = terminal.json["run"]

    terminal.run("sync", "int1", "--key", "monday", "--json")

    assert (terminal.json["run"], terminal.json["repeated"]) == (first, True)


def test_everything_is_only_read_when_somebody_agrees_to_what_it_takes(served: Served, terminal: Terminal) -> None:
    served.world.source.fill(12)
    served.world.night()
    served.world.clock.advance(90_000)

    refused = terminal.run("sync", "int1", "--mode", "snapshot", typed="n\n")
    said = terminal.err
    agreed = terminal.run("sync", "int1", "--mode", "snapshot", typed="y\n")

    assert (refused, agreed) == (130, 0)
    assert "At least " in said
    assert " calls to Scripted" in said
    assert len(served.world.stores.runs.active("org1", "int1")) == 1


def test_a_script_has_to_say_that_everything_may_be_read(served: Served, terminal: Terminal) -> None:
    refused = terminal.run("sync", "int1", "--mode", "refresh")
    agreed = terminal.run("sync", "int1", "--mode", "refresh", "--yes")

    assert (refused, agreed) == (2, 0)


def test_a_cooldown_is_told_with_its_time_and_not_waited_for(served: Served, terminal: Terminal) -> None:
    served.world.source.fill(3)
    served.world.sync(DataType.ORDERS)
    waits: list[float] = []
    terminal.wait = waits.append

    code = terminal.run("sync", "int1", "orders")

    assert code == 4
    assert waits == []
    assert "planster: " in terminal.err


def test_runs_are_listed_newest_first_and_one_is_shown_with_its_tasks(served: Served, terminal: Terminal) -> None:
    served.world.source.fill(12)
    first, second = served.world.night(), served.world.night()

    terminal.run("runs", "int1", "--json")
    listed = [run["id"] for run in terminal.json]
    code = terminal.run("runs", "int1", first.id)

    assert listed == [second.id, first.id]
    assert code == 0
    assert "25 created" in terminal.out


def test_a_run_that_has_not_ended_ends_with_6_and_can_be_cancelled(served: Served, terminal: Terminal) -> None:
    terminal.run("sync", "int1", "--json")
    run = terminal.json["run"]

    looked = terminal.run("runs", "int1", run)
    cancelled = terminal.run("cancel", "int1", run)
    served.world.work()
    looked_again = terminal.run("runs", "int1", run)

    assert (looked, cancelled, looked_again) == (6, 0, 1)
    assert "cancelled" in terminal.out.lower()


def test_a_long_history_is_read_page_by_page_as_far_as_it_is_wanted(served: Served, terminal: Terminal) -> None:
    for _ in range(5):
        served.world.night()

    terminal.run("runs", "int1", "--last", "3", "--json")

    assert len(terminal.json) == 3
    assert [asked.path.partition("?")[2] for asked in served.asked] == ["limit=3"]
