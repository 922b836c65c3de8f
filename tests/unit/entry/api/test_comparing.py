"""Two states of a record beside each other."""

from __future__ import annotations

from typing import Any

import pytest

from planster_sync.entry.api.comparing import as_the_source_said, differences, origin_of
from planster_sync.ports.source import Origin

FILLS = {
    "on_hand": Origin(("quantity",)),
    "warehouses.on_hand": Origin(("stock.*.quantity",), "summed"),
    "unit_cost": Origin(("cost",)),
}


def told(stored: dict[str, Any], source: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(each.path, each.stored, each.source) for each in differences(stored, source)]


@pytest.mark.parametrize(
    ("stored", "source", "found"),
    [
        ({"on_hand": 1}, {"on_hand": 1}, []),
        ({"on_hand": 1}, {"on_hand": 2}, [("on_hand", 1, 2)]),
        ({"on_hand": 1}, {}, [("on_hand", 1, None)]),
        ({}, {"name": "x"}, [("name", None, "x")]),
        ({"a": None, "b": []}, {}, []),
        (
            {"cost": {"amount": "1", "currency": "EUR"}},
            {"cost": {"amount": "2", "currency": "EUR"}},
            [("cost.amount", "1", "2")],
        ),
        ({"codes": ["1", "2"]}, {"codes": ["1", "3"]}, [("codes[1]", "2", "3")]),
    ],
)
def test_differing_fields_are_named(
    stored: dict[str, Any], source: dict[str, Any], found: list[tuple[str, Any, Any]]
) -> None:
    assert told(stored, source) == found


def test_items_of_a_list_are_matched_by_what_they_are_known_by() -> None:
    first, second = {"warehouse_id": "w1", "on_hand": 1}, {"warehouse_id": "w2", "on_hand": 2}

    found = told({"warehouses": [first, second]}, {"warehouses": [{**second, "on_hand": 3}]})

    assert found == [
        ("warehouses[w1].warehouse_id", "w1", None),
        ("warehouses[w1].on_hand", 1, None),
        ("warehouses[w2].on_hand", 2, 3),
    ]


@pytest.mark.parametrize(
    ("stored", "origin"),
    [
        ({"on_hand": 1}, FILLS["on_hand"]),
        ({"warehouses": [{"warehouse_id": "w.1[x]", "on_hand": 1}]}, FILLS["warehouses.on_hand"]),
        ({"unit_cost": {"amount": "1"}}, FILLS["unit_cost"]),
        ({"name": "x"}, None),
    ],
)
def test_a_field_knows_what_it_is_taken_from(stored: dict[str, Any], origin: Origin | None) -> None:
    *_, found = differences(stored, {})

    assert origin_of(found.field, FILLS) == origin


def test_a_correction_and_the_copy_s_own_facts_are_left_aside() -> None:
    shown = {
        "id": "a",
        "on_hand": 8,
        "name": "Mug",
        "read_at": "x",
        "changed_at": "x",
        "data_type": "inventory_levels",
        "adjustment": {"before": {"on_hand": 10, "name": None}},
    }

    assert as_the_source_said(shown) == {"id": "a", "on_hand": 10}
