"""When the nights are: in every zone, over every change of the clocks, each local day has its slots, once."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.engine import nights
from planster_sync.errors import SettingsInvalid
from planster_sync.model.integrations import Schedule

ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"])
HOURS = st.lists(st.integers(0, 23), min_size=1, max_size=3, unique=True).map(tuple)
STARTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001


def slots(schedule: Schedule, start: datetime, count: int) -> list[nights.Slot]:
    found = [nights.next_slot(schedule, start)]
    while len(found) < count:
        found.append(nights.next_slot(schedule, found[-1].at))
    return found


@given(ZONES, st.integers(0, 23), STARTS)
def test_every_local_day_has_exactly_one_slot(zone: str, hour: int, start: datetime) -> None:
    found = slots(Schedule(zone, (hour,)), start, 30)
    days = [date.fromisoformat(slot.label[:10]) for slot in found]

    assert days == [days[0] + timedelta(days=number) for number in range(30)]
    assert len({slot.at for slot in found}) == 30
    for slot, day in zip(found, days, strict=True):
        assert slot.at.astimezone(ZoneInfo(zone)).date() == day


@given(ZONES, HOURS, STARTS)
def test_no_gap_is_longer_than_a_day_and_the_hour_of_a_clock_change(
    zone: str, hours: tuple[int, ...], start: datetime
) -> None:
    found = slots(Schedule(zone, hours), start, 40)

    gaps = [later.at - earlier.at for earlier, later in itertools.pairwise(found)]

    assert max(gaps) <= timedelta(hours=25)
    assert min(gaps) > timedelta(0)


@given(ZONES, HOURS, STARTS)
def test_latest_and_next_slot_enclose_the_moment(zone: str, hours: tuple[int, ...], moment: datetime) -> None:
    schedule = Schedule(zone, hours)

    latest, coming = nights.latest_slot(schedule, moment), nights.next_slot(schedule, moment)

    assert latest.at <= moment < coming.at
    assert nights.next_slot(schedule, latest.at).at == coming.at


@given(ZONES, ZONES, st.integers(0, 23), st.integers(0, 23), STARTS)
def test_change_of_hour_or_zone_leaves_no_gap_of_two_days(
    zone: str, other: str, hour: int, moved: int, start: datetime
) -> None:
    last = nights.latest_slot(Schedule(zone, (hour,)), start)

    coming = nights.next_slot(Schedule(other, (moved,)), last.at)

    assert timedelta(0) < coming.at - last.at <= timedelta(hours=25)


@pytest.mark.parametrize(
    ("zone", "hour", "day", "at"),
    [
        ("Europe/Berlin", 2, "2026-03-29", "2026-03-29T01:00"),
        ("Europe/Berlin", 2, "2026-10-25", "2026-10-25T00:00"),
        ("America/New_York", 2, "2026-03-08", "2026-03-08T07:00"),
        ("America/New_York", 1, "2026-11-01", "2026-11-01T05:00"),
        ("Asia/Kolkata", 2, "2026-03-29", "2026-03-28T20:30"),
        ("Australia/Lord_Howe", 2, "2026-10-04", "2026-10-03T15:30"),
    ],
    ids=["missing-hour", "doubled-hour", "missing-hour-us", "doubled-hour-us", "half-hour-zone", "half-hour-change"],
)
def test_hours_that_do_not_exist_or_come_twice_are_taken_once(zone: str, hour: int, day: str, at: str) -> None:
    before = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo(zone))

    slot = nights.latest_slot(Schedule(zone, (hour,)), before)

    assert slot.label == f"{day}T{hour:02d}"
    assert slot.at == datetime.fromisoformat(at).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "schedule", [Schedule("Atlantis/Main"), Schedule("../etc"), Schedule("UTC", ()), Schedule("UTC", (24,))]
)
def test_schedule_that_means_nothing_is_refused(schedule: Schedule) -> None:
    with pytest.raises(SettingsInvalid):
        nights.check(schedule)
