"""Plain values on the wire and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.errors import RecordInvalid
from planster_sync.storage.attributes import pack, pack_value, unpack
from planster_sync.storage.item_size import item_size
from planster_sync.storage.keys import instant

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.text(),
    st.integers(min_value=-(10**38) + 1, max_value=10**38 - 1),
    st.floats(min_value=-1e100, max_value=1e100).filter(lambda number: number == 0 or abs(number) > 1e-100),
)
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(), inner, max_size=6), max_leaves=20
)
_ITEMS = st.dictionaries(st.text(min_size=1), _VALUES, max_size=12)

_MOMENTS = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001  # hypothesis wants plain bounds and adds the zone
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=9))]),
)


@given(_ITEMS)
def test_plain_json_comes_back_equal(item: dict[str, Any]) -> None:
    assert unpack(pack(item)) == item


def _as_boto3_wants(value: Any) -> Any:
    """The same value with floats as decimals, which is the only form that boto3 takes."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, list):
        return [_as_boto3_wants(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _as_boto3_wants(inner) for name, inner in value.items()}
    return value


def _with_numbers(packed: Any) -> Any:
    """The same attribute values with their numbers as numbers: 1E+2 and 100 are one."""
    if isinstance(packed, list):
        return [_with_numbers(inner) for inner in packed]
    if not isinstance(packed, dict):
        return packed
    return {
        name: Decimal(inner) if name == "N" and isinstance(inner, str) else _with_numbers(inner)
        for name, inner in packed.items()
    }


@given(_VALUES)
def test_values_are_packed_as_boto3_packs_them(value: Any) -> None:
    assert _with_numbers(pack_value(value)) == _with_numbers(TypeSerializer().serialize(_as_boto3_wants(value)))


@given(_ITEMS)
def test_an_items_size_lies_between_its_texts_and_its_json(item: dict[str, Any]) -> None:
    text = sum(
        len(name.encode()) + (len(value.encode()) if isinstance(value, str) else 0) for name, value in item.items()
    )

    packed = pack(item)

    assert text <= item_size(packed) <= len(msgspec.json.encode(packed))


@given(_MOMENTS, _MOMENTS)
def test_moments_sort_as_their_text_does(one: datetime, other: datetime) -> None:
    assert (one < other) == (instant(one) < instant(other))


@pytest.mark.parametrize(
    "number",
    [10**38, -(10**38), Decimal("1e126"), Decimal("1e-131"), Decimal("NaN"), float("inf"), Decimal("1." + "1" * 38)],
)
def test_a_number_that_dynamodb_cannot_hold_is_refused(number: float | Decimal) -> None:
    with pytest.raises(RecordInvalid):
        pack_value(number)


@pytest.mark.parametrize(
    ("value", "packed"),
    [
        (10**38 - 1, {"N": "9" * 38}),
        (0.1, {"N": "0.1"}),
        (True, {"BOOL": True}),
        (datetime(2026, 3, 1, 2, tzinfo=UTC), {"S": "2026-03-01T02:00:00.000000Z"}),
        (frozenset({"b", "a"}), {"L": [{"S": "a"}, {"S": "b"}]}),
        ({12: 1}, {"M": {"12": {"N": "1"}}}),
    ],
)
def test_a_value_has_one_form(value: object, packed: dict[str, Any]) -> None:
    assert json.loads(json.dumps(pack_value(value))) == packed


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(RecordInvalid):
        pack_value(object())


def test_sizes_follow_the_published_rule() -> None:
    item = pack({"pk": "ab", "emoji": "\N{PILE OF POO}", "on": True, "tags": ["a", "b"], "nested": {"k": "v"}})

    assert item_size(item) == (2 + 2) + (5 + 4) + (2 + 1) + (4 + 3 + 2 + 2) + (6 + 3 + 1 + 2)
