"""Cin7 Core's words in our vocabularies (API blueprint of April 2026, groups Purchase and Sale).

A document carries several words at once, one for each of its sides. `STEPS` are asked in order, and the first that
knows its field's word decides; of a word in two parts (`RECEIVED / CREDITED`) the first part counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from planster_sync.mapping.fields import Fields
from planster_sync.mapping.words import Table, Vocabulary
from planster_sync.model.bills import BillStatus, Charge
from planster_sync.model.inbound import InboundStatus
from planster_sync.model.orders import OrderStatus
from planster_sync.model.record import Word
from planster_sync.model.returns import ReturnStatus
from planster_sync.model.shipments import ShipmentStatus

NOT_AVAILABLE = "NOT AVAILABLE"
"""The status of a part that does not exist: the vendor sends an empty placeholder for it."""

INBOUND_STEPS = (
    ("Status", Table({"VOIDED": InboundStatus.CANCELLED})),
    ("CombinedReceivingStatus", Table({"VOIDED": InboundStatus.CANCELLED, "FULLY RECEIVED": InboundStatus.RECEIVED})),
    ("Status", Table({"RECEIVED": InboundStatus.RECEIVED, "COMPLETED": InboundStatus.RECEIVED})),
    ("CombinedReceivingStatus", Table({"PARTIALLY RECEIVED": InboundStatus.RECEIVING})),
    ("Status", Table({"RECEIVING": InboundStatus.RECEIVING})),
    ("Order.Status", Table({"VOIDED": InboundStatus.CANCELLED, "AUTHORISED": InboundStatus.OPEN})),
    (
        "Status",
        Table(
            {
                "DRAFT": InboundStatus.DRAFT,
                "ORDERING": InboundStatus.DRAFT,
                "ORDERED": InboundStatus.OPEN,
                "INVOICED": InboundStatus.OPEN,
                "PARTIALLY INVOICED": InboundStatus.OPEN,
                "CREDITED": InboundStatus.OPEN,
            }
        ),
    ),
)
"""An invoice says nothing about arrival: with `Approach` INVOICE it comes before the goods (assumption: this order)."""

TRANSFER = Table(
    {
        "DRAFT": InboundStatus.DRAFT,
        "IN TRANSIT": InboundStatus.IN_TRANSIT,
        "COMPLETED": InboundStatus.RECEIVED,
        "VOIDED": InboundStatus.CANCELLED,
    }
)

ORDER_STEPS = (
    ("Status", Table({"VOIDED": OrderStatus.CANCELLED})),
    ("Order.Status", Table({"VOIDED": OrderStatus.CANCELLED})),
    ("CombinedShippingStatus", Table({"SHIPPED": OrderStatus.FULFILLED})),
    ("FulFilmentStatus", Table({"FULFILLED": OrderStatus.FULFILLED})),
    ("CombinedShippingStatus", Table({"PARTIALLY SHIPPED": OrderStatus.PARTIALLY_FULFILLED})),
    ("FulFilmentStatus", Table({"PARTIALLY FULFILLED": OrderStatus.PARTIALLY_FULFILLED})),
    ("CombinedShippingStatus", Table({"SHIPPING": OrderStatus.PACKED})),
    (
        "CombinedPackingStatus",
        Table(
            {"PACKED": OrderStatus.PACKED, "PACKING": OrderStatus.PICKED, "PARTIALLY PACKED": OrderStatus.PICKED},
        ),
    ),
    (
        "CombinedPickingStatus",
        Table(
            {
                "PICKED": OrderStatus.PICKED,
                "PICKING": OrderStatus.PROCESSING,
                "PARTIALLY PICKED": OrderStatus.PROCESSING,
            }
        ),
    ),
    ("Status", Table({"BACKORDERED": OrderStatus.BACKORDERED, "COMPLETED": OrderStatus.FULFILLED})),
    (
        "Order.Status",
        Table(
            {
                "FULFILLED": OrderStatus.FULFILLED,
                "CLOSED": OrderStatus.FULFILLED,
                "AUTHORISED": OrderStatus.OPEN,
                "AUTH_NO_ALLOC": OrderStatus.OPEN,
                "DRAFT": OrderStatus.ON_HOLD,
            }
        ),
    ),
    ("Status", Table({"ORDERING": OrderStatus.ON_HOLD, "ORDERED": OrderStatus.OPEN})),
)
"""`Status` alone misleads: INVOICED and CREDITED sales may not have left. Drafts wait for a person, so they are on
hold; quotes (ESTIMATING, ESTIMATED) are no orders and stay `other` (assumptions)."""

SHIPMENT = Table(
    {
        "AUTHORISED": ShipmentStatus.SHIPPED,
        "PARTIALLY AUTHORISED": ShipmentStatus.OPEN,
        "DRAFT": ShipmentStatus.OPEN,
        "NOT AVAILABLE": ShipmentStatus.OPEN,
        "VOIDED": ShipmentStatus.CANCELLED,
    }
)

RETURN = Table(
    {
        "DRAFT": ReturnStatus.OPEN,
        "AUTHORISED": ReturnStatus.CLOSED,
        "VOIDED": ReturnStatus.CANCELLED,
    }
)
"""A credit note; an authorised one that put goods back is `received`, see `returns`."""

BILL = Table(
    {
        "DRAFT": BillStatus.DRAFT,
        "AUTHORISED": BillStatus.OPEN,
        "PAID": BillStatus.PAID,
        "VOIDED": BillStatus.CANCELLED,
    }
)

CHARGE = Table(
    {
        "freight": Charge.SHIPPING,
        "shipping": Charge.SHIPPING,
        "delivery": Charge.SHIPPING,
        "storage": Charge.STORAGE,
        "handling": Charge.RECEIVING,
        "receiving": Charge.RECEIVING,
        "packaging": Charge.MATERIALS,
    }
)
"""Charges are named freely by the customer; these are the likely words (assumption), no other word is kept."""

Steps = Sequence[tuple[str, Table[Vocabulary]]]


def first_known(source: Fields, steps: Steps[Vocabulary], *, shown: str) -> Word[Vocabulary] | None:
    """The word of the first step that knows its field's word; else `other`; null where the document says nothing."""
    vendor = source.text(shown)
    said = False
    for name, words in steps:
        text = source.text(name)
        said = said or text is not None
        known = words.known(text.partition(" / ")[0]) if text else None
        if known is not None:
            return Word(value=known, vendor=vendor or text)
    return steps[-1][1].placed(vendor, vendor) if said else None
