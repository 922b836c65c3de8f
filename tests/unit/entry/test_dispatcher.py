"""What the dispatcher makes of the events that it is sent."""

from __future__ import annotations

from typing import Any

import pytest

from planster_sync.entry.dispatcher import DispatcherEntry
from planster_sync.errors import InvalidRequest
from tests.engine.world import World


def entry(world: World) -> DispatcherEntry:
    return DispatcherEntry(world.dispatcher(), world.clock, world.journal)


def test_the_event_s_own_time_is_now_so_that_a_night_can_be_replayed() -> None:
    world = World()

    report = entry(world).handle({"time": "2026-03-02T02:15:00Z"}, 60)

    assert report["started"] == 1
    assert world.last_run().id == "20260302T020000Z"


@pytest.mark.parametrize(
    "event",
    [{}, {"time": None}, {"time": "soon"}, {"time": "2026-03-01T02:00:00"}, {"time": "2027-03-01T02:00:00Z"}],
    ids=["none", "null", "word", "no zone", "far ahead"],
)
def test_an_event_without_a_usable_time_is_refused_and_the_reason_logged(event: dict[str, Any]) -> None:
    world = World()

    with pytest.raises(InvalidRequest):
        entry(world).handle(event, 60)

    assert world.journal.named("event_rejected")
    assert world.stores.runs.active("org1", "int1") == []
