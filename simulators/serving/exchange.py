"""Requests and answers, whatever the vendor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

JSON = "application/json"

PageFault = Literal["empty_page", "empty_with_token", "repeat_token", "endless_page"]
"""How a page can lie. `empty_page`: no records, and it says that this was the last. `empty_with_token`: no records, and
the way on leads back to the same place. `repeat_token`: the right records, and the way on leads to them again.
`endless_page`: the right records, and it says that more follow, also after the last."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as the server read it; header names in lower case, the query without its `?`."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class Page(Protocol):
    """What a list answer was made of, so that a fault can make it again."""

    def faulty(self, fault: PageFault) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. `sent` limits the bytes that leave before the connection is reset; None sends all."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON
    page: Page | None = None
    sent: int | None = None


class Refusal(Exception):
    """A request that ends in one of the vendor's error answers."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status, answer.body)
        self.answer = answer


def rendered(value: Any) -> bytes:
    """A value's bytes on the wire; the same value always gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def told(value: Any, status: int = 200, headers: Mapping[str, str] | None = None, page: Page | None = None) -> Answer:
    """An answer in JSON."""
    return Answer(status, rendered(value), headers or {}, page=page)


def refusal(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Refusal:
    """An error answer in JSON, to be raised."""
    return Refusal(told(body, status, headers))
