"""ShipBob's words in our vocabularies (OpenAPI 2026-01, status-reference page)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from planster_sync.mapping.words import Table
from planster_sync.model.bills import Charge, ChargedFor
from planster_sync.model.inbound import InboundStatus
from planster_sync.model.orders import OrderStatus, OrderType
from planster_sync.model.returns import Disposition, ReturnStatus
from planster_sync.model.shipments import ShipmentStatus

INBOUND = Table(
    {
        "Awaiting": InboundStatus.OPEN,
        "PartiallyArrivedAtHub": InboundStatus.RECEIVING,
        "ArrivedAtHub": InboundStatus.RECEIVING,
        "ProcessingAtHub": InboundStatus.RECEIVING,
        "InternalTransfer": InboundStatus.IN_TRANSIT,
        "PartiallyArrived": InboundStatus.RECEIVING,
        "Arrived": InboundStatus.RECEIVING,
        "Processing": InboundStatus.RECEIVING,
        "Completed": InboundStatus.RECEIVED,
        "Cancelled": InboundStatus.CANCELLED,
        "Incomplete": InboundStatus.OTHER,
    }
)
"""`Incomplete` is explained nowhere (assumption): whether more is to come is not known, so that we do not say it."""

ORDER = Table(
    {
        "Processing": OrderStatus.PROCESSING,
        "Exception": OrderStatus.EXCEPTION,
        "PartiallyFulfilled": OrderStatus.PARTIALLY_FULFILLED,
        "Fulfilled": OrderStatus.FULFILLED,
        "Cancelled": OrderStatus.CANCELLED,
        "ImportReview": OrderStatus.ON_HOLD,
    }
)

ORDER_TYPE = Table({"DTC": OrderType.D2C, "B2B": OrderType.B2B, "DropShip": OrderType.DROPSHIP})

SHIPMENT = Table(
    {
        "None": ShipmentStatus.OPEN,
        "Pending": ShipmentStatus.OPEN,
        "Processing": ShipmentStatus.OPEN,
        "LabeledCreated": ShipmentStatus.OPEN,
        "OnHold": ShipmentStatus.OPEN,
        "Exception": ShipmentStatus.OPEN,
        "ImportReview": ShipmentStatus.OPEN,
        "Completed": ShipmentStatus.SHIPPED,
        "Cancelled": ShipmentStatus.CANCELLED,
        "CleanSweeped": ShipmentStatus.OTHER,
    }
)
"""`Completed`: it left ShipBob, and may be under way (status-reference page). `Pending` is a word of older versions."""

DELIVERED_DETAIL = "203"
"""The status detail that says that the carrier has delivered."""

RETURN = Table(
    {
        "AwaitingArrival": ReturnStatus.OPEN,
        "Arrived": ReturnStatus.RECEIVING,
        "Processing": ReturnStatus.RECEIVING,
        "Completed": ReturnStatus.CLOSED,
        "Cancelled": ReturnStatus.CANCELLED,
    }
)
"""The answers write `Awaiting Arrival`, the filter `AwaitingArrival`: one word here."""

ACTION = Table(
    {
        "Restock": Disposition.RESTOCKED,
        "Quarantine": Disposition.QUARANTINED,
        "Dispose": Disposition.DISCARDED,
    }
)

CHARGE = Table(
    {
        "Shipping": Charge.SHIPPING,
        "Inbound Fee": Charge.RECEIVING,
        "WRO Receiving Fee": Charge.RECEIVING,
        "WarehouseStorage": Charge.STORAGE,
        "Warehousing Fee": Charge.STORAGE,
        "Return": Charge.RETURNS,
        "Return Fee": Charge.RETURNS,
        "Pick Fee": Charge.PICKING,
        "Per Pick Fee": Charge.PICKING,
        "Credits": Charge.ADJUSTMENT,
        "AdditionalFee": Charge.OTHER,
    }
)
"""Invoice types, and the transaction fees that are known; the fee list is the account's own (assumption)."""

CHARGED_FOR = Table(
    {
        "Shipment": ChargedFor.ORDER_SHIPMENT,
        "Return": ChargedFor.RETURN,
        "WRO": ChargedFor.INBOUND_SHIPMENT,
        "URO": ChargedFor.OTHER,
        "Ticket Number": ChargedFor.OTHER,
        "FC": ChargedFor.OTHER,
        "LPN Reference": ChargedFor.OTHER,
        "Transfer Plan": ChargedFor.OTHER,
    }
)

BILLED = ("Shipping", "Inbound Fee", "WarehouseStorage", "AdditionalFee", "Return", "Credits")
"""The invoice types that are costs. Payment and BalanceAdjustment move money, and the filter does not take them."""

NO_BILLS = frozenset({"payment", "balanceadjustment"})

OPEN_RECEIVING = (
    "Awaiting,PartiallyArrived,Arrived,PartiallyArrivedAtHub,ArrivedAtHub,Processing,ProcessingAtHub,InternalTransfer,"
    "Incomplete"
)
OPEN_RETURNS = "AwaitingArrival,Arrived,Processing"

ACTIVE: Mapping[str, bool] = MappingProxyType({"active": True, "inactive": False})
"""A variant's `status`; another word tells neither."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "inch": "in",
        "inches": "in",
        "centimeter": "cm",
        "centimeters": "cm",
        "millimeters": "mm",
        "ounce": "oz",
        "ounces": "oz",
        "pound": "lb",
        "pounds": "lb",
        "lbs": "lb",
        "gram": "g",
        "grams": "g",
        "kilogram": "kg",
        "kilograms": "kg",
    }
)
"""Units are written in words in one place and as symbols in another; what is not here stays as it is."""

ZONES: Mapping[str, str] = MappingProxyType(
    {
        "Eastern Standard Time": "America/New_York",
        "Central Standard Time": "America/Chicago",
        "Mountain Standard Time": "America/Denver",
        "US Mountain Standard Time": "America/Phoenix",
        "Pacific Standard Time": "America/Los_Angeles",
        "GMT Standard Time": "Europe/London",
        "W. Europe Standard Time": "Europe/Berlin",
        "Romance Standard Time": "Europe/Paris",
        "Central Europe Standard Time": "Europe/Budapest",
        "Central European Standard Time": "Europe/Warsaw",
        "FLE Standard Time": "Europe/Kyiv",
        "AUS Eastern Standard Time": "Australia/Sydney",
        "E. Australia Standard Time": "Australia/Brisbane",
        "W. Australia Standard Time": "Australia/Perth",
        "UTC": "UTC",
    }
)
"""Fulfilment centres' zones have Windows names; the IANA ones of the countries that ShipBob works in (CLDR)."""
