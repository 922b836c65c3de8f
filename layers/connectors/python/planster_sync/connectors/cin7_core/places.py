"""Locations by name: stock and documents name warehouses and bins, and only the list of locations knows their ids.

The client puts the ids that a record needs into the record as `Places`: from the name or id of a warehouse, or the id
of a bin, to the warehouse's id; from `Warehouse: Bin`, the vendor's own way of writing a bin, to the bin's. All are in
lower case. Without them, as in a file that a person maps, the vendor's own name stands for the id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from planster_sync.mapping.fields import Fields, invalid

PLACES = "Places"
_NAMING = ("Location", "LocationID", "From", "To")


def bin_key(warehouse: str, name: str) -> str:
    return f"{warehouse}: {name}"


def table(locations: list[dict[str, Any]]) -> dict[str, str]:
    """Every name and id in the list of locations, folded, with the id that it stands for."""
    found: dict[str, str] = {}
    for location in locations:
        if location.get("ParentID"):
            continue
        own, name = str(location["ID"]).lower(), str(location.get("Name") or "")
        found[own] = own
        found.setdefault(name.casefold(), own)
        for each in location.get("Bins") or ():
            found[str(each["ID"]).lower()] = own
            found.setdefault(bin_key(name, each.get("Name") or "").casefold(), str(each["ID"]).lower())
    return found


def enriched(raw: bytes, known: Mapping[str, str]) -> bytes:
    """A document with the ids of the places that it names."""
    if not raw.startswith(b"{"):
        return raw
    named = {name.casefold() for name in _named(raw)}
    front = msgspec.json.encode({PLACES: {name: known[name] for name in sorted(named) if name in known}})
    return front[:-1] + b"," + raw[1:]


def place_id(record: Fields, named: str | None) -> str | None:
    """The id that a name or id of a place stands for; the vendor's own word where the record does not say."""
    found = record.child(PLACES).values.get(named.casefold()) if named else None
    if found is None:
        return named
    if not isinstance(found, str) or not found:
        raise invalid(record.path(PLACES), "holds something that is not an id")
    return found


def _named(raw: bytes) -> set[str]:
    try:
        return set(_names_in(msgspec.json.decode(raw)))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return set()  # what cannot be read goes to quarantine when it is mapped


def _names_in(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for inner in node:
            yield from _names_in(inner)
    elif isinstance(node, dict):
        for name, inner in node.items():
            if name in _NAMING and isinstance(inner, str) and inner:
                yield inner
            else:
                yield from _names_in(inner)
