"""Makes the console from the environment, over the API's own collaborators."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from secrets import token_urlsafe

from planster_sync.connectors import registry
from planster_sync.entry.api.wiring import api_shop
from planster_sync.entry.console.app import build_console
from planster_sync.entry.console.login import Login
from planster_sync.entry.console.resolver import ConsoleResolver
from planster_sync.entry.console.sessions import SessionVisitors
from planster_sync.entry.parts import parts
from planster_sync.storage.sessions import DynamoSessions


def console() -> ConsoleResolver:
    made = parts()
    visitors = SessionVisitors(DynamoSessions(made.control), made.clock, new_secret)

    @cache
    def login() -> Login | None:
        """Loaded when somebody signs in: a page pays for no HTTP."""
        way_in: Login | None = import_module("planster_sync.entry.console.login_wiring").build_login(made, visitors)
        return way_in

    return build_console(api_shop(), visitors, registry.names(), lambda: token_urlsafe(16), login)


def new_secret() -> str:
    """256 random bits in base64url, 43 characters."""
    return token_urlsafe(32)
