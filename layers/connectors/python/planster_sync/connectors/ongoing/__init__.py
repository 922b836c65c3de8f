"""Ongoing WMS, Goods Owner REST API v1. What the connector offers is in `capabilities`; the rest loads on demand."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planster_sync.connectors.ongoing.capabilities import OngoingCredentials, OngoingSettings
    from planster_sync.connectors.ongoing.client import OngoingConnector
    from planster_sync.connectors.ongoing.mapper import OngoingMapper
    from planster_sync.http.account import Account


def __getattr__(name: str) -> Any:
    if name == "CAPABILITIES":
        return import_module(f"{__name__}.capabilities").CAPABILITIES
    raise AttributeError(name)


def mapper_of(settings: OngoingSettings) -> OngoingMapper:
    """The mapping alone; loads no HTTP."""
    made: OngoingMapper = import_module(f"{__name__}.mapper").OngoingMapper(settings)
    return made


def build(account: Account, credentials: OngoingCredentials, settings: OngoingSettings) -> OngoingConnector:
    """The connector for one account."""
    made: OngoingConnector = import_module(f"{__name__}.client").connect(account, credentials, settings)
    return made
