"""How an account is connected: what a connector declares of it, and what is kept and asked on the way there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import msgspec

from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Schedule
from planster_sync.model.runs import Problem

STATE_HOLDS = timedelta(minutes=10)
"""How long a consent that was begun may take."""


class Way(StrEnum):
    """FORM: a person types credentials. OAUTH: they consent at the vendor. LINK: they use the vendor's dialogue."""

    FORM = "form"
    OAUTH = "oauth"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Authorization:
    """An authorisation-code flow (RFC 6749, 4.1) with an S256 proof (RFC 7636); both addresses are whole.

    `credential` names the field of the credentials that the granted refresh token becomes.
    """

    consent_url: str
    exchange_url: str
    scopes: tuple[str, ...]
    credential: str = "refresh_token"


@dataclass(frozen=True, slots=True)
class Consent:
    """A connection that was begun and waits for the vendor's code; it holds no secret.

    `reconnects`: the integration is there already and gets new credentials, nothing else. `returns_to` is the page
    of our own where whoever began it ends it; empty: whoever comes back with the state does.
    """

    organisation: str
    integration: str
    connector: str
    way: Way
    asked_by: str
    expires_at: datetime
    reconnects: bool
    name: str = ""
    schedule: Schedule = field(default_factory=Schedule)
    disabled: frozenset[DataType] = frozenset()
    settings: dict[str, Any] = field(default_factory=dict)
    returns_to: str = ""
    history_from: str = "all"


class Consents(Protocol):
    def keep(self, consent: Consent) -> str:
        """Keeps it, and gives the state that stands for it: opaque, unguessable, good for one use."""
        ...

    def find(self, state: str, now: datetime) -> Consent | None:
        """The consent that `take` would give; it can still be taken."""
        ...

    def take(self, state: str, now: datetime) -> Consent | None:
        """The consent, for the first who asks before it ends; None for everybody else, and for any other text."""
        ...


class KeepsSecrets(Protocol):
    """Writes credentials and can read none."""

    def keep(self, organisation: str, integration: str, credentials: Mapping[str, Any]) -> None:
        """Stores the integration's credentials in place of earlier ones.

        Raises:
            InvalidRequest: the organisation's name cannot be part of a secret's name.
            StoreBusy: the secret store is throttled.
        """
        ...


class Linker(Protocol):
    """A vendor's own dialogue, opened by a token of ours; it gives a code that is exchanged for credentials."""

    def begin(self, known: Mapping[str, Any] | None) -> str:
        """The token that opens the dialogue; `known` are the credentials of the account that is linked again."""
        ...

    def exchange(self, code: str) -> Mapping[str, Any]:
        """The integration's credentials.

        Raises:
            CredentialsRejected: the code is wrong, used or too old.
        """
        ...


class BeginQuestion(msgspec.Struct, frozen=True, tag="begin", tag_field="ask"):
    """Where must a person go to consent? `state` comes back from there."""

    organisation: str
    integration: str
    connector: str
    way: Way
    state: str
    reconnects: bool = False


class BeginAnswer(msgspec.Struct, frozen=True):
    """An address to visit, or a token that opens the vendor's dialogue; neither where there is a problem."""

    address: str | None = None
    link_token: str | None = None
    problem: Problem | None = None


class ExchangeQuestion(msgspec.Struct, frozen=True, tag="exchange", tag_field="ask"):
    """Turns a code into credentials and stores them."""

    organisation: str
    integration: str
    connector: str
    way: Way
    state: str
    code: str


class ExchangeAnswer(msgspec.Struct, frozen=True):
    problem: Problem | None = None
