"""What must be stored of the charges that ride on transactions."""

from __future__ import annotations

from decimal import Decimal

from local_cloud.agreement import Cash, Expected, Fields, Placed, Source
from simulators.extensiv.readings.values import CURRENCY, common, moment

CHARGES = {"shipping": "shipping", "storage": "storage"}


def bill(source: Source) -> Expected:
    """One for each transaction that carries charges."""
    charges = (source.get("billing") or {}).get("billingCharges", ())
    if not charges:
        return
    own = source["readOnly"]
    is_order = "orderId" in own
    number = str(own["orderId"] if is_order else own["receiverId"])
    kind = "order" if is_order else "return" if own["receiverType"] == 1 else "inbound_shipment"
    confirmed = moment(source, "readOnly.processDate") if is_order else moment(source, "arrivalDate")
    total = sum((Decimal(str(each["subtotal"])) for each in charges), start=Decimal(0))
    yield (
        f"{'order' if is_order else 'receiver'}/{number}",
        {
            **common(source),
            "status": Placed("draft", frozenset()) if own["chargesPending"] else None,
            "total": Cash(str(total), CURRENCY),
            "billed_at": confirmed if own["status"] == 1 else None,
            "lines": [_charge(each, number, kind) for each in charges],
        },
    )


def _charge(charge: Source, number: str, kind: str) -> Fields:
    label = charge["details"][0]["chargeLabel"] if charge["details"] else None
    told = label or str(charge["chargeType"])
    return {
        "charge": Placed(CHARGES.get(label or "", "other"), frozenset({told})),
        "quantity": 1 if charge["details"] else None,
        "amount": Cash(charge["subtotal"], CURRENCY),
        "object_id": number,
        "object_type": Placed(kind, frozenset()),
    }
