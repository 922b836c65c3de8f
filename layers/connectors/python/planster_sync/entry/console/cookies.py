"""The console's cookies: which a request brought, and how each is set and taken away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from planster_sync.entry.console.origin import headers_of

SESSION = "planster_session"
BROWSER = "planster_browser"
PATH = "/console"

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
"""256 random bits in base64url: anything else was not made here and is not looked up."""


def secret_in(event: Mapping[str, Any], name: str) -> str | None:
    """The secret in the cookie of that name; None where there is none, or where there are two of them.

    Two of one name are what a neighbouring site's page can plant beside ours; which is ours cannot be told.
    """
    found = [value for key, value in _pairs(event) if key == name]
    return found[0] if len(found) == 1 and _SECRET.fullmatch(found[0]) else None


def planted(name: str, secret: str, lifetime: timedelta) -> Cookie:
    """For the console's own pages over TLS, out of a script's reach, and not sent with another site's forms."""
    return Cookie(
        name,
        secret,
        path=PATH,
        secure=True,
        http_only=True,
        max_age=int(lifetime.total_seconds()),
        same_site=SameSite.LAX_MODE,
    )


def taken_away(name: str) -> Cookie:
    return planted(name, "", timedelta(0))


def _pairs(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """API Gateway lists cookies beside the headers; other hosts leave them in the header."""
    for text in event.get("cookies") or headers_of(event).get("cookie", "").split(";"):
        key, _, value = str(text).strip().partition("=")
        yield key, value
