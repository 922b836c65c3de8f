"""What must be stored of the simulated vendor's sales, with their parcels and credit notes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from local_cloud.agreement import Cash, Expected, Fields, Placed, Source
from simulators.cin7_core.readings.values import cash, changed, day, midnight, place

_LIVE = {"CombinedShippingStatus": {"SHIPPED": "fulfilled", "PARTIALLY SHIPPED": "partially_fulfilled"}}
_BY_STATUS = {
    "VOIDED": "cancelled",
    "BACKORDERED": "backordered",
    "ORDERING": "on_hold",
    "ORDERED": "open",
    "INVOICED": "open",
    "PICKING": "processing",
    "PICKED": "picked",
    "PACKED": "packed",
}


def status_of(sale: Source) -> str:
    """Where the goods are goes before what the sale calls itself."""
    for side, words in _LIVE.items():
        if sale[side] in words:
            return words[sale[side]]
    return _BY_STATUS.get(sale["Status"], "other")


def order(sale: Source) -> Expected:
    told, currency = sale["Order"], sale["CustomerCurrency"]
    status = status_of(sale)
    parcels = [line for each in sale["Fulfilments"] for line in each["Ship"]["Lines"]]
    last = max((line["ShipmentDate"] for line in parcels), default=None)
    lines = told["Lines"]
    dropped = bool(lines) and all(line["DropShip"] for line in lines)
    yield (
        sale["ID"],
        {
            "updated_at": changed(sale["LastModifiedOn"]),
            "number": told["SaleOrderNumber"] or None,
            "reference_id": sale["ExternalID"] or sale["CustomerReference"] or None,
            "status": Placed(status, frozenset({sale["Status"]})),
            "type": Placed("dropship", frozenset()) if dropped else None,
            "channel_id": (sale["SourceChannel"] or "").lower() or None,
            "channel_name": sale["SourceChannel"],
            "warehouse_id": sale["_warehouse"],
            "ordered_at": midnight(sale["SaleOrderDate"]),
            "required_ship_at": midnight(sale["ShipBy"]),
            "shipped_at": midnight(last) if status == "fulfilled" else None,
            "carrier_name": sale["Carrier"] or None,
            "total_price": cash(told["Total"], currency),
            "total_tax": cash(told["Tax"], currency),
            "destination": place(sale["ShippingAddress"]),
            "lines": [_line(line, currency) for line in lines],
        },
    )


def _line(line: Source, currency: str) -> Fields:
    off = Decimal(str(line["Price"])) * line["Quantity"] * line["Discount"] / 100
    return {
        "product_id": line["ProductID"],
        "sku": line["SKU"],
        "quantity": line["Quantity"],
        "backordered": line["BackorderQuantity"],
        "unit_price": Cash(line["Price"], currency),
        "discount": Cash(str(off), currency),
    }


_SHIPPING = {"AUTHORISED": "shipped", "VOIDED": "cancelled"}


def order_shipments(sale: Source) -> Expected:
    for task in sale["Fulfilments"]:
        ship = task["Ship"]
        for parcel in ship["Lines"]:
            state = _SHIPPING.get(ship["Status"], "open")
            yield (
                f"{sale['ID']}/{parcel['ID']}",
                {
                    "shipment_id": parcel["ID"],
                    "order_id": sale["ID"],
                    "order_number": sale["Order"]["SaleOrderNumber"],
                    "status": Placed(state, frozenset({ship["Status"]})),
                    "warehouse_id": task["Pick"]["Lines"][0]["LocationID"],
                    "shipped_at": midnight(parcel["ShipmentDate"]) if state == "shipped" else None,
                    "destination": place(ship["ShippingAddress"]),
                    "lines": [_packed(line) for line in task["Pack"]["Lines"] if line["Box"] == parcel["Boxes"]],
                    "packages": [
                        {
                            "package_id": parcel["ID"],
                            "name": parcel["Boxes"],
                            "tracking_number": parcel["TrackingNumber"] or None,
                            "carrier_name": parcel["Carrier"],
                        }
                    ],
                },
            )


def _packed(line: Source) -> Fields:
    return {
        "inventory_item_id": line["ProductID"],
        "sku": line["SKU"],
        "quantity": line["Quantity"],
        "lot_id": line["BatchSN"] or None,
        "expires_on": day(line["ExpiryDate"]),
    }


def order_channel(sale: Source) -> Expected:
    """A channel lives as long as a sale names it."""
    if sale["SourceChannel"]:
        word = sale["SourceChannel"].lower()
        yield word, {"name": word}


def returned(sale: Source) -> Expected:
    for note in sale["CreditNotes"]:
        if note["Status"] == "NOT AVAILABLE":
            continue
        is_done, back = note["Status"] == "AUTHORISED", note["Restock"]
        state = {"DRAFT": "open", "VOIDED": "cancelled"}.get(note["Status"], "received" if back else "closed")
        products = list(dict.fromkeys(line["SKU"] for line in (*note["Lines"], *back)))
        yield (
            f"{sale['ID']}/{note['TaskID']}",
            {
                "order_id": sale["ID"],
                "status": Placed(state, frozenset({note["Status"]})),
                "lines": [
                    {
                        "inventory_item_id": next(
                            line["ProductID"] for line in (*note["Lines"], *back) if line["SKU"] == sku
                        ),
                        "sku": sku,
                        "expected": _pieces(note["Lines"], sku),
                        "received": _pieces(back, sku) if is_done else 0,
                        "restocked": _pieces(back, sku) if is_done else 0,
                    }
                    for sku in products
                ],
            },
        )


def _pieces(lines: Sequence[Source], sku: str) -> int:
    return sum(line["Quantity"] for line in lines if line["SKU"] == sku)
