"""The commands with which a person decides: held deletions, what was set aside, settings, pauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import StreamKey
from tests.client.served import Served, serving
from tests.client.terminal import Terminal
from tests.engine.world import World
from tests.fakes.scripted_source import capabilities


def holding() -> World:
    """Eight of twelve orders are missing at the source, and one has set itself aside."""
    world = World()
    world.source.fill(12)
    world.night()
    for number in range(8):
        del world.source.orders[f"o{number:03d}"]
    world.night()
    world.clock.advance(60)
    return world


@pytest.fixture
def served() -> Iterator[Served]:
    with serving(holding()) as found:
        yield found


def live(served: Served) -> int:
    return len(served.world.live(DataType.ORDERS))


def test_what_is_held_is_shown_with_examples(served: Served, terminal: Terminal) -> None:
    code = terminal.run("held", "list", "int1")

    (row,) = [line for line in terminal.out.splitlines() if line.startswith("orders")]
    assert code == 0
    assert "12 (67%)" in row
    assert served.world.last_run().id in row
    assert "o00" in row


def test_a_person_approves_what_they_are_shown(served: Served, terminal: Terminal) -> None:
    code = terminal.run("held", "approve", "int1", "orders", typed="y\n")
    said = terminal.err
    served.world.night()

    assert code == 0
    assert "8 of 12 records are missing at the source." in said
    assert "Decided together: order shipments, orders." in said
    assert live(served) == 4


def test_a_person_who_hesitates_decides_nothing(served: Served, terminal: Terminal) -> None:
    code = terminal.run("held", "approve", "int1", "orders", typed="\n")
    served.world.night()

    assert code == 130
    assert live(served) == 12


def test_a_script_names_the_run_that_was_looked_at(served: Served, terminal: Terminal) -> None:
    unnamed = terminal.run("held", "reject", "int1", "orders")
    named = terminal.run("held", "reject", "int1", "orders", "--run", served.world.last_run().id)
    served.world.night()

    assert (unnamed, named) == (2, 0)
    assert live(served) == 12


def test_a_decision_about_something_else_is_refused(terminal: Terminal) -> None:
    assert terminal.run("held", "approve", "int1", "orders", "--run", "another") == 4
    assert "Look at the list again." in terminal.err


def test_a_data_type_of_which_nothing_is_held_is_told(terminal: Terminal) -> None:
    assert terminal.run("held", "approve", "int1", "warehouses", typed="y\n") == 2


def test_what_was_set_aside_is_listed_with_its_reason_and_can_be_looked_at_anew(
    served: Served, terminal: Terminal
) -> None:
    served.world.source.order("bad", broken=True)
    served.world.night()

    listed = terminal.run("quarantine", "list", "int1", "orders")
    shown = terminal.out
    retried = terminal.run("quarantine", "retry", "int1", "orders")

    stream = served.world.stores.streams.get(StreamKey("org1", "int1", "orders"))
    assert (listed, retried) == (0, 0)
    assert "bad" in shown
    assert stream.look_again_at == served.world.clock.now()


def test_nothing_set_aside_says_so(terminal: Terminal) -> None:
    terminal.run("quarantine", "list", "int1", "warehouses")

    assert terminal.out == "Nothing was set aside.\n"


def test_settings_are_shown_in_words(terminal: Terminal) -> None:
    code = terminal.run("settings", "int1")

    rows = {line[:18].strip(): line[18:].strip() for line in terminal.out.splitlines()}
    assert code == 0
    assert rows["synced at"] == "02:00 in UTC"
    assert rows["everything is read"] == "every 7 days"
    assert rows["held for a person"] == "deletions of more than 50%, or more than 20 and 10%"


def test_only_what_is_named_changes(served: Served, terminal: Terminal) -> None:
    code = terminal.run(
        "settings", "int1", "--zone", "Europe/Berlin", "--hour", "4", "--hour", "1", "--off", "warehouses"
    )

    there = served.world.integration
    assert code == 0
    assert (there.schedule.zone, there.schedule.hours, there.name) == ("Europe/Berlin", (1, 4), "Main warehouse")
    assert there.disabled == {DataType.WAREHOUSES}
    assert "01:00, 04:00 in Europe/Berlin" in terminal.out


def test_history_is_shown_in_words_and_moves_back_only(served: Served, terminal: Terminal) -> None:
    served.world.source.declared = capabilities(recent_first=(timedelta(days=30),))
    served.world.change(history_from=datetime(2025, 6, 1, tzinfo=UTC))
    streams, key = served.world.stores.streams, StreamKey("org1", "int1", "orders")
    now = served.world.clock.now()
    lease, row = streams.take(key, run="r", segment=0, holder="h", now=now, seconds=60)
    streams.finish(lease, replace(row, floor=datetime(2025, 6, 1, tzinfo=UTC)))

    earlier = terminal.run("settings", "int1", "--history-from", "2025-01-31")
    shown = terminal.out
    terminal.run("status", "int1")
    told = " ".join(terminal.out.split())
    later = terminal.run("settings", "int1", "--history-from", "2025-12-24")

    assert (earlier, later) == (0, 4)
    assert "from 2025-01-31 on (orders, order shipments)" in shown
    assert "orders, order shipments: Here is what was created from 2025-06-01 on, and what changes." in told
    assert "The next sync reads from 2025-01-31 on." in told
    assert "the day can only be moved back" in " ".join(terminal.err.split())
    assert terminal.run("settings", "int1", "--history-from", "all") == 0
    assert served.world.integration.history_from is None
    assert terminal.run("settings", "int1", "--history-from", "yesterday") == 2


def test_a_setting_that_cannot_be_is_refused_with_its_place(terminal: Terminal) -> None:
    code = terminal.run("settings", "int1", "--name", "x" * 101)

    assert code == 4
    assert "body.name: " in terminal.err


def test_an_integration_is_paused_and_resumed(served: Served, terminal: Terminal) -> None:
    paused = terminal.run("pause", "int1")
    status = served.world.integration.status
    synced = terminal.run("sync", "int1")
    resumed = terminal.run("resume", "int1")

    assert (paused, synced, resumed) == (0, 4, 0)
    assert status is IntegrationStatus.PAUSED
    assert served.world.integration.status is IntegrationStatus.ACTIVE
