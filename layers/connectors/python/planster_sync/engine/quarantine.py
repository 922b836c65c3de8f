"""What is kept of a source record that cannot be mapped: its shape, not its content."""

from __future__ import annotations

from typing import Any

import msgspec

_PLAIN = frozenset({"id", "sku", "status", "type"})
_DEPTH = 4
_ITEMS = 40
_LIMIT = 2000


def outline(raw: bytes) -> str:
    """The record's field names with the kinds of their values; only ids, SKUs and statuses are shown as they are.

    A free-text field may hold a person's name or address, so that no text is copied.
    """
    try:
        content = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return f"<{len(raw)} bytes that cannot be read>"
    return msgspec.json.encode(_shape(content, _DEPTH)).decode()[:_LIMIT]


def _shape(value: Any, depth: int) -> Any:
    if isinstance(value, dict):
        if depth == 0:
            return f"<object of {len(value)}>"
        return {
            str(key)[:60]: item
            if key in _PLAIN and isinstance(item, str) and len(item) <= 60
            else _shape(item, depth - 1)
            for key, item in list(value.items())[:_ITEMS]
        }
    if isinstance(value, list):
        return [_shape(item, depth - 1) for item in value[:2]] if depth else f"<list of {len(value)}>"
    if isinstance(value, str):
        return f"<text of {len(value)}>"
    return value if value is None or isinstance(value, bool) else f"<{type(value).__name__}>"
