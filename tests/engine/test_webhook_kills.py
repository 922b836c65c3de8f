"""Whoever looks or delivers may be gone at any call: everything is told, in the end exactly as it happened."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest

from planster_sync.errors import StoreBusy
from planster_sync.model.webhooks import Delivery, DeliveryState, LookMessage, Reply, Target
from tests.engine.saboteur import Plan, Watched
from tests.engine.world import Killed, World
from tests.fakes.webhook_office import Office

NEVER = 10**9


def busy() -> StoreBusy:
    return StoreBusy("The store is busy.")


def office_under(plan: Plan) -> tuple[Office, Target]:
    """One webhook, and a run that has just ended; stores, queue and the post count as calls."""
    world = World()
    world.source.fill(3)
    office = Office(world)
    target = office.register()
    world.night()
    office.watch = lambda part: Watched(part, plan)
    post = Watched(_Posting(office), plan)

    def send(target: Target, delivery: Delivery, at: Any) -> Reply:
        reply: Reply = post.send(target, delivery, at)
        return reply

    office.send = send
    return office, target


class _Posting:
    def __init__(self, office: Office) -> None:
        self._office = office

    def send(self, target: Target, delivery: Delivery, at: Any) -> Reply:
        return self._office.post(target, delivery, at)


def work(office: Office, *failures: type[BaseException]) -> None:
    """A look and all that follows; a message in hand when the failure strikes is lost, the others are not."""
    waiting: list[Any] = [LookMessage("org1", "int1")]
    while waiting:
        for message in waiting:
            with suppress(*failures):
                office.handle(message)
        waiting = [sent.message for sent in office.queue.drain()]


def calls() -> int:
    plan = Plan(NEVER, done=False)
    office, _ = office_under(plan)
    work(office)
    return plan.count


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("failure", [Killed, busy], ids=["death", "busy"])
def test_a_failure_at_any_call_loses_nothing_and_tells_nothing_that_did_not_happen(done: bool, failure: Any) -> None:
    total = calls()
    for at in range(1, total + 1):
        plan = Plan(at, done, failure)
        office, target = office_under(plan)

        work(office, Killed, StoreBusy)
        for _ in range(4):
            office.world.clock.advance(900)
            office.tick()

        deliveries = office.deliveries(target)
        assert plan.struck, at
        assert sorted(each.kind.value for each in deliveries) == ["run.completed", "state.changed"], at
        assert {each.state for each in deliveries} == {DeliveryState.DELIVERED}, at
        sent = {each.id: each.body for each in office.post.sent}
        assert {each.id for each in deliveries} == set(sent), at
        assert all(each.body == sent[each.id] for each in office.post.sent), at
        assert json.loads(sent[deliveries[0].id])["id"] == deliveries[0].id
    assert total >= 14
