"""Records and lists as they go out: HAL, or plain JSON without it; children only when `detail` asks for them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from simulators.business.spec import Record
from simulators.extensiv.errors import bad_parameter
from simulators.extensiv.shapes import CONTENT, ORDER_ITEM, PACKAGE, RECEIVE_ITEM
from simulators.serving.exchange import Answer, PageFault, Request, told

HAL = "application/hal+json"
MANY_MORE = 1_000_000

_PLAIN_NAMES = {
    ORDER_ITEM: "orderItems",
    PACKAGE: "packages",
    CONTENT: "packageContents",
    RECEIVE_ITEM: "receiveItems",
}
"""Where plain JSON has the children that HAL embeds."""


@dataclass(frozen=True, slots=True)
class Details:
    """What a list's `detail` may name, and which fields and rels come only with it."""

    fields: Mapping[str, str]
    rels: Mapping[str, str]

    def asked(self, text: str) -> frozenset[str]:
        """The words of a comma list.

        Raises:
            Refusal: 400 for a word that is none.
        """
        words = frozenset(text.split(",")) if text else frozenset()
        known = {*self.fields, *self.rels, "None", "All", "SavedElements", "ProposedBilling"}
        if words - known:
            raise bad_parameter("detail", f"One of {', '.join(sorted(known))}")
        return words

    def shown(self, record: Record, words: Collection[str]) -> Record:
        """The record without what was not asked for."""
        if "All" in words:
            return record
        hidden = {name for word, name in self.fields.items() if word not in words}
        kept = {name: value for name, value in record.items() if name not in hidden and name != "_embedded"}
        rels = [rel for word, rel in self.rels.items() if word in words]
        children = {rel: record["_embedded"][rel] for rel in rels if rel in record.get("_embedded", {})}
        return {**kept, "_embedded": children} if children else kept


NOTHING = Details({}, {})
ORDER_DETAILS = Details(
    {"BillingDetails": "billing", "Contacts": "shipTo"}, {"OrderItems": ORDER_ITEM, "Packages": PACKAGE}
)
RECEIVER_DETAILS = Details({"BillingDetails": "billing"}, {"ReceiveItems": RECEIVE_ITEM})


def is_hal(request: Request) -> bool:
    return HAL in request.headers.get("accept", "")


def etag(record: Record) -> str:
    """The record's version; any change makes another."""
    return f'"{sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:16]}"'


def single(request: Request, record: Record, shown: Record, status: int = 200) -> Answer:
    """One record with its ETag; `shown` is what of it was asked for."""
    return told(shown if is_hal(request) else plain(shown), status, {"etag": etag(record)})


def plain(value: Any) -> Any:
    """The same in plain JSON: PascalCase, children beside the other fields, no rels."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    beside = {_PLAIN_NAMES[rel]: children for rel, children in value.get("_embedded", {}).items()}
    fields = {name: inner for name, inner in value.items() if name != "_embedded"} | beside
    return {
        name if name[:1] == "_" else f"{name[:1].upper()}{name[1:]}": plain(inner) for name, inner in fields.items()
    }


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list. `rel` names what is embedded; None for the stock summary, which embeds nothing."""

    request: Request
    rel: str | None
    rows: Sequence[Record]
    first: Sequence[Record]
    total: int

    def answer(self) -> Answer:
        return told(self._body(), page=self)

    def faulty(self, fault: PageFault) -> Answer:
        """`totalResults` is the only way on that there is."""
        rows, total = {
            "empty_page": ((), 0),
            "empty_with_token": ((), self.total + 1),
            "repeat_token": (self.first, MANY_MORE),
            "endless_page": (self.rows, MANY_MORE),
        }[fault]
        return ListPage(self.request, self.rel, rows, self.first, total).answer()

    def _body(self) -> Record:
        rows = list(self.rows)
        if is_hal(self.request):
            if self.rel is None:
                return {"totalResults": self.total, "summaries": rows}
            links = {"self": {"href": self.request.path}}
            return {"totalResults": self.total, "_embedded": {self.rel: rows}, "_links": links}
        name = "Summaries" if self.rel is None else "ResourceList"
        return {"TotalResults": self.total, name: plain(rows), "_links": []}
