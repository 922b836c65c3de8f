"""Extensiv's numbers and words in our vocabularies (rel pages; tables marked so are assumptions)."""

from __future__ import annotations

from planster_sync.mapping.words import Table
from planster_sync.model.bills import Charge
from planster_sync.model.inbound import InboundStatus
from planster_sync.model.orders import OrderStatus, OrderType
from planster_sync.model.returns import ReturnStatus

INBOUND = Table(
    {
        "0": InboundStatus.OPEN,
        "Open": InboundStatus.OPEN,
        "1": InboundStatus.RECEIVED,
        "Closed": InboundStatus.RECEIVED,
        "2": InboundStatus.CANCELLED,
        "Canceled": InboundStatus.CANCELLED,
    }
)
"""WarehouseTransactionApiStatus. "Complete", which the screens know, is reported as open."""

RETURN = Table(
    {
        "0": ReturnStatus.OPEN,
        "Open": ReturnStatus.OPEN,
        "1": ReturnStatus.RECEIVED,
        "Closed": ReturnStatus.RECEIVED,
        "2": ReturnStatus.CANCELLED,
        "Canceled": ReturnStatus.CANCELLED,
    }
)

ORDER = Table(
    {
        "0": OrderStatus.OPEN,
        "Open": OrderStatus.OPEN,
        "1": OrderStatus.FULFILLED,
        "Closed": OrderStatus.FULFILLED,
        "2": OrderStatus.CANCELLED,
        "Canceled": OrderStatus.CANCELLED,
    }
)

ORDER_STEPS = (
    ("readOnly.onHoldDate", OrderStatus.ON_HOLD),
    ("readOnly.packDoneDate", OrderStatus.PACKED),
    ("readOnly.pickDoneDate", OrderStatus.PICKED),
    ("readOnly.packStarted", OrderStatus.PROCESSING),
    ("readOnly.pickStarted", OrderStatus.PROCESSING),
    ("readOnly.pickTicketPrintDate", OrderStatus.PROCESSING),
    ("readOnly.fullyAllocated", OrderStatus.CONFIRMED),
)
"""How far an open order is: the first step that was taken decides (assumption)."""

ORDER_TYPE = Table({"B2B": OrderType.B2B, "D2C": OrderType.D2C, "AmazonFBA": OrderType.TRANSFER})
"""An order that fills up Amazon's warehouse moves the merchant's own stock: it is no demand."""

CHARGE = Table(
    {
        "storage": Charge.STORAGE,
        "receiving": Charge.RECEIVING,
        "inbound handling": Charge.RECEIVING,
        "picking": Charge.PICKING,
        "pick fee": Charge.PICKING,
        "packing": Charge.PACKING,
        "pack fee": Charge.PACKING,
        "shipping": Charge.SHIPPING,
        "freight": Charge.SHIPPING,
        "returns": Charge.RETURNS,
        "return handling": Charge.RETURNS,
        "materials": Charge.MATERIALS,
        "packaging": Charge.MATERIALS,
        "adjustment": Charge.ADJUSTMENT,
    }
)
"""`chargeLabel` is each warehouse's own text (assumption); what is not here becomes `other`, with the label."""
