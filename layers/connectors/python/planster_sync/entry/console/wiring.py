"""Makes the console from the environment, over the API's own collaborators."""

from __future__ import annotations

from secrets import token_urlsafe

from planster_sync.connectors import registry
from planster_sync.entry.api.wiring import api_shop
from planster_sync.entry.console.app import build_console
from planster_sync.entry.console.resolver import ConsoleResolver
from planster_sync.entry.console.visitors import Nobody


def console() -> ConsoleResolver:
    return build_console(api_shop(), Nobody(), registry.names(), lambda: token_urlsafe(16))
