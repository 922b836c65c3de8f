"""Lambda entry point of manual_sync_api: see planster_sync.entry.api.app."""

from __future__ import annotations

from functools import cache
from typing import Any

from planster_sync.entry.api import wiring
from planster_sync.entry.api.routing import ApiResolver


@cache
def app() -> ApiResolver:
    return wiring.build_api()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app().resolve(event, context)
