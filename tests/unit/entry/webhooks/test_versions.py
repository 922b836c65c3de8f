"""Every event that a real run emits is what its schema says; and version 1 stays readable, in both directions.

`version_1` keeps each kind's schema and an event as they were first published. They are never changed: whoever has to
change them has made a new version.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from planster_sync.errors import CredentialsRejected
from planster_sync.model.webhooks import Kind
from tests.engine.world import World
from tests.fakes.house_office import HouseOffice
from tests.unit.entry.webhooks.write_schemas import path_of

FIRST = Path(__file__).with_name("version_1")
EVENTS = [kind for kind in Kind if kind is not Kind.TEST]


def validator(schema: Any) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def faults(schema: Any, event: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(schema).iter_errors(event)]


def today(kind: Kind) -> Any:
    return json.loads(path_of(kind).read_text(encoding="utf-8"))


def recorded(kind: Kind, what: str) -> Any:
    return json.loads((FIRST / f"{kind.value}.{what}.json").read_text(encoding="utf-8"))


def refuse() -> None:
    raise CredentialsRejected("The warehouse system refuses the credentials.")


def a_week() -> HouseOffice:
    """Good nights, records that break, a list that comes back empty, credentials that are refused, then all well."""
    world = World()
    office = HouseOffice(world)
    world.source.fill(12)
    world.source.order("wrong", broken=True)
    world.night()
    office.look()
    orders = dict(world.source.orders)
    world.source.orders.clear()
    world.night()
    office.look()
    world.source.orders = orders
    world.connecting = refuse
    world.night()
    office.look()
    world.connecting = lambda: None
    world.clock.advance(86400)
    world.night()
    office.look()
    return office


@pytest.fixture(scope="module")
def week() -> HouseOffice:
    return a_week()


def test_every_event_of_real_runs_is_what_its_schema_says(week: HouseOffice) -> None:
    told = week.told

    assert {kind for kind, _ in told} == set(EVENTS)
    assert [(kind, fault) for kind, detail in told for fault in faults(today(kind), detail)] == []
    assert {detail["type"] for _, detail in told} == {kind.value for kind in EVENTS}
    assert len({detail["id"] for _, detail in told}) == len(told)


def test_a_consumer_of_the_first_version_reads_what_is_told_today(week: HouseOffice) -> None:
    assert [(kind, fault) for kind, detail in week.told for fault in faults(recorded(kind, "schema"), detail)] == []


@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_of_the_first_version_is_still_one(kind: Kind) -> None:
    event = recorded(kind, "event")

    assert faults(recorded(kind, "schema"), event) == []
    assert faults(today(kind), event) == []


@pytest.mark.parametrize("kind", EVENTS)
def test_fields_that_are_added_later_do_not_disturb_an_older_consumer(kind: Kind) -> None:
    event = _with_more(recorded(kind, "event"))

    assert faults(recorded(kind, "schema"), event) == []


@pytest.mark.parametrize("kind", EVENTS)
def test_a_field_that_was_taken_away_would_be_noticed(kind: Kind) -> None:
    event = recorded(kind, "event")
    for name in recorded(kind, "schema")["required"]:
        assert faults(recorded(kind, "schema"), {key: value for key, value in event.items() if key != name})
    assert faults(recorded(kind, "schema"), {**event, "version": 2})


def test_events_say_nothing_that_people_have_written(week: HouseOffice) -> None:
    assert "Main warehouse" not in json.dumps([detail for _, detail in week.told])


def _with_more(value: Any, name: str = "") -> Any:
    """The same with a field more in each object; `counts` is a map by data type and has no fields."""
    if isinstance(value, dict):
        added = {} if name == "counts" else {"added_later": 1}
        return {**added, **{inner: _with_more(each, inner) for inner, each in value.items()}}
    return [_with_more(each) for each in value] if isinstance(value, list) else value
