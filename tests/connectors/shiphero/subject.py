"""ShipHero under the connector contract."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planster_sync.connectors import registry
from tests.contract.connector_suite import Subject

FIXTURES = Path(__file__).parent / "fixtures"

_PERSON = ("first_name", "last_name", "company", "address1", "address2", "email", "phone", "name")
_NOTES = ("email", "packing_note", "gift_note", "po_note", "internal_note", "tags")
_PERSONAL: Mapping[str, Sequence[str]] = {
    "orders": (
        *(f"shipping_address.{part}" for part in (*_PERSON, "city")),
        *(f"shipments.*.address.{part}" for part in (*_PERSON, "city")),
        "shipments.*.shipping_labels.*.tracking_url",
    ),
    "inbound_shipment_suppliers": tuple(f"address.{part}" for part in (*_PERSON, "city", "zip")),
    "returns": ("line_items.*.reason", "reason", "address.name"),
    "warehouses": ("address.name", "address.address1", "address.phone", "phone_number", "invoice_email"),
}


def sample(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def _samples(reads: Sequence[str]) -> Mapping[str, Sequence[bytes]]:
    """Every fixture under the longest name of a read that its own begins with."""
    found: dict[str, list[bytes]] = {read: [] for read in reads}
    for path in sorted(FIXTURES.glob("*.json")):
        found[max((read for read in reads if path.stem.startswith(read)), key=len)].append(path.read_bytes())
    return found


def _source_id(read: str, record: dict[str, Any]) -> str:
    return str(record["id"])


_CAPABILITIES = registry.capabilities("shiphero")
SUBJECT = Subject(
    capabilities=_CAPABILITIES,
    mapper=registry.mapper("shiphero", {}),
    samples=_samples(tuple(_CAPABILITIES.reads)),
    personal={read: (*_NOTES, *_PERSONAL.get(read, ())) for read in _CAPABILITIES.reads},
    source_id=_source_id,
    empty_page=json.dumps(
        {
            "data": {
                "products": {
                    "request_id": "6",
                    "complexity": 1,
                    "data": {"pageInfo": {"hasNextPage": False, "endCursor": None}, "edges": []},
                }
            }
        }
    ).encode(),
)
