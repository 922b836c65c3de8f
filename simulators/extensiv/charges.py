"""What is charged for orders and returns: the business's bills, riding on transactions as at the vendor's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from simulators.business.business import Business
from simulators.business.spec import Record

CHARGE_TYPES = ("shipping", "storage", "pick", "pack")


def charges_of(business: Business, kind: str) -> dict[str, list[Record]]:
    """The business's bills by what they are for; what belongs to no order is charged on a return."""
    found: dict[str, list[Record]] = defaultdict(list)
    count = business.world.count("returns")
    returned = {record["number"]: record["id"] for record in business.records("returns")}
    for record in business.records("bills"):
        key = record["object_id"] if kind == "order" else returned.get(record["number"] % count)
        if key is not None and (record["object_type"] == "order") == (kind == "order"):
            found[key].append(record)
    return found


def billing(charges: Sequence[Record]) -> Record | None:
    if not charges:
        return None
    return {"billingCharges": [_charge(each) for each in charges]}


def _charge(record: Record) -> Record:
    kind = record["charge_type"]
    detail = {"numUnits": 1.0, "chargeLabel": kind, "unitDescription": "Order", "chargePerUnit": record["amount"]}
    details = [detail] if record["number"] % 4 else []
    number = 1 + CHARGE_TYPES.index(kind) if kind in CHARGE_TYPES else 9
    return {"chargeType": number, "subtotal": record["amount"], "details": details}
