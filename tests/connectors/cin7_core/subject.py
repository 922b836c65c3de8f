"""Cin7 Core under the connector contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planster_sync.connectors import registry
from tests.contract.connector_suite import Subject

FIXTURES = Path(__file__).parent / "fixtures"
SETTINGS = {"zone": "Europe/London", "currency": "GBP"}

_ADDRESS = ("DisplayAddressLine1", "DisplayAddressLine2", "Line1", "Line2", "City", "Company", "Contact")
_PERSONAL: Mapping[str, Sequence[str]] = {
    "orders": (
        *("Customer", "Contact", "Phone", "Email", "ShippingNotes", "Note", "SalesRepresentative", "Order.Memo"),
        *("Order.Lines.*.Comment", "Fulfilments.*.Ship.ShippingNotes", "Fulfilments.*.Ship.Lines.*.TrackingURL"),
        *(f"{place}.{part}" for place in ("ShippingAddress", "BillingAddress") for part in _ADDRESS),
        *(f"Fulfilments.*.Ship.ShippingAddress.{part}" for part in _ADDRESS),
        "CreditNotes.*.Memo",
    ),
    "inbound_shipments": (
        *("Contact", "Phone", "Note", "Order.Memo", "Order.Lines.*.Comment"),
        *(f"{place}.{part}" for place in ("ShippingAddress", "BillingAddress") for part in _ADDRESS),
        *("Invoice.*.AdditionalCharges.*.Description", "Reference", "Lines.*.Comments"),
    ),
    "products": ("Description", "ShortDescription", "InternalNote", "Tags"),
    "inbound_shipment_suppliers": (
        *(f"Contacts.*.{part}" for part in ("Name", "Phone", "MobilePhone", "Fax", "Email", "Comment")),
        *(f"Addresses.*.{part}" for part in ("Line1", "Line2", "City")),
        "Comments",
        "TaxNumber",
    ),
    "warehouses": ("AddressLine1", "AddressLine2"),
}


def sample(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def _samples(read: str) -> tuple[bytes, ...]:
    """A read's samples: its own and those with something behind its name."""
    longer = [each for each in _CAPABILITIES.reads if each.startswith(f"{read}_")]
    paths = [path for path in sorted(FIXTURES.glob(f"{read}*.json")) if path.stem not in longer]
    return tuple(path.read_bytes() for path in paths)


def _source_id(read: str, record: dict[str, Any]) -> str:
    names = ("CarrierID",) if read == "shipping_methods" else ("ID", "TaskID")
    return str(next(record[name] for name in names if name in record)).lower()


_CAPABILITIES = registry.capabilities("cin7_core")
SUBJECT = Subject(
    capabilities=_CAPABILITIES,
    mapper=registry.mapper("cin7_core", SETTINGS),
    samples={read: _samples(read) for read in _CAPABILITIES.reads},
    personal={read: _PERSONAL.get(read, ()) for read in _CAPABILITIES.reads},
    source_id=_source_id,
    maps=frozenset({"Places"}),
    empty_page=b'{"Total":0,"Page":1,"Products":[]}',
)
