"""Deposco: a warehouse system with two APIs. What it offers is in `capabilities`; the rest loads on demand."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planster_sync.connectors.deposco.capabilities import DeposcoCredentials, DeposcoSettings
    from planster_sync.connectors.deposco.client import DeposcoConnector
    from planster_sync.connectors.deposco.mapper import DeposcoMapper
    from planster_sync.http.account import Account


def __getattr__(name: str) -> Any:
    if name == "CAPABILITIES":
        return import_module(f"{__name__}.capabilities").CAPABILITIES
    raise AttributeError(name)


def mapper_of(settings: DeposcoSettings) -> DeposcoMapper:
    """The mapping alone; loads no HTTP."""
    made: DeposcoMapper = import_module(f"{__name__}.mapper").DeposcoMapper(settings)
    return made


def build(account: Account, credentials: DeposcoCredentials, settings: DeposcoSettings) -> DeposcoConnector:
    """The connector for one account."""
    made: DeposcoConnector = import_module(f"{__name__}.client").connect(account, credentials, settings)
    return made
