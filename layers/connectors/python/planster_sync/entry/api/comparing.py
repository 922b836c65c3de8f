"""Two states of a record beside each other: which fields differ, and what each of them is taken from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planster_sync.entry.api.overlays import OVERLAY
from planster_sync.ports.source import Origin

COPY_S_OWN = frozenset({"data_type", "read_at", "changed_at", "deleted_at", "quarantined_at", OVERLAY})
"""Facts about the stored copy, which the source knows nothing of."""

_NAMES = ("warehouse_id", "line_id", "lot_id", "location_id", "inventory_item_id", "supplier_id", "id", "sku")
"""What an item of a list is known by, the first that all its neighbours have, each another one."""


def as_the_source_said(shown: Mapping[str, Any]) -> dict[str, Any]:
    """A shown record without the correction that lies over it, and without facts about the copy."""
    before: Mapping[str, Any] = (shown.get(OVERLAY) or {}).get("before", {})
    whole = {**shown, **before}
    return {name: value for name, value in whole.items() if name not in COPY_S_OWN and value is not None}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: where it is, such as `warehouses[w1].on_hand`, which it is (`warehouses.on_hand`), and both values."""

    path: str
    field: str
    stored: Any
    source: Any


def differences(stored: Mapping[str, Any], source: Mapping[str, Any]) -> list[Difference]:
    """Every field that differs, in the stored record's order; None is a field that is not there."""
    ours, theirs = dict(_leaves(stored, "", "")), dict(_leaves(source, "", ""))
    places = list(dict.fromkeys((*ours, *theirs)))
    return [
        Difference(path, field, ours.get((path, field)), theirs.get((path, field)))
        for path, field in places
        if ours.get((path, field)) != theirs.get((path, field))
    ]


def origin_of(field: str, fills: Mapping[str, Origin]) -> Origin | None:
    """What a field is taken from, where the connector says so; a part of money or of a word has its whole's origin."""
    return fills.get(field) or fills.get(field.rpartition(".")[0])


def _leaves(value: Any, path: str, field: str) -> Iterator[tuple[tuple[str, str], Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}".lstrip("."), f"{field}.{name}".lstrip("."))
    elif isinstance(value, list | tuple) and value:
        for name, inner in zip(_names(value), value, strict=True):
            yield from _leaves(inner, f"{path}[{name}]", field)
    elif value is not None and value not in ([], ()):
        yield (path, field), value


def _names(items: Sequence[Any]) -> Sequence[Any]:
    for name in _NAMES:
        found = [item.get(name) if isinstance(item, Mapping) else None for item in items]
        if None not in found and len(set(map(str, found))) == len(found):
            return found
    return range(len(items))
