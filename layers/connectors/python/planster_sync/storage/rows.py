"""The model's dataclasses as items and back, as their annotations say. pydantic would take a fifth of a cold start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from planster_sync.storage.attributes import Item

T = TypeVar("T")

Unreadable = msgspec.ValidationError
"""An item that is not what its kind asks for."""

_ATOMS = frozenset({str, int, float, bool, type(None), datetime})
_NAMES: dict[type, tuple[str, ...] | None] = {}
"""The fields of each dataclass and struct met so far; None for any other kind of value."""
_PLACE = re.compile(r" - at `\$\.?([^`]*)`")


def to_item(value: Any) -> Item:
    """A dataclass by its fields, those that are None left out; structs within it likewise."""
    item: Item = _plain(value)
    return item


def from_item(kind: type[T], item: Item) -> T:
    """What `to_item` made; attributes that `kind` does not know are passed over.

    Raises:
        Unreadable: an attribute is missing or is not what it should be.
    """
    return msgspec.convert(item, kind, str_keys=True)


def place_of(error: Unreadable) -> str:
    """Which attribute cannot be read, and never what it holds."""
    found = _PLACE.search(str(error))
    return found[1] if found else ""


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind not in _NAMES:
        _NAMES[kind] = _names(value)
    names = _NAMES[kind]
    if names is not None:
        return {name: _plain(inner) for name in names if (inner := getattr(value, name)) is not None}
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _names(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, msgspec.Struct):
        return value.__struct_fields__
    return tuple(field.name for field in fields(value)) if is_dataclass(value) else None
