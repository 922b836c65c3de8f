"""The time zones that a form offers."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


@cache
def zones() -> tuple[str, ...]:
    """By name: those of places, and UTC; asking the system for them takes a while."""
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"))
