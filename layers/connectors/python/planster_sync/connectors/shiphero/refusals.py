"""What GraphQL answers mean that carry `errors`: the status is 200 all the same. Source: error glossary, scopes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from types import MappingProxyType
from typing import Any

import msgspec

from planster_sync.connectors.shiphero.capabilities import BUCKET, RESTORED_A_SECOND
from planster_sync.errors import (
    AnswerBroken,
    Forbidden,
    InvalidRequest,
    NotFound,
    SettingsInvalid,
    SourceUnavailable,
    SyncError,
    Throttled,
)

NOT_FOUND, SCOPE_MISSING, CREDITS_SPENT = 5, 7, 30

_SECONDS_OF: Mapping[str, int] = MappingProxyType({"second": 1, "minute": 60, "hour": 3600})
_WAIT = re.compile(r"(\d{1,6}) *(second|minute|hour)")
_DEFICIT = re.compile(r"requires (\d{1,9}) credits, but there are only (\d{1,9}) left")
_UNTOLD_SECONDS = 10
_SPARE_SECONDS = 1
_LONGEST_SECONDS = 24 * 3600


def errors_in(raw: bytes | None) -> Sequence[Mapping[str, Any]]:
    """The errors of an answer; none where the field is absent or null.

    Raises:
        AnswerBroken: they have an undocumented shape.
    """
    try:
        return msgspec.json.decode(raw, type=list[dict[str, Any]] | None) or () if raw else ()
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise AnswerBroken("The source's answer has an undocumented shape.", detail="errors") from error


def refusal(errors: Sequence[Mapping[str, Any]], now: datetime) -> SyncError:
    """The error behind an answer's `errors`: first what can be waited for, then what a person must change."""
    by_code = {code_of(each): each for each in errors}
    if CREDITS_SPENT in by_code:
        return _throttled(by_code[CREDITS_SPENT], now)
    detail = f"error codes {sorted(map(str, by_code))!r:.80}"
    if SCOPE_MISSING in by_code:
        return Forbidden("The connected account may not read or change this in the warehouse system.", detail=detail)
    if NOT_FOUND in by_code:
        return NotFound("The warehouse system does not have what was asked for.", detail=detail)
    if None in by_code and any("locations" in each for each in errors):
        return InvalidRequest("The warehouse system does not know a field that was asked for.", detail=detail)
    return SourceUnavailable("The warehouse system could not answer.", detail=detail)


def is_only_missing(errors: Sequence[Mapping[str, Any]]) -> bool:
    """Whether all that went wrong is that something asked for by id does not exist."""
    return all(code_of(each) == NOT_FOUND for each in errors)


def _throttled(error: Mapping[str, Any], now: datetime) -> SyncError:
    required, remaining = _credits(error)
    if required is not None and required > BUCKET:
        return SettingsInvalid(
            "A page costs more credits than the account can hold.",
            remedy="Lower the settings page_limit or line_limit of the integration.",
        )
    seconds = _told_seconds(error)
    if seconds is None and required is not None and remaining is not None:
        seconds = ceil(max(required - remaining, 0) / RESTORED_A_SECOND)
    wait = (_UNTOLD_SECONDS if seconds is None else seconds) + _SPARE_SECONDS
    until = now + timedelta(seconds=min(wait, _LONGEST_SECONDS))
    return Throttled("The account's credits at the warehouse system are spent for now.", until=until)


def _told_seconds(error: Mapping[str, Any]) -> int | None:
    """`18 seconds`, `2 minutes`, out of the field or the sentence."""
    for text in (_field(error, "time_remaining"), error.get("message")):
        found = _WAIT.search(text) if isinstance(text, str) else None
        if found is not None:
            return int(found[1]) * _SECONDS_OF[found[2]]
    return None


def _credits(error: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """How many credits were needed and how many there were."""
    needed, left = _field(error, "required_credits"), _field(error, "remaining_credits")
    if type(needed) is int and type(left) is int:
        return needed, left
    found = _DEFICIT.search(str(error.get("message")))
    return (int(found[1]), int(found[2])) if found else (None, None)


def code_of(error: Mapping[str, Any]) -> int | None:
    told = str(_field(error, "code"))
    return int(told) if told.isdecimal() and len(told) < 9 else None


def _field(error: Mapping[str, Any], name: str) -> Any:
    """A field of an error, which some versions of the API keep under `extensions`."""
    extensions = error.get("extensions")
    found = error.get(name)
    return extensions.get(name) if found is None and isinstance(extensions, Mapping) else found
