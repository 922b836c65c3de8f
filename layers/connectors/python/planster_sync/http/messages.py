"""What goes to a vendor, what comes back, and what carries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

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


class NoAnswer(Exception):
    """There was no whole answer. `sent`: the vendor may have seen the request; `reason` is what went wrong."""

    def __init__(self, reason: BaseException, *, sent: bool) -> None:
        super().__init__(type(reason).__name__)
        self.reason = reason
        self.sent = sent


class Transport(Protocol):
    """Carries requests to one base URL, one at a time; connections may be kept open between them."""

    def exchange(self, request: Request, ends: datetime) -> Answer:
        """The whole answer to a signed request, until `ends` (UTC) at the latest.

        Raises:
            NoAnswer: the connection failed, or the time was over before the answer was whole.
            SettingsInvalid: the host's name leads to an address that is not allowed.
            AnswerBroken: the answer is too large or wrongly compressed.
        """
        ...

    def close(self) -> None:
        """Closes the kept connections; a later exchange opens new ones."""
        ...
