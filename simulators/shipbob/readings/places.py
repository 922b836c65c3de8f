"""What must be stored of the simulated vendor's centres, channels, shipping methods and invoices."""

from __future__ import annotations

from local_cloud.agreement import Cash, Expected, Fields, Moment, Placed, Source

_ZONES = {
    "Central Standard Time": "America/Chicago",
    "Pacific Standard Time": "America/Los_Angeles",
    "GMT Standard Time": "Europe/London",
}
_FEES = {
    "Shipping": "shipping",
    "Warehousing Fee": "storage",
    "Pick Fee": "picking",
}
_TYPES = {"Shipping": "shipping", "WarehouseStorage": "storage", "Credits": "adjustment", "Return": "returns"}


def warehouse(source: Source) -> Expected:
    """A place is told by two lists; the centres' address goes before that of the location's services."""
    location, centre = source["location"], source["centre"]
    told = location or centre
    services = [each["address"] for each in (location or {}).get("services", ()) if each["address"]]
    address = centre or services[0]
    yield (
        str(source["id"]),
        {
            "name": told["name"],
            "code": (location or {}).get("abbreviation"),
            "active": (location or {}).get("is_active"),
            "city": address["city"],
            "region": address["state"],
            "postal_code": address["zip_code"],
            "country": address["country"],
            "zone": _ZONES.get(told["timezone"]),
        },
    )


def order_channel(source: Source) -> Expected:
    yield str(source["id"]), {"name": source["name"], "platform": source["application_name"]}


def shipping_method(source: Source) -> Expected:
    yield str(source["id"]), {"name": source["name"], "active": source["active"]}


def bill(source: Source) -> Expected:
    """An invoice that costs something; payments are none."""
    if source["invoice_type"] == "Payment":
        return
    number = str(source["invoice_id"])
    yield (
        number,
        {
            "number": number,
            "total": Cash(source["amount"], source["currency_code"]),
            "billed_at": Moment(f"{source['invoice_date']}T00:00:00Z"),
            "lines": [_charge(each) for each in source["_charges"]],
        },
    )


def _charge(source: Source) -> Fields:
    fee = source["transaction_fee"]
    kind = source["reference_type"]
    return {
        "charge": Placed(_FEES.get(fee) or _TYPES.get(source["invoice_type"], "other"), frozenset({fee})),
        "amount": Cash(source["amount"], source["currency_code"]),
        "object_id": source["reference_id"],
        "object_type": None if kind is None else Placed("order_shipment", frozenset({kind})),
    }
