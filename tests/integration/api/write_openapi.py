"""Writes docs/openapi.json: `python -m tests.integration.api.write_openapi` in the repository's root."""

from __future__ import annotations

from pathlib import Path

from planster_sync.entry.api.app import build_app
from planster_sync.entry.api.document import openapi
from tests.engine.world import World
from tests.integration.api.caller import shop_of

DOCUMENT = Path(__file__).parents[3] / "docs" / "openapi.json"


def current() -> str:
    return openapi(build_app(shop_of(World())))


if __name__ == "__main__":
    DOCUMENT.write_text(current(), encoding="utf-8")
