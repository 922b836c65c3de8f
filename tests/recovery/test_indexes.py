"""Fingerprints against the table: what no sync would find is found, and mended by the next one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from operations.indexes import Agreement
from planster_sync.errors import Conflict
from planster_sync.storage.keys import stream_key
from planster_sync.storage.table import Change
from tests.chaos.sandbox import RECORDS
from tests.recovery.rig import CALM, Rig

STOCK = "acme#int1#inventory_levels"


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    """Two nights are behind it: r00 has changed, and the last of the first ones is gone."""
    world = Rig(replace(CALM, records=6))
    world.night()
    world.change_source()
    world.night()
    yield world
    world.hub.end()


def agreement(rig: Rig, read: str = "inventory_levels") -> Agreement | None:
    return rig.fingerprints("acme", read).compare()


def stock(rig: Rig) -> list[tuple[tuple[str, str], dict[str, object]]]:
    return [(key, item) for key, item in rig.saved(RECORDS)[RECORDS] if key[0] == STOCK]


def test_index_agrees_after_nights_with_changes_and_deletions(rig: Rig) -> None:
    for read in ("orders", "inventory_levels"):
        found = agreement(rig, read)
        assert found is not None
        assert found.holds
        assert found.records > 0


def test_other_missing_and_extra_items_are_found_and_mended_by_a_rebuild(rig: Rig) -> None:
    live = [(key, item) for key, item in stock(rig) if "_deleted_at" not in item]
    gone = [(key, item) for key, item in stock(rig) if "_deleted_at" in item]
    other, ghost = dict(live[0][1]), dict(gone[0][1])
    other["_fingerprint"], ghost_mark = {"S": "00000000000000ff"}, ghost.pop("_deleted_at")
    key = {"pk": {"S": live[1][0][0]}, "sk": {"S": live[1][0][1]}}
    rig.put_back([(live[0][0], other), (gone[0][0], ghost)])
    rig.region.tables.call("DeleteItem", json.dumps({"TableName": RECORDS, "Key": key}).encode())

    found = agreement(rig)
    one = rig.fingerprints("acme", "inventory_levels")
    told = one.distrust()
    again = rig.fingerprints("acme", "inventory_levels").distrust()
    rig.night()

    assert ghost_mark
    assert found is not None
    assert [len(found.other), len(found.missing), len(found.extra)] == [1, 1, 1]
    assert (told.done, again.done) == ("index distrusted", "left")
    assert rig.difference == ""
    assert agreement(rig) is not None
    assert agreement(rig).holds  # type: ignore[union-attr]  # just asserted


def test_stream_that_is_being_read_is_left_alone(rig: Rig) -> None:
    one = rig.fingerprints("acme", "orders")
    key, owned = stream_key(one.stream.key), "attribute_exists(pk)"
    rig.console.control.change(key, Change(owned, sets={"owner": "20260320T020000Z"}))
    busy = rig.fingerprints("acme", "orders")

    with pytest.raises(Conflict):
        busy.distrust()
    with pytest.raises(Conflict):
        busy.compare()

    rig.console.control.change(key, Change(owned, removes=("owner",)))


def test_row_that_changes_between_look_and_write_is_not_written(rig: Rig) -> None:
    looked_at = rig.fingerprints("acme", "orders")
    key, there = stream_key(looked_at.stream.key), Change("attribute_exists(pk)", sets={"index": "another"})
    rig.console.control.change(key, there)

    with pytest.raises(Conflict, match="changed meanwhile"):
        looked_at.distrust()

    assert rig.stream("acme", "orders").index == "another"


def test_stream_to_be_rebuilt_anyway_is_not_compared(rig: Rig) -> None:
    rig.lose_indexes()

    assert agreement(rig, "orders") is None
