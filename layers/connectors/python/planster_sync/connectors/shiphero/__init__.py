"""ShipHero: warehouse software for brands and 3PLs. What it offers is in `capabilities`; the rest loads on demand."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planster_sync.connectors.shiphero.capabilities import ShipheroCredentials, ShipheroSettings
    from planster_sync.connectors.shiphero.client import ShipheroConnector
    from planster_sync.connectors.shiphero.mapper import ShipheroMapper
    from planster_sync.http.account import Account


def __getattr__(name: str) -> Any:
    if name == "CAPABILITIES":
        return import_module(f"{__name__}.capabilities").CAPABILITIES
    raise AttributeError(name)


def mapper_of(settings: ShipheroSettings) -> ShipheroMapper:
    """The mapping alone; loads no HTTP."""
    made: ShipheroMapper = import_module(f"{__name__}.mapper").ShipheroMapper(settings)
    return made


def build(account: Account, credentials: ShipheroCredentials, settings: ShipheroSettings) -> ShipheroConnector:
    """The connector for one account."""
    made: ShipheroConnector = import_module(f"{__name__}.client").connect(account, credentials, settings)
    return made
