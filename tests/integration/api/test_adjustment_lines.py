"""Corrections by CSV over HTTP: every line judged, all in force or none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.api.caller import HOME, Api
from tests.integration.api.stocked import ADJUSTMENTS, on_hand, put, stocked


def bulk(csv: str, effect: str = "apply", **changes: Any) -> dict[str, Any]:
    return {"data_type": "inventory_levels", "effect": effect, "csv": csv, "reason": "stock take", **changes}


def test_a_dry_run_tells_every_line_and_changes_nothing() -> None:
    api = Api(stocked("a", "b"))
    csv = "id,on_hand\r\na,8\r\nb,many\r\n\r\nx,1\r\n"

    answer = api.post(f"{ADJUSTMENTS}/bulk", bulk(csv, "dry_run"))

    assert answer.status == 200
    assert (answer.body["applied"], answer.body["lines"]) == (False, 3)
    assert [(error["line"], error["code"]) for error in answer.body["errors"]] == [
        (3, "invalid_request"),
        (5, "not_found"),
    ]
    assert answer.body["changes"] == [
        {
            "lines": [2],
            "record": "a",
            "fields": {"on_hand": 8, "fulfillable": 4},
            "before": {"on_hand": 10, "fulfillable": 6},
        }
    ]
    assert on_hand(api) == 10


def test_one_wrong_line_keeps_all_from_being_applied() -> None:
    api = Api(stocked("a", "b"))

    answer = api.post(f"{ADJUSTMENTS}/bulk", bulk("id,on_hand\na,8\nb,-2\n"))

    assert (answer.status, answer.body["applied"]) == (200, False)
    assert on_hand(api) == 10


def test_right_lines_are_applied_as_spreadsheets_write_them() -> None:
    world = stocked("a", "b")
    split = [{"warehouse_id": "w1", "on_hand": 4}, {"warehouse_id": "w2", "on_hand": 6}]
    put(world, "b", warehouses=split, name="Mug")
    world.clock.advance(1)
    api = Api(world)
    csv = (
        "\ufeffsku;warehouse_id;on_hand;name;active;unit_cost.amount;unit_cost.currency;reason\r\n"
        'A;;8;"\'=x";true;12.50;EUR;damp\r\nB;w1;5;;;;;\r\nB;w2;7;;;;;"shelf;7"\r\n'
    )

    answer = api.post(f"{ADJUSTMENTS}/bulk", bulk(csv))

    assert answer.body["errors"] == []
    assert answer.body["applied"] is True
    first, second = (api.get(f"{HOME}/int1/records/inventory_levels/{id_}").body for id_ in "ab")
    assert (first["on_hand"], first["name"], first["active"]) == (8, "=x", True)
    assert first["unit_cost"] == {"amount": "12.5", "currency": "EUR"}
    assert first["adjustment"]["reason"] == "damp"
    assert [each["on_hand"] for each in second["warehouses"]] == [5, 7]
    assert second["on_hand"] == 12
    assert second["adjustment"]["reason"] == "stock take; shelf;7"
    assert answer.body["changes"][1]["lines"] == [3, 4]


@pytest.mark.parametrize(
    "csv",
    [
        "id,on_hand",
        "on_hand\n5",
        "id,colour\na,red",
        "id,id,on_hand\na,a,5",
        'id,on_hand\n"a,5',
        "id,on_hand\n" + "a,5\n" * 501,
    ],
    ids=["no line", "no record", "unknown column", "twice", "no csv", "too many"],
)
def test_a_file_of_another_form_is_refused(csv: str) -> None:
    answer = Api(stocked("a")).post(f"{ADJUSTMENTS}/bulk", bulk(csv))

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")
    assert answer.body["remedy"]


@pytest.mark.parametrize("line", [",5", "a,", "a,1e99", "a,1.234.5", "a,NaN", "a,5,6", "a,10"])
def test_a_wrong_line_is_named(line: str) -> None:
    answer = Api(stocked("a")).post(f"{ADJUSTMENTS}/bulk", bulk(f"id,on_hand\n{line}\n"))

    assert [error["line"] for error in answer.body["errors"]] == [2]
