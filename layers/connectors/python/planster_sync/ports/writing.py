"""Write-back: what Planster asks a vendor to create or change, and what a connector that can do so offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from planster_sync.model.record import Money, Quantity
from planster_sync.ports.source import SourceRecord


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One item of an inbound shipment to come. Named by `sku`, by `inventory_item_id`, or by both."""

    quantity: Quantity
    sku: str | None = None
    inventory_item_id: str | None = None
    supplier_sku: str | None = None
    unit_cost: Money | None = None


@dataclass(frozen=True, slots=True)
class InboundShipmentDraft:
    """An inbound shipment to create.

    `reference` is Planster's own and never used twice on one integration: the vendor keeps it as the purchase order's
    number, so that a shipment whose answer was lost can be found again. `expected_at` is an Instant (UTC).
    """

    reference: str
    lines: Sequence[DraftLine]
    warehouse_id: str | None = None
    warehouse_customer_id: str | None = None
    supplier_id: str | None = None
    supplier_name: str | None = None
    expected_at: str | None = None
    tracking_numbers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class InboundShipmentChange:
    """What is to change in an inbound shipment; None leaves a field as it is. `lines` replaces quantities by SKU or id:
    a line that is named gets its new quantity, a line that is not there yet is added, the others stay.
    """

    expected_at: str | None = None
    tracking_numbers: Sequence[str] | None = None
    lines: Sequence[DraftLine] | None = None


class InboundShipmentWriter(Protocol):
    """A connector that can write. Each method sends at most one change, and never repeats it by itself.

    All return the shipment as the read `inbound_shipments` would give it, ready for `Connector.map`.

    Raises:
        WriteRefused: the vendor says no; `what` is its reason in words that a planner understands.
        Conflict: somebody changed the shipment meanwhile (ETag); read it and try again.
        SourceUnavailable: it is not known whether the change was made; `find_inbound_shipment` tells.
    """

    def find_inbound_shipment(self, reference: str) -> SourceRecord | None:
        """The shipment that carries this reference; None where the vendor has none."""
        ...

    def create_inbound_shipment(self, draft: InboundShipmentDraft) -> SourceRecord: ...

    def update_inbound_shipment(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        """`shipment_id` is the record's id. Where the vendor has ETags, the change is made to the present one only."""
        ...
