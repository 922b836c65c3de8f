"""Deposco's words in our vocabularies (V2 enums; assumptions are marked)."""

from __future__ import annotations

from planster_sync.mapping.words import Table
from planster_sync.model.bills import BillStatus, Charge
from planster_sync.model.inbound import InboundStatus
from planster_sync.model.orders import OrderStatus
from planster_sync.model.places import LocationType
from planster_sync.model.returns import ReturnStatus
from planster_sync.model.shipments import ShipmentStatus

INBOUND = Table(
    {
        "Draft": InboundStatus.DRAFT,
        "New": InboundStatus.OPEN,
        "Hold": InboundStatus.OPEN,  # waits, but is still expected
        "In-Transit": InboundStatus.IN_TRANSIT,
        "Arrived": InboundStatus.RECEIVING,  # at the dock, nothing counted yet
        "Receiving": InboundStatus.RECEIVING,
        "Partial Receipt": InboundStatus.RECEIVING,
        "Received": InboundStatus.RECEIVED,
        "Closed": InboundStatus.CLOSED,
        "Canceled": InboundStatus.CANCELLED,
    }
)

OVER = frozenset({InboundStatus.RECEIVED, InboundStatus.CLOSED, InboundStatus.CANCELLED})
"""After which nothing more is expected, of an order or of a line."""

ORDER = Table(
    {
        "Draft": OrderStatus.OTHER,  # not yet demand
        "New": OrderStatus.OPEN,
        "Ready for Fulfillment": OrderStatus.CONFIRMED,
        "Hold": OrderStatus.ON_HOLD,
        "Back Ordered": OrderStatus.BACKORDERED,
        "Wave Built": OrderStatus.PROCESSING,
        "Partially Released": OrderStatus.PROCESSING,
        "Released": OrderStatus.PROCESSING,
        "Picking": OrderStatus.PROCESSING,
        "Pick Complete": OrderStatus.PICKED,
        "Partially Staged": OrderStatus.PICKED,
        "Staged": OrderStatus.PACKED,
        "Partially Loaded": OrderStatus.PACKED,
        "Loaded": OrderStatus.PACKED,
        "Partially Shipped": OrderStatus.PARTIALLY_FULFILLED,
        "Ship Complete": OrderStatus.FULFILLED,
        "Canceled": OrderStatus.CANCELLED,
        # words of older tenants (V1)
        "Open": OrderStatus.OPEN,
        "In Progress": OrderStatus.PROCESSING,
        "Awaiting Shipment": OrderStatus.PACKED,
        "Needs Attention": OrderStatus.EXCEPTION,
        "Complete": OrderStatus.FULFILLED,
        "Closed": OrderStatus.FULFILLED,
        "Voided": OrderStatus.CANCELLED,
    }
)

CUSTOMER_ORDER = Table(
    {
        "Draft": OrderStatus.OTHER,  # these four are not yet demand
        "Template": OrderStatus.OTHER,
        "Future": OrderStatus.OTHER,
        "Incomplete": OrderStatus.OTHER,
        "New": OrderStatus.OPEN,
        "Open": OrderStatus.OPEN,
        "Accepted": OrderStatus.CONFIRMED,
        "Sourced": OrderStatus.CONFIRMED,
        "Review": OrderStatus.ON_HOLD,
        "Allocating": OrderStatus.PROCESSING,
        "Partially Allocated": OrderStatus.PROCESSING,
        "Allocated": OrderStatus.PROCESSING,
        "Partially InFulfillment": OrderStatus.PROCESSING,
        "InFulfillment": OrderStatus.PROCESSING,
        "Partially Released": OrderStatus.PROCESSING,
        "Released": OrderStatus.PROCESSING,
        "Back Ordered": OrderStatus.BACKORDERED,
        "Complete": OrderStatus.FULFILLED,
        "Closed": OrderStatus.FULFILLED,
        "Rejected": OrderStatus.CANCELLED,
        "Voided": OrderStatus.CANCELLED,
        "Canceled": OrderStatus.CANCELLED,
    }
)

SHIPMENT = Table(
    {
        "New": ShipmentStatus.OPEN,
        "Shipping": ShipmentStatus.OPEN,
        "Shipped": ShipmentStatus.SHIPPED,
        "Rolled Back": ShipmentStatus.CANCELLED,
    }
)

RETURN = Table(
    {
        "New": ReturnStatus.OPEN,
        "Hold": ReturnStatus.OPEN,
        "Receiving": ReturnStatus.RECEIVING,
        "Partial Receipt": ReturnStatus.RECEIVING,
        "Received": ReturnStatus.RECEIVED,
        "Canceled": ReturnStatus.CANCELLED,
    }
)

BILL = Table(
    {
        "Pending Approval": BillStatus.DRAFT,
        "Approved": BillStatus.OPEN,
        "Rejected": BillStatus.CANCELLED,
    }
)

CHARGE = Table(
    {
        "Storage": Charge.STORAGE,
        "Inventory": Charge.STORAGE,
        "Receipt": Charge.RECEIVING,
        "Receiving": Charge.RECEIVING,
        "Pick": Charge.PICKING,
        "Pack": Charge.PACKING,
        "Shipment": Charge.SHIPPING,
        "Shipping": Charge.SHIPPING,
        "Return": Charge.RETURNS,
        "Material": Charge.MATERIALS,
        "Adjustment": Charge.ADJUSTMENT,
    }
)
"""`transactionType` names the tenant's own kinds of billing (assumption: these words)."""

LOCATION_TYPE = Table(
    {
        "Receiving": LocationType.RECEIVING,
        "Shipping": LocationType.STAGING,
        "Staging": LocationType.STAGING,
        "Putwall Staging": LocationType.STAGING,
        "Returned": LocationType.RETURNS,
        "Quarantine": LocationType.QUARANTINE,
        "Damaged": LocationType.QUARANTINE,
        "Inspection": LocationType.QUARANTINE,
        "Reserve Storage": LocationType.BULK,
        "Mixed Bin": LocationType.BIN,
        "Putwall Slot": LocationType.BIN,
        "Full Case Picking": LocationType.SHELF,
        "Split Case Picking": LocationType.SHELF,
    }
)
"""The words are the vendor's, where they belong is judged (assumption)."""

SUPPLIES = frozenset({"vendor", "dropshipvendor"})
"""Kinds of trading partner that one buys from, folded as `mapping.words.folded` does."""
