"""`planster status`: what a planner sees first."""

from __future__ import annotations

from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from tests.client.served import Served
from tests.client.terminal import Terminal


def test_a_healthy_organisation_is_told_in_a_line_for_each_integration(served: Served, terminal: Terminal) -> None:
    served.world.source.fill(12)
    served.world.night()
    served.world.clock.advance(7200)

    code = terminal.run("status")

    assert code == 0
    assert "● Everything is up to date." in terminal.out
    (row,) = [line for line in terminal.out.splitlines() if "Main warehouse" in line]
    assert "int1" in row
    assert "2 h ago" in row
    assert "in 22 h" in row
    assert "What to do" not in terminal.out


def test_one_integration_is_told_by_data_type_and_what_is_not_offered_is_out_of_the_way(
    served: Served, terminal: Terminal
) -> None:
    served.world.source.fill(12)
    served.world.night()

    terminal.run("status", "int1")

    rows = {line.split("  ")[0]: line for line in terminal.out.splitlines()}
    assert "● on time" in rows["orders"]
    assert rows["orders"].split()[-1] == "12"
    assert "bills" not in rows
    assert "Not offered by the connected system: inventory levels, products" in terminal.out


def test_what_is_wrong_comes_with_whose_move_it_is_and_what_to_do(served: Served, terminal: Terminal) -> None:
    served.world.source.fill(3)
    served.world.night()
    served.world.change(status=IntegrationStatus.NEEDS_REAUTH)

    code = terminal.run("status")

    assert code == 1
    assert "✖ 1 of 1 integrations need a look." in terminal.out
    assert "✖ reconnect it" in terminal.out


def test_a_paused_integration_says_that_it_is_your_move(served: Served, terminal: Terminal) -> None:
    served.world.change(status=IntegrationStatus.PAUSED)

    terminal.run("status")

    assert "you: Resume it to sync it again." in terminal.out


def test_switched_off_data_types_are_named_apart(served: Served, terminal: Terminal) -> None:
    served.world.change(disabled=frozenset({DataType.WAREHOUSES}))

    terminal.run("status", "int1")

    assert "Switched off: warehouses." in terminal.out


def test_json_is_the_apis_own_document(served: Served, terminal: Terminal) -> None:
    code = terminal.run("status", "--json")

    assert code == 0
    assert terminal.json["integrations"][0]["data_types"][0]["data_type"] == "inventory_levels"
    assert terminal.json["poll_after_seconds"] == 60
    assert terminal.out.count("\n") == 1


def test_watching_asks_when_the_api_says_and_draws_only_what_changed(served: Served, terminal: Terminal) -> None:
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            served.world.source.fill(3)
            served.world.night()
        if len(waits) == 4:
            raise KeyboardInterrupt

    terminal.wait = wait

    code = terminal.run("status", "--watch", "--json")

    assert code == 130
    assert waits == [60, 60, 60, 60]
    assert terminal.out.count("\n") == 2
    assert [asked.headers.get("if-none-match") is not None for asked in served.asked] == [False, True, True, True]


def test_an_organisation_without_integrations_says_so(served: Served, terminal: Terminal) -> None:
    code = terminal.run("status", "--organisation", "org2")

    assert code == 0
    assert "No warehouse system is connected yet." in terminal.out


def test_names_are_shown_as_they_are_whatever_they_contain(served: Served, terminal: Terminal) -> None:
    served.world.change(name="[bold]Main[/bold]")

    terminal.run("status")

    assert "[bold]Main[/bold]" in terminal.out


def test_freshness_says_how_often_it_was_there_and_what_was_missing_and_why(served: Served, terminal: Terminal) -> None:
    world = served.world
    world.source.fill(3)
    world.night()
    for day in range(3):
        world.until_due()
        world.tick()
        if day != 1:
            world.work()
        world.clock.advance(4 * 3600 + 60)
        world.tick()
        world.work()

    code = terminal.run("freshness", "int1")

    assert code == 1
    assert "66.6 % of the last 30 nights' data was there by 06:00, local time." in terminal.out
    (orders,) = [line for line in terminal.out.splitlines() if line.startswith("orders ")]
    assert orders.split("  ")[-1].strip() == "2 of 3"
    assert "At six in the morning" in terminal.out

    assert terminal.run("freshness") == 1
    assert "Main warehouse" in terminal.out
