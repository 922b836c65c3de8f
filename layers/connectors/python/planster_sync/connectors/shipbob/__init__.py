"""ShipBob: a fulfilment network's Developer API. What it offers is in `capabilities`; the rest loads on demand."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planster_sync.connectors.shipbob.capabilities import ShipbobCredentials, ShipbobSettings
    from planster_sync.connectors.shipbob.client import ShipbobConnector
    from planster_sync.connectors.shipbob.mapper import ShipbobMapper
    from planster_sync.http.account import Account


def __getattr__(name: str) -> Any:
    if name == "CAPABILITIES":
        return import_module(f"{__name__}.capabilities").CAPABILITIES
    raise AttributeError(name)


def mapper_of(settings: ShipbobSettings) -> ShipbobMapper:
    """The mapping alone; loads no HTTP."""
    made: ShipbobMapper = import_module(f"{__name__}.mapper").ShipbobMapper(settings)
    return made


def build(account: Account, credentials: ShipbobCredentials, settings: ShipbobSettings) -> ShipbobConnector:
    """The connector for one account."""
    made: ShipbobConnector = import_module(f"{__name__}.client").connect(account, credentials, settings)
    return made
