"""What AWS may do, rarely, and what hands may have spoiled: nobody else's night suffers for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planster_sync.errors import StoreBusy
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.runs import Lane, Mode, Run, RunStatus, Trigger
from planster_sync.storage import keys as layout
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.index_objects import S3IndexObjects
from planster_sync.storage.integrations import DynamoIntegrations
from planster_sync.storage.lanes import ThreadLanes
from planster_sync.storage.runs import DynamoRuns
from planster_sync.storage.table import Change
from planster_sync.wire.endpoint import Refused
from tests.contract.stores.backends import OnAws
from tests.contract.stores.samples import LEASE, STREAM, product_key, write
from tests.fakes.as_bucket import AsBucket
from tests.fakes.clock import START, ManualClock
from tests.fakes.memory_platform import MemoryJournal


def _spoil(aws: OnAws, key: layout.Key) -> None:
    aws.control.change(key, Change("attribute_exists(pk)", sets={"status": "unheard of"}))


def test_an_integration_that_cannot_be_read_is_named_and_the_others_are_due(aws: OnAws) -> None:
    journal = MemoryJournal()
    integrations = DynamoIntegrations(aws.control, journal)
    first = Integration("acme", "a", "example", "A", IntegrationStatus.ACTIVE, Schedule(), START, due_at=START)
    integrations.put(first)
    integrations.put(replace(first, id="b"))
    _spoil(aws, layout.integration_key("acme", "a"))

    due = integrations.due(START, 10)

    assert [integration.id for integration in due] == ["b"]
    assert journal.named("row_unreadable") == [{"stream": "ORG#acme INT#a", "what": "status"}]


def test_a_run_that_cannot_be_read_is_named_and_the_others_are_looked_after(aws: OnAws) -> None:
    journal = MemoryJournal()
    runs = DynamoRuns(aws.control, journal)
    first = Run(
        "acme", "a", "r-1", Trigger.MANUAL, Mode.AUTO, Lane.MANUAL, RunStatus.QUEUED, START, tasks={}, check_at=START
    )
    runs.create(first)
    runs.create(replace(first, id="r-2"))
    _spoil(aws, layout.run_key("acme", "a", "r-1"))

    due = runs.due_for_check(START, 10)

    assert [run.id for run in due] == ["r-2"]
    assert [fields["stream"] for fields in journal.named("row_unreadable")] == ["RUNS#acme#a r-1"]


def test_a_key_that_an_index_shows_twice_is_read_once(aws: OnAws) -> None:
    aws.records.put(LEASE, [write("1")])
    key = layout.record_key("acme", "warehouse-1", product_key("1"))

    found = aws.table.get_all([key, dict(key)])

    assert [item["id"] for item in found] == ["1"]


def test_two_writes_of_one_index_at_the_same_moment_are_tried_again_later(clock: ManualClock) -> None:
    """S3 answers 409 while another conditional write of the key is under way: our own, whose answer was lost."""

    class Undecided(AsBucket):
        def put_new(self, key: str, content: bytes) -> None:
            raise Refused("ConditionalRequestConflict", key, content)

    indexes = S3IndexObjects(Undecided(None, "indexes"), Backoff(clock, lambda: 0.5), ThreadLanes())

    with pytest.raises(StoreBusy):
        indexes.put_index(STREAM, "0000000001-ended", b"index")
