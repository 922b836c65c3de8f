"""How an account is connected, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from planster_client.answers.base import Answer
from planster_client.answers.numbers import Check


class Connector(Struct, kw_only=True):
    """One system; `credentials` and `settings` are JSON schemas, `secrets` are not to be shown while they are typed."""

    connector: str
    title: str
    ways: list[str]
    data_types: list[str] = field(default_factory=list)
    credentials: dict[str, Any] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)


class ConnectorList(Answer):
    connectors: list[Connector]


class Connected(Answer):
    """An integration with its credentials stored. `check` and `run` are None where there is none yet."""

    integration: str
    status: str
    sentence: str
    repeated: bool = False
    check: Check | None = None
    run: str | None = None


class Begun(Answer):
    """Where a person consents, until `expires_at`: `address` with oauth; `link_token` and `state` with link."""

    way: str
    expires_at: datetime
    address: str | None = None
    link_token: str | None = None
    state: str | None = None
