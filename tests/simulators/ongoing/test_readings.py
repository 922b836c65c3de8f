"""The second reading of the simulated Ongoing: what it judges, and that it notices a departure."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from local_cloud.agreement import Cash, Day, Moment, Placed, Roughly
from local_cloud.oracle import compare
from planster_sync.connectors import registry
from planster_sync.model.data_types import DataType
from simulators.ongoing.__main__ import credentials
from simulators.ongoing.readings import READINGS
from simulators.ongoing.views import VIEWS
from simulators.serving.account import opened

_UNJUDGED = {"measurements.length_unit", "measurements.weight_unit"}
Items = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def truth() -> Items:
    sizes = {"returns": 60, "inbound_shipments": 60}
    told = {"connection_id": "con-1", "credentials": credentials(1), "size": "60", "sizes": sizes}
    account = opened(told, VIEWS, datetime(2026, 3, 1, tzinfo=UTC))
    account.advance(datetime(2026, 3, 2, tzinfo=UTC))
    return {name: [json.loads(line) for line in account.truth(name)] for name in READINGS.collections}


def _paths(wanted: object, prefix: str = "") -> set[str]:
    if isinstance(wanted, Mapping):
        return {path for name, value in wanted.items() for path in _paths(value, f"{prefix}.{name}".strip("."))}
    if isinstance(wanted, list):
        return {path for value in wanted for path in _paths(value, prefix)}
    return {prefix}


@pytest.mark.parametrize("data_type", READINGS.of)
def test_every_field_that_the_connector_declares_is_judged(truth: Items, data_type: str) -> None:
    collection, read = READINGS.of[data_type]

    judged = {path for source in truth[collection] for _, fields in read(source) for path in _paths(fields)}

    assert set(registry.capabilities("ongoing").fills[DataType(data_type)]) - {"id"} - _UNJUDGED <= judged


SPELLINGS: Mapping[type, Callable[[Any], Any]] = {
    Moment: lambda wanted: wanted.text,
    Day: lambda wanted: wanted.text,
    Cash: lambda wanted: {"amount": str(wanted.amount), "currency": wanted.currency},
    Placed: lambda wanted: {"value": wanted.value, "vendor": min(wanted.vendor, default=None)},
    Roughly: lambda wanted: str(wanted.value),
}


def _spelt(wanted: object) -> Any:
    """A wanted value as a store may spell it."""
    if isinstance(wanted, Mapping):
        return {name: _spelt(value) for name, value in wanted.items()}
    if isinstance(wanted, list):
        return [_spelt(value) for value in wanted]
    spelling = SPELLINGS.get(type(wanted))
    return spelling(wanted) if spelling is not None else wanted


CHANGES: Mapping[str, tuple[str, Any]] = {
    "inventory_levels": ("fulfillable", 987_654),
    "products": ("is_kit", None),
    "warehouse_customers": ("name", "Another"),
    "orders": ("status", {"value": "other", "vendor": "x"}),
    "order_shipments": ("lines", []),
    "order_channels": ("name", "Bazaar"),
    "inbound_shipments": ("created_at", "2020-01-01T00:00:00Z"),
    "inbound_shipment_suppliers": ("code", "S-x"),
    "returns": ("lines", []),
    "warehouses": ("country", "XX"),
    "warehouse_locations": ("warehouse_id", "99"),
    "shipping_methods": ("name", "By hand"),
}


@pytest.mark.parametrize("data_type", READINGS.of)
def test_what_departs_is_noticed(truth: Items, data_type: str) -> None:
    collection, read = READINGS.of[data_type]
    wanted = dict(pair for source in truth[collection] for pair in read(source))
    stored = {data_type: [{"id": key, **_spelt(fields)} for key, fields in wanted.items()]}
    field, value = CHANGES[data_type]
    changed = copy.deepcopy(stored)
    changed[data_type][-1][field] = value

    reports = [compare(_only(data_type), {collection: truth[collection]}, each) for each in (stored, changed)]

    assert reports[0].equal, reports[0].text()
    assert {each.field.split(".")[0].split(" ")[0] for each in reports[1].different} == {field}


def _only(data_type: str) -> Any:
    return type(READINGS)({data_type: READINGS.of[data_type]}, READINGS.source_id, READINGS.personal_texts)
