"""What a reader relies on in what is kept and sent: names and kinds of values, by kind of row and of message."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from tests.versions.snapshot import Snapshot

Forms = Mapping[str, frozenset[str]]
"""By kind, the paths that are there with the kinds of their values: `checkpoint.M.segment.N`."""

CHECKSUM = 8
"""Bytes before an object's own."""
_NAMED = re.compile(r"(?<=#)[0-9a-z][^#]*|\d{8}T\d{6}Z")
MAPS_OF_ANY = frozenset({"tasks", "counts", "windows", "settings"})
"""Attributes whose members are named by data, such as the reads of a connector."""


def forms(snapshot: Snapshot) -> Forms:
    found: dict[str, set[str]] = {}
    for table, rows in snapshot.rows.items():
        for row in rows:
            kind = "a record" if table == "records" else _kind(row)
            found.setdefault(f"{table}: {kind}", set()).update(_paths(row))
    for queue, bodies in snapshot.messages.items():
        for body in bodies:
            found.setdefault(f"message: {queue}", set()).update(_of_json(json.loads(body)))
    for key, content in snapshot.objects.items():
        format_ = _format(base64.b64decode(content))
        found.setdefault(f"object: {key.partition('/')[0]}", set()).add(f"format {format_}")
    return {kind: frozenset(paths) for kind, paths in found.items()}


def _format(content: bytes) -> Any:
    """The first of all that is packed: a number that rises when older code cannot read the rest."""
    decoded = msgspec.msgpack.decode(content[CHECKSUM:])
    head = decoded[0]
    return head[0] if isinstance(head, list) else head


def _kind(row: Mapping[str, Any]) -> str:
    """Of its keys what is not a name: `ORG# INT##STREAM#`."""
    return " ".join(_NAMED.sub("", str(row[key]["S"])) for key in ("pk", "sk"))


def _paths(row: Mapping[str, Any], before: str = "") -> set[str]:
    found: set[str] = set()
    for name, value in row.items():
        ((kind, inner),) = value.items()
        here = f"{before}{name}.{kind}"
        found.add(here)
        if kind == "M" and name in MAPS_OF_ANY:
            for each in inner.values():
                found |= _paths({"*": each}, f"{here}.")
        elif kind == "M":
            found |= _paths(inner, f"{here}.")
    return found


def _of_json(value: Mapping[str, Any]) -> set[str]:
    return {f"{name}.{type(inner).__name__}" for name, inner in value.items()}
