"""POST /orders/purchaseOrders: one address creates and changes, by number. What was written is read back.

The same request on an unknown number creates and on a known one changes, so that a number is looked up first. Lines
that a request does not name stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from itertools import count as count_from
from typing import Any

import msgspec

from planster_sync.connectors.deposco.assumptions import CURRENCIES, PO_LINES, SUPPLIER
from planster_sync.connectors.deposco.refusals import refusal
from planster_sync.connectors.deposco.searches import Search, Searches
from planster_sync.connectors.deposco.shapes import Count, count, number_of, pack_size, rows
from planster_sync.errors import Conflict, SourceUnavailable, WriteRefused
from planster_sync.http.messages import Replay, Request
from planster_sync.mapping.fields import Fields, decoded
from planster_sync.ports.source import SourceRecord
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft

Body = dict[str, Any]
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_REFUSED = frozenset({400, 404, 422})


@dataclass(frozen=True, slots=True)
class InboundWriting:
    """Purchase orders of one business unit."""

    api: Searches
    search: Search
    business_unit: str

    def found(self, reference: str) -> SourceRecord | None:
        """The purchase order with this number; None where there is none."""
        others = (("businessUnit", self.business_unit),)
        orders = self.api.by_filter(self.search, "number", reference, others)
        return orders[0] if orders else None

    def created(self, draft: InboundShipmentDraft) -> SourceRecord:
        if self.found(draft.reference) is not None:
            raise WriteRefused("The warehouse system already has a purchase order with this number.")
        lines = [
            {**self._line(f"{draft.reference}--{place}", each), **_quantity(each, 1)}
            for place, each in enumerate(draft.lines, start=1)
        ]
        body: Body = {**self._head(draft.reference), "orderStatus": "New", "otherReferenceNumber": draft.reference}
        body["placedDate"] = self.api.clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        body |= _named("shipToFacility", "number", draft.warehouse_id) | _named(SUPPLIER, "code", draft.supplier_id)
        body |= {"plannedArrivalDate": draft.expected_at} if draft.expected_at else {}
        return self._sent({**body, **_currency(draft.lines), "orderLines": {"data": lines}}, draft.lines)

    def changed(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        present = decoded(self.api.one(self.search, shipment_id).raw)
        number = present.required_id("number")
        body: Body = {**self._head(number)}
        body |= {"plannedArrivalDate": change.expected_at} if change.expected_at else {}
        if change.lines:
            body |= {
                **_currency(change.lines),
                "orderLines": {"data": self._changed_lines(number, present, change.lines)},
            }
        return self._sent(body, change.lines or ())

    def _head(self, number: str) -> Body:
        return {**_named("businessUnit", "code", self.business_unit), "number": number}

    def _sent(self, body: Body, lines: Sequence[DraftLine]) -> SourceRecord:
        if len(lines) > PO_LINES:
            raise WriteRefused(f"The warehouse system takes at most {PO_LINES} lines of a purchase order at once.")
        request = Request(
            "POST",
            self.search.path,
            headers={"content-type": "application/json", "accept": "application/json"},
            body=_ENCODER.encode(body),
            replay=Replay.NEVER,
            expects=_REFUSED | {409},
        )
        answer = self.api.client.send(request, deadline=None)
        if answer.status == 409:
            raise Conflict("Somebody else changed the purchase order at the same moment.")
        if answer.status in _REFUSED:
            raise refusal(answer, [_item(each) for each in lines])
        written = self.found(str(body["number"]))
        if written is None:
            raise SourceUnavailable("The warehouse system took the purchase order but does not show it yet.")
        return written

    def _changed_lines(self, number: str, present: Fields, lines: Sequence[DraftLine]) -> list[Body]:
        """The lines of a change: known items under their line's number and pack, others behind the last line."""
        known: dict[str, list[Fields]] = {}
        for row in rows(present, "orderLines"):
            known.setdefault(number_of(row, "item") or "", []).append(row)
        taken = {row.identifier("lineNumber") for row in rows(present, "orderLines")}
        free = (name for place in count_from(1) if (name := f"{number}--{place}") not in taken)
        made: list[Body] = []
        for each in lines:
            same = known.get(_item(each), [])
            if len(same) > 1:
                raise WriteRefused(
                    f"The purchase order has several lines of {_item(each)}; change it in the warehouse."
                )
            made.append(self._again(same[0], each) if same else self._line(next(free), each) | _quantity(each, 1))
        return made

    def _again(self, present: Fields, line: DraftLine) -> Body:
        quantity = _quantity(line, pack_size(present))
        quantity["orderPackQuantity"] += int(count(present, "canceledPackQuantity") or 0)  # they stay among the ordered
        kept = {"lineNumber": present.required_id("lineNumber"), "pack": present.value("pack")}
        return {**kept, **self._item(line), **quantity, **_cost(line)}

    def _line(self, number: str, line: DraftLine) -> Body:
        pack = {"item.number": _item(line), "quantity": 1, "item.businessUnit.code": self.business_unit}
        return {
            "lineNumber": number,
            **self._item(line),
            "pack": {"businessKey": pack},
            **_cost(line),
        }

    def _item(self, line: DraftLine) -> Body:
        return {"item": {"businessKey": {"number": _item(line), "businessUnit.code": self.business_unit}}}


def _quantity(line: DraftLine, size: Count) -> dict[str, int]:
    packs, rest = divmod(Decimal(line.quantity), Decimal(size))
    if rest or packs <= 0:
        unit = "a whole number of pieces" if size == 1 else f"a multiple of {size}, the pieces in the line's pack"
        raise WriteRefused(f"The quantity of {_item(line)} must be {unit}.")
    return {"orderPackQuantity": int(packs)}


def _item(line: DraftLine) -> str:
    """The item's number, which is both its SKU and the id of its stock."""
    return line.sku or line.inventory_item_id or ""


def _cost(line: DraftLine) -> Body:
    return {} if line.unit_cost is None else {"unitCost": Decimal(line.unit_cost.amount)}


def _currency(lines: Sequence[DraftLine]) -> Body:
    """The one currency of all costs, as the vendor writes it; a purchase order has only one."""
    told = {line.unit_cost.currency for line in lines if line.unit_cost and line.unit_cost.currency}
    if len(told) > 1:
        raise WriteRefused("The costs of a purchase order must be in one currency.")
    theirs: Mapping[str, str] = {iso: vendor for vendor, iso in CURRENCIES.items()}
    return {"currencyCode": theirs.get(code, code)} if (code := next(iter(told), None)) else {}


def _named(name: str, key: str, value: str | None) -> Body:
    return {name: {"businessKey": {key: value}}} if value else {}
