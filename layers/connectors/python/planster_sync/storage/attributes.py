"""Plain values to DynamoDB's attribute values and back, made by hand: boto3's own serializer takes ten times as long.

text, StrEnum -> S     int, float, Decimal -> N     True/False -> BOOL     None -> NULL
datetime -> S (UTC)    list, tuple, frozenset -> L  mapping -> M (JSON makes its keys text)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from planster_sync.errors import RecordInvalid
from planster_sync.storage.keys import instant

Item = dict[str, Any]
"""An item in plain values."""

Packed = dict[str, Any]
"""An item as the wire has it: {name: {type: value}}."""

DIGITS = 38
TOO_LARGE = 10**DIGITS
LARGEST_EXPONENT = 125
SMALLEST_EXPONENT = -130


def pack(item: Mapping[Any, Any]) -> Packed:
    """Raises RecordInvalid for a value that DynamoDB cannot hold."""
    # The usual types first and in line: this is met by every value of every record.
    packed: Packed = {}
    for name, value in item.items():
        kind = type(value)
        if kind is str:
            packed[name] = {"S": value}
        elif kind is int and -TOO_LARGE < value < TOO_LARGE:
            packed[name] = {"N": str(value)}
        elif kind is dict:
            packed[name] = {"M": pack(value)}
        else:
            packed[name] = pack_value(value)
    return packed


def pack_value(value: Any) -> dict[str, Any]:
    kind = type(value)
    if kind is dict:
        return {"M": pack(value)}
    if kind is list:
        return {"L": [pack_value(inner) for inner in value]}
    if kind is str:
        return {"S": value}
    if kind is bool:
        return {"BOOL": value}
    return {"NULL": True} if value is None else _pack_rarer(value)


def _pack_rarer(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"S": str(value)}
    if isinstance(value, int | float | Decimal):
        return {"N": _number(value)}
    if isinstance(value, datetime):
        return {"S": instant(value)}
    if isinstance(value, Mapping):
        return {"M": pack(value)}
    if isinstance(value, frozenset):
        return {"L": [pack_value(inner) for inner in sorted(value)]}
    if isinstance(value, tuple):
        return {"L": [pack_value(inner) for inner in value]}
    raise RecordInvalid("A value has a type that cannot be stored.", detail=type(value).__name__)


def _number(value: float | Decimal) -> str:
    if isinstance(value, int) and -TOO_LARGE < value < TOO_LARGE:
        return str(int(value))
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if number.is_finite():
        digits = len(number.as_tuple().digits) if number else 1
        if digits <= DIGITS and (not number or SMALLEST_EXPONENT <= number.adjusted() <= LARGEST_EXPONENT):
            return str(number)
    raise RecordInvalid("A number has more digits than can be stored.")


def unpack(item: Mapping[str, Any]) -> Item:
    # The usual types first and in line, as in `pack`.
    plain: Item = {}
    for name, value in item.items():
        for kind, content in value.items():
            if kind == "S":
                plain[name] = content
            elif kind == "M":
                plain[name] = unpack(content)
            else:
                plain[name] = _unpacked_rarer(kind, content)
    return plain


def unpack_value(value: Mapping[str, Any]) -> Any:
    ((kind, content),) = value.items()
    return unpack(content) if kind == "M" else _unpacked_rarer(kind, content)


def _unpacked_rarer(kind: str, content: Any) -> Any:
    if kind == "N":
        return int(content) if content.lstrip("-").isdigit() else float(content)
    if kind == "L":
        return [unpack_value(inner) for inner in content]
    return None if kind == "NULL" else content
