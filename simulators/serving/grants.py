"""Token grants: opaque access and refresh tokens per account, with a life on the server's clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from threading import Lock
from typing import Literal

from simulators.business.spec import Clock

TokenKind = Literal["access", "refresh"]

NEVER = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class Grant:
    """What an account was given. A vendor that knows no refresh tokens leaves them out of its answer."""

    account: str
    access_token: str
    refresh_token: str
    expires: datetime
    refresh_expires: datetime
    scope: str = ""


class Grants:
    """The tokens in force. Safe for use by several threads; the same calls give the same tokens."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}
        self._numbers = count(1)
        self._lock = Lock()

    def issue(self, account: str, life_seconds: float, refresh_seconds: float | None = None, scope: str = "") -> Grant:
        """A new grant beside earlier ones. Without `refresh_seconds` its refresh token does not expire."""
        with self._lock:
            return self._issued(account, life_seconds, refresh_seconds, scope)

    def renewed(self, refresh_token: str, life_seconds: float) -> Grant | None:
        """A new access token for a refresh token, which stays as it is; None when that is unknown or expired."""
        with self._lock:
            old = self._good(refresh_token)
            if old is None:
                return None
            expires = self._clock() + timedelta(seconds=life_seconds)
            fresh = replace(old, access_token=self._token("access", old.account), expires=expires)
            self._access[fresh.access_token] = fresh
            self._refresh[refresh_token] = fresh
            return fresh

    def rotated(self, refresh_token: str, life_seconds: float, refresh_seconds: float | None = None) -> Grant | None:
        """A new pair for a refresh token, which is used up by that; None when that is unknown, used up or expired."""
        with self._lock:
            old = self._good(refresh_token)
            if old is None:
                return None
            del self._refresh[refresh_token]
            return self._issued(old.account, life_seconds, refresh_seconds, old.scope)

    def grant(self, access_token: str | None) -> Grant | None:
        """The grant behind an access token, expired or not; None when it was never issued."""
        with self._lock:
            return None if access_token is None else self._access.get(access_token)

    def holder(self, access_token: str | None) -> str | None:
        """The account that an access token in force belongs to."""
        found = self.grant(access_token)
        return found.account if found is not None and self._clock() < found.expires else None

    def expire(self, account: str, kind: TokenKind) -> int:
        """Ends the account's tokens of a kind now, and says how many."""
        now = self._clock()
        held = self._access if kind == "access" else self._refresh
        with self._lock:
            mine = [token for token, grant in held.items() if grant.account == account]
            for token in mine:
                old = held[token]
                held[token] = replace(old, expires=now) if kind == "access" else replace(old, refresh_expires=now)
            return len(mine)

    def _good(self, refresh_token: str) -> Grant | None:
        found = self._refresh.get(refresh_token)
        return found if found is not None and self._clock() < found.refresh_expires else None

    def _issued(self, account: str, life_seconds: float, refresh_seconds: float | None, scope: str) -> Grant:
        now = self._clock()
        refresh_life = NEVER if refresh_seconds is None else timedelta(seconds=refresh_seconds)
        made = Grant(
            account,
            self._token("access", account),
            self._token("refresh", account),
            now + timedelta(seconds=life_seconds),
            now + refresh_life,
            scope,
        )
        self._access[made.access_token] = made
        self._refresh[made.refresh_token] = made
        return made

    def _token(self, kind: TokenKind, account: str) -> str:
        return f"sim-{kind}-{account}-{next(self._numbers)}"
