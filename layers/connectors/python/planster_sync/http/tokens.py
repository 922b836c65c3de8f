"""Tokens that end: renewed at half their life by one worker at a time, and at once when the vendor refuses one.

    look ─ valid and young ─────────────────────────────► use it
      └─ past half its life, or refused ─ turn is free ─► adopt what a dead worker left, or ask the vendor;
      │                                                   write, then make it valid, then use it
      └─ turn is taken ─ old one lasts ─► use it ─ or wait a moment and look again

A turn fences like a lease: the secret is written as a new version, and one conditional write on the turn's row makes
it valid, so that a worker that wakes too late changes nothing. Vendors that give another refresh token with each grant
take the old one back: the new one is written before it is used, and the old one kept until the new one has worked.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from planster_sync.errors import CredentialsRejected, RetrySoon, SourceUnavailable, StoreBusy
from planster_sync.http.auth import Renewal
from planster_sync.http.messages import Answer, Request
from planster_sync.ports.platform import Clock
from planster_sync.ports.tokens import Grant, Token, TokenTurns, TokenVault, Turn

SPARE = timedelta(seconds=60)
"""A token that ends sooner is not sent any more: clocks differ, and an answer may take half a minute."""

TURN_SECONDS = 150.0
"""Longer than asking the vendor and writing the secret take together, at their time limits."""

PATIENCE = timedelta(seconds=15)
STEP_SECONDS = 0.5

AskVendor = Callable[[str | None], Grant]
"""Asks with a refresh token, or with the integration's own credentials where there is none yet.

