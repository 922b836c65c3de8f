"""What each status means, which failures are tried again, and for how long to wait.

A status means an error class; the class says what happens:

    RetrySoon (Throttled, SourceUnavailable)  tried again, at most `RetryPolicy.attempts` times in all
    CredentialsRejected                       tried again once if the credentials could be renewed
    everything else                           raised at once

`STATUS_ERRORS` is the common table; a vendor's own table goes before it. What neither names: 2xx is an answer,
5xx is SourceUnavailable, and the rest (1xx, 3xx, 4xx) is AnswerBroken. Redirects are never followed.
400 and 422 are InvalidRequest, not AnswerBroken: the vendor says that the request is wrong, and the same one
stays wrong. A request with `Replay.NEVER` is tried again only if it surely had no effect: it never left, the
credentials were refused, the status means Throttled, or it is 425 (Too Early).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from types import MappingProxyType

from planster_sync.errors import (
    AnswerBroken,
    Conflict,
    CredentialsRejected,
    Forbidden,
    InvalidRequest,
    NotFound,
    SourceUnavailable,
    SyncError,
    Throttled,
    Unsupported,
)

STATUS_ERRORS: Mapping[int, type[SyncError]] = MappingProxyType(
    {
        400: InvalidRequest,
        401: CredentialsRejected,
        403: Forbidden,
        404: NotFound,
        405: Unsupported,
        408: SourceUnavailable,
        409: Conflict,
        410: NotFound,
        422: InvalidRequest,
        425: SourceUnavailable,
        429: Throttled,
        501: Unsupported,
    }
)

_TOO_EARLY = 425

_SENTENCES: Mapping[type[SyncError], str] = MappingProxyType(
    {
        Throttled: "The warehouse system's request allowance is used up for now.",
        SourceUnavailable: "The warehouse system could not be reached or did not answer in order.",
        CredentialsRejected: "The warehouse system refused the credentials.",
        Forbidden: "The connected account may not read or change this in the warehouse system.",
        NotFound: "The warehouse system does not have what was asked for.",
        Conflict: "The change contradicts the present state in the warehouse system.",
        InvalidRequest: "The warehouse system refused the request as invalid.",
        Unsupported: "The connected warehouse system does not offer this operation.",
        AnswerBroken: "The warehouse system gave an answer that its documentation does not know.",
    }
)
_OTHER_SENTENCE = "The warehouse system refused the request."


def error_of(status: int, statuses: Mapping[int, type[SyncError]]) -> type[SyncError] | None:
    """The error that a status means, or None for an answer; `statuses` is the vendor's own table."""
    if status in statuses:
        return statuses[status]
    if 200 <= status < 300:
        return None
    if status in STATUS_ERRORS:
        return STATUS_ERRORS[status]
    return SourceUnavailable if 500 <= status < 600 else AnswerBroken


def had_no_effect(status: int, error: type[SyncError]) -> bool:
    """Whether the vendor turned a request away before it acted on it."""
    return status == _TOO_EARLY or issubclass(error, Throttled)


def sentence_of(error: type[SyncError]) -> str:
    """What is told to a planner about an error of this class."""
    return next((_SENTENCES[kind] for kind in error.__mro__ if kind in _SENTENCES), _OTHER_SENTENCE)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """`attempts` counts the first one. The wait before attempt n + 1 is random in 0 .. `base` * 2**(n - 1) seconds."""

    attempts: int = 4
    base: float = 0.5
    ceiling: float = 20.0

    def wait_after(self, failures: int, random: Callable[[], float]) -> float:
        """Seconds to wait after so many failures: full jitter, so that workers do not come back in step."""
        bound: float = min(self.ceiling, self.base * 2 ** min(failures - 1, 30))
        return random() * bound


class _Form(StrEnum):
    """DELAY: seconds, or a date. MOMENT: seconds (or milliseconds) since 1970; a small number is a delay."""

    DELAY = "delay"
    MOMENT = "moment"


_WAIT_HEADERS: tuple[tuple[str, _Form], ...] = (
    ("retry-after", _Form.DELAY),
    ("x-retry-after", _Form.DELAY),
    ("x-rate-limit-retry-after", _Form.DELAY),
    ("x-ratelimit-retry-after", _Form.DELAY),
    ("x-ratelimit-reset", _Form.MOMENT),
    ("x-rate-limit-reset", _Form.MOMENT),
    ("ratelimit-reset", _Form.MOMENT),
)

_LONGEST = timedelta(hours=24)
_NUMBER = re.compile(r"([0-9]{1,15}(?:\.[0-9]{0,9})?)\s*([a-zA-Z]*)")
_UNIT_SECONDS: Mapping[str, float] = {
    "": 1.0,
    "s": 1.0,
    "sec": 1.0,
    "secs": 1.0,
    "second": 1.0,
    "seconds": 1.0,
    "ms": 0.001,
    "min": 60.0,
    "minute": 60.0,
    "minutes": 60.0,
}
_EPOCH_SECONDS_FROM = 1e9
_EPOCH_MILLISECONDS_FROM = 1e11


def until_of(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """The moment (UTC) until which an answer asks to wait, or None where it says nothing that can be read.

    Never before `now`, never more than 24 hours after it: no header may park an account for good.
    Read are seconds, HTTP dates, epoch seconds and milliseconds, and text such as "60 Seconds".
    """
    for name, form in _WAIT_HEADERS:
        moment = _moment(headers.get(name, "").strip(), form, now)
        if moment is not None:
            return min(max(moment, now), now + _LONGEST)
    return None


def _moment(text: str, form: _Form, now: datetime) -> datetime | None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return _date(text)
    unit = _UNIT_SECONDS.get(found[2].lower())
    if unit is None:
        return None
    number = float(found[1]) * unit
    if form is _Form.MOMENT and number >= _EPOCH_MILLISECONDS_FROM:
        number /= 1000
    if form is _Form.MOMENT and number >= _EPOCH_SECONDS_FROM:
        return datetime.fromtimestamp(min(number, _EPOCH_MILLISECONDS_FROM), UTC)
    return now + timedelta(seconds=min(number, _LONGEST.total_seconds()))


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
