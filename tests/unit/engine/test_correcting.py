"""What a correction by hand may change, and what follows from it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.engine.correcting import Correction, corrected
from planster_sync.errors import InvalidRequest, Unsupported
from planster_sync.model.data_types import DataType

STOCK, PRODUCTS = DataType.INVENTORY_LEVELS, DataType.PRODUCTS


def level(**fields: Any) -> dict[str, Any]:
    """Ten on hand, three of them promised, one broken."""
    return {"id": "i1", "sku": "A", "on_hand": 10, "committed": 3, "fulfillable": 6, "unsellable": 1, **fields}


def split(*warehouses: str) -> dict[str, Any]:
    """The same stock in each warehouse; the totals are the sums."""
    each = {name: value for name, value in level().items() if name not in ("id", "sku")}
    totals = {name: value * len(warehouses) for name, value in each.items()}
    return {"id": "i1", **totals, "warehouses": [{"warehouse_id": name, **each} for name in warehouses]}


def test_what_can_be_shipped_follows_what_is_there() -> None:
    assert corrected(STOCK, level(), Correction({"on_hand": 8})) == {"on_hand": 8, "fulfillable": 4}


def test_numbers_given_together_stand_as_they_are_if_they_add_up() -> None:
    given = {"on_hand": 8, "committed": 2, "fulfillable": 5}

    assert corrected(STOCK, level(), Correction(given)) == given


def test_nothing_follows_where_the_source_does_not_tell_the_parts() -> None:
    record = {"id": "i1", "on_hand": 10, "committed": 3}

    assert corrected(STOCK, record, Correction({"on_hand": 8})) == {"on_hand": 8}


def test_nothing_follows_where_the_source_s_own_numbers_do_not_add_up() -> None:
    assert corrected(STOCK, level(fulfillable=9), Correction({"on_hand": 8})) == {"on_hand": 8}


def test_a_warehouse_s_correction_moves_the_total_by_the_difference() -> None:
    found = corrected(STOCK, split("w1", "w2"), Correction({"on_hand": 12}, "w2"))

    assert (found["on_hand"], found["fulfillable"]) == (22, 14)
    assert [(each["on_hand"], each["fulfillable"]) for each in found["warehouses"]] == [(10, 6), (12, 8)]
    assert set(found) == {"on_hand", "fulfillable", "warehouses"}


def test_the_only_warehouse_need_not_be_named() -> None:
    found = corrected(STOCK, split("w1"), Correction({"awaiting": 5}))

    assert found["warehouses"][0]["awaiting"] == 5
    assert "awaiting" not in found, "the source gives no total, so there is none to move"


def test_fractions_stay_exact() -> None:
    assert corrected(STOCK, {"id": "i1", "on_hand": 0.3}, Correction({"on_hand": 0.1})) == {"on_hand": 0.1}
    moved = corrected(
        STOCK,
        {"id": "i1", "on_hand": 0.3, "warehouses": [{"warehouse_id": "w", "on_hand": 0.1}]},
        Correction({"on_hand": 0.2}, "w"),
    )
    assert moved["on_hand"] == 0.4


eaches = st.integers(0, 1000)


@given(parts=st.lists(st.tuples(eaches, eaches, eaches), min_size=1, max_size=4), new=eaches, place=st.integers(0, 3))
def test_stock_stays_a_sum_of_its_parts_and_of_its_warehouses(
    parts: list[tuple[int, int, int]], new: int, place: int
) -> None:
    names = ("committed", "unsellable", "fulfillable")
    each: list[dict[str, Any]] = [
        {"warehouse_id": f"w{at}", **dict(zip(names, part, strict=True))} for at, part in enumerate(parts)
    ]
    warehouses: list[dict[str, Any]] = [
        {**stock, "on_hand": sum(part)} for stock, part in zip(each, parts, strict=True)
    ]
    totals = {name: sum(stock[name] for stock in warehouses) for name in ("on_hand", *names)}
    record: dict[str, Any] = {"id": "i1", **totals, "warehouses": warehouses}
    chosen = warehouses[place % len(warehouses)]

    bound = chosen["committed"] + chosen["unsellable"]
    if new < bound or new == chosen["on_hand"]:
        with pytest.raises(InvalidRequest):
            corrected(STOCK, record, Correction({"on_hand": new}, chosen["warehouse_id"]))
        return
    after: dict[str, Any] = {**record, **corrected(STOCK, record, Correction({"on_hand": new}, chosen["warehouse_id"]))}

    assert all(stock["on_hand"] == sum(stock[name] for name in names) for stock in [after, *after["warehouses"]])
    assert all(after[name] == sum(stock[name] for stock in after["warehouses"]) for name in ("on_hand", *names))


@pytest.mark.parametrize(
    ("record", "correction"),
    [
        (level(), Correction({"sku": "B"})),
        (level(), Correction({"id": "B"})),
        (level(), Correction({"data_type": "orders"})),
        (level(), Correction({"on_hand": -1})),
        (level(), Correction({"on_hand": "8"})),
        (level(), Correction({"on_hand": True})),
        (level(), Correction({"on_hand": None})),
        (level(), Correction({"on_hand": float("nan")})),
        (level(), Correction({"on_hand": 1e300})),
        (level(), Correction({"on_hand": 0.1234567})),
        (level(), Correction({"on_hand": 3})),
        (level(), Correction({"fulfillable": 7})),
        (level(), Correction({"on_hand": 10})),
        (level(), Correction({"on_hand": 8}, "w1")),
        (split("w1", "w2"), Correction({"on_hand": 8})),
        (split("w1", "w2"), Correction({"on_hand": 8}, "w3")),
        (level(), Correction({"name": 7})),
        (level(), Correction({"active": "yes"})),
        (level(), Correction({"unit_cost": {"amount": "12,5", "currency": "EUR"}})),
        (level(), Correction({"name": "\ud800"})),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_do(record: dict[str, Any], correction: Correction) -> None:
    with pytest.raises(InvalidRequest) as refused:
        corrected(STOCK, record, correction)

    assert refused.value.remedy


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Mug"},
        {"active": False},
        {"barcodes": ["0012345678905"]},
        {"unit_cost": {"amount": "4.2", "currency": "EUR"}},
        {"supplier_id": "s1", "supplier_name": "Pottery"},
    ],
)
def test_a_product_s_facts_are_corrected(fields: dict[str, Any]) -> None:
    assert corrected(PRODUCTS, {"id": "p1", "name": "Mog"}, Correction(fields)) == fields


def test_what_the_source_alone_knows_is_not_corrected() -> None:
    with pytest.raises(Unsupported):
        corrected(DataType.ORDERS, {"id": "o1"}, Correction({"number": "1"}))
