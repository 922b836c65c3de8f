"""Answers of both APIs: V2's pages with links, its ten rows of anything nested, its errors; V1's plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulators.business.spec import Record
from simulators.serving.exchange import Answer, PageFault, Refusal, refusal, rendered, told

NESTED_ROWS = 10


def wrong(status: int, words: str) -> Refusal:
    """One of V2's errors."""
    return refusal(status, {"errors": [{"errorMessage": words}]})


def plainly(status: int, words: str) -> Refusal:
    """One of V1's errors: a sentence."""
    return Refusal(Answer(status, words.encode(), content_type="text/plain"))


def shown(record: Record, most: int) -> Record:
    """The record as an answer shows it: of each nested collection `most` rows, and no way to the others."""
    return {name: _cut_off(value, most) for name, value in record.items()}


def _cut_off(value: Any, most: int) -> Any:
    if not isinstance(value, Mapping) or "data" not in value:
        return value
    data = value["data"]
    pages = -(-len(data) // most)
    return {"data": data[:most], "links": [], "complete": len(data) <= most, "pages": pages}


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of a search. `again` is the link to this page, `coming` to the next one."""

    rows: Sequence[Record]
    again: str
    coming: str | None
    pages: int

    def answer(self) -> Answer:
        links = [] if self.coming is None else [{"rel": "next", "href": self.coming}]
        return told(
            {"data": list(self.rows), "links": links, "complete": self.coming is None, "pages": self.pages}, page=self
        )

    def faulty(self, fault: PageFault) -> Answer:
        if fault == "empty_page":
            return SearchPage((), self.again, None, self.pages).answer()
        if fault == "empty_with_token":
            return SearchPage((), self.again, self.again, self.pages).answer()
        following = self.again if fault == "repeat_token" else self.coming or self.again
        return SearchPage(self.rows, self.again, following, self.pages).answer()


@dataclass(frozen=True, slots=True)
class StockPage:
    """A numbered page of V1's stock out of all `items`; JSON goes out under XML's name, as the vendor's does."""

    items: Sequence[Record]
    number: int
    size: int
    is_xml: bool

    def answer(self) -> Answer:
        return self._told(self._page(self.number))

    def faulty(self, fault: PageFault) -> Answer:
        """Numbers cannot lead back: a page that repeats is the first one, and an endless list ends with its last."""
        if fault in {"empty_page", "empty_with_token"}:
            return self._told(())
        last = max(1, -(-len(self.items) // self.size))
        return self._told(self._page(1 if fault == "repeat_token" else min(self.number, last)))

    def _page(self, number: int) -> Sequence[Record]:
        return self.items[(number - 1) * self.size : number * self.size]

    def _told(self, items: Sequence[Record]) -> Answer:
        body = in_xml(items) if self.is_xml else rendered({"enterpriseInventory": list(items)})
        return Answer(200, body, content_type="application/xml", page=self)


def in_xml(items: Sequence[Record]) -> bytes:
    """`/inventory/full`: quantities are decimal texts, and only four are told."""
    inside = "".join(_item_xml(item) for item in items)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}<ns2:inventories xmlns:ns2="http://integration.deposco.com/inventory">{inside}</ns2:inventories>'.encode()


def _item_xml(item: Record) -> str:
    facilities = "".join(_facility_xml(each) for each in item["facilities"])
    return f"<itemInventory><itemNumber>{_escaped(item['itemNumber'])}</itemNumber>{facilities}</itemInventory>"


def _facility_xml(facility: Record) -> str:
    total, allocated = facility["totalOnHandQty"], facility["openOrderLineQty"]
    told_quantities = {
        "total": total,
        "availableToPromise": facility["atpQty"],
        "unallocated": total - allocated,
        "allocated": allocated,
    }
    inside = "".join(f"<{name}>{value}.0</{name}>" for name, value in told_quantities.items())
    return (
        f"<facilityInventory><facility>{facility['facility']}</facility>"
        f"<inventory>{inside}</inventory></facilityInventory>"
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
