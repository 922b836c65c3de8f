"""Mapping one record for a test."""

from __future__ import annotations

import json
from typing import Any

from planster_sync.connectors import registry
from tests.connectors.shipbob.subject import sample


def mapped(read: str, raw: bytes | dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    """The unified records as they are stored."""
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    result = registry.mapper("shipbob", settings).map(read, body)
    return [record.attributes() for record in (*result.owned, *result.shared)]


def told(record: dict[str, Any]) -> dict[str, Any]:
    """A record without its empty lists."""
    return {name: value for name, value in record.items() if value != []}


def changed(name: str, **fields: Any) -> dict[str, Any]:
    return {**json.loads(sample(name)), **fields}
