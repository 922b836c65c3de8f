"""The vendor's answers: pages, single records and refusals in their documented shapes."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from simulators.serving.exchange import Answer, PageFault, Refusal, refusal


@dataclass(frozen=True, slots=True)
class PageParts:
    """What a list answer is made of. `asked` is the request's own token, None on the first page."""

    records: Sequence[bytes]
    asked: str | None
    next_token: str | None

    def faulty(self, fault: PageFault) -> Answer:
        """The page as a fault makes it lie."""
        again = self.asked or token_after("")
        match fault:
            case "empty_page":
                return page_answer(replace(self, records=(), next_token=None))
            case "empty_with_token":
                return page_answer(replace(self, records=(), next_token=again))
            case "repeat_token" | "endless_page":
                return page_answer(replace(self, next_token=again))


def refused(status: int, message: str, origin: str = "trackstar") -> Refusal:
    """The common error shape; `origin` says whether the vendor or the connected system speaks."""
    return refusal(status, {"error": message, "origin": origin})


def invalid(place: str, name: str, message: str) -> Refusal:
    """A validation error (422): `detail` is location, then field, then messages."""
    return refusal(422, {"error": f"Validation error: {name}", "detail": {place: {name: [message]}}})


def missing(record_id: str) -> Refusal:
    """A record that this connection's copy lacks (404)."""
    return refusal(404, {"error": "Not found", "id": record_id})


def page_answer(page: PageParts) -> Answer:
    """A list answer: the records as they are, the token, and the number of records on this page."""
    head = b'{"data":[' + b",".join(page.records) + b'],"next_token":'
    tail = f'{json.dumps(page.next_token)},"total_count":{len(page.records)}'
    return Answer(200, head + tail.encode() + b"}", page=page)


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
