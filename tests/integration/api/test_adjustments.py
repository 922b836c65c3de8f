"""Corrections by hand over HTTP: in force at once, seen as such, until the source has been read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.ports.source import DeletionEvidence, Read, ReadStyle, Sharing
from planster_sync.ports.stores import Adjustment, RecordKey
from tests.engine.world import World
from tests.fakes.memory_records import MemoryCorrections, StoredRecord
from tests.integration.api.caller import HOME, Answer, Api, http_event, token

ADJUSTMENTS = f"{HOME}/int1/adjustments"
LEVELS = DataType.INVENTORY_LEVELS


def stocked(*ids: str) -> World:
    """A world with stock: each item has ten on hand, three promised, one broken; its SKU is its id in capitals."""
    world = World()
    stock = Read(
        "stock",
        {LEVELS: Sharing.OWNED, DataType.PRODUCTS: Sharing.OWNED},
        ReadStyle.SNAPSHOT,
        DeletionEvidence.LOOKUP,
        page_size=10,
    )
    world.source.declared = replace(world.source.declared, reads={**world.source.declared.reads, "stock": stock})
    for id_ in ids:
        put(world, id_)
    world.clock.advance(3600)
    return world


def put(world: World, id_: str, **fields: Any) -> None:
    stock = {"on_hand": 10, "committed": 3, "fulfillable": 6, "unsellable": 1}
    attributes = {"id": id_, "sku": id_.upper(), **stock, **fields}
    now = world.clock.now()
    row = StoredRecord(RecordKey(LEVELS, id_), attributes, id_, 7, now, now, "run-1", 1)
    world.stores.records.rows["org1", "int1", LEVELS, id_] = row


def ask(**changes: Any) -> dict[str, Any]:
    return {
        "data_type": "inventory_levels",
        "record": "a",
        "fields": {"on_hand": 8},
        "reason": "counted by hand",
        **changes,
    }


def bulk(csv: str, effect: str = "apply", **changes: Any) -> dict[str, Any]:
    return {"data_type": "inventory_levels", "effect": effect, "csv": csv, "reason": "stock take", **changes}


def delete(api: Api, address: str) -> Answer:
    return api.send(http_event("DELETE", address))


def on_hand(api: Api, id_: str = "a") -> Any:
    return api.get(f"{HOME}/int1/records/inventory_levels/{id_}").body["on_hand"]


def test_a_correction_is_in_force_at_once_and_says_so() -> None:
    api = Api(stocked("a", "b"))

    made = api.post(ADJUSTMENTS, ask(), authorizer=token())

    listed = api.get(f"{HOME}/int1/records/inventory_levels").body["records"]
    assert made.status == 201
    assert made.body["record"] == listed[0]
    assert (listed[0]["on_hand"], listed[0]["fulfillable"]) == (8, 4)
    assert listed[0]["adjustment"] == {
        "fields": {"on_hand": 8, "fulfillable": 4},
        "before": {"on_hand": 10, "fulfillable": 6},
        "author": "user-7",
        "reason": "counted by hand",
        "made_at": "2026-03-01T03:00:00Z",
    }
    assert "adjustment" not in listed[1]


def test_a_record_is_named_by_its_sku_too() -> None:
    api = Api(stocked("a", "b"))

    made = api.post(ADJUSTMENTS, ask(record=None, sku="B"))

    assert (made.status, made.body["adjustment"]["record"]) == (201, "b")


def test_a_second_correction_keeps_what_the_first_one_said() -> None:
    world = stocked("a")
    api = Api(world)
    api.post(ADJUSTMENTS, ask(fields={"name": "Mug"}))
    world.clock.advance(60)

    api.post(ADJUSTMENTS, ask())

    shown = api.get(f"{HOME}/int1/records/inventory_levels/a").body
    assert (shown["name"], shown["on_hand"]) == ("Mug", 8)
    history = api.get(f"{ADJUSTMENTS}/inventory_levels/a").body
    assert history["in_force"]["fields"] == {"name": "Mug", "on_hand": 8, "fulfillable": 4}
    assert [(each["fields"], each["ended_how"]) for each in history["ended"]] == [({"name": "Mug"}, "replaced")]


def test_what_the_source_says_later_counts_although_the_sync_has_not_ended() -> None:
    world = stocked("a")
    api = Api(world)
    api.post(ADJUSTMENTS, ask())
    world.clock.advance(60)
    put(world, "a", on_hand=11, fulfillable=7)

    assert on_hand(api) == 11

    made = api.post(ADJUSTMENTS, ask(fields={"name": "Mug"}))
    assert made.body["adjustment"]["fields"] == {"name": "Mug"}
    assert on_hand(api) == 11


def test_a_correction_is_in_force_although_the_worker_s_clock_is_ahead() -> None:
    world = stocked("a")
    world.clock.advance(30)
    put(world, "a")
    world.clock.advance(-30)
    api = Api(world)

    made = api.post(ADJUSTMENTS, ask())

    assert (made.status, on_hand(api)) == (201, 8)


def test_a_correction_is_told_by_the_change_feed() -> None:
    world = stocked("a", "b")
    api = Api(world)
    after = api.get(f"{HOME}/int1/changes/inventory_levels").body["after"]
    world.clock.advance(3600)
    api.post(ADJUSTMENTS, ask(record="b"))

    told = api.get(f"{HOME}/int1/changes/inventory_levels?after={after}").body["records"]

    assert [(record["id"], record["on_hand"]) for record in told if "adjustment" in record] == [("b", 8)]


def test_a_correction_is_taken_back() -> None:
    world = stocked("a")
    api = Api(world)
    api.post(ADJUSTMENTS, ask())
    world.clock.advance(60)

    answer = delete(api, f"{ADJUSTMENTS}/inventory_levels/a")

    assert answer.status == 200
    assert answer.body["in_force"] is None
    (ended,) = answer.body["ended"]
    assert (ended["ended_how"], ended["ended_at"]) == ("withdrawn", "2026-03-01T03:01:00Z")
    assert on_hand(api) == 10
    assert delete(api, f"{ADJUSTMENTS}/inventory_levels/a").status == 404


def test_those_in_force_are_listed_page_by_page() -> None:
    api = Api(stocked(*"abc"))
    for id_ in "abc":
        api.post(ADJUSTMENTS, ask(record=id_))

    first = api.get(f"{ADJUSTMENTS}/inventory_levels?limit=2").body
    second = api.get(f"{ADJUSTMENTS}/inventory_levels?limit=2&after={first['after']}").body

    assert [each["record"] for each in first["adjustments"] + second["adjustments"]] == ["a", "b", "c"]
    assert second["after"] is None


def test_a_token_s_subject_is_the_author_whatever_the_body_says() -> None:
    api = Api(stocked("a", "b"))

    by_planner = api.post(ADJUSTMENTS, ask(author="somebody-else"), authorizer=token())
    by_back_end = api.post(ADJUSTMENTS, ask(record="b", author="user-9"))

    assert by_planner.body["adjustment"]["author"] == "user-7"
    assert by_back_end.body["adjustment"]["author"] == "user-9"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"fields": {"on_hand": -1}}, 422, "invalid_request"),
        ({"fields": {"sku": "X"}}, 422, "invalid_request"),
        ({"fields": {}}, 422, "invalid_request"),
        ({"reason": ""}, 422, "invalid_request"),
        ({"reason": "x" * 501}, 422, "invalid_request"),
        ({"author": "a@b.example"}, 422, "invalid_request"),
        ({"sku": "A"}, 422, "invalid_request"),
        ({"record": None}, 422, "invalid_request"),
        ({"other": 1}, 422, "invalid_request"),
        ({"record": "x"}, 404, "not_found"),
        ({"record": None, "sku": "X"}, 404, "not_found"),
        ({"data_type": "orders"}, 422, "unsupported"),
        ({"data_type": "bills"}, 422, "unsupported"),
        ({"data_type": "stock"}, 422, "invalid_request"),
    ],
)
def test_a_correction_that_cannot_be_made_is_refused(changes: dict[str, Any], status: int, code: str) -> None:
    world = stocked("a")
    world.source.order("x")

    answer = Api(world).post(ADJUSTMENTS, ask(**changes))

    assert (answer.status, answer.body["code"]) == (status, code)


def test_a_sku_of_several_records_names_none() -> None:
    world = stocked("a", "b")
    put(world, "b", sku="A")

    answer = Api(world).post(ADJUSTMENTS, ask(record=None, sku="A"))

    assert answer.status == 422
    assert "id" in answer.body["remedy"]


def test_a_tombstone_is_not_corrected() -> None:
    world = stocked("a")
    row = world.stores.records.rows["org1", "int1", LEVELS, "a"]
    world.stores.records.rows["org1", "int1", LEVELS, "a"] = replace(row, deleted_at=world.clock.now())

    assert Api(world).post(ADJUSTMENTS, ask()).status == 409


class Rivals(MemoryCorrections):
    """Others who correct the same record between our reading and writing, so many times."""

    def __init__(self, world: World, times: int) -> None:
        super().__init__(world.stores.adjustments)
        self._clock = world.clock
        self._times = times

    def correct(
        self, organisation: str, integration: str, adjustment: Adjustment, *, instead_of: Adjustment | None
    ) -> bool:
        if self._times:
            self._times -= 1
            theirs = replace(
                adjustment,
                fields={"awaiting": self._times + 1},
                made_at=self._clock.now() + timedelta(seconds=-self._times),
            )
            super().correct(organisation, integration, theirs, instead_of=instead_of)
            return False
        return super().correct(organisation, integration, adjustment, instead_of=instead_of)


def test_a_correction_is_judged_again_on_top_of_one_that_came_between() -> None:
    world = stocked("a")
    rivals = Rivals(world, 1)

    made = Api(world, {"adjustments": rivals}).post(ADJUSTMENTS, ask())

    assert made.status == 201
    assert rivals.find("org1", "int1", RecordKey(LEVELS, "a")).fields["on_hand"] == 8  # type: ignore[union-attr]


def test_a_correction_that_others_always_forestall_is_given_up() -> None:
    world = stocked("a")

    answer = Api(world, {"adjustments": Rivals(world, 9)}).post(ADJUSTMENTS, ask())

    assert (answer.status, answer.body["code"]) == (409, "conflict")


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


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_another_organisation_finds_no_corrections(method: str) -> None:
    api = Api(stocked("a"))
    api.post(ADJUSTMENTS, ask())

    answer = api.send(http_event(method, f"{ADJUSTMENTS}/inventory_levels/a", authorizer=token("org2")))

    assert answer.status == 404
    assert on_hand(api) == 8
