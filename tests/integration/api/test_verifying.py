"""Verify against the source over HTTP: every way in which a number may be wrong is told apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from planster_sync.errors import SourceUnavailable
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Origin
from planster_sync.ports.stores import Adjustment, RecordKey
from tests.engine.world import World
from tests.fakes.memory_records import MemoryCorrections
from tests.integration.api.caller import HOME, Answer, Api, token

VERIFY = f"{HOME}/int1/verify"


def filled(*ids: str) -> World:
    world = World()
    for id_ in ids:
        world.source.order(id_, shipments=["s1"], channel="ch1=Shop")
    origins = {"number": Origin(("number",), "with its sign"), "updated_at": Origin(("updated",))}
    world.source.declared = replace(world.source.declared, fills={DataType.ORDERS: origins})
    world.night()
    world.clock.advance(3600)
    return world


def verified(world: World, **ask: Any) -> Answer:
    return Api(world).post(VERIFY, {"data_type": "orders", **ask})


def only(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200
    (found,) = answer.body["records"]
    result: dict[str, Any] = found
    return result


def test_a_record_that_is_right_says_so_and_whence_its_fields_come() -> None:
    world = filled("a")

    answer = verified(world, record="a")

    found = only(answer)
    assert (found["outcome"], found["differences"]) == ("same", [])
    assert found["stored"]["number"] == found["source"]["number"] == "#a"
    assert found["last_change"] == {"at": "2026-03-01T02:00:00Z", "run": world.last_run().id, "adjusted_by": None}
    assert answer.body["read_at"] == "2026-03-01T03:00:00Z"
    assert answer.body["definitions"]["number"] == {"fields": ["number"], "rule": "with its sign"}


def test_a_source_that_changed_since_is_told_field_by_field() -> None:
    world = filled("a")
    world.source.orders["a"]["number"] = "#other"

    found = only(verified(world, record="a"))

    assert found["outcome"] == "differs"
    assert found["differences"] == [
        {
            "path": "number",
            "stored": "#a",
            "source": "#other",
            "definition": {"fields": ["number"], "rule": "with its sign"},
        }
    ]


def test_a_correction_by_hand_is_told_apart_from_a_difference() -> None:
    world = filled("a")
    correction = Adjustment(RecordKey(DataType.ORDERS, "a"), {"number": "#mine"}, world.clock.now(), "user-7", "typo")
    book = MemoryCorrections(world.stores.adjustments)
    book.correct("org1", "int1", correction, instead_of=None)

    found = only(verified(world, record="a"))

    assert (found["outcome"], found["stored"]["number"]) == ("same", "#mine")
    assert "correction by hand" in found["sentence"]
    assert (found["last_change"]["run"], found["last_change"]["adjusted_by"]) == (None, "user-7")

    world.clock.advance(60)
    book.withdraw("org1", "int1", correction, world.clock.now())
    assert only(verified(world, record="a"))["last_change"]["adjusted_by"] == "user-7"


def test_a_record_that_the_source_has_lost_is_gone() -> None:
    world = filled("a", "b")
    del world.source.orders["a"]

    assert only(verified(world, record="a"))["outcome"] == "gone"


def test_a_tombstone_is_right_until_the_source_has_the_record_again() -> None:
    world = filled("a", "b", "c")
    del world.source.orders["b"]
    world.night()
    deleted = only(verified(world, record="b"))
    world.source.order("b")

    back = only(verified(world, record="b"))

    assert (deleted["outcome"], back["outcome"]) == ("deleted", "back")


def test_a_record_that_cannot_be_taken_over_has_its_reason() -> None:
    world = filled("a")
    world.source.order("a", broken=True)

    found = only(verified(world, record="a"))

    assert found["outcome"] == "invalid"
    assert (found["problem"]["code"], found["source"]) == ("record_invalid", None)


def test_a_part_of_a_source_record_is_verified_by_it() -> None:
    world = filled("a")

    found = only(Api(world).post(VERIFY, {"data_type": "order_shipments", "record": "a/s1"}))

    assert found["outcome"] == "same"
    assert world.source.looked_up == ["a"]


def test_a_record_that_many_name_cannot_be_asked_about() -> None:
    found = only(Api(filled("a")).post(VERIFY, {"data_type": "order_channels", "record": "ch1"}))

    assert found["outcome"] == "unknown"
    assert "verify one of them" in found["sentence"]


def test_a_source_that_does_not_answer_leaves_the_outcome_open() -> None:
    world = filled("a")

    def down() -> None:
        raise SourceUnavailable("The warehouse system does not answer.")

    world.connecting = down
    answer = verified(world, record="a")

    assert only(answer)["outcome"] == "unknown"
    assert answer.body["problem"]["code"] == "source_unavailable"
    assert answer.body["read_at"] is None


def test_a_slow_source_is_asked_no_longer_than_a_planner_waits() -> None:
    """Four records fit into one look-up, which takes five seconds here; a question has eight."""
    world = filled(*"abcdefghi")
    world.source.lookup_seconds = 5

    answer = verified(world, sample=9)

    outcomes = [record["outcome"] for record in answer.body["records"]]
    assert (outcomes.count("same"), outcomes.count("unknown")) == (8, 1)
    assert answer.body["problem"]["code"] == "source_unavailable"
    assert "one by one" in answer.body["problem"]["remedy"]
    assert answer.body["read_at"] is not None
    assert len(world.source.looked_up) == 8


def test_a_sku_and_a_sample_verify_several_records_with_one_question() -> None:
    world = filled(*"abcde")
    for id_ in "ab":
        place = ("org1", "int1", DataType.ORDERS, id_)
        row = world.stores.records.rows[place]
        world.stores.records.rows[place] = replace(row, attributes={**row.attributes, "sku": "S"})

    by_sku = verified(world, sku="S")
    sample = verified(world, sample=3)

    assert [record["record"] for record in by_sku.body["records"]] == ["a", "b"]
    assert len({record["record"] for record in sample.body["records"]}) == 3
    assert {record["outcome"] for record in sample.body["records"]} <= {"same", "differs"}


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        ({}, 422),
        ({"record": "a", "sku": "S"}, 422),
        ({"sample": 11}, 422),
        ({"record": "x"}, 404),
        ({"sku": "x"}, 404),
        ({"data_type": "bills", "record": "a"}, 422),
    ],
)
def test_a_question_of_another_form_is_refused(ask: dict[str, Any], status: int) -> None:
    assert verified(filled("a"), **ask).status == status


def test_another_organisation_verifies_nothing() -> None:
    answer = Api(filled("a")).post(VERIFY, {"data_type": "orders", "record": "a"}, authorizer=token("org2"))

    assert answer.status == 404
