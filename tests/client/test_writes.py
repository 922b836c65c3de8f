"""`planster check-draft` and `planster write`, run as a person runs them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planster_cli.main import main
from planster_sync.ports.write_backs import WriteState
from tests.client.served import Served, serving
from tests.client.terminal import Terminal
from tests.engine.world import World
from tests.fakes.writable_vendor import declared

Capture = pytest.CaptureFixture[str]
DRAFT = {"reference": "PO-1", "warehouse_id": "wh-1", "lines": [{"sku": "SOAP", "quantity": 12}]}


@pytest.fixture
def served() -> Iterator[Served]:
    """An API whose vendor takes inbound shipments."""
    with serving(World(), capabilities=lambda name: declared()) as found:
        yield found


def end(served: Served, state: WriteState, reference: str = "PO-1") -> None:
    there = served.world.stores.writes.get("org1", "int1", reference)
    assert there is not None
    served.world.stores.writes.change(there, replace(there, state=state, check_at=None))


def file(folder: Path, content: Any) -> str:
    path = folder / "body.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def test_a_draft_that_the_connector_can_take_passes(tmp_path: Path, capsys: Capture) -> None:
    assert main(["check-draft", "--connector", "trackstar", file(tmp_path, DRAFT)]) == 0
    assert capsys.readouterr().err == ""


def test_every_problem_of_a_draft_is_told_with_its_field(tmp_path: Path, capsys: Capture) -> None:
    wrong = {**DRAFT, "lines": [{"inventory_item_id": "i", "quantity": 0}]}

    code = main(["check-draft", "--connector", "trackstar", file(tmp_path, wrong)])

    told = capsys.readouterr().out.splitlines()
    assert code == 1
    assert {line.partition(":")[0] for line in told} == {
        "lines.0.quantity",
        "lines.0.sku",
        "lines.0.inventory_item_id",
    }


def test_a_draft_of_another_form_is_told_with_its_place(tmp_path: Path, capsys: Capture) -> None:
    assert main(["check-draft", "--connector", "trackstar", file(tmp_path, {**DRAFT, "colour": "red"})]) == 1
    assert capsys.readouterr().out.startswith("colour: ")


def test_a_change_is_checked_against_the_rules_of_changes(tmp_path: Path, capsys: Capture) -> None:
    argv = ["check-draft", "--connector", "trackstar", "--operation", "update"]

    assert main([*argv, file(tmp_path, {"reference": "CHG-1", "expected_at": "2026-05-01T00:00:00Z"})]) == 0
    assert main([*argv, file(tmp_path, {"reference": "CHG-1"})]) == 1
    assert "nothing to change" in capsys.readouterr().out


@pytest.mark.parametrize(("content", "code"), [("{", 2), ("[]", 1)], ids=["not-json", "no-object"])
def test_a_file_that_is_no_draft_is_refused(content: str, code: int, tmp_path: Path) -> None:
    assert main(["check-draft", "--connector", "trackstar", file(tmp_path, content)]) == code


def test_an_unknown_connector_is_bad_usage(tmp_path: Path) -> None:
    assert main(["check-draft", "--connector", "nobody", file(tmp_path, DRAFT)]) == 2


def test_a_shipment_is_asked_for_and_looked_after_to_its_end(
    served: Served, terminal: Terminal, tmp_path: Path
) -> None:
    codes = [terminal.run("write", "create", "int1", file(tmp_path, DRAFT))]
    codes.append(terminal.run("write", "status", "int1", "PO-1", "--json"))
    states = [terminal.json["state"]]
    end(served, WriteState.SUCCEEDED)
    codes.append(terminal.run("write", "status", "int1", "PO-1", "--json"))
    states.append(terminal.json["state"])

    assert codes == [0, 6, 0]
    assert states == ["requested", "succeeded"]


def test_a_draft_may_come_by_the_standard_input(served: Served, terminal: Terminal) -> None:
    code = terminal.run("write", "create", "int1", "-", piped=json.dumps(DRAFT))

    assert code == 0
    assert served.world.stores.writes.get("org1", "int1", "PO-1") is not None


def test_a_change_names_its_shipment(served: Served, terminal: Terminal, tmp_path: Path) -> None:
    change = {"reference": "CHG/1", "expected_at": "2026-05-01T00:00:00Z"}

    asked = terminal.run("write", "update", "int1", "asn/1", file(tmp_path, change))
    looked = terminal.run("write", "status", "int1", "CHG/1")

    write = served.world.stores.writes.get("org1", "int1", "CHG/1")
    assert (asked, looked) == (0, 6)
    assert write is not None
    assert write.shipment_id == "asn/1"


def test_a_failed_request_is_a_bad_outcome_and_a_wrong_one_is_refused(
    served: Served, terminal: Terminal, tmp_path: Path
) -> None:
    terminal.run("write", "create", "int1", file(tmp_path, DRAFT))
    end(served, WriteState.FAILED)

    failed = terminal.run("write", "status", "int1", "PO-1")
    unknown = terminal.run("write", "status", "int1", "PO-9")
    wrong = terminal.run("write", "create", "int1", file(tmp_path, {**DRAFT, "reference": ""}))

    assert (failed, unknown, wrong) == (1, 4, 4)
    assert "body.reference: " in terminal.err


def test_a_file_that_is_not_json_sends_nothing(served: Served, terminal: Terminal, tmp_path: Path) -> None:
    assert terminal.run("write", "create", "int1", file(tmp_path, "{")) == 2
    assert served.asked == []
