"""What is kept while an account is connected, in memory: begun consents, stored secrets, and a vendor that consents."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from planster_sync.errors import SyncError
from planster_sync.ports.connecting import BeginAnswer, BeginQuestion, Consent, ExchangeQuestion, Way


class MemoryConsents:
    def __init__(self) -> None:
        self.begun: dict[str, Consent] = {}
        self._taken: set[str] = set()

    def keep(self, consent: Consent) -> str:
        state = f"state-{len(self.begun)}"
        self.begun[state] = deepcopy(consent)
        return state

    def find(self, state: str, now: datetime) -> Consent | None:
        found = self.begun.get(state)
        if found is None or state in self._taken or found.expires_at <= now:
            return None
        return deepcopy(found)

    def take(self, state: str, now: datetime) -> Consent | None:
        found = self.find(state, now)
        if found is not None:
            self._taken.add(state)
        return found


class MemorySecrets:
    """Keeps what it is given; a test may look, the API may not."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], dict[str, Any]] = {}

    def keep(self, organisation: str, integration: str, credentials: Mapping[str, Any]) -> None:
        self.kept[organisation, integration] = dict(credentials)


@dataclass
class ScriptedExchanges:
    """A vendor that consents to everything, or fails as a test says."""

    secrets: MemorySecrets = field(default_factory=MemorySecrets)
    error: SyncError | None = None
    begun: list[BeginQuestion] = field(default_factory=list)

    def begin(self, question: BeginQuestion) -> BeginAnswer:
        self._fail()
        self.begun.append(question)
        if question.way is Way.LINK:
            return BeginAnswer(link_token=f"link-{len(self.begun)}")
        return BeginAnswer(address=f"https://vendor.test/authorize?state={question.state}")

    def exchange(self, question: ExchangeQuestion) -> None:
        self._fail()
        self.secrets.keep(question.organisation, question.integration, {"refresh_token": f"for {question.code}"})

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error
