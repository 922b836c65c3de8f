"""Purchase orders that Planster creates and changes. Source: purchase-orders, schema reference.

There is no idempotency key and no ETag: a mutation is sent once, and an order is found again by its number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from planster_sync.connectors.shiphero import queries
from planster_sync.connectors.shiphero.asking import Asking
from planster_sync.connectors.shiphero.nests import Completion
from planster_sync.connectors.shiphero.refusals import CREDITS_SPENT, SCOPE_MISSING, code_of, refusal
from planster_sync.connectors.shiphero.turning import turned
from planster_sync.errors import (
    AskCustomer,
    Conflict,
    NotFound,
    RefuseCaller,
    SourceUnavailable,
    SyncError,
    WriteRefused,
)
from planster_sync.http.messages import Replay
from planster_sync.mapping.fields import decoded
from planster_sync.mapping.numbers import amount_of
from planster_sync.mapping.pages import inner, single
from planster_sync.ports.source import SourceRecord
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from planster_sync.reading.walks import Turned, walk, whole

UNKNOWN_WEIGHT = "0"
"""`expected_weight_in_lbs` is demanded of each line, and Planster does not know it."""

_TAKEN = re.compile(r"already (exists|in use|taken)|duplicate", re.IGNORECASE)
"""How the vendor says that a number is in use (assumption): perhaps by our own creation whose answer was lost."""

_REASONS: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern, re.IGNORECASE), sentence)
    for pattern, sentence in (
        (r"closed|cancel", "The purchase order is closed or cancelled and takes no change"),
        (r"(purchase.?order|\bpo) (is )?not found", "ShipHero has no such purchase order"),
        (r"warehouse", "ShipHero does not know this warehouse, or the account may not use it"),
        (r"vendor|supplier", "ShipHero does not know this supplier"),
        (r"quantity", "ShipHero does not take one of the quantities"),
        (r"sku|product|item", "ShipHero does not know one of the products"),
        (r"date", "ShipHero does not take the expected date"),
        (r"customer|account", "ShipHero does not know this customer of the warehouse"),
    )
)
"""What the vendor's sentences speak of, most telling first (assumption: it publishes no list). They are not quoted."""

_OTHER_REASON = "ShipHero refused the change for a reason that is not known here"


@dataclass(frozen=True, slots=True)
class Writing:
    """The purchase orders of one account, priced in `currency` where the settings name one.

    `line_limit` lines of an order come with an answer, the rest is read on.
    """

    asking: Asking
    completion: Completion
    line_limit: int
    currency: str | None

    def found(self, reference: str) -> SourceRecord | None:
        """The order with this number.

        Raises:
            Conflict: there are several.
            EndUnproven: the source did not say that this was all.
        """
        plan, filters = queries.PLANS["inbound_shipments"], {"po_number": ("String", reference)}

        def turn(after: str | None) -> Turned:
            asked = queries.page(plan, filters, self.completion.first, self.line_limit, after)
            return turned(inner(self.asking.data(asked), *plan.steps), lambda record: record)

        listed = whole(walk(turn, self.asking.clock, after=None))
        same = [each for each in listed if decoded(each.raw).text("po_number") == reference]
        if len(same) > 1:
            raise Conflict(f"ShipHero has several purchase orders with the number {reference}.")
        return self.completion.completed(same[0]) if same else None

    def created(self, draft: InboundShipmentDraft) -> SourceRecord:
        """Sends `purchase_order_create` once."""
        own = [draft.reference, *(line.sku for line in draft.lines)]
        return self._sent("purchase_order_create", "CreatePurchaseOrderInput", self._order(draft), own)

    def updated(self, order_id: str, change: InboundShipmentChange) -> SourceRecord:
        """Sends `purchase_order_update` once, and sees in its answer that the lines are as they were asked to be.

        Raises:
            WriteRefused: the order holds a SKU twice, for lines are told apart by it; or a line was not taken.
        """
        if change.lines is not None:
            _require_single_lines(self._present(order_id), change.lines)
        own = [line.sku for line in change.lines or ()]
        record = self._sent("purchase_order_update", "UpdatePurchaseOrderInput", self._changes(order_id, change), own)
        _require_taken(_quantities(record), change.lines or ())
        return record

    def _present(self, order_id: str) -> SourceRecord:
        plan = queries.PLANS["inbound_shipments"]
        try:
            data = self.asking.data(queries.singles(plan, (order_id,), self.line_limit))
        except NotFound:
            raise WriteRefused("ShipHero has no such purchase order any more.") from None
        return self.completion.completed(single(inner(data, "r0")))

    def _sent(self, mutation: str, type_: str, values: Mapping[str, Any], own: Sequence[str | None]) -> SourceRecord:
        fields = f"{mutation}(data: $data) {{ request_id complexity purchase_order {{ {queries.PURCHASE_ORDER} }} }}"
        lines = queries.PLANS["inbound_shipments"].lines(self.line_limit)
        asked = queries.question("mutation", fields, {"data": (f"{type_}!", values), **lines})
        told = self.asking.told(asked, replay=Replay.NEVER)
        if told.errors:
            raise _refused(told.errors, own, self.asking.clock.now())
        try:
            return self.completion.completed(single(inner(told.data, mutation), record="purchase_order"))
        except (RefuseCaller, AskCustomer) as error:
            raise SourceUnavailable("The change was made, but what it made could not be read.") from error

    def _order(self, draft: InboundShipmentDraft) -> Mapping[str, Any]:
        worth = sum((self._price(line) * line.quantity for line in draft.lines), Decimal(0))
        told = {
            "po_number": draft.reference,
            "warehouse_id": draft.warehouse_id,
            "customer_account_id": draft.warehouse_customer_id,
            "vendor_id": draft.supplier_id,
            "po_date": _date(draft.expected_at),
            "tracking_number": _tracking(draft.tracking_numbers),
            "subtotal": _cents(worth),
            "shipping_price": _cents(Decimal(0)),
            "total_price": _cents(worth),
            "line_items": [self._new_line(line) for line in draft.lines],
        }
        return _given(told)

    def _new_line(self, line: DraftLine) -> Mapping[str, Any]:
        told = {
            "sku": line.sku,
            "quantity": _whole(line),
            "price": amount_of(self._price(line)),
            "expected_weight_in_lbs": UNKNOWN_WEIGHT,
            "vendor_sku": line.supplier_sku,
        }
        return _given(told)

    def _changes(self, order_id: str, change: InboundShipmentChange) -> Mapping[str, Any]:
        """`quantity_received` is never sent: it would not move stock, and belongs to the warehouse."""
        told = {
            "po_id": order_id,
            "po_date": _date(change.expected_at),
            "tracking_number": _tracking(change.tracking_numbers or ()),
            "line_items": None if change.lines is None else [self._changed_line(line) for line in change.lines],
        }
        return _given(told)

    def _changed_line(self, line: DraftLine) -> Mapping[str, Any]:
        price = None if line.unit_cost is None else amount_of(self._price(line))
        return _given({"sku": line.sku, "quantity": _whole(line), "price": price})

    def _price(self, line: DraftLine) -> Decimal:
        """A bare number there: one in another currency than the account's would silently mean something else."""
        cost = line.unit_cost
        if cost is None:
            return Decimal(0)
        if cost.currency is not None and self.currency is not None and cost.currency != self.currency:
            raise WriteRefused(f"This account keeps purchase prices in {self.currency}, not in {cost.currency}.")
        return Decimal(cost.amount)


