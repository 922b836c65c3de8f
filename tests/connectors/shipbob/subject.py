"""ShipBob under the connector contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planster_sync.connectors import registry
from tests.contract.connector_suite import Subject

FIXTURES = Path(__file__).parent / "fixtures"

_PERSON = ("name", "full_name", "email", "phone_number")
_STREET = ("address1", "address2", "company_name")
_RECIPIENT = (*_PERSON, *(f"address.{part}" for part in (*_STREET, "city")))
_PERSONAL: Mapping[str, Sequence[str]] = {
    "orders": (
        *(f"{place}.{part}" for place in ("recipient", "shipments.*.recipient") for part in _RECIPIENT),
        "gift_message",
        "tags.*.value",
        "retailer_program_data.customer_ticket_number",
        "retailer_program_data.mark_for_store",
        "shipments.*.gift_message",
        "shipments.*.tracking.tracking_url",
        "shipments.*.status_details.*.description",
    ),
    "inbound_shipments": tuple(f"fulfillment_center.{part}" for part in ("phone_number", "email", *_STREET)),
    "returns": (
        "customer_name",
        "inventory.*.action_requested.instructions",
        "inventory.*.action_taken.*.action_reason",
        "inventory.*.action_taken.*.image_url",
    ),
    "bills": ("transactions.*.additional_details", "transactions.*.fulfillment_center"),
    "warehouses": (
        "phone_number",
        "email",
        *_STREET,
        *(f"services.*.address.{part}" for part in ("name", "phone_number", "email", *_STREET)),
    ),
}


def sample(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def _samples(read: str, reads: Sequence[str]) -> tuple[bytes, ...]:
    """The read's own sample, and those whose name goes on behind it."""
    longer = [each for each in reads if each != read and each.startswith(f"{read}_")]
    mine = [path for path in sorted(FIXTURES.glob("*.json")) if path.stem == read or path.stem.startswith(f"{read}_")]
    return tuple(path.read_bytes() for path in mine if not path.stem.startswith(tuple(longer) or ("\0",)))


def _source_id(read: str, record: dict[str, Any]) -> str:
    if "id" not in record and "product" in record:
        return f"product/{record['product']['id']}"
    return str(next(record[name] for name in ("id", "inventory_id", "invoice_id") if name in record))


_CAPABILITIES = registry.capabilities("shipbob")
SUBJECT = Subject(
    capabilities=_CAPABILITIES,
    mapper=registry.mapper("shipbob", {}),
    samples={read: _samples(read, tuple(_CAPABILITIES.reads)) for read in _CAPABILITIES.reads},
    personal={read: _PERSONAL.get(read, ()) for read in _CAPABILITIES.reads},
    source_id=_source_id,
    maps=frozenset({"component_inventory"}),
    empty_page=b'{"first":null,"items":[],"last":null,"next":null,"prev":null}',
)
