"""POST and PUT /wms/inbound-shipments: forwarded at once to the connected warehouse system, whose answer comes back.

Source: docs.trackstarhq.com, how-to-guides/programmatic-writes and api-reference/wms-api/inbound-shipments.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import msgspec

from planster_sync.connectors.trackstar.paging import Walk
from planster_sync.errors import AnswerBroken, Conflict, EndUnproven, SourceUnavailable, WriteRefused
from planster_sync.http.messages import Answer, Replay, Request
from planster_sync.http.refusals import refusal
from planster_sync.mapping.pages import single
from planster_sync.model.record import Money
from planster_sync.ports.source import End, SourceRecord
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from planster_sync.reading.walks import advancing

PATH = "/wms/inbound-shipments"
_JSON = MappingProxyType({"content-type": "application/json"})
_TOLD = frozenset({400, 409, 422})
"""The connected system's refusal, the same key still at work, a body against its schema (about-the-api, Errors)."""

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "purchase_order_number": "reference",
        "expected_arrival_date": "expected_at",
        "warehouse_id": "warehouse_id",
        "warehouse_customer_id": "warehouse_customer_id",
    }
)
_LINE_NAMES: Mapping[str, str] = MappingProxyType(
    {"sku": "sku", "expected_quantity": "quantity", "external_id": "supplier_sku"}
)
_KEPT = ("sku", "expected_quantity", "external_id", "unit_cost")
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **_NAMES,
        **_LINE_NAMES,
        "line_items": "lines",
        "tracking_number": "tracking_numbers",
        "supplier_object": "supplier_id or supplier_name",
        "unit_cost": "unit_cost.amount",
    }
)
"""The vendor's names in ours, for its refusals. A field must not be null or empty there: it is left out instead."""


