"""What must be stored of the simulated vendor's purchases and the suppliers' invoices inside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from local_cloud.agreement import Cash, Expected, Fields, Placed, Source
from simulators.cin7_core.readings.values import changed, day, midnight

_MARK = "Planster reference: "
_STATES = {
    "VOIDED": "cancelled",
    "ORDERED": "open",
    "INVOICED": "open",
    "RECEIVING": "receiving",
    "RECEIVED / CREDITED": "received",
    "ORDERING": "draft",
    "DRAFT": "draft",
}


def is_for_a_warehouse(purchase: Source) -> bool:
    return "ID" in purchase and purchase["Type"] != "Service Purchase" and not purchase["RelatedDropShipSaleTask"]


_ON_THE_WAY = {"DRAFT": "draft", "IN TRANSIT": "in_transit", "COMPLETED": "received", "VOIDED": "cancelled"}


def _transfer(source: Source) -> Expected:
    """What has left one warehouse for another; what is only planned is still on hand."""
    state = _ON_THE_WAY[source["Status"]]
    yield (
        source["TaskID"],
        {
            "updated_at": changed(source["LastModifiedOn"]),
            "purchase_order_number": source["Number"],
            "status": Placed(state, frozenset({source["Status"]})),
            "warehouse_id": source["_warehouse"],
            "expected_at": midnight(source["RequiredByDate"]),
            "received_at": midnight(source["CompletionDate"]) if state == "received" else None,
            "lines": [
                {
                    "inventory_item_id": line["ProductID"],
                    "sku": line["SKU"],
                    "expected": line["TransferQuantity"],
                    "received": line["TransferQuantity"] if state == "received" else 0,
                }
                for line in (source["Lines"] if state != "draft" else ())
            ],
        },
    )


def inbound_shipment(purchase: Source) -> Expected:
    if "TaskID" in purchase and not purchase["_stays"]:
        yield from _transfer(purchase)
    if not is_for_a_warehouse(purchase):
        return
    receipts = [_receipt(task) for task in _arrived(purchase)]
    last = max((line["Date"] for task in _arrived(purchase) for line in task["Lines"]), default=None)
    state = _STATES.get(purchase["Status"], "other")
    note = purchase.get("Note") or ""
    yield (
        purchase["ID"],
        {
            "updated_at": changed(purchase["LastUpdatedDate"]),
            "purchase_order_number": note.removeprefix(_MARK) if note.startswith(_MARK) else purchase["OrderNumber"],
            "status": Placed(state, frozenset({purchase["Status"]})),
            "supplier_id": purchase["SupplierID"],
            "supplier_name": purchase["Supplier"],
            "warehouse_id": purchase["_warehouse"],
            "ordered_at": midnight(purchase["OrderDate"]),
            "expected_at": midnight(purchase["RequiredBy"]),
            "received_at": midnight(last) if state == "received" else None,
            "lines": _lines(purchase),
            "receipts": receipts,
        },
    )


def _arrived(purchase: Source) -> Sequence[Source]:
    """Put-away counts where it is used; a simple purchase, and who does without it, has stock received alone."""
    real = [task for task in purchase["PutAway"] or () if task["Status"] != "NOT AVAILABLE"]
    if real:
        return [task for task in real if task["Status"] == "AUTHORISED"]
    return [task for task in purchase["StockReceived"] if task["Lines"]]


def _lines(purchase: Source) -> list[Fields]:
    """What arrived of a product goes to its lines from the first on; what is too much, to the last."""
    left = Counter[str]()
    for task in _arrived(purchase):
        for line in task["Lines"]:
            left[line["ProductID"]] += line["Quantity"]
    ordered = purchase["Order"]["Lines"]
    found = []
    for place, line in enumerate(ordered):
        again = any(later["ProductID"] == line["ProductID"] for later in ordered[place + 1 :])
        share = min(left[line["ProductID"]], line["Quantity"]) if again else left[line["ProductID"]]
        left[line["ProductID"]] -= share
        net = Decimal(str(line["Price"])) * (100 - Decimal(str(line["Discount"]))) / 100
        found.append(
            {
                "inventory_item_id": line["ProductID"],
                "sku": line["SKU"],
                "supplier_sku": line.get("SupplierSKU") or None,
                "expected": line["Quantity"],
                "received": share,
                "unit_cost": Cash(str(net), purchase["SupplierCurrency"]),
            }
        )
    return found


def _receipt(task: Source) -> Fields:
    return {
        "receipt_id": task.get("TaskID"),
        "received_at": midnight(max(line["Date"] for line in task["Lines"])),
        "lines": [
            {
                "inventory_item_id": line["ProductID"],
                "sku": line["SKU"],
                "quantity": line["Quantity"],
                "lot_id": line["BatchSN"] or None,
                "expires_on": day(line["ExpiryDate"]),
            }
            for line in task["Lines"]
        ],
    }


_BILL_STATES = {"DRAFT": "draft", "AUTHORISED": "open", "PAID": "paid", "VOIDED": "cancelled"}


def bill(purchase: Source) -> Expected:
    if not is_for_a_warehouse(purchase):
        return
    currency = purchase["SupplierCurrency"]
    for invoice in purchase["Invoice"]:
        if invoice["Status"] == "NOT AVAILABLE":
            continue
        is_paid = invoice["Total"] > 0 and invoice["Paid"] >= invoice["Total"]
        state = "paid" if invoice["Status"] == "AUTHORISED" and is_paid else _BILL_STATES[invoice["Status"]]
        goods = [_charged(line, purchase, None) for line in invoice["Lines"]]
        charges = [_charged(line, purchase, Placed("shipping", frozenset())) for line in invoice["AdditionalCharges"]]
        yield (
            f"{purchase['ID']}/{invoice.get('TaskID', 'invoice')}",
            {
                "number": invoice["InvoiceNumber"],
                "status": Placed(state, frozenset({invoice["Status"]})),
                "total": Cash(invoice["Total"], currency),
                "billed_at": midnight(invoice["InvoiceDate"]),
                "due_at": midnight(invoice["InvoiceDueDate"]),
                "lines": [*goods, *charges],
            },
        )


def _charged(line: Source, purchase: Source, charge: Placed | None) -> Fields:
    return {
        "charge": charge,
        "quantity": line["Quantity"],
        "amount": Cash(line["Total"], purchase["SupplierCurrency"]),
        "object_id": purchase["ID"],
        "object_type": Placed("inbound_shipment", frozenset()),
    }
