"""ShipHero's words in our vocabularies. Accounts add words of their own: those become `other`."""

from __future__ import annotations

from planster_sync.mapping.words import Table
from planster_sync.model.bills import BillStatus, Charge
from planster_sync.model.inbound import InboundStatus
from planster_sync.model.orders import OrderStatus
from planster_sync.model.places import LocationType
from planster_sync.model.returns import ReturnReason, ReturnStatus
from planster_sync.model.shipments import ShipmentStatus

ORDER = Table(
    {
        "pending": OrderStatus.OPEN,
        "fulfilled": OrderStatus.FULFILLED,
        "canceled": OrderStatus.CANCELLED,
        "cancelled": OrderStatus.CANCELLED,
    }
)

INBOUND = Table(
    {
        "pending": InboundStatus.OPEN,
        "closed": InboundStatus.CLOSED,
        "canceled": InboundStatus.CANCELLED,
        "cancelled": InboundStatus.CANCELLED,
    }
)
"""The defaults of every account (vendor's help: purchase order statuses)."""

LABEL = Table(
    {
        "void": ShipmentStatus.CANCELLED,
        "voided": ShipmentStatus.CANCELLED,
        "refunded": ShipmentStatus.CANCELLED,
        "canceled": ShipmentStatus.CANCELLED,
        "cancelled": ShipmentStatus.CANCELLED,
    }
)
"""A label's words for being void (assumption); any other word is a label in force."""

RETURN = Table(
    {
        "new": ReturnStatus.OPEN,
        "pending": ReturnStatus.OPEN,
        "in transit": ReturnStatus.IN_TRANSIT,
        "receiving": ReturnStatus.RECEIVING,
        "received": ReturnStatus.RECEIVED,
        "warehouse complete": ReturnStatus.RECEIVED,
        "complete": ReturnStatus.CLOSED,
        "completed": ReturnStatus.CLOSED,
        "canceled": ReturnStatus.CANCELLED,
        "cancelled": ReturnStatus.CANCELLED,
    }
)
"""Free text (assumption): the vendor publishes no list."""

REASON = Table(
    {
        **{str(reason): reason for reason in ReturnReason},
        "broken": ReturnReason.DAMAGED,
        "faulty": ReturnReason.DEFECTIVE,
        "changed mind": ReturnReason.UNWANTED,
        "no longer needed": ReturnReason.UNWANTED,
        "does not fit": ReturnReason.SIZE,
        "return to sender": ReturnReason.UNDELIVERABLE,
    }
)
"""Free text (assumption): what is not here may be a buyer's own sentence and is not kept."""

BILL = Table(
    {
        "draft": BillStatus.DRAFT,
        "finalize": BillStatus.OPEN,
        "finalized": BillStatus.OPEN,
        "paid": BillStatus.PAID,
    }
)
"""`bill_update` takes draft, finalize and paid."""

CHARGE = Table(
    {
        "storage": Charge.STORAGE,
        "receiving": Charge.RECEIVING,
        "pick": Charge.PICKING,
        "picking": Charge.PICKING,
        "pack": Charge.PACKING,
        "packing": Charge.PACKING,
        "shipping": Charge.SHIPPING,
        "shipping labels": Charge.SHIPPING,
        "returns": Charge.RETURNS,
        "packaging": Charge.MATERIALS,
        "materials": Charge.MATERIALS,
        "ad hoc": Charge.ADJUSTMENT,
        "adjustment": Charge.ADJUSTMENT,
    }
)
"""A bill's categories (assumption)."""

LOCATION_TYPE = Table({str(kind): kind for kind in LocationType})
"""Accounts name their location types themselves; words of our vocabulary are taken as they are (assumption)."""

ACCOUNT_ACTIVE = {"active": True, "enabled": True, "inactive": False, "disabled": False, "cancelled": False}
"""What a customer account's status says of its use (assumption); any other word says nothing."""
