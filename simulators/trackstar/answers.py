"""The vendor's answers: pages, single records and refusals in their documented shapes."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class PageParts:
    """What a list answer is made of. `asked` is the request's own token, None on the first page."""

    records: Sequence[bytes]
    asked: str | None
    next_token: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. `sent` limits the bytes that leave before the connection is reset; None sends all."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON
    page: PageParts | None = None
    sent: int | None = None


class Refusal(Exception):
    """A request that ends in one of the vendor's error answers."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.answer = Answer(status, json.dumps(body, ensure_ascii=False).encode(), headers or {})


def refused(status: int, message: str, origin: str = "trackstar") -> Refusal:
    """The common error shape; `origin` says whether the vendor or the connected system speaks."""
    return Refusal(status, {"error": message, "origin": origin})


def invalid(place: str, name: str, message: str) -> Refusal:
    """A validation error (422): `detail` is location, then field, then messages."""
    return Refusal(422, {"error": f"Validation error: {name}", "detail": {place: {name: [message]}}})


def missing(record_id: str) -> Refusal:
    """A record that this connection's copy lacks (404)."""
    return Refusal(404, {"error": "Not found", "id": record_id})


def page_answer(page: PageParts, padding: int = 0) -> Answer:
    """A list answer: the records as they are, the token, and the number of records on this page."""
    head = b'{"data":[' + b",".join(page.records) + b'],"next_token":'
    tail = f'{json.dumps(page.next_token)},"total_count":{len(page.records)}'
    extra = f',"padding":"{"x" * padding}"' if padding else ""
    return Answer(200, head + tail.encode() + extra.encode() + b"}", page=page)


def single_answer(record: bytes) -> Answer:
    """A single record under `data`."""
    return Answer(200, b'{"data":' + record + b"}")


def token_after(key: str) -> str:
    """The opaque token of the page that starts after a key; an empty key means the first page."""
    return base64.urlsafe_b64encode(f"after:{key}".encode()).decode()


def key_before(token: str) -> str:
    """The key after which a token's page starts.

    Raises:
        Refusal: 422, the token is not one of ours.
    """
    try:
        text = base64.b64decode(token.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError) as problem:
        raise invalid("query", "page_token", "Invalid page token.") from problem
    if not text.startswith("after:"):
        raise invalid("query", "page_token", "Invalid page token.")
    return text.removeprefix("after:")
