"""How a delivery ends: only 2xx counts, waits grow for a day, 410 ends a webhook, days of failure switch it off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from planster_sync.model.runs import Problem
from planster_sync.model.webhooks import (
    Delivery,
    DeliveryMessage,
    DeliveryState,
    Kind,
    LookMessage,
    Reply,
    Target,
    TargetState,
)
from tests.engine.world import Killed, World
from tests.fakes.webhook_office import Office

REFUSED = Reply(500, Problem("webhook_refused", "The receiver answered 500.", "Mend the receiver.", retryable=True))
SILENT = Reply(None, Problem("webhook_unreachable", "It did not answer.", "Mend the receiver.", retryable=True))
GONE = Reply(410, Problem("webhook_refused", "The receiver answered 410.", "Mend the receiver.", retryable=True))
ARRIVED = Reply(202)


def office_with_news(*replies: Reply) -> tuple[Office, Target]:
    """One webhook, and one delivery to it that waits for its message."""
    world = World()
    world.source.fill(3)
    office = Office(world)
    office.post.replies = list(replies)
    target = office.register(Kind.RUN_COMPLETED)
    world.night()
    return office, target


def noticed(office: Office) -> DeliveryMessage:
    """The message of what a look has found."""
    office.announcer.handle(LookMessage("org1"))
    message = office.queue.drain()[0].message
    assert isinstance(message, DeliveryMessage)
    return message


def ticks(office: Office, *, hours: float) -> None:
    for _ in range(int(hours * 4)):
        office.world.clock.advance(900)
        office.tick()


def only(office: Office, target: Target) -> Delivery:
    (delivery,) = office.deliveries(target)
    return delivery


def test_a_delivery_that_arrives_is_sent_once() -> None:
    office, target = office_with_news(ARRIVED)

    office.look()
    ticks(office, hours=2)

    delivery = only(office, target)
    assert (delivery.state, delivery.status, delivery.attempt) == (DeliveryState.DELIVERED, 202, 1)
    assert len(office.post.sent) == 1
    assert office.target(target).last_delivered_at is not None


def test_what_failed_is_tried_again_under_the_same_id_and_with_the_same_body() -> None:
    office, target = office_with_news(REFUSED, SILENT, ARRIVED)

    office.look()

    assert len({(each.id, each.body) for each in office.post.sent}) == 1
    assert [each.attempt for each in office.post.sent] == [1, 2, 3]
    assert only(office, target).state is DeliveryState.DELIVERED


def test_waits_grow_for_most_of_a_day_and_then_it_is_given_up() -> None:
    office, target = office_with_news(REFUSED)
    tried: list[datetime] = []
    post = office.post

    def send(target: Target, delivery: Delivery, at: datetime) -> Reply:
        tried.append(at)
        return post(target, delivery, at)

    office.send = send
    office.look()
    ticks(office, hours=30)

    delivery = only(office, target)
    waits = [(after - before) / timedelta(minutes=1) for before, after in pairwise(tried)]
    assert [round(wait / 15) for wait in waits[3:]] == [4, 12, 24, 48]  # ticks end the long waits
    assert waits[:3] == [1, 5, 15]
    assert (delivery.state, delivery.status, delivery.attempt) == (DeliveryState.FAILED, 500, 8)
    assert delivery.problem == REFUSED.problem
    assert timedelta(hours=22) < tried[-1] - tried[0] < timedelta(hours=24)


def test_410_ends_the_webhook_and_what_is_on_its_way_to_it() -> None:
    office, target = office_with_news(GONE)
    office.look()

    office.world.night()
    office.look()

    assert office.target(target).state is TargetState.ENDED
    assert [each.state for each in office.deliveries(target)] == [DeliveryState.FAILED]
    assert len(office.post.sent) == 1


def test_a_webhook_that_fails_for_days_is_switched_off_and_says_so() -> None:
    office, target = office_with_news(REFUSED)
    world = office.world
    for _ in range(5):
        office.look()
        ticks(office, hours=23)
        world.night()

    off = office.target(target)
    assert off.state is TargetState.SWITCHED_OFF
    assert off.problem is not None
    assert off.problem.code == "webhook_switched_off"
    assert any(fields["state"] == "switched_off" for fields in world.journal.named("webhook_stopped"))
    tried = len(office.post.sent)
    office.look()
    ticks(office, hours=24)
    assert len(office.post.sent) == tried


def test_one_success_makes_the_days_begin_anew() -> None:
    office, target = office_with_news(REFUSED, REFUSED, ARRIVED)
    office.look()

    assert office.target(target).failing_since is None
    assert office.target(target).state is TargetState.ACTIVE


def test_a_webhook_that_was_resumed_hears_what_comes_then() -> None:
    office, target = office_with_news(GONE, ARRIVED)
    office.look()
    office.world.night()
    office.look()

    office.desk.resume("org1", target.id)
    run = office.world.night()
    office.look()

    assert [run.id in each.body for each in office.post.sent] == [False, True]


def test_a_test_goes_out_once_even_to_a_webhook_that_is_switched_off_and_changes_nothing_of_it() -> None:
    office, target = office_with_news(REFUSED)
    there = office.target(target)
    off = office.webhooks.change_target(there, replace(there, state=TargetState.SWITCHED_OFF))

    office.desk.test("org1", target.id)
    office.work()
    ticks(office, hours=1)

    delivery = only(office, target)
    assert (delivery.kind, delivery.state, delivery.attempt) == (Kind.TEST, DeliveryState.FAILED, 1)
    assert office.target(target) == off


def test_what_is_on_its_way_to_a_webhook_that_was_removed_is_not_sent() -> None:
    office, target = office_with_news(REFUSED)
    office.look()
    sent = len(office.post.sent)

    office.desk.remove("org1", target.id)
    ticks(office, hours=24)

    assert len(office.post.sent) == sent
    assert office.secrets.there == {}


@pytest.mark.parametrize("after", ["claim", "send"])
def test_a_worker_that_dies_leaves_the_delivery_to_the_sweep(after: str) -> None:
    office, target = office_with_news(ARRIVED)
    post = office.post

    def dying(target: Target, delivery: Delivery, at: datetime) -> Reply:
        if after == "send":
            post(target, delivery, at)
        raise Killed

    office.send = dying
    with pytest.raises(Killed):
        office.look()
    office.send = None
    ticks(office, hours=1)

    assert only(office, target).state is DeliveryState.DELIVERED
    assert len(office.post.sent) == (2 if after == "send" else 1)
    assert len({each.id for each in office.post.sent}) == 1


def test_a_message_that_was_lost_is_sent_again_by_the_sweep() -> None:
    office, target = office_with_news(ARRIVED)
    office.announcer.handle(LookMessage("org1"))
    office.queue.drain()

    ticks(office, hours=0.5)

    assert only(office, target).state is DeliveryState.DELIVERED


def test_a_message_that_comes_twice_or_too_early_sends_nothing() -> None:
    office, target = office_with_news(REFUSED)
    message = noticed(office)

    office.handle(message)
    office.handle(message)

    assert len(office.post.sent) == 1
    assert only(office, target).state is DeliveryState.WAITING


def test_two_workers_with_the_same_message_send_it_once() -> None:
    office, _ = office_with_news(ARRIVED)
    message = noticed(office)
    begun: list[bool] = []

    class Racing:
        def __getattr__(self, name: str) -> Any:
            return getattr(office.webhooks, name)

        def change_delivery(self, there: Delivery, then: Delivery) -> Delivery | None:
            if not begun:
                begun.append(True)
                office.handle(message)
            return office.webhooks.change_delivery(there, then)

    replace(office.courier, webhooks=Racing()).handle(message)

    assert len(office.post.sent) == 1


def test_a_message_for_what_was_erased_does_nothing() -> None:
    office, _ = office_with_news(ARRIVED)
    message = noticed(office)

    office.handle(replace(message, delivery="erased"))

    assert office.post.sent == []
