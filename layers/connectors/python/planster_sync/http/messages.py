"""What goes to a vendor and what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Replay(StrEnum):
    """SAFE: sending it twice does no harm. NEVER: it is sent again only where the vendor surely did not act on it."""

    SAFE = "safe"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, relative to the client's base URL.

    `path` starts with a slash and is appended to the base URL's own path; its segments are quoted by the caller.
    `params` keep their order and may repeat. Credentials belong in headers: a parameter named like one is refused.
    `expects` are statuses beyond 2xx that come back as an `Answer` instead of an error.
    """

    method: str
    path: str
    params: Sequence[tuple[str, str]] = field(default=(), repr=False)
    headers: Mapping[str, str] = field(default_factory=lambda: _NO_HEADERS, repr=False)
    body: bytes | None = field(default=None, repr=False)
    replay: Replay = Replay.SAFE
    expects: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. Header names are lower-cased; repeated ones are joined by a comma. `body` is decompressed."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
