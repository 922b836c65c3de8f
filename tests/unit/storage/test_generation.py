"""What tells a table from one that was restored under its name, asked for anew while an environment stays warm."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from planster_sync.storage.backoff import Backoff
from planster_sync.storage.lanes import ThreadLanes
from planster_sync.storage.records import KNOWN_FOR, DynamoRecords
from planster_sync.storage.table import Table
from tests.chaos.tables import LAYOUTS
from tests.fakes.clock import ManualClock
from tests.fakes.simulated_dynamodb import SimulatedDynamoDB


class Watch(ManualClock):
    def set_back(self, seconds: float) -> None:
        self._now -= timedelta(seconds=seconds)


class Warm:
    """An environment that has read the tables' identity once; `asked` counts the descriptions."""

    def __init__(self) -> None:
        self.clock = Watch()
        self.asked = 0
        self.tables = SimulatedDynamoDB(LAYOUTS, created_at=1.0, before=self._heard)
        control, records = (Table(self.tables, name, Backoff(self.clock, lambda: 0.0), ThreadLanes()) for name in NAMES)
        self.records = DynamoRecords(records, control, self.clock)

    def _heard(self, operation: str, _request: dict[str, Any]) -> tuple[int, ...]:
        self.asked += operation == "DescribeTable"
        return ()


NAMES = ("control", "records")


def test_table_of_the_same_name_is_another_one_half_a_minute_later() -> None:
    for name in NAMES:
        warm = Warm()
        before = warm.records.generation()
        warm.tables.restore(name, [], created_at=2.0)

        warm.clock.advance(KNOWN_FOR.total_seconds())

        assert warm.records.generation() != before, name


def test_tables_are_not_described_for_every_segment() -> None:
    warm = Warm()

    for _ in range(10):
        warm.records.generation()
        warm.clock.advance(1)

    assert warm.asked == 2


def test_clock_that_was_set_back_keeps_no_identity_for_longer() -> None:
    warm = Warm()
    before = warm.records.generation()
    warm.tables.restore("records", [], created_at=2.0)

    warm.clock.set_back(3600)

    assert warm.records.generation() != before
