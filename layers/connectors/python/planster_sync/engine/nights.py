"""When an integration is due: nominal local times, turned into UTC in plain code.

A local time that does not exist (02:00 on the night of a DST change) is taken at the moment to which the clocks jump;
one that happens twice is taken the first time. The next slot is counted from the last one that ran, not from now, so
that a change of the hour leaves no gap of more than a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from planster_sync.errors import SettingsInvalid
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule

REAUTH_RETRY = timedelta(days=1)
LATE = timedelta(hours=1)
MORNING = time(6)
"""The local hour at which a night's data is promised."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A nominal time: `at` in UTC, `label` as local date and hour."""

    at: datetime
    label: str


def check(schedule: Schedule) -> None:
    """Refuses a zone that is not IANA's, or hours outside 0-23."""
    zone(schedule)
    if not schedule.hours or any(not 0 <= hour <= 23 for hour in schedule.hours):
        raise SettingsInvalid("The schedule needs at least one hour between 0 and 23.")


def zone(schedule: Schedule) -> ZoneInfo:
    try:
        return ZoneInfo(schedule.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsInvalid(f"{schedule.zone!r} is not an IANA time zone.") from error


def latest_slot(schedule: Schedule, now: datetime) -> Slot:
    """The last nominal slot at or before `now`."""
    return max((slot for slot in _around(schedule, now) if slot.at <= now), key=lambda slot: slot.at)


def next_slot(schedule: Schedule, after: datetime) -> Slot:
    """The first nominal slot after a moment."""
    return min((slot for slot in _around(schedule, after) if slot.at > after), key=lambda slot: slot.at)


def next_due(integration: Integration, last_slot_at: datetime, spread_seconds: int) -> datetime:
    """When the dispatcher must look at the integration next, its share of the spread included."""
    return next_slot(integration.schedule, last_slot_at).at + spread(integration, spread_seconds)


def rests_until(integration: Integration) -> datetime | None:
    """Until when rejected credentials are not tried again: asking more often only locks the account. None: no rest."""
    since = integration.needs_reauth_at
    return since + REAUTH_RETRY if integration.status is IntegrationStatus.NEEDS_REAUTH and since else None


def spread(integration: Integration, seconds: int) -> timedelta:
    """A fixed share of the hour for each integration, so that a zone's customers do not all start at once."""
    if seconds <= 0:
        return timedelta(0)
    digest = blake2b(f"{integration.organisation}/{integration.id}".encode(), digest_size=4).digest()
    return timedelta(seconds=int.from_bytes(digest) % seconds)


def morning(schedule: Schedule, day: date) -> datetime:
    """When the night ends on whose morning it is that day, in UTC."""
    return datetime.combine(day, MORNING, tzinfo=zone(schedule)).astimezone(UTC)


def last_morning(schedule: Schedule, now: datetime) -> date:
    """The local day whose morning was the last at or before a moment."""
    today = now.astimezone(zone(schedule)).date()
    return today if morning(schedule, today) <= now else today - timedelta(days=1)


def _around(schedule: Schedule, moment: datetime) -> list[Slot]:
    place = zone(schedule)
    today = moment.astimezone(place).date()
    days = (today + timedelta(days=offset) for offset in (-2, -1, 0, 1, 2))
    return [_slot(place, day, hour) for day in days for hour in sorted(set(schedule.hours))]


def _slot(place: ZoneInfo, day: date, hour: int) -> Slot:
    local = datetime.combine(day, time(hour), tzinfo=place)
    return Slot(local.astimezone(UTC), f"{day.isoformat()}T{hour:02d}")
