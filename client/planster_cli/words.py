"""The API's words as a planner reads them in a terminal: marks with words beside colours, ages, counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from rich.text import Text

from planster_client.answers import Counts


class Look(NamedTuple):
    mark: str
    style: str
    words: str


HEALTH: Mapping[str, Look] = {
    "healthy": Look("●", "green", "up to date"),
    "pending": Look("◌", "cyan", "first sync under way"),
    "attention": Look("▲", "yellow", "usable, needs a look"),
    "broken": Look("✖", "red", "broken"),
    "not_counted": Look("·", "dim", "not counted"),
}
STATUS: Mapping[str, Look] = {
    "paused": Look("■", "yellow", "paused"),
    "needs_reauth": Look("✖", "red", "reconnect it"),
    "disconnecting": Look("·", "dim", "being erased"),
}
FRESHNESS: Mapping[str, Look] = {
    "on_time": Look("●", "green", "on time"),
    "syncing": Look("◌", "cyan", "first sync"),
    "never": Look("○", "cyan", "never synced"),
    "late": Look("▲", "yellow", "late"),
    "error": Look("✖", "red", "too old"),
    "disabled": Look("·", "dim", "off"),
    "unsupported": Look("·", "dim", "not offered"),
}
STATE: Mapping[str, Look] = {
    "queued": Look("○", "dim", "queued"),
    "running": Look("◌", "cyan", "at work"),
    "waiting": Look("◔", "yellow", "waiting"),
    "succeeded": Look("✔", "green", "succeeded"),
    "succeeded_with_warnings": Look("✔", "yellow", "with warnings"),
    "failed": Look("✖", "red", "failed"),
    "cancelled": Look("■", "yellow", "cancelled"),
    "skipped": Look("-", "dim", "left out"),
}
VERDICT: Mapping[str, Look] = {
    "works": Look("✔", "green", "works"),
    "refused": Look("✖", "red", "refused"),
    "forbidden": Look("✖", "red", "not permitted"),
    "unsupported": Look("·", "dim", "not offered"),
    "unknown": Look("?", "yellow", "no usable answer"),
    "not_tried": Look("?", "yellow", "not tried"),
}
OUTCOME: Mapping[str, Look] = {
    "same": Look("✔", "green", "the same"),
    "differs": Look("≠", "red", "differs"),
    "gone": Look("✖", "red", "gone at the source"),
    "deleted": Look("·", "dim", "deleted in both"),
    "back": Look("✖", "red", "back at the source"),
    "invalid": Look("✖", "red", "cannot be taken over"),
    "unknown": Look("?", "yellow", "could not be asked"),
}
MOVE: Mapping[str, str] = {"you": "you", "warehouse_system": "the warehouse system", "planster": "Planster"}


def look(table: Mapping[str, Look], word: str) -> Look:
    """A word that this client does not know is shown as it is."""
    return table.get(word) or Look("?", "default", plain(word))


def marked(table: Mapping[str, Look], word: str) -> Text:
    found = look(table, word)
    return Text(f"{found.mark} {found.words}", style=found.style)


def plain(name: str) -> str:
    return name.replace("_", " ")


def listed(names: Sequence[str]) -> str:
    return ", ".join(map(plain, names))


def number(value: int | None) -> str:
    """Thin groups of three: 12 400 is read faster than 12400."""
    return "unknown" if value is None else f"{value:,}".replace(",", "\u202f")


def records(count: int) -> str:
    return f"{number(count)} record{'' if count == 1 else 's'}"


def some(value: int) -> str:
    """A number that is only worth a look where it is not 0."""
    return number(value) if value else "-"


def span(length: timedelta) -> str:
    """How long, in the unit that a person would choose."""
    seconds = max(int(length.total_seconds()), 0)
    if seconds < 90:
        return f"{seconds} s"
    if seconds < 5400:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 172_800 else f"{seconds // 86_400} days"


def ago(at: datetime | None, now: datetime) -> str:
    return "never" if at is None else f"{span(now - at)} ago"


def until(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "-"
    return f"in {span(at - now)}" if at > now else "now"


def clock(length: timedelta) -> str:
    """A stopwatch: 1:02 or 1:00:02."""
    minutes, seconds = divmod(max(int(length.total_seconds()), 0), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if minutes >= 60 else f"{minutes}:{seconds:02}"


def changes(counts: Counts) -> str:
    """What a sync did, without its zeros."""
    told = {
        "created": counts.created,
        "updated": counts.updated,
        "deleted": counts.deleted,
        "set aside": counts.quarantined,
        "held": counts.held,
    }
    return ", ".join(f"{number(value)} {name}" for name, value in told.items() if value) or "nothing changed"