@dataclass(frozen=True, slots=True)
class InboundShipmentWrites:
    """The writes of one connection, whose prices are in `currency` where the integration's settings name one."""

    walk: Walk
    currency: str | None = None

    def find(self, reference: str) -> SourceRecord | None:
        """The shipment with this purchase order number; what was written is readable at once (programmatic-writes)."""
        found: list[SourceRecord] = []
        end = End.MORE
        filters = (("purchase_order_number[eq]", reference),)
        for page in advancing(self.walk.pages(PATH, filters, after=None, deadline=None)):
            found += [each for each in page.records if _decoded(each.raw).get("purchase_order_number") == reference]
            end = page.end
        if len(found) > 1:
            raise Conflict(f"The warehouse system has several inbound shipments with the number {reference}.")
        if not found and end is not End.PROVEN:
            raise EndUnproven("The source did not say that its answer was complete.")
        return found[0] if found else None

    def create(self, draft: InboundShipmentDraft) -> SourceRecord:
        """Under an idempotency key made of the reference: for 24 hours the vendor itself makes no second one."""
        body = {**_head(draft), "line_items": [self._line(line) for line in draft.lines]}
        key = f"planster-{blake2b(draft.reference.encode(), digest_size=16).hexdigest()}"
        return self._sent("POST", PATH, body, {"idempotency-key": key}, _own(draft))

    def update(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        """Without a key: one made of the content would turn a later return to the same values into a replay."""
        path = f"{PATH}/{quote(shipment_id, safe='')}"
        body = _dates(change)
        if change.lines is not None:
            there = _decoded(single(self.walk.body(path)).raw).get("line_items")
            new = {line.sku: self._line(line) for line in change.lines}
            body["line_items"] = _merged(there if isinstance(there, list) else [], new)
        return self._sent("PUT", path, body, {}, [line.sku for line in change.lines or ()])

    def _line(self, line: DraftLine) -> dict[str, Any]:
        if line.quantity != int(line.quantity):
            raise WriteRefused(f"Trackstar takes whole pieces only, not {line.quantity} of {line.sku}.")
        told = {theirs: value for theirs, ours in _LINE_NAMES.items() if (value := getattr(line, ours)) is not None}
        cost = {} if line.unit_cost is None else {"unit_cost": _number(self._amount(line.unit_cost))}
        return {**told, "expected_quantity": int(line.quantity), **cost}

    def _amount(self, price: Money) -> str:
        """A bare number there: one in another currency than the account's would silently mean something else."""
        if price.currency is not None and self.currency is not None and price.currency != self.currency:
            raise WriteRefused(f"This account keeps purchase prices in {self.currency}, not in {price.currency}.")
        return price.amount

    def _sent(
        self, method: str, path: str, body: Mapping[str, Any], headers: Mapping[str, str], own: Sequence[str | None]
    ) -> SourceRecord:
        content = msgspec.json.encode(body)
        request = Request(method, path, (), {**_JSON, **headers}, content, replay=Replay.NEVER, expects=_TOLD)
        answer = self.walk.client.send(request, deadline=None)
        if answer.status == 409:
            raise SourceUnavailable("The warehouse system is still at work on the same change.")
        if answer.status in _TOLD:
            raise _refusal(answer, own)
        return single(answer.body)


def _head(draft: InboundShipmentDraft) -> dict[str, Any]:
    body: dict[str, Any] = {
        theirs: value for theirs, ours in _NAMES.items() if (value := getattr(draft, ours)) is not None
    }
    if draft.supplier_id is not None:
        body["supplier_object"] = {"supplier_id": draft.supplier_id}
    elif draft.supplier_name is not None:
        body["supplier_object"] = {"supplier_name": draft.supplier_name}
    return {**body, **_tracking(draft.tracking_numbers)}


def _dates(change: InboundShipmentChange) -> dict[str, Any]:
    if change.tracking_numbers is not None and not change.tracking_numbers:
        raise WriteRefused("Trackstar cannot take a tracking number away.")  # no field may be empty there
    expected = {} if change.expected_at is None else {"expected_arrival_date": change.expected_at}
    return {**expected, **_tracking(change.tracking_numbers or ())}


def _tracking(numbers: Sequence[str]) -> dict[str, str]:
    """A list when it is read, a single text when it is written."""
    if len(numbers) > 1:
        raise WriteRefused("Trackstar takes one tracking number for an inbound shipment.")
    return {"tracking_number": numbers[0]} if numbers else {}


def _number(amount: str) -> int | float:
    return float(amount) if "." in amount else int(amount)


def _merged(there: Sequence[Any], new: dict[str | None, dict[str, Any]]) -> list[dict[str, Any]]:
    """The whole list, for the vendor replaces it: what changes, the rest as it is, and then what is new."""
    lines = []
    known = Counter(line.get("sku") for line in there)
    for line in there:
        sku = line.get("sku")
        if not sku:
            raise WriteRefused("A line of this shipment has no SKU, so that its lines cannot be changed from here.")
        if sku in new and known[sku] > 1:
            raise WriteRefused(f"Several lines of this shipment hold {sku}: change them in the warehouse system.")
        kept = {name: line[name] for name in _KEPT if _told(line, name)}
        lines.append({**kept, **new.pop(sku, {})})
    return [*lines, *new.values()]


def _told(line: Mapping[str, Any], name: str) -> bool:
    return line.get(name) not in (None, "")


def _refusal(answer: Answer, own: Sequence[str | None]) -> WriteRefused:
    """Its own sentence, or for a body against its schema each field with what is wrong (about-the-api, Errors)."""
    told = _decoded(answer.body)
    detail = told.get("detail")
    parts = [
        f"{_ours(name)}: {' '.join(map(str, messages if isinstance(messages, list) else [messages]))}"
        for fields in (detail.values() if isinstance(detail, dict) else ())
        for name, messages in (fields.items() if isinstance(fields, dict) else ())
    ]
    return refusal("; ".join(parts) or str(told.get("error") or ""), own)


def _ours(name: str) -> str:
    return ".".join(_WORDS.get(step, step) for step in name.split("."))


def _own(draft: InboundShipmentDraft) -> list[str | None]:
    own = [draft.reference, draft.warehouse_id, draft.supplier_id, draft.supplier_name]
    return [*own, *(line.sku for line in draft.lines)]


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise AnswerBroken("The source's answer cannot be read.", detail="no JSON") from error
    return found if isinstance(found, dict) else {}
