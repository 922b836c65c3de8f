"""Who looks at the console: what every page needs to know of a session, whatever keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from planster_sync.entry.api.caller import Caller, Scope, bearer


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is logged in. `form_token` is what every form of theirs has to carry."""

    organisation: str
    subject: str
    scopes: frozenset[Scope]
    form_token: str
    name: str = ""

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes

    @property
    def caller(self) -> Caller:
        """Who asks, in the words of the API: for it a page's visitor is what the bearer of a token is."""
        return bearer({"organisation": self.organisation, "sub": self.subject, "scope": list(self.scopes)})


class Visitors(Protocol):
    """Knows who is logged in."""

    def visitor(self, event: Mapping[str, Any]) -> Visitor | None:
        """Of an HTTP API event; None where nobody is, or no longer. Looks at `cookies` and at `headers.cookie`."""
        ...


class Nobody:
    """Knows nobody: what a console has whose deployment names no issuer of tokens."""

    def visitor(self, event: Mapping[str, Any]) -> Visitor | None:  # noqa: ARG002 - whoever asks is nobody
        return None
