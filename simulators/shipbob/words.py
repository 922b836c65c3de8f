"""How this vendor numbers and spells things."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from simulators.business.spec import Record

ITEM, VARIANT, PRODUCT, KIT_PRODUCT, KIT_VARIANT = 7_000_000, 9_000_000, 5_000_000, 5_500_000, 10_000_000
LEGACY, ORDER, SHIPMENT, CENTRE, CHANNEL, METHOD = 40_000, 200_000_000, 600_000_000, 10, 300, 20
RECEIVING, BOX, RETURN, INVOICE, PAYMENT = 1, 30_000_000, 880_000, 12_000, 5_000_000
"""Where the numbers of each kind of thing begin, so that one id is never taken for another."""

PARCELS = 40
"""So many shipments of one order are numbered at most."""

ORDER_STATUS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("open", "confirmed", "processing", "picked", "packed"), "Processing"),
        "partially_fulfilled": "PartiallyFulfilled",
        "fulfilled": "Fulfilled",
        "backordered": "Exception",
        "exception": "Exception",
        "cancelled": "Cancelled",
        "other": "ImportReview",
        "on_hold_custom": "ImportReview",
    }
)
ORDER_TYPE: Mapping[str | None, str] = MappingProxyType(
    {"d2c": "DTC", "b2b": "B2B", "dropship": "DropShip", "transfer": "B2B", None: "DTC"}
)
SHIPMENT_STATUS: Mapping[str, str] = MappingProxyType(
    {"shipped": "Completed", "cancelled": "Cancelled", "other": "CleanSweeped"}
)
PLANNED_STATUS: Mapping[str, str] = MappingProxyType(
    {"Processing": "Processing", "Exception": "Exception", "ImportReview": "ImportReview", "Cancelled": "Cancelled"}
)
"""The status of the shipment that an order has before anything was sent, by the order's."""

RECEIVING_STATUSES = (
    "Awaiting",
    "PartiallyArrived",
    "Arrived",
    "PartiallyArrivedAtHub",
    "ArrivedAtHub",
    "Processing",
    "ProcessingAtHub",
    "InternalTransfer",
    "Completed",
    "Incomplete",
    "Cancelled",
)
RECEIVING_STATUS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "open": ("Awaiting",),
        "in-transit": ("Awaiting", "ArrivedAtHub", "InternalTransfer"),
        "receiving": ("Processing", "PartiallyArrived", "ProcessingAtHub", "Arrived"),
        "received": ("Completed",),
        "cancelled": ("Cancelled",),
        "other": ("Incomplete",),
        "quarantined": ("Incomplete",),
    }
)
RETURN_STATUSES = ("AwaitingArrival", "Arrived", "Processing", "Completed", "Cancelled")
RETURN_STATUS: Mapping[str, str] = MappingProxyType(
    {
        "open": "Awaiting Arrival",
        "in-transit": "Awaiting Arrival",
        "receiving": "Arrived",
        "received": "Completed",
        "cancelled": "Cancelled",
        "other": "Processing",
        "quarantined": "Processing",
    }
)
INVOICE_TYPES = ("Shipping", "Inbound Fee", "WarehouseStorage", "AdditionalFee", "Return", "Credits")
CHARGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "shipping": ("Shipping", "Shipping"),
        "storage": ("WarehouseStorage", "Warehousing Fee"),
        "pick": ("AdditionalFee", "Pick Fee"),
        "pack": ("AdditionalFee", "Kitting Fee"),
    }
)
"""Invoice type and transaction fee of a charge; any other is an additional fee under its own name."""

LENGTHS: Mapping[str, str] = MappingProxyType({"in": "inches", "cm": "cm"})
WEIGHTS: Mapping[str, str] = MappingProxyType({"oz": "ounces", "lb": "pounds", "kg": "kg"})
ZONES = ("Central Standard Time", "Pacific Standard Time", "GMT Standard Time", "Nowhere Standard Time")

_FRACTION = re.compile(r"\.(\d+)")


def precise(moment: str | None, number: int) -> str | None:
    """A moment with seven digits of a second, as orders and receiving orders have it."""
    return None if moment is None else f"{moment[:-1]}.{number % 7_919:07d}+00:00"


def moment_of(text: str | None) -> datetime | None:
    """A moment of any of the vendor's spellings."""
    if not text:
        return None
    found = datetime.fromisoformat(_FRACTION.sub(lambda digits: f".{digits[1][:6]:0<6}", text))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def spelled(moment: str, spelling: str, later: timedelta = timedelta(0)) -> str:
    """A moment, or one later than it, in a spelling of `strftime`."""
    return (datetime.fromisoformat(moment) + later).strftime(spelling)


def address(told: Record) -> Record:
    """A neutral address in this vendor's names."""
    return {
        "address1": told["address1"],
        "address2": told["address2"],
        "company_name": told.get("company"),
        "city": told["city"],
        "state": told["state"],
        "zip_code": told["postal_code"],
        "country": told["country"],
    }
