"""Moments and days out of vendors' texts."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from planster_sync.mapping.fields import Fields, invalid
from planster_sync.model.record import instant_of

_DAY = r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_CLOCK = r"(?P<clock>[0-9]{2}:[0-9]{2})(?P<seconds>:[0-9]{2})?(?:[.,](?P<fraction>[0-9]+))?"
_OFFSET = r"\s?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?"
_MOMENT = re.compile(f"{_DAY}(?:[T ]{_CLOCK}{_OFFSET})?", re.ASCII)

_USUAL = re.compile(
    r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
).fullmatch
"""What nearly every vendor writes, and what we store: a day that each month has, in UTC, without fractions."""


def instant(source: Fields, name: str, zone: tzinfo | None = None) -> str | None:
    """A moment in UTC, as `Instant` has it; null where absent.

    Text without an offset, and a bare day, which begins at midnight, are placed in `zone`. Of a local time that
    happens twice, the first is meant. Fractions below a millisecond are cut off.

    Raises:
        RecordInvalid: not an ISO-8601 text, an impossible date, or no offset where `zone` is None.
    """
    text = source.text(name)
    if text is None or _USUAL(text):
        return text
    found = _parsed(text, source.path(name))
    if found.tzinfo is None:
        if zone is None:
            raise invalid(source.path(name), "has no time zone")
        found = found.replace(tzinfo=zone)
    try:
        return instant_of(found)
    except OverflowError:
        raise invalid(source.path(name), "lies outside of the calendar") from None


def day(source: Fields, name: str) -> str | None:
    """The calendar day as written, whatever time stands behind it; null where absent.

    For expiry dates: vendors write them with a midnight of any zone, and shifting it would move the day.
    """
    text = source.text(name)
    if text is None or _USUAL(text):
        return text and text[:10]
    return _parsed(text, source.path(name)).date().isoformat()


def _parsed(text: str, path: str) -> datetime:
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise invalid(path, "is not a time that can be read")
    clock = f"{match['clock'] or '00:00'}{match['seconds'] or ':00'}"
    micro = (match["fraction"] or "")[:6].ljust(6, "0")
    try:
        return datetime.fromisoformat(f"{match['day']}T{clock}.{micro}{match['offset'] or ''}")
    except ValueError:
        raise invalid(path, "is not a possible time") from None
