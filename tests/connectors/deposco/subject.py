"""Deposco under the connector contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planster_sync.connectors import registry
from tests.contract.connector_suite import Subject

FIXTURES = Path(__file__).parent / "fixtures"
SETTINGS: Mapping[str, Any] = {"business_unit": "KNIT", "currency": "USD"}

_PERSON = ("firstName", "lastName", "phone", "email")
_STREET = ("line1", "line2", "line3", "line4")
_ANYWHERE = ("description", "customAttribute1", "importReference")
_ORDER = (
    *(f"{who}Contact.{part}" for who in ("shipTo", "shipFrom", "billTo") for part in (*_PERSON, *_STREET, "city")),
    *(f"{whose}Address.{part}" for whose in ("shipTo", "shipFrom", "billTo") for part in (*_STREET, "city")),
    "notes",
    "entryName",
    "orderSummary",
)
_PARTY = (*(f"contact.{part}" for part in _PERSON), *(f"address.{part}" for part in _STREET))
_PERSONAL: Mapping[str, Sequence[str]] = {
    "orders": _ORDER,
    "order_shipments": (*_ORDER, "trackingUrl", "billToAccountNumber"),
    "inbound_shipments": _ORDER,
    "returns": _ORDER,
    "inbound_shipment_suppliers": (*_PARTY, "address.city", "accountNumber"),
    "warehouses": (*_PARTY, "phone"),
    "warehouse_customers": _PARTY,
}
_NAMED_BY: Mapping[str, str] = {
    "inventory_levels": "itemNumber",
    "inbound_shipment_suppliers": "code",
    "warehouse_customers": "code",
    "warehouses": "number",
}


def sample(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def _samples(read: str) -> tuple[bytes, ...]:
    kinds = ("", "_sparse", "_kit_order", "_kit_stock", "_kit_either", "_kit_bare", "_customer")
    return tuple(path.read_bytes() for kind in kinds if (path := FIXTURES / f"{read}{kind}.json").exists())


def _source_id(read: str, record: dict[str, Any]) -> str:
    return str(record[_NAMED_BY[read]] if read in _NAMED_BY else record["self"]["id"])


_CAPABILITIES = registry.capabilities("deposco")
SUBJECT = Subject(
    capabilities=_CAPABILITIES,
    mapper=registry.mapper("deposco", SETTINGS),
    samples={read: _samples(read) for read in _CAPABILITIES.reads},
    personal={read: (*_ANYWHERE, *_PERSONAL.get(read, ())) for read in _CAPABILITIES.reads},
    source_id=_source_id,
    empty_page=b'{"data":[],"links":[],"complete":true,"pages":0}',
)
