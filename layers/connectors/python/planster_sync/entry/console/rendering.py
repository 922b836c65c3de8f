"""Makes pages from templates: everything that is shown is escaped, times are told in a zone and as an age."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from planster_sync.engine.correcting import ADJUSTABLE
from planster_sync.entry.api.caller import Scope
from planster_sync.entry.console import assets, fields, navigation, wording

MINUTE, HOUR, DAY = 60, 3600, 86400
_FOLDER = Path(__file__).parent / "pages"


class Pages:
    """Renders a template with what it shows. A name that a template uses and nobody gave is an error."""

    def __init__(self) -> None:
        self._environment = _environment()

    def render(self, page: str, **content: Any) -> str:
        return self._environment.get_template(page).render(content)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "age": age,
        "ahead": ahead,
        "local": local,
        "lasting": lasting,
        "grouped": grouped,
        "day": day,
        "iso": datetime.isoformat,
        "moment": datetime.fromisoformat,
        "said": fields.said,
    }
    made.globals |= {
        "asset": assets.address,
        "words": wording,
        "scopes": Scope,
        "navigation": navigation,
        "place": navigation.place,
        "moment_of": moment_of,
        "field_label": fields.label,
        "is_number": fields.is_number,
        "correctable": frozenset(ADJUSTABLE),
    }
    return made


@pass_context
def age(context: Context, at: datetime) -> str:
    """How long ago, as briefly as it can be said: `4 min`, `3 h`, `2 d`."""
    return _briefly((_now(context) - at).total_seconds())


@pass_context
def ahead(context: Context, at: datetime) -> str:
    """How long until then, as `age` says it."""
    return _briefly((at - _now(context)).total_seconds())


def lasting(seconds: float) -> str:
    """A duration: `42 s`, `3 min 20 s`, `1 h 5 min`."""
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        rest = whole % MINUTE
        return f"{whole // MINUTE} min" + (f" {rest} s" if rest else "")
    rest = whole % HOUR // MINUTE
    return f"{whole // HOUR} h" + (f" {rest} min" if rest else "")


def local(at: datetime, zone: str = "UTC") -> str:
    """The moment in a zone, to the minute, with the zone's short name."""
    return f"{at.astimezone(ZoneInfo(zone)):%-d %b %Y, %H:%M %Z}"


def day(at: datetime) -> str:
    """The day alone, in UTC."""
    return f"{at:%-d %b %Y}"


def grouped(number: float) -> str:
    """A number with its thousands set apart by thin spaces."""
    return f"{number:,}".replace(",", "\u202f")


@pass_context
def moment_of(context: Context, at: datetime) -> str:
    """`in 3 h` or `3 h ago`, and `now` within the same minute."""
    seconds = (at - _now(context)).total_seconds()
    if abs(seconds) < MINUTE:
        return "now"
    return f"in {_briefly(seconds)}" if seconds > 0 else f"{_briefly(-seconds)} ago"


def _briefly(seconds: float) -> str:
    """In the largest unit that says it well: hours up to two days, minutes up to two hours."""
    if seconds >= 2 * DAY:
        return f"{int(seconds // DAY)} d"
    if seconds >= 2 * HOUR:
        return f"{int(seconds // HOUR)} h"
    return f"{max(int(seconds // MINUTE), 1)} min"


def _now(context: Context) -> datetime:
    now: datetime = context["now"]
    return now
