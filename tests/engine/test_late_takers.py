"""A worker that slept through its run's end may still take the stream: nobody else must wait for it for good."""

from __future__ import annotations

from planster_sync.model.runs import RunStatus, StreamKey
from tests.engine.truth import stored_equals_source
from tests.engine.world import World


def test_stream_taken_for_a_run_that_has_ended_is_freed_by_the_next() -> None:
    """Promise 6: the owner's task is final, and its lease is over."""
    world = World()
    world.source.order("o1", channel="ch1=Shop")
    ended = world.night()
    world.night()
    world.stores.streams.take(
        StreamKey("org1", "int1", "orders"), run=ended.id, segment=0, holder="late", now=world.clock.now(), seconds=1
    )
    world.source.order("o2", channel="ch1=Shop")

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED
    stored_equals_source(world)
