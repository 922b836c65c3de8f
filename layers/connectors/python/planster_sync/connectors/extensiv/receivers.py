"""What inbound shipments and returns have in common: both are receivers, told apart by `readOnly.receiverType`.

On an open receiver `qty` is the plan, or what was keyed so far: stock it becomes with the confirmation alone.
"""

from __future__ import annotations

from planster_sync.connectors.extensiv.shapes import CANCELLED, CLOSED, Terms, embedded
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import quantity
from planster_sync.model.record import Quantity


def receive_items(receiver: Fields) -> tuple[Fields, ...]:
    return embedded(receiver, "inventory/receiveritem", "receiveItems")


def is_confirmed(receiver: Fields) -> bool:
    return receiver.identifier("readOnly.status") in CLOSED


def expected(line: Fields) -> Quantity | None:
    """What was announced: `expectedQty` on an announcement that became a receiver; elsewhere `qty` (assumption)."""
    announced = quantity(line, "readOnly.expectedQty")
    return quantity(line, "qty") if announced is None else announced


def received(line: Fields, receiver: Fields) -> Quantity | None:
    """What became stock: all of a confirmed receiver, nothing of another; null where the status is unknown."""
    status = receiver.identifier("readOnly.status")
    if status in CLOSED:
        return quantity(line, "qty")
    return 0 if status in CANCELLED or status in ("0", "Open") else None


def arrived_at(receiver: Fields, terms: Terms) -> str | None:
    """When it arrived; before the confirmation the same field says for when that is planned."""
    return terms.at(receiver, "arrivalDate") if is_confirmed(receiver) else None
