"""Who is signed in to the console, and who is on the way to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser. `form_token` goes into each form of its pages, and back with what the form sends."""

    organisation: str
    subject: str
    scopes: tuple[str, ...]
    begun_at: datetime
    ends_at: datetime
    seen_at: datetime
    form_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A browser that was sent to the issuer and is not back yet.

    `browser` is what its cookie holds, `nonce` what the issuer's token must repeat, `verifier` what the code is
    exchanged with (RFC 7636), `returns_to` the page that was asked for.
    """

    ends_at: datetime
    returns_to: str
    browser: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class Sessions(Protocol):
    """Keeps both under secrets that only the browser holds: whoever reads the rows cannot take anybody's place.

    Rows outlive their `ends_at` for a while; callers judge it.
    """

    def keep(self, secret: str, session: Session) -> None: ...

    def find(self, secret: str) -> Session | None: ...

    def seen(self, secret: str, at: datetime) -> None:
        """Notes that the session was used; one that was ended meanwhile stays ended."""
        ...

    def end(self, secret: str) -> None: ...

    def begin(self, state: str, sign_in: SignIn) -> None: ...

    def take(self, state: str) -> SignIn | None:
        """Gives it once: it is gone afterwards, also where the answer was lost."""
        ...
