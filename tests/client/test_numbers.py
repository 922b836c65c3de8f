"""The commands of a planner whose numbers look wrong: verify, check, adjust, and the files that go with them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from planster_sync.errors import CredentialsRejected
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import StreamKey
from planster_sync.ports.source import Origin
from tests.client.served import Asked, Served, serving
from tests.client.terminal import Terminal
from tests.integration.api.stocked import LEVELS, stocked


@pytest.fixture
def served() -> Iterator[Served]:
    """Three stock items with ten on hand each, and orders from a source."""
    world = stocked("a", "b", "c")
    origins = {"number": Origin(("number",), "with its sign"), "updated_at": Origin(("updated",))}
    world.source.declared = replace(world.source.declared, fills={DataType.ORDERS: origins})
    with serving(world) as found:
        yield found


def with_orders(served: Served, count: int = 3) -> None:
    served.world.source.fill(count)
    served.world.sync(DataType.ORDERS)
    served.world.clock.advance(3600)


def corrected(served: Served) -> int:
    return len(served.world.stores.adjustments.in_force(StreamKey("org1", "int1", ""), [LEVELS]))


def test_a_record_that_is_right_says_so(served: Served, terminal: Terminal) -> None:
    with_orders(served)

    code = terminal.run("verify", "int1", "orders", "--record", "o000")

    assert code == 0
    assert "✔ o000  The warehouse system says the same." in terminal.out
    assert f"by sync {served.world.last_run().id}." in terminal.out


def test_a_difference_is_shown_field_by_field_with_what_it_is_taken_from(served: Served, terminal: Terminal) -> None:
    with_orders(served)
    served.world.source.orders["o000"]["number"] = "#other"

    code = terminal.run("verify", "int1", "orders", "--record", "o000")

    (row,) = [line.split() for line in terminal.out.splitlines() if line.strip().startswith("number")]
    assert code == 1
    assert row == ["number", "#o000", "#other", "number", "(with", "its", "sign)"]


def test_a_sample_may_be_verified_and_each_record_is_told(served: Served, terminal: Terminal) -> None:
    with_orders(served)
    del served.world.source.orders["o001"]

    code = terminal.run("verify", "int1", "orders", "--sample", "3", "--json")

    assert code == 1
    assert sorted(each["outcome"] for each in terminal.json["records"]) == ["gone", "same", "same"]


@pytest.mark.parametrize("which", [[], ["--record", "a", "--sku", "A"]], ids=["none", "two"])
def test_verify_needs_to_know_which_records(which: list[str], served: Served, terminal: Terminal) -> None:
    assert terminal.run("verify", "int1", "orders", *which) == 2
    assert served.asked == []


def test_a_connection_that_works_is_told_by_data_type(terminal: Terminal) -> None:
    code = terminal.run("check", "int1")

    assert code == 0
    assert "✔ The connection works." in terminal.out


def test_a_connection_that_does_not_work_says_whose_move_it_is(served: Served, terminal: Terminal) -> None:
    def refuse() -> None:
        raise CredentialsRejected("The key is not taken.")

    served.world.connecting = refuse

    code = terminal.run("check", "int1")

    assert code == 1
    assert "✖ refused" in terminal.out
    assert "→ you: " in terminal.out


def test_one_record_is_corrected_at_once(terminal: Terminal) -> None:
    code = terminal.run(
        "adjust", "one", "int1", "inventory_levels", "on_hand=8", "--sku", "A", "--reason", "counted by hand"
    )

    assert code == 0
    assert terminal.out == "A now has on_hand 8, fulfillable 4.\n"


def test_a_correction_can_be_seen_and_taken_back(terminal: Terminal) -> None:
    terminal.run("adjust", "one", "int1", "inventory_levels", "on_hand=8", "--record", "a", "--reason", "counted")

    terminal.run("adjust", "list", "int1", "inventory_levels")
    in_force = terminal.out
    withdrawn = terminal.run("adjust", "withdraw", "int1", "inventory_levels", "a")
    terminal.run("adjust", "list", "int1", "inventory_levels")
    left = terminal.out
    terminal.run("adjust", "list", "int1", "inventory_levels", "--record", "a")

    assert withdrawn == 0
    assert "on_hand 8" in in_force
    assert "counted" in in_force
    assert "No correction is in force." in left
    assert "withdrawn" in terminal.out


@pytest.mark.parametrize(
    "argv",
    [["on_hand=8"], ["on_hand=8", "--record", "a", "--sku", "A"], ["on_hand", "--sku", "A"]],
    ids=["no record", "two", "no value"],
)
def test_a_correction_that_nobody_could_understand_is_not_sent(
    argv: list[str], served: Served, terminal: Terminal
) -> None:
    assert terminal.run("adjust", "one", "int1", "inventory_levels", *argv, "--reason", "r") == 2
    assert served.asked == []


def test_a_correction_that_does_not_add_up_is_refused_with_its_reason(terminal: Terminal) -> None:
    code = terminal.run(
        "adjust", "one", "int1", "inventory_levels", "on_hand=8", "fulfillable=9", "--sku", "A", "--reason", "r"
    )

    assert code == 4
    assert terminal.err.startswith("planster: ")


def sheet(folder: Path, text: str) -> str:
    path = folder / "stock.csv"
    path.write_text(text, encoding="utf-8-sig")
    return str(path)


def test_a_csv_is_a_dry_run_until_it_is_applied(served: Served, terminal: Terminal, tmp_path: Path) -> None:
    file = sheet(tmp_path, "sku,on_hand\nA,8\nB,7\n")

    tried = terminal.run("adjust", "csv", "int1", "inventory_levels", file, "--reason", "count of March")
    shown = terminal.out
    before = corrected(served)
    applied = terminal.run("adjust", "csv", "int1", "inventory_levels", file, "--reason", "count of March", "--apply")

    assert (tried, before, applied) == (0, 0, 0)
    assert "2 records would be corrected; nothing was changed yet: --apply does it." in shown
    assert "✔ 2 records corrected." in terminal.out
    assert corrected(served) == 2


def test_a_wrong_line_is_shown_with_what_it_says_and_stops_all(
    served: Served, terminal: Terminal, tmp_path: Path
) -> None:
    file = sheet(tmp_path, "sku;on_hand\nA;8\nZZZ;7\n")

    code = terminal.run("adjust", "csv", "int1", "inventory_levels", file, "--reason", "r", "--apply")

    assert code == 1
    assert "✖ 1 of 2 lines are wrong; nothing was changed." in terminal.out
    (row,) = [line.split() for line in terminal.out.splitlines() if "ZZZ" in line]
    assert row[:3] == ["3", "ZZZ,", "7"]
    assert corrected(served) == 0


def test_a_csv_may_come_by_the_standard_input(terminal: Terminal) -> None:
    code = terminal.run(
        "adjust", "csv", "int1", "inventory_levels", "-", "--reason", "r", "--json", piped="sku,on_hand\nA,8\n"
    )

    assert code == 0
    assert (terminal.json["applied"], terminal.json["lines"]) == (False, 1)


def test_a_file_that_is_not_there_sends_nothing(served: Served, terminal: Terminal) -> None:
    assert terminal.run("adjust", "csv", "int1", "inventory_levels", "no/such/file", "--reason", "r") == 2
    assert served.asked == []


def test_an_export_goes_into_a_file_and_says_how_much(served: Served, terminal: Terminal, tmp_path: Path) -> None:
    with_orders(served, 250)
    file = tmp_path / "orders.csv"

    code = terminal.run("export", "int1", "orders", "-o", str(file))

    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert code == 0
    assert terminal.out == f"250 records in {file}.\n"
    assert [row["id"] for row in rows].count("o007") == 1
    assert len(rows) == 250
    assert not file.with_name("orders.csv.part").exists()


def test_an_export_may_go_into_a_pipe_as_it_is(served: Served, terminal: Terminal) -> None:
    with_orders(served)

    code = terminal.run("export", "int1", "orders", "--format", "ndjson")

    assert code == 0
    assert sorted(json.loads(line)["id"] for line in terminal.out.splitlines()) == ["o000", "o001", "o002"]


def test_an_export_that_breaks_off_leaves_no_file_behind(served: Served, terminal: Terminal, tmp_path: Path) -> None:
    with_orders(served, 2_500)
    file = tmp_path / "orders.csv"
    file.write_text("the one of yesterday")

    def break_off(asked: Asked) -> None:
        if "after=" in asked.path:
            raise ConnectionAbortedError

    served.before = break_off

    code = terminal.run("export", "int1", "orders", "-o", str(file))

    assert code == 5
    assert file.read_text() == "the one of yesterday"
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []


def test_an_export_takes_the_filters(terminal: Terminal) -> None:
    terminal.run("export", "int1", "inventory_levels", "--sku", "B", "--format", "ndjson")

    assert [json.loads(line)["id"] for line in terminal.out.splitlines()] == ["b"]
