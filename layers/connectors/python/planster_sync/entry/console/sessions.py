"""Sessions: a browser that has signed in, recognised by the secret in its cookie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools.shared.cookies import Cookie

from planster_sync.entry.api.caller import Scope
from planster_sync.entry.console import cookies
from planster_sync.entry.console.id_token import Person
from planster_sync.entry.console.visitors import Visitor
from planster_sync.ports.platform import Clock
from planster_sync.ports.sessions import Session, Sessions

LASTS = timedelta(hours=8)
"""However busy it is: what somebody may do is asked of the issuer anew at the latest then."""
IDLE = timedelta(hours=1)
NOTED_EVERY = timedelta(minutes=5)
"""How exactly it is known when a session was last used; each page would cost a write otherwise."""

NewSecret = Callable[[], str]
"""256 fresh random bits in base64url."""


@dataclass(frozen=True, slots=True)
class SessionVisitors:
    """Knows who is signed in. A secret that comes from outside is never made a session's own."""

    sessions: Sessions
    clock: Clock
    new_secret: NewSecret

    def visitor(self, event: Mapping[str, Any]) -> Visitor | None:
        secret = cookies.secret_in(event, cookies.SESSION)
        session = self.sessions.find(secret) if secret is not None else None
        now = self.clock.now()
        if secret is None or session is None or _is_over(session, now):
            return None
        if now - session.seen_at >= NOTED_EVERY:
            self.sessions.seen(secret, now)
        scopes = frozenset(scope for scope in Scope if scope.value in session.scopes)
        return Visitor(session.organisation, session.subject, scopes, session.form_token)

    def begin(self, event: Mapping[str, Any], person: Person) -> Cookie:
        """A new session under a new secret; one that the browser had before is ended."""
        self.end(event)
        now, secret = self.clock.now(), self.new_secret()
        session = Session(
            organisation=person.organisation,
            subject=person.subject,
            scopes=person.scopes,
            begun_at=now,
            ends_at=now + LASTS,
            seen_at=now,
            form_token=self.new_secret(),
        )
        self.sessions.keep(secret, session)
        return cookies.planted(cookies.SESSION, secret, LASTS)

    def end(self, event: Mapping[str, Any]) -> Cookie:
        """Ends the browser's session for good, where it has one; a copy of its cookie is worth nothing then."""
        secret = cookies.secret_in(event, cookies.SESSION)
        if secret is not None:
            self.sessions.end(secret)
        return cookies.taken_away(cookies.SESSION)


def _is_over(session: Session, now: datetime) -> bool:
    return now >= session.ends_at or now - session.seen_at >= IDLE
