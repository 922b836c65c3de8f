"""Extensiv 3PL Warehouse Manager (formerly 3PL Central). `capabilities` says what is offered."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planster_sync.connectors.extensiv.capabilities import ExtensivCredentials, ExtensivSettings
    from planster_sync.connectors.extensiv.client import ExtensivConnector
    from planster_sync.connectors.extensiv.mapper import ExtensivMapper
    from planster_sync.http.account import Account


def __getattr__(name: str) -> Any:
    if name == "CAPABILITIES":
        return import_module(f"{__name__}.capabilities").CAPABILITIES
    raise AttributeError(name)


def mapper_of(settings: ExtensivSettings) -> ExtensivMapper:
    """The mapping alone; loads no HTTP."""
    made: ExtensivMapper = import_module(f"{__name__}.mapper").ExtensivMapper(settings)
    return made


def build(account: Account, credentials: ExtensivCredentials, settings: ExtensivSettings) -> ExtensivConnector:
    """The connector for one account."""
    made: ExtensivConnector = import_module(f"{__name__}.client").connect(account, credentials, settings)
    return made
