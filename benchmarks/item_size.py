"""How many bytes DynamoDB counts for an item.

Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats".
"""

from __future__ import annotations

from math import ceil
from typing import Any

_COMPOUND = 3
_EACH = 1


def item_bytes(item: dict[str, Any]) -> int:
    return sum(_text(name) + _value_bytes(value) for name, value in item.items())


def write_units(size: int) -> int:
    """A unit for each begun KB."""
    return max(1, ceil(size / 1024))


def read_units(size: int, *, consistent: bool) -> float:
    """A unit for each begun 4 KB, half of it where the newest state was not asked for."""
    return max(1, ceil(size / 4096)) * (1.0 if consistent else 0.5)


def _value_bytes(value: dict[str, Any]) -> int:
    for kind, content in value.items():
        if kind == "S":
            return _text(content)
        if kind == "N":
            return _number(content)
        if kind == "M":
            return _COMPOUND + sum(_EACH + _text(name) + _value_bytes(inner) for name, inner in content.items())
        if kind == "L":
            return _COMPOUND + sum(_EACH + _value_bytes(inner) for inner in content)
        if kind == "B":
            return len(content) * 3 // 4
    return 1


def _text(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _number(text: str) -> int:
    """One byte for two significant digits, one more, and one for a minus sign."""
    digits = text.lstrip("-").replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")
