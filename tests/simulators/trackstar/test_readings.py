"""The oracle: what it accepts as equal, and every kind of departure that it must notice."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from local_cloud.agreement import AnyOf, Cash, Day, Holding, Moment, Placed, Roughly, Told
from local_cloud.oracle import compare
from planster_sync.model.catalog import paths_of
from planster_sync.model.data_types import DataType
from simulators.trackstar.account import Account
from simulators.trackstar.config import AccountSpec
from simulators.trackstar.readings import READINGS

Items = dict[str, list[dict[str, Any]]]


def _truth() -> Items:
    account = Account(AccountSpec("con-1", "token-1", size=60), datetime(2026, 3, 1, tzinfo=UTC))
    account.advance(datetime(2026, 3, 2, tzinfo=UTC))
    truth: Items = {}
    for collection in READINGS.collections:
        with account.shelf(collection) as shelf:
            truth[collection] = [json.loads(line) for line in shelf.lines()]
    return truth


def _spelt(wanted: object) -> Any:
    """A wanted value as a store may spell it."""
    if isinstance(wanted, Mapping):
        return {name: _spelt(value) for name, value in wanted.items()}
    if isinstance(wanted, list):
        return [_spelt(value) for value in wanted]
    spelling = SPELLINGS.get(type(wanted))
    return spelling(wanted) if spelling is not None else wanted


def _cash(wanted: Cash) -> Mapping[str, object]:
    amount = str(wanted.amount)
    return {"amount": f"{amount}0" if "." in amount else amount, "currency": wanted.currency}


SPELLINGS: Mapping[type, Callable[[Any], Any]] = {
    Moment: lambda wanted: wanted.text.replace("Z", ".000000Z"),
    Day: lambda wanted: wanted.text[:10],
    Cash: _cash,
    Placed: lambda wanted: {"value": wanted.value, "vendor": min(wanted.vendor, default=None)},
    Roughly: lambda wanted: format(wanted.value, "f"),
    AnyOf: lambda wanted: _spelt(wanted.options[0]),
    Holding: lambda wanted: [_spelt(part) for part in wanted.parts],
    Told: lambda _: {"value": "other"},
}


def _stored(truth: Items) -> Items:
    stored: Items = {}
    for data_type, (collection, read) in READINGS.of.items():
        wanted = dict(pair for source in truth[collection] for pair in read(source))
        stored[data_type] = [{"id": record_id, **_spelt(fields)} for record_id, fields in wanted.items()]
    return stored


@pytest.fixture(scope="module")
def world() -> tuple[Items, Items]:
    truth = _truth()
    return truth, _stored(truth)


def _part(world: tuple[Items, Items], data_type: str) -> tuple[Items, Items]:
    """The collection behind one data type, and everything that is stored."""
    truth, stored = world
    collection, _ = READINGS.of[data_type]
    return {collection: truth[collection]}, stored


def test_store_that_holds_the_source_is_equal(world: tuple[Items, Items]) -> None:
    truth, stored = world

    report = compare(READINGS, truth, stored)

    assert report.equal, report.text()
    assert report.compared["inventory_levels"] == len(truth["inventory"])
    assert set(report.compared) == set(READINGS.of) == {str(data_type) for data_type in DataType}


def test_only_given_collections_are_judged(world: tuple[Items, Items]) -> None:
    truth, stored = world

    report = compare(READINGS, {"bills": truth["bills"]}, {"bills": stored["bills"]})

    assert report.equal
    assert set(report.compared) == {"bills"}


@pytest.mark.parametrize("data_type", READINGS.of)
def test_record_that_is_absent_or_a_tombstone_is_missing(world: tuple[Items, Items], data_type: str) -> None:
    truth, stored = _part(world, data_type)
    gone, buried = ({**stored, data_type: list(stored[data_type])} for _ in range(2))
    lost = gone[data_type].pop(0)
    buried[data_type][0] = {**lost, "deleted_at": "2026-03-02T00:00:00Z"}

    reports = [compare(READINGS, truth, gone), compare(READINGS, truth, buried)]

    assert [[(name.data_type, name.id) for name in report.missing] for report in reports] == [
        [(data_type, lost["id"])]
    ] * 2


@pytest.mark.parametrize("data_type", READINGS.of)
def test_live_record_that_the_source_lacks_is_extra_and_a_tombstone_is_not(
    world: tuple[Items, Items], data_type: str
) -> None:
    truth, stored = _part(world, data_type)
    ghost = {"id": "ghost/1"}
    twice = stored[data_type][0]

    alive = compare(READINGS, truth, {**stored, data_type: [*stored[data_type], ghost, twice]})
    dead = compare(READINGS, truth, {**stored, data_type: [*stored[data_type], {**ghost, "_deleted_at": "2026-03-02"}]})

    assert {name.id for name in alive.extra} == {"ghost/1", twice["id"]}
    assert dead.equal


CHANGES: dict[str, tuple[str, str, object]] = {
    "a quantity": ("inventory_levels", "on_hand", 987_654),
    "a truth value": ("inventory_levels", "active", None),
    "a text": ("products", "name", "Another"),
    "a moment": ("orders", "created_at", "2020-01-01T00:00:00Z"),
    "a moment without zone": ("orders", "created_at", "2026-03-01T00:00:00"),
    "a status": ("orders", "status", {"value": "draft", "vendor": "x"}),
    "an amount": ("bills", "total", {"amount": "987654", "currency": "EUR"}),
    "a currency": ("bills", "total", {"amount": "3.1", "currency": "XXX"}),
    "the lines": ("inbound_shipments", "lines", []),
    "the packages": ("order_shipments", "packages", []),
    "an invented value": ("order_shipments", "warehouse_id", "wh-99"),
    "a name": ("order_channels", "name", "Bazaar"),
    "a place": ("warehouses", "country", "XX"),
    "the warehouse": ("warehouse_locations", "warehouse_id", "wh-9"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_departing_field_is_reported_by_its_path(world: tuple[Items, Items], change: tuple[str, str, object]) -> None:
    data_type, field, value = change
    truth, stored = _part(world, data_type)
    items = copy.deepcopy(stored[data_type])
    items[0][field] = value

    report = compare(READINGS, truth, {**stored, data_type: items})

    assert [(each.record.id, each.field.split(".")[0].split(" ")[0]) for each in report.different] == [
        (items[0]["id"], field)
    ]
    assert not report.equal
    assert field in report.text()


def test_split_by_warehouse_is_compared_quantity_by_quantity(world: tuple[Items, Items]) -> None:
    truth, stored = world
    items = copy.deepcopy(stored["inventory_levels"])
    items[3]["warehouses"][0]["fulfillable"] += 1

    report = compare(READINGS, truth, {**stored, "inventory_levels": items})

    assert [each.field for each in report.different] == ["warehouses.0.fulfillable"]


def test_hand_read_item_agrees_with_its_source() -> None:
    source = {
        "id": "inv-1",
        "created_date": "2026-01-04T08:00:00Z",
        "name": "Soap",
        "sku": "S",
        "unit_cost": 2.4,
        "active": True,
        "onhand": 210,
        "committed": 12,
        "unfulfillable": 3,
        "fulfillable": 195,
        "awaiting": 60,
        "inventory_by_warehouse_id": {"wh-1": {"onhand": 210, "unfulfillable": 3, "sellable": None}},
        "lots": [{"lot_id": "L", "onhand": 90, "expiration_date": "2027-03-01"}],
        "measurements": {"length": 8, "unit": "in", "weight": 0.1, "weight_unit": "kg"},
    }
    item = {
        "id": "inv-1",
        "created_at": "2026-01-04T08:00:00Z",
        "name": "Soap",
        "sku": "S",
        "unit_cost": {"amount": "2.40"},
        "active": True,
        "on_hand": 210,
        "committed": 12,
        "unsellable": 3,
        "fulfillable": 195,
        "awaiting": 60,
        "warehouses": [{"warehouse_id": "wh-1", "on_hand": 210, "unsellable": 3}],
        "lots": [{"lot_id": "L", "on_hand": 90, "expires_on": "2027-03-01"}],
        "measurements": {"length_mm": "203.2", "weight_g": "100"},
    }

    report = compare(READINGS, {"inventory": [source]}, {"inventory_levels": [item]})

    # committed, fulfillable and awaiting are told in total only, so that the source's word counts.
    assert report.equal, report.text()


def test_stored_personal_data_is_reported_without_its_text(world: tuple[Items, Items]) -> None:
    truth, stored = world
    name = truth["orders"][0]["ship_to_address"]["full_name"]
    items = copy.deepcopy(stored["orders"])
    items[0] = {**items[0], "notes": f"for {name}"}
    assert items[0]["id"] == truth["orders"][0]["id"]

    report = compare(READINGS, truth, {**stored, "orders": items})

    assert [each.field for each in report.different] == ["personal data"]
    assert name not in report.text()


def test_quarantined_order_excuses_itself_and_its_shipments(world: tuple[Items, Items]) -> None:
    truth, stored = world
    shipped = next(order for order in truth["orders"] if order["shipments"])["id"]
    kept = {
        **stored,
        "orders": [item for item in stored["orders"] if item["id"] != shipped],
        "order_shipments": [item for item in stored["order_shipments"] if item["order_id"] != shipped],
    }

    assert compare(READINGS, truth, kept, quarantined={"orders": [shipped]}).equal
    assert compare(READINGS, truth, stored, quarantined={"orders": [shipped]}).equal
    assert not compare(READINGS, truth, kept).equal


@pytest.mark.parametrize("data_type", READINGS.of)
def test_every_judged_field_exists_in_the_unified_model(world: tuple[Items, Items], data_type: str) -> None:
    truth, _ = world
    collection, read = READINGS.of[data_type]

    judged = {path for source in truth[collection] for _, fields in read(source) for path in _paths(fields)}

    known = paths_of(DataType(data_type))
    assert judged <= known | {path.rsplit(".", 1)[0] for path in known}


def _paths(wanted: object, prefix: str = "") -> set[str]:
    if isinstance(wanted, Mapping):
        return {path for name, value in wanted.items() for path in _paths(value, f"{prefix}.{name}".strip("."))}
    if isinstance(wanted, list):
        return {path for value in wanted for path in _paths(value, prefix)} or {prefix}
    if isinstance(wanted, Holding):
        return {path for value in wanted.parts for path in _paths(value, prefix)} or {prefix}
    return {prefix}
