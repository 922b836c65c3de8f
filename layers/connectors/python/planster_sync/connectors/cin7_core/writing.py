"""Purchases as Planster creates and changes them: a header first, then its lines; always as a draft.

The vendor numbers purchases itself and keeps no number of ours, so that our reference stands on a line of its own in
the purchase's note. A draft does not count as on order until somebody authorises it in Cin7 Core.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from planster_sync.connectors.cin7_core.calls import Refusal
from planster_sync.connectors.cin7_core.catalogue import Catalogue
from planster_sync.connectors.cin7_core.documents import PURCHASES, Documents, stamp
from planster_sync.connectors.cin7_core.purchase_lines import Line, changed_lines, new_lines
from planster_sync.connectors.cin7_core.reference import note_of, reference_in
from planster_sync.connectors.cin7_core.refusals import refused
from planster_sync.errors import AnswerBroken, NotFound, WriteRefused
from planster_sync.ports.source import SourceRecord
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft

_SEARCHED = timedelta(days=2)
"""How far back our reference is looked for: who asks again after a lost answer does so within a day."""

_DRAFT = "DRAFT"
_OPEN_ORDERS = (_DRAFT, "NOT AVAILABLE")
"""The vendor takes lines only into an order in one of these states (blueprint, Purchase Order, POST)."""

_PURCHASE, _ORDER = "/advanced-purchase", "/purchase/order"
_DECODER = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)


@dataclass(frozen=True, slots=True)
class Writing:
    """The changes of one account's purchases."""

    documents: Documents
    catalogue: Catalogue
    zone: ZoneInfo

    def find(self, reference: str, places: Mapping[str, str]) -> SourceRecord | None:
        """The purchase that carries our reference, and its lines: without them it was never finished."""
        found = (each for each in self._carrying(reference, (), places) if _lines_of(_read(each)))
        return next(found, None)

    def create(self, draft: InboundShipmentDraft, places: Mapping[str, str]) -> SourceRecord:
        """A new purchase; a header that an earlier attempt left behind is completed.

        Raises:
            WriteRefused: the vendor does not take it, or what it names is not there.
            SourceUnavailable: it is not known how far it came; to call it again is safe.
        """
        self.catalogue.require_currency(draft)
        lines = [(each, self.catalogue.product(each)) for each in draft.lines]
        header = next((_read(each) for each in self._carrying(draft.reference, _FRESH, places)), None)
        if header is None:
            header = self._changed("POST", _PURCHASE, self._header(draft))
        products = {id(each): product for each, product in lines}
        made = new_lines(draft.lines, lambda each: products[id(each)], header.get("TaxRule"))
        self._order(header, made)
        return self._again(str(header["ID"]).lower(), places)

    def update(self, own: str, change: InboundShipmentChange, places: Mapping[str, str]) -> SourceRecord:
        """A purchase with other lines, or another date.

        Raises:
            NotFound: there is no such purchase.
            WriteRefused: its order is no draft any more, or the vendor does not take the change.
        """
        present = _read(self._again(own, places))
        order = present.get("Order") or {}
        if order.get("Status") not in _OPEN_ORDERS:
            raise WriteRefused("The purchase order is no longer a draft in Cin7 Core.")
        lines = None
        if change.lines is not None:
            lines = changed_lines(_lines_of(present), change.lines, self.catalogue.product, present.get("TaxRule"))
        if change.expected_at is not None:
            self._changed("PUT", _PURCHASE, self._moved(present, change.expected_at))
        if lines is not None:
            self._order(present, lines)
        return self._again(own, places)

    def _carrying(
        self, reference: str, filters: tuple[tuple[str, str], ...], places: Mapping[str, str]
    ) -> Iterator[SourceRecord]:
        """The purchases of the last days with our reference, the latest first."""
        since = self.documents.lists.calls.clock.now() - _SEARCHED
        naming = PURCHASES.lists[0]
        for own, header in self.documents.latest(naming, (*filters, (naming.changed, stamp(since)))):
            for found in self.documents.fetch(own, PURCHASES.likely(header), places, None):
                purchase = _read(found)
                if reference_in(purchase.get("Note")) == reference and purchase.get("Status") != "VOIDED":
                    yield found

    def _header(self, draft: InboundShipmentDraft) -> dict[str, Any]:
        header = {
            "SupplierID": draft.supplier_id,
            "Approach": "STOCK",
            "PurchaseType": "Advanced",
            "Location": self.catalogue.location_name(draft.warehouse_id or ""),
            "Note": note_of(draft.reference),
        }
        return {**header, **({"RequiredBy": self._day(draft.expected_at)} if draft.expected_at else {})}

    def _moved(self, present: Mapping[str, Any], expected_at: str) -> dict[str, Any]:
        """A header again as it is, with another date: what is left out might be emptied."""
        kept = {name: present.get(name) for name in ("ID", "SupplierID", "Approach", "Location", "Note")}
        return {**kept, "RequiredBy": self._day(expected_at)}

    def _day(self, instant: str) -> str:
        """The company's calendar date of a moment, as the vendor writes dates."""
        return f"{datetime.fromisoformat(instant).astimezone(self.zone).date().isoformat()}T00:00:00"

    def _order(self, header: Mapping[str, Any], lines: Sequence[Line]) -> None:
        order = header.get("Order") or {}
        self._changed(
            "POST",
            _ORDER,
            {
                "TaskID": header["ID"],
                "CombineAdditionalCharges": False,
                "Memo": order.get("Memo") or "",
                "Status": _DRAFT,
                "Lines": lines,
                "AdditionalCharges": order.get("AdditionalCharges") or [],
            },
        )

    def _changed(self, method: str, path: str, document: Mapping[str, Any]) -> dict[str, Any]:
        try:
            body = self.documents.lists.calls.change(method, path, document)
        except Refusal as refusal:
            raise refused(refusal) from None
        found = _decoded(body)
        if not (found.get("ID") or found.get("TaskID")):
            raise AnswerBroken("The source's answer to a change does not name the purchase.", detail=path)
        return found

    def _again(self, own: str, places: Mapping[str, str]) -> SourceRecord:
        """The purchase as it is now: an answer of 200 does not prove that it was stored."""
        found = self.documents.fetch(own, PURCHASES.addresses[:2], places, None)
        if not found:
            raise NotFound("The source has no such purchase.")
        return found[0]


_FRESH = (("Status", _DRAFT),)
"""A header without lines is a draft; the filter takes one value."""


def _lines_of(purchase: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list((purchase.get("Order") or {}).get("Lines") or ())


def _read(record: SourceRecord) -> dict[str, Any]:
    return _decoded(record.raw)


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise AnswerBroken("The source's answer cannot be read.", detail="purchase") from None
