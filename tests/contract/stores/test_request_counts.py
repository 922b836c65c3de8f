"""The counter of an organisation's requests: exact, by minute, and each organisation's own."""

from __future__ import annotations

from datetime import timedelta

from planster_sync.storage.request_counts import DynamoRequestCounts
from tests.contract.stores.backends import OnAws
from tests.contract.stores.samples import NOON

NEXT = NOON + timedelta(minutes=1)


def test_a_minute_is_taken_to_its_last_request_and_no_further(aws: OnAws) -> None:
    counts = DynamoRequestCounts(aws.control)

    taken = [counts.take("acme", NOON, 20, 50) for _ in range(4)]

    assert taken == [True, True, False, False]
    assert counts.take("acme", NOON, 10, 50)
    assert not counts.take("acme", NOON, 1, 50)


def test_a_new_minute_and_another_organisation_begin_at_nothing(aws: OnAws) -> None:
    counts = DynamoRequestCounts(aws.control)
    assert counts.take("acme", NOON, 50, 50)

    assert counts.take("acme", NEXT, 50, 50)
    assert counts.take("acme#2", NOON, 50, 50)


def test_more_at_once_than_a_minute_has_is_refused(aws: OnAws) -> None:
    assert not DynamoRequestCounts(aws.control).take("acme", NOON, 20, 10)
