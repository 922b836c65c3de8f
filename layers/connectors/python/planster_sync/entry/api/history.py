"""How far back history is wanted: what a person may ask for, and what is so, in words.

A day stands for its first moment in UTC: a zone that is changed later moves no floor.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from planster_sync.engine import depth
from planster_sync.errors import Conflict, FieldsInvalid
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration
from planster_sync.model.streams import Stream, StreamStatus
from planster_sync.ports.source import HISTORIC, Capabilities, Read, Still

FIELD = "history_from"
ALL = "all"
_FIRST = date(2000, 1, 1)


def _as_day(text: str) -> str:
    if text != ALL and date.fromisoformat(text) < _FIRST:
        raise ValueError(f"a day before {_FIRST} means everything: say `{ALL}`")
    return text


AskedHistory = Annotated[
    str,
    Field(
        pattern=r"^(all|\d{4}-\d{2}-\d{2})$",
        description="The first day (UTC) of creation that is wanted, where the system can tell; or `all`.",
    ),
    AfterValidator(_as_day),
]


def bounded(capabilities: Capabilities) -> list[DataType]:
    """The data types of which history can be bounded."""
    reads = {each: capabilities.read_of(each) for each in capabilities.data_types if each in HISTORIC}
    return [each for each, read in reads.items() if read is not None and read.has_history]


def floor_of(asked: str | None, capabilities: Capabilities, now: datetime) -> datetime | None:
    """The floor that was asked for; None wants everything.

    Raises:
        FieldsInvalid: this system's history cannot be bounded, or the day has not come yet.
    """
    if asked is None or asked == ALL:
        return None
    if not bounded(capabilities):
        raise FieldsInvalid({FIELD: f"{capabilities.title} cannot list its records by when they were created."})
    floor = datetime.combine(date.fromisoformat(asked), datetime.min.time(), UTC)
    if floor > now:
        raise FieldsInvalid({FIELD: "The day lies in the future."})
    return floor


def require_deeper(
    found: Integration, floor: datetime | None, streams: Iterable[Stream | StreamStatus], reads: Iterable[Read]
) -> None:
    """Raises Conflict where less history is wanted than was, and some of it is here or being read.

    What is stored from below a floor has to be asked for one by one in every whole reading: a few such records may be,
    a whole history may not. The engine keeps to the same rule (`depth.floor`), whatever is set.
    """
    if floor == found.history_from or depth.is_deeper(floor, found.history_from):
        return
    names = {read.name for read in reads if read.has_history}
    if any(each.key.read in names and (each.last_success_at or each.owner) for each in streams):
        since = f"everything since {_day(found.history_from)}" if found.history_from else "all of its history"
        raise Conflict(
            f"{since[0].upper()}{since[1:]} was read already, or is being read: the day can only be moved back.",
            remedy="Name an earlier day, or `all`. For less history, disconnect the account and connect it anew.",
        )


def in_force(
    integration: Integration, data_type: DataType, read: Read, stream: Stream | StreamStatus
) -> datetime | None:
    """The floor of what is here, or of what is being read for the first time; None where there is none."""
    if data_type not in HISTORIC:
        return None
    if stream.last_success_at is not None:
        return stream.floor
    return stream.checkpoint.floor if stream.checkpoint is not None else depth.floor(integration, read, stream)


def sentence(integration: Integration, data_type: DataType, read: Read, stream: Stream | StreamStatus) -> str | None:
    """What of the history is here, as a planner reads it; None where nothing bounds it."""
    floor = in_force(integration, data_type, read, stream)
    if floor is None:
        return None
    is_loaded = stream.last_success_at is not None
    still = "what is still open, " if any(isinstance(age, Still) for age in read.recent_first) else ""
    said = f"{'Here is' if is_loaded else 'Wanted is'} what was created from {_day(floor)} on, {still}and what changes."
    wanted = depth.floor(integration, read, stream)
    if is_loaded and depth.is_deeper(wanted, floor):
        return f"{said} The next sync reads {f'from {_day(wanted)} on' if wanted else 'everything'}."
    return said


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
