"""Opaque cursors: a position, sealed together with the list that it belongs to.

The seal is a checksum, not a signature: it catches damage, guessing and a cursor carried over to another list or
filter. A tenant's wall does not rest on it: what a cursor can reach is bounded by the path that it is used with.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b

from planster_sync.errors import InvalidRequest

VERSION = 1
LONGEST = 2048
LONGEST_POSITION = 1024
"""Bytes: no place in a list is longer (AWS: DynamoDB, sort keys)."""
_SEAL_BYTES = 8


def sealed(scope: tuple[str, ...], position: str) -> str:
    """A cursor, URL-safe, for a position within the list that `scope` names."""
    content = _seal(scope, position) + position.encode()
    return urlsafe_b64encode(content).decode().rstrip("=")


def opened(scope: tuple[str, ...], cursor: str) -> str:
    """The position.

    Raises:
        InvalidRequest: this API never gave that cursor for that list.
    """
    try:
        content = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        position = content[_SEAL_BYTES:].decode()
    except ValueError as error:
        raise foreign() from error
    if sealed(scope, position) != cursor or len(position.encode()) > LONGEST_POSITION:
        raise foreign()
    return position


def _seal(scope: tuple[str, ...], position: str) -> bytes:
    return blake2b(json.dumps([VERSION, *scope, position]).encode(), digest_size=_SEAL_BYTES).digest()


def foreign() -> InvalidRequest:
    """What a cursor is answered with that this API never gave, however well it is sealed."""
    return InvalidRequest(
        "The cursor is not one that this API gave for this list.",
        remedy="Repeat the request without `after`, with the same filters on every page.",
    )
