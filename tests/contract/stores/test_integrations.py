"""Integrations: what is due, who moves it on, and the status page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import DeletionGuard, IntegrationChange, IntegrationStatus, Schedule
from planster_sync.model.runs import Counts, Mode, StreamKey
from planster_sync.model.streams import (
    AtWork,
    Checkpoint,
    DataTypeStatus,
    DataWindow,
    HeldDeletion,
    Stream,
    StreamStatus,
)
from tests.contract.stores.backends import Stores
from tests.contract.stores.samples import NOON, PROBLEM, integration

TOMORROW = NOON + timedelta(days=1)


def test_an_integration_comes_back_as_it_was_put(stores: Stores) -> None:
    made = integration(secret="/planster/dev/integrations/acme/warehouse-1", last_slot_at=NOON, problem=PROBLEM)

    stores.integrations.put(made)

    assert stores.integrations.get("acme", "warehouse-1") == made
    assert stores.integrations.get("acme", "warehouse-2") is None


def test_due_integrations_come_oldest_first(stores: Stores) -> None:
    for place in range(8):
        stores.integrations.put(integration(f"w-{place}", due_at=NOON + timedelta(seconds=place)))
    stores.integrations.put(integration("never", due_at=None))

    due = stores.integrations.due(NOON + timedelta(seconds=5), 3)

    assert [found.id for found in due] == ["w-0", "w-1", "w-2"]


def test_a_slot_is_moved_on_once(stores: Stores) -> None:
    read = integration()
    stores.integrations.put(read)

    first = stores.integrations.slot_done(read, last_slot_at=NOON, due_at=TOMORROW)
    second = stores.integrations.slot_done(read, last_slot_at=NOON, due_at=TOMORROW)

    assert (first, second) == (True, False)
    assert stores.integrations.get("acme", "warehouse-1") == replace(read, last_slot_at=NOON, due_at=TOMORROW)
    assert not stores.integrations.due(NOON, 10)
    assert [found.id for found in stores.integrations.due(TOMORROW, 10)] == ["warehouse-1"]


def test_a_first_slot_is_given_to_an_integration_without_one(stores: Stores) -> None:
    read = integration(due_at=None, last_slot_at=NOON)
    stores.integrations.put(read)

    assert stores.integrations.slot_done(read, last_slot_at=None, due_at=TOMORROW)
    assert stores.integrations.get("acme", "warehouse-1") == replace(read, due_at=TOMORROW)


def test_the_slot_of_an_unknown_integration_is_not_moved(stores: Stores) -> None:
    assert not stores.integrations.slot_done(integration(), last_slot_at=NOON, due_at=TOMORROW)
    assert not stores.integrations.slot_done(integration(due_at=None), last_slot_at=NOON, due_at=TOMORROW)
    assert stores.integrations.get("acme", "warehouse-1") is None


def test_rejected_credentials_are_noted_until_the_integration_works_again(stores: Stores) -> None:
    stores.integrations.put(integration())

    stores.integrations.needs_reauth("acme", "warehouse-1", PROBLEM, NOON)

    waiting = stores.integrations.get("acme", "warehouse-1")
    stores.integrations.active_again("acme", "warehouse-1")
    assert waiting == integration(status=IntegrationStatus.NEEDS_REAUTH, needs_reauth_at=NOON, problem=PROBLEM)
    assert stores.integrations.get("acme", "warehouse-1") == integration()


def test_a_paused_integration_stays_paused(stores: Stores) -> None:
    paused = integration(status=IntegrationStatus.PAUSED)
    stores.integrations.put(paused)

    stores.integrations.needs_reauth("acme", "warehouse-1", PROBLEM, NOON)
    stores.integrations.active_again("acme", "warehouse-1")

    assert stores.integrations.get("acme", "warehouse-1") == paused


@pytest.mark.parametrize("organisation", ["acme", "a#INT", "a%23"])
def test_the_status_page_shows_every_integration_of_one_organisation_with_its_streams(
    stores: Stores, organisation: str
) -> None:
    for owner in (organisation, "other"):
        for name in ("w-1", "w-10", "w-1#STREAM#x"):
            stores.integrations.put(integration(name, organisation=owner))
            _finished(stores, StreamKey(owner, name, "products"))
            _finished(stores, StreamKey(owner, name, "orders"))

    page = stores.integrations.status_page(organisation)

    assert {found.organisation for found, _ in page} == {organisation}
    assert [(found.id, sorted(stream.key.read for stream in streams)) for found, streams in page] == [
        ("w-1", ["orders", "products"]),
        ("w-1#STREAM#x", ["orders", "products"]),
        ("w-10", ["orders", "products"]),
    ]
    assert all(stream.key.integration == found.id for found, streams in page for stream in streams)


def test_the_status_page_tells_of_a_stream_at_work_and_of_its_last_end_what_the_status_needs(stores: Stores) -> None:
    stores.integrations.put(integration("w-1"))
    key = StreamKey("acme", "w-1", "orders")
    counts = Counts(fetched=3, created=2, quarantined=1)
    held = HeldDeletion(DataType.ORDERS, 40, 90, "run-1", NOON, ("o-1", "o-2"))
    window = DataWindow("2024-01-31T00:00:00Z", "2026-01-31T00:00:00Z")
    end = Stream(
        key,
        index="index-1",
        last_attempt_at=NOON,
        last_success_at=NOON,
        last_success_run="run-1",
        warnings=(PROBLEM,),
        held=(held,),
        data_types={DataType.ORDERS: DataTypeStatus(2, 1, counts, window)},
    )
    lease, _ = stores.streams.take(key, run="run-1", segment=0, holder="h", now=NOON, seconds=400)
    stores.streams.finish(lease, end)
    lease, _ = stores.streams.take(key, run="run-2", segment=0, holder="h", now=NOON, seconds=400)
    begun = Checkpoint("run-2", Mode.AUTO, incremental=False, started_at=NOON, cursor="c", waiting_for="throttled")
    stores.streams.advance(lease, begun)

    ((_, streams),) = stores.integrations.status_page("acme")

    assert streams == [
        StreamStatus(
            key,
            owner="run-2",
            checkpoint=AtWork(NOON, waiting_for="throttled"),
            last_attempt_at=NOON,
            last_success_at=NOON,
            last_success_run="run-1",
            warnings=(PROBLEM,),
            held=(held,),
            data_types=end.data_types,
        )
    ]


def test_one_integration_is_found_with_its_own_streams_whole(stores: Stores) -> None:
    for name in ("w-1", "w-1 b", "w-10", "w-1#STREAM#x", "w-1#STREAM$"):
        stores.integrations.put(integration(name))
        _finished(stores, StreamKey("acme", name, "products"))
        _finished(stores, StreamKey("acme", name, "orders"))

    found = stores.integrations.with_streams("acme", "w-1")

    assert found is not None
    assert found[0] == integration("w-1")
    rows = [stores.streams.get(StreamKey("acme", "w-1", read)) for read in ("orders", "products")]
    assert sorted(found[1], key=lambda stream: stream.key.read) == rows
    assert stores.integrations.with_streams("acme", "w-2") is None
    assert stores.integrations.with_streams("other", "w-1") is None


def _finished(stores: Stores, key: StreamKey) -> None:
    lease, _ = stores.streams.take(key, run="run-1", segment=0, holder="h", now=NOON, seconds=400)
    stores.streams.finish(lease, Stream(key, last_success_at=NOON))


def test_a_change_writes_what_it_names_and_nothing_else(stores: Stores) -> None:
    made = integration(last_slot_at=NOON, problem=PROBLEM)
    stores.integrations.put(made)
    change = IntegrationChange(
        schedule=Schedule("Europe/Berlin", (6, 22)),
        disabled=frozenset({DataType.BILLS}),
        deletion_guard=DeletionGuard(0.2, 5, 0.05),
        due_at=TOMORROW,
    )

    changed = stores.integrations.change("acme", "warehouse-1", change)

    assert changed == stores.integrations.get("acme", "warehouse-1")
    assert changed == replace(
        made,
        schedule=Schedule("Europe/Berlin", (6, 22)),
        disabled=frozenset({DataType.BILLS}),
        deletion_guard=DeletionGuard(0.2, 5, 0.05),
        due_at=TOMORROW,
    )
    assert [each.id for each in stores.integrations.due(TOMORROW, 10)] == ["warehouse-1"]


def test_everything_can_be_switched_on_again(stores: Stores) -> None:
    stores.integrations.put(integration(disabled=frozenset({DataType.BILLS})))

    changed = stores.integrations.change("acme", "warehouse-1", IntegrationChange(disabled=frozenset()))

    assert changed is not None
    assert changed.disabled == frozenset()


def test_pausing_keeps_refused_credentials_in_mind(stores: Stores) -> None:
    stores.integrations.put(integration())
    stores.integrations.needs_reauth("acme", "warehouse-1", PROBLEM, NOON)

    paused = stores.integrations.pause("acme", "warehouse-1")
    resumed = stores.integrations.resume("acme", "warehouse-1", TOMORROW)

    assert paused is not None
    assert resumed is not None
    assert (paused.status, paused.problem) == (IntegrationStatus.PAUSED, PROBLEM)
    assert (resumed.status, resumed.due_at) == (IntegrationStatus.NEEDS_REAUTH, TOMORROW)


def test_an_integration_is_added_once_and_the_first_one_stays(stores: Stores) -> None:
    first = integration(awaits_credentials=True)
    second = replace(first, connector="another")

    there = [stores.integrations.add(each) for each in (first, second)]

    assert there == [None, first]
    assert stores.integrations.get("acme", "warehouse-1") == first


def test_an_added_integration_is_found_when_it_is_due(stores: Stores) -> None:
    stores.integrations.add(integration(due_at=NOON))

    assert [each.id for each in stores.integrations.due(NOON, 10)] == ["warehouse-1"]


def test_new_credentials_end_the_wait_for_them(stores: Stores) -> None:
    stores.integrations.put(integration(awaits_credentials=True))
    stores.integrations.needs_reauth("acme", "warehouse-1", PROBLEM, NOON)

    kept = stores.integrations.credentials_kept("acme", "warehouse-1", due_at=TOMORROW)

    assert kept == stores.integrations.get("acme", "warehouse-1") == integration(due_at=TOMORROW)
    assert [each.id for each in stores.integrations.due(TOMORROW, 10)] == ["warehouse-1"]


def test_new_credentials_let_a_paused_integration_go_on_unrefused(stores: Stores) -> None:
    stores.integrations.put(integration())
    stores.integrations.needs_reauth("acme", "warehouse-1", PROBLEM, NOON)
    stores.integrations.pause("acme", "warehouse-1")

    kept = stores.integrations.credentials_kept("acme", "warehouse-1", due_at=TOMORROW)
    resumed = stores.integrations.resume("acme", "warehouse-1", TOMORROW)

    assert kept is not None
    assert resumed is not None
    assert (kept.status, resumed.status) == (IntegrationStatus.PAUSED, IntegrationStatus.ACTIVE)


def test_what_is_being_disconnected_or_gone_gets_no_credentials(stores: Stores) -> None:
    stores.integrations.put(integration())
    left = stores.integrations.disconnect("acme", "warehouse-1", by="user-1", at=NOON)

    kept = stores.integrations.credentials_kept("acme", "warehouse-1", due_at=TOMORROW)

    assert kept == left == stores.integrations.get("acme", "warehouse-1")
    assert stores.integrations.credentials_kept("acme", "warehouse-9", due_at=TOMORROW) is None
    assert stores.integrations.get("acme", "warehouse-9") is None


def test_a_missed_night_is_looked_for_when_the_wait_for_credentials_ends(stores: Stores) -> None:
    stores.integrations.put(integration(due_at=TOMORROW))
    stores.integrations.needs_reauth("acme", "warehouse-1", PROBLEM, NOON)

    stores.integrations.active_again("acme", "warehouse-1", due_at=NOON)

    assert stores.integrations.get("acme", "warehouse-1") == integration(due_at=NOON)
    assert [each.id for each in stores.integrations.due(NOON, 10)] == ["warehouse-1"]


def test_resuming_moves_a_paused_integration_and_no_other(stores: Stores) -> None:
    made = integration()
    stores.integrations.put(made)

    untouched = stores.integrations.resume("acme", "warehouse-1", TOMORROW)
    stores.integrations.pause("acme", "warehouse-1")
    resumed = stores.integrations.resume("acme", "warehouse-1", TOMORROW)

    assert untouched == made
    assert resumed == replace(made, due_at=TOMORROW)


def test_a_change_takes_away_what_it_clears(stores: Stores) -> None:
    made = integration(problem=PROBLEM)
    stores.integrations.put(made)
    since = IntegrationChange(history_from=NOON)
    assert stores.integrations.change("acme", "warehouse-1", since) == replace(made, history_from=NOON)

    changed = stores.integrations.change("acme", "warehouse-1", IntegrationChange(name="x", cleared=("history_from",)))

    assert changed == stores.integrations.get("acme", "warehouse-1") == replace(made, name="x")


def test_what_is_not_there_is_neither_changed_nor_paused_nor_resumed(stores: Stores) -> None:
    nowhere = ("acme", "warehouse-9")

    assert stores.integrations.change(*nowhere, IntegrationChange(name="x")) is None
    assert stores.integrations.pause(*nowhere) is None
    assert stores.integrations.resume(*nowhere, TOMORROW) is None
    assert stores.integrations.get(*nowhere) is None


def test_integrations_of_all_organisations_are_counted(stores: Stores) -> None:
    for place in range(12):
        stores.integrations.put(integration(f"w-{place}", due_at=NOON + timedelta(days=place)))

    assert stores.integrations.count() == 12
