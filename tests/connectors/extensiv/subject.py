"""Extensiv under the connector contract."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planster_sync.connectors import registry
from tests.contract.connector_suite import Subject

FIXTURES = Path(__file__).parent / "fixtures"
SETTINGS = {"zone": "America/Los_Angeles", "currency": "USD"}

_ANYWHERE = ("notes", "description2", "savedElements", "readOnly.createdByIdentifier.name")
_CONTACT = ("name", "title", "address1", "address2", "city", "phoneNumber", "fax", "emailAddress", "dept")
_PERSONAL: Mapping[str, Sequence[str]] = {
    "orders": (
        *(f"{place}.{part}" for place in ("shipTo", "soldTo", "billTo") for part in (*_CONTACT, "companyName")),
        "shippingNotes",
        "routingInfo.account",
        "readOnly.onHoldReason",
    ),
    "inbound_shipments": tuple(f"shipTo.{part}" for part in _CONTACT),
    "warehouses": tuple(f"contact.{part}" for part in _CONTACT if part != "city"),
    "warehouse_customers": (
        *(f"companyInfo.{part}" for part in _CONTACT),
        *(f"primaryContact.{part}" for part in (*_CONTACT, "companyName")),
    ),
}


def sample(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


_NOON = "2025-09-03T12:00:00"
_VARIANTS: Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]] = {
    "orders": (
        *(("orders_sparse", {f"readOnly.{step}": _NOON}) for step in ("onHoldDate", "packDoneDate", "pickDoneDate")),
        *(("orders_sparse", {f"readOnly.{step}": True}) for step in ("packStarted", "pickStarted", "fullyAllocated")),
        ("orders_sparse", {"readOnly.pickTicketPrintDate": _NOON}),
        ("orders_sparse", {"readOnly.isClosed": True, "readOnly.smallParcelShipDate": _NOON}),
        ("orders_sparse", {"readOnly.status": 1, "readOnly.processDate": _NOON}),
        ("orders", {"routingInfo.trackingNumber": None}),
        ("orders", {"parcelResponse": None}),
    ),
    "inbound_shipments": (("inbound_shipments_sparse", {"scannedArrivalDate": _NOON}),),
    "bills": (("bills", {"readOnly.status": None}), ("bills_sparse", {"readOnly.receiverType": 1})),
    "shipping_methods": (("shipping_methods", {"description": None}),),
    "warehouses": (("warehouses", {"shippingZip": "89509"}),),
}
"""Fixtures with other values at some places: each has one more field that matters."""


def varied(name: str, changes: Mapping[str, Any]) -> bytes:
    """A fixture with these values at these dotted places."""
    document = json.loads(sample(name))
    for path, value in changes.items():
        *above, last = path.split(".")
        node = document
        for step in above:
            node = node[step]
        node[last] = value
    return json.dumps(document).encode()


def _samples(read: str) -> tuple[bytes, ...]:
    plain = [path.read_bytes() for path in sorted(FIXTURES.glob("*.json")) if path.stem in (read, f"{read}_sparse")]
    return (*plain, *(varied(name, changes) for name, changes in _VARIANTS.get(read, ())))


def _source_id(read: str, record: dict[str, Any]) -> str:
    own = record.get("readOnly", {})
    if read == "inventory_levels":
        row = record["rows"][0]
        return f"{row['itemIdentifier']['id']}:{row['qualifier']}".rstrip(":")
    if read == "bills":
        return f"order/{own['orderId']}" if "orderId" in own else f"receiver/{own['receiverId']}"
    if read == "warehouse_locations":
        return f"{record['facilityIdentifier']['id']}/{record['locationId']}"
    if read == "products":
        return str(record["itemId"])
    names = ("orderId", "receiverId", "customerId")
    return str(next((own[name] for name in names if name in own), None) or record.get("facilityId") or record["name"])


_CAPABILITIES = registry.capabilities("extensiv")
SUBJECT = Subject(
    capabilities=_CAPABILITIES,
    mapper=registry.mapper("extensiv", SETTINGS),
    samples={read: _samples(read) for read in _CAPABILITIES.reads},
    personal={read: (*_ANYWHERE, *_PERSONAL.get(read, ())) for read in _CAPABILITIES.reads},
    source_id=_source_id,
    empty_page=b'{"totalResults":0,"_embedded":{"http://api.3plCentral.com/rels/orders/order":[]}}',
)
