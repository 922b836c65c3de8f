"""What a connector is given to work for one account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from planster_sync.errors import SettingsInvalid, SyncError
from planster_sync.http.auth import Auth
from planster_sync.http.client import HttpClient
from planster_sync.http.tokens import AskVendor, SharedTokens
from planster_sync.ports.platform import Clock


def unregistered() -> Mapping[str, Any]:
    """Where the deployment is registered nowhere. Raises SettingsInvalid."""
    raise SettingsInvalid("Planster is not registered with this system.")


@dataclass(frozen=True)
class Account:
    """One integration's credentials and settings, and the way to its vendor.

    `open(base_url, auth, statuses)` gives a client for one base URL; `statuses` says which error a vendor's status
    means where it differs from the common table. Whoever made the account closes the clients that it opened.
    `tokens(ask)` gives the account's access token, shared by all its workers, for a vendor whose tokens end; `ask` asks
    the vendor for one. Sign with `TokenAuth(account.tokens(ask))`.
    `registration()` gives what this deployment is registered as at the vendor, for credentials that belong to it.
    """

    credentials: Mapping[str, Any] = field(repr=False)
    settings: Mapping[str, Any]
    clock: Clock
    open: Callable[[str, Auth, Mapping[int, type[SyncError]]], HttpClient]
    tokens: Callable[[AskVendor], SharedTokens]
    registration: Callable[[], Mapping[str, Any]] = unregistered
