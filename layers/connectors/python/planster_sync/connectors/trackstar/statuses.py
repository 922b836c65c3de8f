"""Trackstar's words in our vocabularies (OpenAPI file of October 2025; free texts marked so)."""

from __future__ import annotations

from planster_sync.mapping.words import Table
from planster_sync.model.bills import Charge, ChargedFor
from planster_sync.model.inbound import InboundStatus
from planster_sync.model.orders import OrderStatus, OrderType
from planster_sync.model.places import LocationType
from planster_sync.model.returns import Condition, Disposition, ReturnReason, ReturnStatus
from planster_sync.model.shipments import ShipmentStatus

INBOUND = Table(
    {
        "open": InboundStatus.OPEN,
        "in-transit": InboundStatus.IN_TRANSIT,
        "receiving": InboundStatus.RECEIVING,
        "received": InboundStatus.RECEIVED,
        "cancelled": InboundStatus.CANCELLED,
    }
)

RETURN = Table(
    {
        "open": ReturnStatus.OPEN,
        "in-transit": ReturnStatus.IN_TRANSIT,
        "receiving": ReturnStatus.RECEIVING,
        "received": ReturnStatus.RECEIVED,
        "cancelled": ReturnStatus.CANCELLED,
    }
)

ORDER = Table(
    {
        "open": OrderStatus.OPEN,
        "confirmed": OrderStatus.CONFIRMED,
        "processing": OrderStatus.PROCESSING,
        "picked": OrderStatus.PICKED,
        "packed": OrderStatus.PACKED,
        "partially_fulfilled": OrderStatus.PARTIALLY_FULFILLED,
        "fulfilled": OrderStatus.FULFILLED,
        "backordered": OrderStatus.BACKORDERED,
        "exception": OrderStatus.EXCEPTION,
        "cancelled": OrderStatus.CANCELLED,
    }
)

ORDER_TYPE = Table(
    {
        "d2c": OrderType.D2C,
        "b2b": OrderType.B2B,
        "dropship": OrderType.DROPSHIP,
        "transfer": OrderType.TRANSFER,
    }
)

SHIPMENT = Table(
    {
        "open": ShipmentStatus.OPEN,
        "shipped": ShipmentStatus.SHIPPED,
        "cancelled": ShipmentStatus.CANCELLED,
    }
)

CHARGE = Table(
    {
        "storage": Charge.STORAGE,
        "receiving": Charge.RECEIVING,
        "pick": Charge.PICKING,
        "picking": Charge.PICKING,
        "pack": Charge.PACKING,
        "packing": Charge.PACKING,
        "shipping": Charge.SHIPPING,
        "return": Charge.RETURNS,
        "returns": Charge.RETURNS,
        "packaging": Charge.MATERIALS,
        "materials": Charge.MATERIALS,
        "adjustment": Charge.ADJUSTMENT,
    }
)
"""`charge_type` is free text; these are the likely words (assumption)."""

CHARGED_FOR = Table(
    {
        "order": ChargedFor.ORDER,
        "shipment": ChargedFor.ORDER_SHIPMENT,
        "order_shipment": ChargedFor.ORDER_SHIPMENT,
        "inbound_shipment": ChargedFor.INBOUND_SHIPMENT,
        "return": ChargedFor.RETURN,
        "inventory": ChargedFor.INVENTORY,
    }
)

LOCATION_TYPE = Table({str(kind): kind for kind in LocationType})
"""`type` is free text; words of our vocabulary are taken as they are (assumption)."""

REASON = Table(
    {
        **{str(reason): reason for reason in ReturnReason},
        "broken": ReturnReason.DAMAGED,
        "faulty": ReturnReason.DEFECTIVE,
        "no longer needed": ReturnReason.UNWANTED,
        "changed mind": ReturnReason.UNWANTED,
        "does not fit": ReturnReason.SIZE,
        "arrived late": ReturnReason.LATE,
    }
)
"""Free text (assumption): what is not here may be a buyer's own sentence and is not kept."""

CONDITION = Table({**{str(state): state for state in Condition}, "new": Condition.GOOD, "sellable": Condition.GOOD})

DISPOSITION = Table(
    {
        **{str(end): end for end in Disposition},
        "restock": Disposition.RESTOCKED,
        "quarantine": Disposition.QUARANTINED,
        "discard": Disposition.DISCARDED,
        "destroyed": Disposition.DISCARDED,
    }
)
