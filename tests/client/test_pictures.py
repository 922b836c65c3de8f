"""How answers look: in a narrow terminal, with words that nobody knew, and in numbers that are read at a glance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console, RenderableType

from planster_cli import run_pictures, words
from planster_client.answers import Counts, Progress, Run, Task, Trouble, Waiting
from tests.client.served import Served
from tests.client.terminal import Terminal

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def drawn(*pictures: RenderableType, width: int = 110) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as seen:
        for picture in pictures:
            console.print(picture)
    return seen.get()


def task(state: str = "running", read: str = "orders", **more: Any) -> Task:
    progress = [Progress(data_type=read, records=250, changed=40, counts=Counts(fetched=250, created=40))]
    return Task(read=read, state=state, **{"progress": progress, "pages": 3, **more})


def run(*tasks: Task, state: str = "running", **more: Any) -> Run:
    begun = NOW - timedelta(seconds=75)
    return Run(
        id="r1",
        state=state,
        trigger="manual",
        mode="auto",
        created_at=begun,
        started_at=begun,
        tasks=list(tasks),
        **more,
    )


def moving(*tasks: Task, width: int = 110) -> str:
    return drawn(*run_pictures.moving(run(*tasks), NOW, width), width=width)


@pytest.mark.parametrize("width", [60, 80, 110])
def test_what_must_be_typed_is_whole_in_every_terminal(width: int, served: Served, terminal: Terminal) -> None:
    served.world.night()

    terminal.run("status", width=width)
    shown = terminal.out
    terminal.run("runs", "int1", width=width)

    assert " int1 " in shown
    assert served.world.last_run().id in terminal.out
    assert max(map(len, [*shown.splitlines(), *terminal.out.splitlines()])) <= width


def test_a_total_that_is_known_is_shown() -> None:
    assert "250 of 1\u202f000 records" in moving(task(total_records=1000))


def test_a_total_that_nobody_knows_is_not_invented() -> None:
    shown = moving(task())

    assert "250 records" in shown
    assert " of " not in shown.splitlines()[1]


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ({}, "page 3"),
        ({"pages": 0}, "asks for the first page"),
        ({"slice": 2}, "page 3, slice 2 of the history"),
        ({"phase": "bury"}, "settles what is missing"),
        ({"state": "queued"}, "waits for its turn"),
        ({"behind": "r0"}, "behind r0"),
        ({"state": "waiting", "waiting": Waiting(sentence="Waiting for the limit.")}, "Waiting for the limit."),
    ],
    ids=["page", "first", "slice", "bury", "queued", "behind", "waiting"],
)
def test_what_a_list_is_at_is_said(more: dict[str, Any], shown: str) -> None:
    assert shown in moving(task(**more))


def test_lists_that_are_done_are_counted_with_the_time() -> None:
    assert "1 of 2 lists done, 1:15" in moving(task("succeeded"), task(read="products"))


def test_a_reason_is_told_once_with_all_that_it_is_about() -> None:
    refused = Trouble(code="c", what="It is refused.", remedy="Mend it.", whose_move="you")
    names = ["orders", "products", "returns", "bills", "warehouses", "inventory_levels"]
    failed = run(*(task("failed", name, problem=refused) for name in names), state="failed")

    shown = drawn(*run_pictures.ended(failed, NOW))

    assert shown.count("It is refused.") == 1
    assert "orders, products, returns, bills and 2 more: It is refused." in shown
    assert "→ you: Mend it." in shown


def test_columns_of_nothing_are_left_out() -> None:
    shown = drawn(*run_pictures.ended(run(task("succeeded"), state="succeeded"), NOW))

    assert "created" in shown
    assert "deleted" not in shown


def test_a_word_that_nobody_knew_is_shown_as_it_is() -> None:
    shown = drawn(*run_pictures.ended(run(task("dozing_off"), state="dozing_off"), NOW))

    assert "? dozing off" in shown


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (89, "89 s"), (90, "1 min"), (5399, "89 min"), (5400, "1 h"), (172_799, "47 h"), (172_800, "2 days")],
)
def test_ages_are_told_in_the_unit_that_a_person_would_choose(seconds: int, told: str) -> None:
    assert words.ago(NOW - timedelta(seconds=seconds), NOW) == f"{told} ago"


def test_times_that_are_over_or_unknown_have_words() -> None:
    assert (words.until(NOW, NOW), words.until(None, NOW), words.ago(None, NOW)) == ("now", "-", "never")
    assert words.until(NOW + timedelta(hours=3), NOW) == "in 3 h"


@pytest.mark.parametrize(("seconds", "told"), [(5, "0:05"), (62, "1:02"), (3_602, "1:00:02")])
def test_a_stopwatch_reads_as_one(seconds: int, told: str) -> None:
    assert words.clock(timedelta(seconds=seconds)) == told
