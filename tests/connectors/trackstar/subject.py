"""Trackstar under the connector contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planster_sync.connectors import registry
from tests.contract.connector_suite import Subject

FIXTURES = Path(__file__).parent / "fixtures"

_ANYWHERE = ("notes", "trackstar_tags", "tags", "additional_fields", "external_system_url")
_PERSON = ("full_name", "company", "address1", "address2", "address3", "city", "phone_number", "email_address")
_PERSONAL: Mapping[str, Sequence[str]] = {
    "orders": (
        *(f"{place}.{part}" for place in ("ship_to_address", "shipments.*.ship_to_address") for part in _PERSON),
        "trading_partner",
        "third_party_freight_account_number",
        "first_party_freight_account_number",
        "shipments.*.packages.*.tracking_url",
    ),
    "inbound_shipments": tuple(f"ship_from_address.{part}" for part in _PERSON),
    "returns": (
        "line_items.*.return_reason",
        "shipments.*.line_items.*.receiving_details.*.condition",
        "shipments.*.line_items.*.receiving_details.*.disposition",
    ),
    "warehouse_customers": ("email",),
    "warehouses": ("address.address1", "address.address2", "address.address3"),
}


def sample(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def _samples(read: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(FIXTURES.glob("*.json")) if path.stem in (read, f"{read}_sparse"))


def _source_id(read: str, record: dict[str, Any]) -> str:
    own = str(record["id"])
    return f"{record['warehouse_id']}/{own}" if read == "warehouse_locations" else own


_CAPABILITIES = registry.capabilities("trackstar")
SUBJECT = Subject(
    capabilities=_CAPABILITIES,
    mapper=registry.mapper("trackstar", {}),
    samples={read: _samples(read) for read in _CAPABILITIES.reads},
    personal={read: (*_ANYWHERE, *_PERSONAL.get(read, ())) for read in _CAPABILITIES.reads},
    source_id=_source_id,
    maps=frozenset({"inventory_by_warehouse_id"}),
)
