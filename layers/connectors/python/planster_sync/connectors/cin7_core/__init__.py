"""Cin7 Core (formerly DEAR Inventory). What it offers is in `capabilities`; the rest loads on demand."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planster_sync.connectors.cin7_core.capabilities import Cin7CoreCredentials, Cin7CoreSettings
    from planster_sync.connectors.cin7_core.client import Cin7CoreConnector
    from planster_sync.connectors.cin7_core.mapper import Cin7CoreMapper
    from planster_sync.http.account import Account


def __getattr__(name: str) -> Any:
    if name == "CAPABILITIES":
        return import_module(f"{__name__}.capabilities").CAPABILITIES
    raise AttributeError(name)


def mapper_of(settings: Cin7CoreSettings) -> Cin7CoreMapper:
    """The mapping alone; loads no HTTP."""
    made: Cin7CoreMapper = import_module(f"{__name__}.mapper").Cin7CoreMapper(settings)
    return made


def build(account: Account, credentials: Cin7CoreCredentials, settings: Cin7CoreSettings) -> Cin7CoreConnector:
    """The connector for one account."""
    made: Cin7CoreConnector = import_module(f"{__name__}.client").connect(account, credentials, settings)
    return made
