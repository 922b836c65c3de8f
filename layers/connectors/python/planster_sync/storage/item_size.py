"""How large DynamoDB finds an item, before it is sent.

Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats". An item counts the UTF-8 bytes of its
names and values; a number one byte for two digits and one more; a list or map three bytes and one for each element.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planster_sync.storage.attributes import Packed

LARGEST_ITEM = 400 * 1024


def item_size(item: Packed) -> int:
    """Bytes, rounded up where the rule leaves room."""
    return sum(_text(name) + _value(value) for name, value in item.items())


def _text(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _value(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "S":
        return _text(content)
    if kind == "N":
        return (len(content) + 1) // 2 + 2
    if kind == "M":
        return 3 + len(content) + item_size(content)
    if kind == "L":
        return 3 + len(content) + sum(_value(inner) for inner in content)
    return 1
