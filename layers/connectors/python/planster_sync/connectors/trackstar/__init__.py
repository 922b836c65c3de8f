"""Trackstar: one API over many warehouse systems. What it offers is in `capabilities`; the rest loads on demand."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planster_sync.connectors.trackstar.capabilities import TrackstarCredentials, TrackstarSettings
    from planster_sync.connectors.trackstar.client import TrackstarConnector
    from planster_sync.connectors.trackstar.mapper import TrackstarMapper
    from planster_sync.http.account import Account


def __getattr__(name: str) -> Any:
    if name == "CAPABILITIES":
        return import_module(f"{__name__}.capabilities").CAPABILITIES
    raise AttributeError(name)


def mapper_of(settings: TrackstarSettings) -> TrackstarMapper:
    """The mapping alone; loads no HTTP."""
    made: TrackstarMapper = import_module(f"{__name__}.mapper").TrackstarMapper(settings)
    return made


def build(account: Account, credentials: TrackstarCredentials, settings: TrackstarSettings) -> TrackstarConnector:
    """The connector for one account."""
    made: TrackstarConnector = import_module(f"{__name__}.client").connect(account, credentials, settings)
    return made
