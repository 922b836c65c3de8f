"""Access tokens of one integration, shared by its workers: whose turn it is to renew, and where the secret lies."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Grant:
    """A vendor's answer to a request for a token. `refresh` is there only where it gave another refresh token."""

    access: str = field(repr=False)
    seconds: float
    refresh: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """A granted token as it is stored.

    `refresh` asks for the next one; `previous` is the one that asked for this, kept until `refresh` has been proven.
    `origin` is a digest of the credentials behind it: others make it void. `fence` is the turn that it was made in.
    """

    access: str = field(repr=False)
    granted_at: datetime
    expires_at: datetime
    origin: str
    fence: int
    refresh: str | None = field(default=None, repr=False)
    previous: str | None = field(default=None, repr=False)

    @property
    def half_life(self) -> datetime:
        return self.granted_at + (self.expires_at - self.granted_at) / 2

    def lasts(self, now: datetime, spare: timedelta) -> bool:
        return now + spare < self.expires_at


@dataclass(frozen=True, slots=True)
class Turn:
    """The row that workers agree on. `version` is the valid secret's, made in the turn `made_in`.

    `fence` counts turns, and belongs to whoever took the last one; `until` is when that turn is over.
    """

    fence: int = 0
    version: int | None = None
    made_in: int = 0
    until: datetime | None = None


class TokenTurns(Protocol):
    """One renewal at a time. Every method may raise StoreBusy."""

    def look(self) -> Turn: ...

    def take(self, holder: str, now: datetime, seconds: float) -> Turn | None:
        """A turn with a new fence; None while somebody else has one. Safe to repeat with the same holder."""
        ...

    def commit(self, turn: Turn, version: int, made_in: int) -> bool:
        """Makes a stored version the valid one and ends the turn; False where the turn is somebody else's by now."""
        ...

    def release(self, turn: Turn) -> None:
        """Ends the turn without a new version; nothing where it is somebody else's by now."""
        ...


class TokenVault(Protocol):
    """Versions of the secret, each written once. Every method may raise StoreBusy."""

    def at(self, version: int) -> Token | None: ...

    def newest(self) -> tuple[int, Token] | None: ...

    def write(self, token: Token) -> int:
        """The version that it got."""
        ...
