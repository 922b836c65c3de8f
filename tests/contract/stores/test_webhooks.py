"""Webhooks: the board by one query, changes under their version, what was told with its deliveries or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from planster_sync.model.data_types import DataType
from planster_sync.model.webhooks import (
    Delivery,
    DeliveryState,
    Kind,
    SigningSecret,
    Standing,
    Target,
    TargetState,
    Told,
    Watch,
)
from tests.contract.stores.backends import OnAws
from tests.contract.stores.samples import NOON, PROBLEM

LATER = NOON + timedelta(minutes=5)
TARGET = Target(
    "acme",
    "t-1",
    "https://hooks.example.com/x",
    (Kind.RUN_COMPLETED, Kind.ACTION_NEEDED),
    TargetState.ACTIVE,
    NOON,
    "user-7",
    (SigningSecret(2), SigningSecret(1, LATER)),
)
TOLD = Told(
    "acme",
    "warehouse-1",
    NOON,
    Standing("ok", "healthy"),
    {DataType.ORDERS: Standing("late", "attention")},
    "records_quarantined",
    (DataType.ORDERS,),
    ("run-1",),
    version=1,
)


def delivery(number: int = 1, **fields: object) -> Delivery:
    known = {"integration": "warehouse-1", "check_at": NOON, **fields}
    return Delivery("acme", "t-1", f"2026030{number}-n", Kind.RUN_COMPLETED, '{"a":1}', NOON, **known)  # type: ignore[arg-type]


def test_the_board_has_everything_but_deliveries_and_what_was_removed(aws: OnAws) -> None:
    watch = Watch("acme", NOON, NOON)
    aws.webhooks.begin_watch(watch)
    for target in (
        replace(TARGET, id="t-2", created_at=LATER),
        TARGET,
        replace(TARGET, id="t-3", organisation="acme2"),
    ):
        aws.webhooks.add_target(target)
    aws.webhooks.add_target(replace(TARGET, id="t-4", state=TargetState.REMOVED))
    aws.webhooks.tell(TOLD, [delivery()])

    board = aws.webhooks.board("acme")

    assert (board.watch, [each.id for each in board.targets]) == (watch, ["t-1", "t-2"])
    assert (board.targets[0], board.told) == (TARGET, {"warehouse-1": TOLD})


def test_a_target_is_changed_only_as_it_was_read(aws: OnAws) -> None:
    aws.webhooks.add_target(TARGET)

    first = aws.webhooks.change_target(TARGET, replace(TARGET, failing_since=LATER, problem=PROBLEM))
    second = aws.webhooks.change_target(TARGET, replace(TARGET, url="https://other.example.com/"))

    assert second is None
    assert (
        aws.webhooks.target("acme", "t-1") == first == replace(TARGET, version=1, failing_since=LATER, problem=PROBLEM)
    )


def test_a_change_takes_away_what_it_leaves_out(aws: OnAws) -> None:
    failing = replace(TARGET, failing_since=LATER, problem=PROBLEM)
    aws.webhooks.add_target(failing)

    aws.webhooks.change_target(failing, TARGET)

    assert aws.webhooks.target("acme", "t-1") == replace(TARGET, version=1)


def test_what_was_told_is_written_with_its_deliveries_or_neither_is(aws: OnAws) -> None:
    assert aws.webhooks.tell(TOLD, [delivery(1)])

    assert not aws.webhooks.tell(TOLD, [delivery(2)])
    assert aws.webhooks.tell(replace(TOLD, version=2, runs=()), [delivery(3)])
    assert not aws.webhooks.tell(replace(TOLD, version=2), [delivery(4)])

    found, _ = aws.webhooks.deliveries("acme", "t-1", 10, None)
    assert [each.id for each in found] == ["20260303-n", "20260301-n"]
    assert aws.webhooks.board("acme").told["warehouse-1"].runs == ()


def test_ninety_deliveries_fit_into_one_telling(aws: OnAws) -> None:
    many = [replace(delivery(), target=f"t-{target}", id=f"n-{n}") for target in range(10) for n in range(9)]

    assert aws.webhooks.tell(TOLD, many)


def test_deliveries_come_page_by_page_newest_first_and_those_of_others_do_not(aws: OnAws) -> None:
    for number in range(1, 6):
        aws.webhooks.add_delivery(delivery(number))
    aws.webhooks.add_delivery(replace(delivery(9), target="t-10"))

    pages, after = [], None
    while True:
        found, after = aws.webhooks.deliveries("acme", "t-1", 2, after)
        pages.append([each.id[7] for each in found])
        if after is None:
            break

    assert pages == [["5", "4"], ["3", "2"], ["1"]]


def test_due_deliveries_are_found_oldest_first_and_ended_ones_never(aws: OnAws) -> None:
    for number in (1, 2, 3):
        aws.webhooks.add_delivery(delivery(number, check_at=NOON - timedelta(minutes=number)))
    later = delivery(4, check_at=LATER)
    aws.webhooks.add_delivery(later)
    first = aws.webhooks.delivery("acme", "t-1", "20260301-n")
    assert first is not None
    aws.webhooks.change_delivery(first, replace(first, state=DeliveryState.DELIVERED, check_at=None, ended_at=NOON))

    assert [each.id[7] for each in aws.webhooks.due_deliveries(NOON, 10)] == ["3", "2"]
    assert later in aws.webhooks.due_deliveries(LATER, 10)


def test_a_delivery_that_was_erased_is_not_brought_back_by_a_change(aws: OnAws) -> None:
    assert aws.webhooks.change_delivery(delivery(), replace(delivery(), attempt=1)) is None
    assert aws.webhooks.delivery("acme", "t-1", "20260301-n") is None


def test_a_watch_begins_once_is_put_off_and_ends(aws: OnAws) -> None:
    aws.webhooks.begin_watch(Watch("acme", NOON, NOON))
    aws.webhooks.begin_watch(Watch("acme", LATER, LATER))
    (watch,) = aws.webhooks.due_watches(NOON, 10)
    aws.webhooks.put_off_watch(watch, LATER)

    assert (watch.since, aws.webhooks.due_watches(NOON, 10)) == (NOON, [])
    aws.webhooks.end_watch("acme")
    assert (aws.webhooks.due_watches(LATER, 10), aws.webhooks.board("acme").watch) == ([], None)
    aws.webhooks.begin_watch(Watch("acme", LATER, LATER))
    assert [each.since for each in aws.webhooks.due_watches(LATER, 10)] == [LATER]


def test_a_lost_answer_to_a_change_is_recognised_as_ones_own(aws: OnAws) -> None:
    aws.webhooks.add_target(TARGET)
    aws.endpoint.lose_answer("UpdateItem")

    changed = aws.webhooks.change_target(TARGET, replace(TARGET, failing_since=LATER))

    assert changed == replace(TARGET, version=1, failing_since=LATER)