def _refused(errors: Sequence[Mapping[str, Any]], own: Sequence[str | None], now: datetime) -> SyncError:
    """Why a change was not made, with those of our own values that the vendor names."""
    if any(code_of(each) in (CREDITS_SPENT, SCOPE_MISSING) for each in errors):
        return refusal(errors, now)
    text = " ".join(str(each.get("message")) for each in errors)
    if _TAKEN.search(text):
        return Conflict("ShipHero has a purchase order with this number already.")
    sentence = next((sentence for pattern, sentence in _REASONS if pattern.search(text)), _OTHER_REASON)
    named = ", ".join(each for each in own if each and each in text)
    codes = sorted(str(code_of(each)) for each in errors)
    return WriteRefused(f"{sentence}: {named}." if named else f"{sentence}.", detail=f"error codes {codes!r:.80}")


def _given(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}


def _whole(line: DraftLine) -> int:
    if line.quantity != int(line.quantity):
        raise WriteRefused("ShipHero takes whole quantities only.")
    return int(line.quantity)


def _cents(worth: Decimal) -> str:
    return f"{worth:.2f}"


def _date(expected_at: str | None) -> str | None:
    return queries.stamp(datetime.fromisoformat(expected_at)) if expected_at else None


def _tracking(numbers: Sequence[str]) -> str | None:
    if len(numbers) > 1:
        raise WriteRefused("ShipHero takes one tracking number for a purchase order.")
    return numbers[0] if numbers else None


def _folded(sku: str | None) -> str:
    """How the vendor compares SKUs: without regard to case and surrounding blanks."""
    return (sku or "").strip().lower()


def _rows(record: SourceRecord) -> Sequence[tuple[str, int | None]]:
    edges = decoded(record.raw).children("line_items.edges")
    return [(_folded(each.text("node.sku")), each.value("node.quantity")) for each in edges]


def _quantities(record: SourceRecord) -> Mapping[str, int | None]:
    return dict(_rows(record))


def _require_single_lines(present: SourceRecord, lines: Sequence[DraftLine]) -> None:
    counts = Counter(sku for sku, _ in _rows(present))
    if any(counts[_folded(line.sku)] > 1 for line in lines):
        raise WriteRefused("The purchase order holds one of the SKUs twice; ShipHero cannot tell the lines apart.")


def _require_taken(stored: Mapping[str, int | None], lines: Sequence[DraftLine]) -> None:
    if any(stored.get(_folded(line.sku)) != line.quantity for line in lines):
        raise WriteRefused(
            "ShipHero did not take one of the lines; the other changes were made.",
            remedy="Change that line in ShipHero, or create a further inbound shipment for it.",
        )
