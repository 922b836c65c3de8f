"""Sessions of the console in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from planster_sync.ports.sessions import Session, SignIn


class MemorySessions:
    def __init__(self) -> None:
        self.rows: dict[str, Session] = {}
        self._under_way: dict[str, SignIn] = {}

    def keep(self, secret: str, session: Session) -> None:
        self.rows[secret] = session

    def find(self, secret: str) -> Session | None:
        return self.rows.get(secret)

    def seen(self, secret: str, at: datetime) -> None:
        if secret in self.rows:
            self.rows[secret] = replace(self.rows[secret], seen_at=at)

    def end(self, secret: str) -> None:
        self.rows.pop(secret, None)

    def begin(self, state: str, sign_in: SignIn) -> None:
        self._under_way[state] = sign_in

    def take(self, state: str) -> SignIn | None:
        return self._under_way.pop(state, None)
