"""Freshness, state and health of one data type, and how the worst of them colours the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.entry.api import status
from planster_sync.entry.api.views import DataTypeView
from planster_sync.entry.api.words import Freshness, Health, Move, State
from planster_sync.errors import CredentialsRejected, Forbidden, SourceUnavailable, SyncError, Unsupported
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.runs import Mode, Problem, StreamKey
from planster_sync.model.streams import Checkpoint, DataTypeStatus, DataWindow, HeldDeletion, Stream
from tests.fakes.scripted_source import capabilities

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
KEY = StreamKey("org1", "int1", "orders")
INTEGRATION = Integration(
    "org1", "int1", "scripted", "Main", IntegrationStatus.ACTIVE, Schedule(), NOW, due_at=NOW + timedelta(hours=14)
)
FRESH = Stream(KEY, last_success_at=NOW - timedelta(hours=10), last_success_run="run-1")
QUARANTINED = Problem("records_quarantined", "2 records were set aside.", "Look at them.", retryable=False)
HELD = Problem("deletions_held", "9 records are missing.", "Approve it.", retryable=False)


def orders(stream: Stream, integration: Integration = INTEGRATION) -> DataTypeView:
    return look(stream, integration)[DataType.ORDERS]


def look(stream: Stream, integration: Integration = INTEGRATION) -> dict[DataType, DataTypeView]:
    views = status.data_types(integration, capabilities(), [stream], NOW)
    return {view.data_type: view for view in views}


def failed(error: SyncError, stream: Stream = FRESH) -> Stream:
    return replace(stream, problem=Problem.of(error), last_attempt_at=NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("hours_ago", "freshness", "health"),
    [
        pytest.param(1, Freshness.ON_TIME, Health.HEALTHY, id="an hour"),
        pytest.param(26, Freshness.ON_TIME, Health.HEALTHY, id="a day and its grace"),
        pytest.param(27, Freshness.LATE, Health.ATTENTION, id="over one interval"),
        pytest.param(50, Freshness.LATE, Health.ATTENTION, id="two days and their grace"),
        pytest.param(51, Freshness.ERROR, Health.BROKEN, id="over two intervals"),
    ],
)
def test_age_is_measured_in_nights(hours_ago: int, freshness: Freshness, health: Health) -> None:
    view = orders(replace(FRESH, last_success_at=NOW - timedelta(hours=hours_ago)))

    assert (view.freshness, view.health) == (freshness, health)


@pytest.mark.parametrize(
    ("hours", "longest"), [((2,), 24), ((2, 14), 12), ((6, 18, 20), 12), ((23, 1), 22), ((5, 5), 24), ((), 24)]
)
def test_an_interval_is_the_longest_pause_of_the_schedule(hours: tuple[int, ...], longest: int) -> None:
    assert status.interval(Schedule("UTC", hours)) == timedelta(hours=longest)


@given(hours=st.lists(st.integers(0, 23), min_size=1))
def test_an_interval_is_never_longer_than_a_day_nor_shorter_than_an_even_share(hours: list[int]) -> None:
    pause = status.interval(Schedule("UTC", tuple(hours)))

    assert timedelta(hours=24) / len(set(hours)) <= pause <= timedelta(hours=24)


def test_what_was_never_synced_says_so_and_is_no_failure() -> None:
    view = orders(Stream(KEY))

    assert (view.freshness, view.state, view.health) == (Freshness.NEVER, State.NEVER_SYNCED, Health.PENDING)


def test_a_first_sync_under_way_is_neither_never_nor_on_time() -> None:
    view = orders(Stream(KEY, owner="run-1", checkpoint=Checkpoint("run-1", Mode.AUTO, False, NOW)))

    assert (view.freshness, view.state, view.run) == (Freshness.SYNCING, State.SYNCING, "run-1")


def test_a_first_load_under_way_says_since_when_it_is_usable_and_how_far_it_reaches() -> None:
    since = NOW - timedelta(minutes=5)
    window = DataWindow("2026-02-08T00:00:00Z", "2026-03-10T11:00:00.500Z")
    begun = Checkpoint("run-1", Mode.AUTO, False, NOW, usable_since=since, windows={DataType.ORDERS: window})

    view = orders(Stream(KEY, owner="run-1", checkpoint=begun))

    assert view.freshness is Freshness.SYNCING
    assert view.usable_since == since
    assert view.model_dump(mode="json")["data_window"] == {"oldest": window.oldest, "newest": window.newest}


def test_an_account_that_was_loaded_before_these_were_kept_is_usable_and_of_unknown_reach() -> None:
    begun = Checkpoint("run-2", Mode.AUTO, True, NOW)

    for stream in (FRESH, replace(FRESH, owner="run-2", checkpoint=begun)):
        view = orders(stream)
        assert (view.usable_since, view.data_window) == (FRESH.last_success_at, None)


def test_old_data_stays_late_while_a_sync_is_under_way() -> None:
    view = orders(replace(FRESH, last_success_at=NOW - timedelta(days=3), owner="run-9"))

    assert (view.freshness, view.state) == (Freshness.ERROR, State.SYNCING)


def test_a_sync_that_waits_says_for_what_and_until_when() -> None:
    until = datetime(2026, 3, 10, 12, 42, tzinfo=UTC)
    waits = Checkpoint("run-9", Mode.AUTO, False, NOW, waiting_for="throttled", wait_until=until)

    view = orders(replace(FRESH, owner="run-9", checkpoint=waits))

    assert view.state is State.WAITING
    assert view.waiting is not None
    assert view.waiting.sentence == "Waiting for the warehouse system's request limit until 2026-03-10 12:42 UTC."


def test_last_success_and_last_attempt_are_told_apart() -> None:
    view = orders(failed(SourceUnavailable("It does not answer.")))

    assert view.last_success_at == NOW - timedelta(hours=10)
    assert view.last_attempt_at == NOW - timedelta(hours=1)


@pytest.mark.parametrize(
    ("error", "state", "health", "move", "blocking"),
    [
        pytest.param(
            SourceUnavailable("It does not answer."),
            State.FAILED,
            Health.ATTENTION,
            Move.WAREHOUSE_SYSTEM,
            True,
            id="may mend itself",
        ),
        pytest.param(
            Forbidden("No right to read orders."),
            State.ACTION_REQUIRED,
            Health.ATTENTION,
            Move.YOU,
            False,
            id="one permission",
        ),
        pytest.param(
            CredentialsRejected("Refused."), State.ACTION_REQUIRED, Health.BROKEN, Move.YOU, True, id="credentials"
        ),
        pytest.param(SyncError("A bug."), State.FAILED, Health.BROKEN, Move.PLANSTER, True, id="ours"),
    ],
)
def test_a_failure_says_whose_move_it_is(
    error: SyncError, state: State, health: Health, move: Move, blocking: bool
) -> None:
    view = orders(failed(error))

    assert view.problem is not None
    assert (view.state, view.health) == (state, health)
    assert (view.problem.whose_move, view.problem.blocking) == (move, blocking)


def test_a_permission_that_is_missing_for_weeks_still_breaks_nothing_else() -> None:
    view = orders(failed(Forbidden("No right."), replace(FRESH, last_success_at=NOW - timedelta(days=30))))

    assert (view.freshness, view.health) == (Freshness.ERROR, Health.ATTENTION)


@pytest.mark.parametrize(
    "stream", [failed(Unsupported("The account has no such list."), Stream(KEY)), failed(Unsupported("No such list."))]
)
def test_what_the_connected_system_lacks_is_no_failure(stream: Stream) -> None:
    view = orders(stream)

    assert (view.freshness, view.health, view.next_due_at) == (Freshness.UNSUPPORTED, Health.NOT_COUNTED, None)


def test_what_the_connector_lacks_gives_its_reason() -> None:
    declared = replace(capabilities(), exemptions={DataType.BILLS: "it has no invoices."})

    views = status.data_types(INTEGRATION, declared, [], NOW)

    bills = next(view for view in views if view.data_type is DataType.BILLS)
    assert bills.sentence == "Scripted does not serve it: it has no invoices."


def test_what_is_switched_off_takes_no_part() -> None:
    integration = replace(INTEGRATION, disabled=frozenset({DataType.ORDERS}))

    view = orders(failed(SyncError("A bug.")), integration)

    assert (view.freshness, view.state, view.health) == (Freshness.DISABLED, State.DISABLED, Health.NOT_COUNTED)


def test_a_paused_integration_is_never_due() -> None:
    view = orders(FRESH, replace(INTEGRATION, status=IntegrationStatus.PAUSED))

    assert (view.state, view.next_due_at) == (State.PAUSED, None)


def test_warnings_stay_with_the_data_type_that_they_are_about() -> None:
    stream = replace(
        FRESH,
        warnings=(QUARANTINED, HELD),
        held=(HeldDeletion(DataType.ORDER_SHIPMENTS, 9, 12, "run-1", NOW),),
        data_types={DataType.ORDERS: DataTypeStatus(live=5, quarantined=2)},
    )

    views = look(stream)

    codes = {kind: [warning.code for warning in views[kind].warnings] for kind in views}
    assert codes[DataType.ORDERS] == ["records_quarantined"]
    assert codes[DataType.ORDER_SHIPMENTS] == ["deletions_held"]
    assert codes[DataType.ORDER_CHANNELS] == []
    assert views[DataType.ORDER_CHANNELS].state is State.OK
    assert views[DataType.ORDER_SHIPMENTS].held is not None


@given(healths=st.lists(st.sampled_from(Health)))
def test_the_worst_that_counts_colours_the_whole(healths: list[Health]) -> None:
    whole = status.worst(healths)

    counted = [health for health in healths if health is not Health.NOT_COUNTED]
    assert whole in counted or (not counted and whole is Health.PENDING)
    assert (whole is Health.BROKEN) == (Health.BROKEN in healths)