Raises CredentialsRejected where the vendor says that the grant is void (invalid_grant), SourceUnavailable where it
cannot be asked now.
"""


class SharedTokens:
    """One account's token in one worker. `holder` is this worker's, and nobody else's; threads may share it.

    `origin` is a digest of the integration's credentials: a token that was granted to others is not used.
    """

    def __init__(
        self, turns: TokenTurns, vault: TokenVault, ask: AskVendor, clock: Clock, *, holder: str, origin: str
    ) -> None:
        self._turns = turns
        self._vault = vault
        self._ask = ask
        self._clock = clock
        self._holder = holder
        self._origin = origin
        self._kept: Token | None = None
        self._content_until: datetime | None = None
        self._unwritten: Token | None = None
        self._one_at_a_time = Lock()

    def current(self) -> str:
        """An access token that lasts for the next request.

        Raises:
            CredentialsRejected: the vendor gives none any more; a person must reconnect.
            SourceUnavailable: none can be had now.
            StoreBusy: the stores did not answer; nothing was lost.
        """
        with self._one_at_a_time:
            return self._young().access

    def renewed(self, refused: str) -> str:
        """Another access token than the one that the vendor refused: a stored one, or a new one.

        Raises:
            As `current`.
        """
        with self._one_at_a_time:
            self._kept = self._found(refused)
            return self._kept.access

    def _young(self) -> Token:
        now, kept = self._clock.now(), self._kept
        if kept is not None and kept.lasts(now, SPARE) and now < max(kept.half_life, self._content_until or now):
            return kept
        self._kept = self._found(None)
        # An old token that is still good is not asked about before each request.
        self._content_until = self._clock.now() + SPARE
        return self._kept

    def _found(self, refused: str | None) -> Token:
        give_up = self._clock.now() + PATIENCE
        while True:
            now = self._clock.now()
            stored = self._valid(self._turns.look())
            if stored is not None and stored.access != refused and now < stored.half_life:
                return stored
            turn = self._turns.take(self._holder, now, TURN_SECONDS)
            if turn is not None:
                made = self._made(turn, refused)
                if made is not None:
                    return made
                continue
            if stored is not None and self._is_usable(stored, refused):
                return stored
            if now >= give_up:
                raise SourceUnavailable(
                    "Another worker is renewing the account's access.", until=now + timedelta(seconds=TURN_SECONDS)
                )
            self._clock.wait(STEP_SECONDS)

    def _made(self, turn: Turn, refused: str | None) -> Token | None:
        """The token of this turn; None where the turn was lost to somebody else on the way."""
        known = self._known(turn)
        try:
            version, token = self._left_behind(turn, refused) or self._granted(turn, known, refused)
            return token if self._turns.commit(turn, version, token.fence) else None
        except RetrySoon:
            self._release(turn)
            if known is None or not self._is_usable(known, refused):
                raise
            return known
        except BaseException:
            self._release(turn)
            raise

    def _left_behind(self, turn: Turn, refused: str | None) -> tuple[int, Token] | None:
        """A young token that a worker wrote and did not live to make valid."""
        newest = self._vault.newest()
        if newest is None or newest[1].fence <= turn.made_in or newest[1].origin != self._origin:
            return None
        is_young = newest[1].access != refused and self._clock.now() < newest[1].half_life
        return newest if is_young else None

    def _granted(self, turn: Turn, known: Token | None, refused: str | None) -> tuple[int, Token]:
        """Asks the vendor, unless an earlier grant could not be written: that one's refresh token is the good one."""
        unwritten = self._unwritten
        if unwritten is None or unwritten.fence <= turn.made_in:
            asked_at = self._clock.now()
            try:
                used, grant = self._asked(known)
            except CredentialsRejected:
                late = self._left_behind(turn, refused)  # somebody was quicker with the same refresh token
                if late is None:
                    raise
                return late
            unwritten = self._token(grant, used, asked_at, turn)
        self._unwritten = replace(unwritten, fence=turn.fence)
        written = self._vault.write(self._unwritten), self._unwritten
        self._unwritten = None
        return written

    def _token(self, grant: Grant, used: str | None, asked_at: datetime, turn: Turn) -> Token:
        rotated = grant.refresh is not None and grant.refresh != used
        return Token(
            access=grant.access,
            granted_at=asked_at,
            expires_at=asked_at + timedelta(seconds=grant.seconds),
            origin=self._origin,
            fence=turn.fence,
            refresh=grant.refresh or used,
            previous=used if rotated else None,
        )

    def _asked(self, known: Token | None) -> tuple[str | None, Grant]:
        """The refresh token that worked and what it brought. The one before is tried where the newest is refused."""
        refresh = known.refresh if known else None
        try:
            return refresh, self._ask(refresh)
        except CredentialsRejected:
            if known is None or known.previous is None:
                raise
        return known.previous, self._ask(known.previous)

    def _known(self, turn: Turn) -> Token | None:
        """What the next refresh token is taken from: the newest that was written, made valid or not."""
        newest = self._vault.newest()
        if newest is not None and newest[1].fence > turn.made_in and newest[1].origin == self._origin:
            return newest[1]
        return self._valid(turn)

    def _valid(self, turn: Turn) -> Token | None:
        token = None if turn.version is None else self._vault.at(turn.version)
        return token if token is not None and token.origin == self._origin else None

    def _is_usable(self, token: Token, refused: str | None) -> bool:
        return token.access != refused and token.lasts(self._clock.now(), SPARE)

    def _release(self, turn: Turn) -> None:
        with suppress(StoreBusy):  # the turn ends by itself
            self._turns.release(turn)


class TokenAuth:
    """Signs with the account's token; renews it once where the vendor refuses it."""

    def __init__(self, tokens: SharedTokens, *, header: str = "authorization", scheme: str = "Bearer") -> None:
        self._tokens = tokens
        self._header = header
        self._scheme = scheme
        self._sent: str | None = None

    def sign(self, request: Request) -> Request:
        self._sent = self._tokens.current()
        value = f"{self._scheme} {self._sent}".strip()
        return replace(request, headers={**request.headers, self._header: value})

    def refused(self, answer: Answer) -> Renewal:  # noqa: ARG002  which token it was is known here
        if self._sent is None:
            return Renewal.GIVE_UP
        self._tokens.renewed(self._sent)
        return Renewal.RETRY_WITH_NEW
