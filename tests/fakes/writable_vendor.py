"""A vendor in memory that takes inbound shipments: answers get lost, versions move on, refusals have words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from planster_sync.errors import Conflict, NotFound, SourceUnavailable, SyncError, WriteRefused
from planster_sync.model.data_types import DataType
from planster_sync.model.inbound import InboundLine, InboundShipment
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import (
    Capabilities,
    DeletionEvidence,
    End,
    Mapped,
    Page,
    RateLimit,
    Read,
    ReadRequest,
    ReadStyle,
    Sharing,
    SourceRecord,
    WriteOperation,
    WriteRules,
    taken,
)
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft

READ = "arrivals"
_REQUIRED = frozenset({"reference", "warehouse_id", "lines", "lines.sku", "lines.quantity"})
RULES = MappingProxyType(
    {
        WriteOperation.CREATE_INBOUND_SHIPMENT: WriteRules(
            _REQUIRED, frozenset({"expected_at", "supplier_name", "tracking_numbers"})
        ),
        WriteOperation.UPDATE_INBOUND_SHIPMENT: WriteRules(
            frozenset({"lines.sku", "lines.quantity"}), frozenset({"lines", "expected_at", "tracking_numbers"})
        ),
    }
)
_FILLS = ("id", "purchase_order_number", "warehouse_id", "expected_at", "supplier_name", "lines.sku", "lines.expected")


class Nothing(BaseModel):
    """No credentials and no settings."""


def declared(rules: Mapping[WriteOperation, WriteRules] = RULES) -> Capabilities:
    read = Read(
        READ,
        {DataType.INBOUND_SHIPMENTS: Sharing.OWNED},
        ReadStyle.SNAPSHOT,
        DeletionEvidence.LOOKUP,
        page_size=10,
        overlap=timedelta(0),
    )
    return Capabilities(
        name="writable",
        title="Writable",
        mapping_version=1,
        credentials=Nothing,
        settings=Nothing,
        rate=RateLimit(10, "invented"),
        reads={READ: read},
        fills={DataType.INBOUND_SHIPMENTS: {name: taken(name) for name in _FILLS}},
        writes=rules,
    )


@dataclass
class WritableVendor:
    """`faults` strike the next changes in turn: each makes the change, or not, and may raise.

    `asked` counts changes that were asked for, `creations` and `updates` those that were made. The first `blind_looks`
    looks find nothing.
    """

    clock: Clock
    capabilities: Capabilities = field(default_factory=declared)
    shipments: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[Callable[[Callable[[], SourceRecord]], SourceRecord]] = field(default_factory=list)
    asked: int = 0
    creations: int = 0
    updates: int = 0
    finds: int = 0
    blind_looks: int = 0
    looking: Callable[[], None] = lambda: None
    unkept: frozenset[str] = frozenset()

    def check(self) -> None:
        pass

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        yield Page([_source(row) for row in self.shipments.values()], None, End.PROVEN, self.clock.now())

    def lookup(self, read: str, ids: Sequence[str]) -> Page:
        return Page(
            [_source(self.shipments[id_]) for id_ in ids if id_ in self.shipments], None, End.PROVEN, self.clock.now()
        )

    def map(self, read: str, raw: bytes) -> Mapped:
        row = json.loads(raw)
        lines = tuple(InboundLine(sku=sku, expected=quantity) for sku, quantity in row["lines"].items())
        return Mapped(
            (
                InboundShipment(
                    id=row["id"],
                    purchase_order_number=row["reference"],
                    warehouse_id=row["warehouse_id"],
                    expected_at=row["expected_at"],
                    supplier_name=row["supplier_name"],
                    lines=lines,
                ),
            )
        )

    def find_inbound_shipment(self, reference: str) -> SourceRecord | None:
        self.finds += 1
        self.looking()
        if self.finds <= self.blind_looks:
            return None
        found = [row for row in self.shipments.values() if row["reference"] == reference]
        return _source(found[0]) if found else None

    def create_inbound_shipment(self, draft: InboundShipmentDraft) -> SourceRecord:
        return self._struck(lambda: self._create(draft))

    def update_inbound_shipment(self, shipment_id: str, change: InboundShipmentChange) -> SourceRecord:
        read = self.shipments.get(shipment_id, {}).get("version")
        return self._struck(lambda: self._update(shipment_id, read, change))

    def touch(self, shipment_id: str) -> None:
        """Somebody else changes the shipment."""
        self.shipments[shipment_id]["version"] += 1

    def _struck(self, act: Callable[[], SourceRecord]) -> SourceRecord:
        self.asked += 1
        return self.faults.pop(0)(act) if self.faults else act()

    def _create(self, draft: InboundShipmentDraft) -> SourceRecord:
        for line in draft.lines:
            if line.sku == "UNKNOWN":
                raise WriteRefused("The warehouse does not know the SKU UNKNOWN.")
        self.creations += 1
        told = {"supplier_name": draft.supplier_name, "expected_at": draft.expected_at}
        row: dict[str, Any] = {
            "id": f"asn-{self.creations}",
            "version": 1,
            "reference": draft.reference,
            "warehouse_id": draft.warehouse_id,
            "lines": {str(line.sku): int(line.quantity) for line in draft.lines},
            **{name: None if name in self.unkept else value for name, value in told.items()},
        }
        self.shipments[row["id"]] = row
        return _source(row)

    def _update(self, shipment_id: str, read: int | None, change: InboundShipmentChange) -> SourceRecord:
        row = self.shipments.get(shipment_id)
        if row is None:
            raise NotFound("The warehouse system does not have what was asked for.")
        if row["version"] != read:
            raise Conflict("The change contradicts the present state in the warehouse system.")
        row["version"] += 1
        self.updates += 1
        if change.expected_at is not None:
            row["expected_at"] = change.expected_at
        row["lines"] |= {str(line.sku): int(line.quantity) for line in change.lines or ()}
        return _source(row)


def lost(act: Callable[[], SourceRecord]) -> SourceRecord:
    """The vendor acts, and its answer never arrives."""
    act()
    raise SourceUnavailable("The warehouse system did not confirm the change.")


def unreached(act: Callable[[], SourceRecord]) -> SourceRecord:
    """The request never arrives."""
    raise SourceUnavailable("The warehouse system did not confirm the change.")


def moved_on(act: Callable[[], SourceRecord]) -> SourceRecord:
    """Somebody else changed the shipment between our read and our write."""
    raise Conflict("The change contradicts the present state in the warehouse system.")


def failing(error: SyncError) -> Callable[[Callable[[], SourceRecord]], SourceRecord]:
    def strike(act: Callable[[], SourceRecord]) -> SourceRecord:
        raise error

    return strike


def _source(row: dict[str, Any]) -> SourceRecord:
    return SourceRecord(row["id"], json.dumps(row).encode())
