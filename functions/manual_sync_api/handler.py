"""Lambda entry point of manual_sync_api: see planster_sync.entry.api.app, and entry.console.app for its pages."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from planster_sync.entry.api import wiring
from planster_sync.entry.api.routing import ApiResolver

CONSOLE = "/console"


@cache
def app() -> ApiResolver:
    return wiring.build_api()


@cache
def console() -> ApiResolver:
    """Loaded when the first page is asked for: the API's cold start does not pay for templates."""
    made: ApiResolver = import_module("planster_sync.entry.console.wiring").console()
    return made


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    path = str(event.get("rawPath") or "")
    is_page = path == CONSOLE or path.startswith(f"{CONSOLE}/")
    return (console() if is_page else app()).resolve(event, context)
