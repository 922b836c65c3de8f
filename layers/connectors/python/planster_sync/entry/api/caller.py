"""Who calls: what API Gateway has verified of a request, or what a page's session says, as one value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

BACK_END = "back end"
PLANNER = "planner"
_LONGEST_SUBJECT = 64
_BETWEEN_WORDS = re.compile(r"[\s,\[\]\"]+")


class Scope(StrEnum):
    """What somebody may do. Each route needs exactly one, and none contains another: a token names all it has."""

    READ = "planster/read"
    OPERATE = "planster/operate"
    ADMIN = "planster/admin"


MEANINGS: Mapping[Scope, str] = {
    Scope.READ: "See status, records, runs and everything else that an organisation has.",
    Scope.OPERATE: "Sync, cancel, check, verify, correct records, decide about held deletions, write to the source.",
    Scope.ADMIN: "Change settings, pause, resume, connect and disconnect integrations; keep webhooks.",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """`organisation` is the only one that the caller sees; None sees all, the empty text none.

    `subject` is how the caller is named where what it did is kept; no personal data.
    """

    organisation: str | None
    subject: str
    scopes: frozenset[Scope]

    def sees(self, organisation: str) -> bool:
        return self.organisation is None or self.organisation == organisation != ""

    @property
    def is_back_end(self) -> bool:
        """Speaks for others, so that it may name them."""
        return self.organisation is None


NOBODY = Caller("", PLANNER, frozenset())
"""Who sees no organisation and may do nothing."""

TRUSTED_MACHINE = Caller(None, BACK_END, frozenset(Scope))
"""A back end that AWS IAM let in; and anybody, on a machine of one's own whose gateway asks nobody."""


def caller_of(event: Mapping[str, Any]) -> Caller | None:
    """Who the gateway says it is: a token's bearer, or a machine that IAM let in. None: it has checked nobody.

    A token that says of no time at which it ends counts as none: gateways check `exp` only where it is there.
    """
    authorizer = (event.get("requestContext") or {}).get("authorizer") or {}
    if "jwt" in authorizer:
        claims = (authorizer["jwt"] or {}).get("claims") or {}
        return bearer(claims) if "exp" in claims else None
    return TRUSTED_MACHINE if authorizer.get("iam") else None


def bearer(claims: Mapping[str, Any]) -> Caller:
    """The caller that verified claims stand for: `organisation`, `sub`, and `scope` (RFC 9068) or `scp`.

    A claim of the wrong type counts as one that is not there: nothing is seen, nothing is allowed.
    """
    organisation = claims.get("organisation")
    granted = _words(claims.get("scope") or claims.get("scp"))
    return Caller(
        organisation if isinstance(organisation, str) else "",
        _subject(claims.get("sub")),
        frozenset(scope for scope in Scope if scope in granted),
    )


def _words(value: object) -> frozenset[str]:
    """The words of a claim. API Gateway hands a list over as text, `[one two]`."""
    text = " ".join(map(str, value)) if isinstance(value, list | tuple) else value
    return frozenset(_BETWEEN_WORDS.split(text)) if isinstance(text, str) else frozenset()


def _subject(value: object) -> str:
    """The token's subject, unless it looks like personal data."""
    subject = value if isinstance(value, str) else ""
    is_opaque = 0 < len(subject) <= _LONGEST_SUBJECT and "@" not in subject and " " not in subject
    return subject if is_opaque else PLANNER
