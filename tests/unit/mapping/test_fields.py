"""Reading a source record by path: exact, and silent about values."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.errors import RecordInvalid
from planster_sync.mapping.fields import Fields, decoded
from planster_sync.mapping.instants import day, instant
from planster_sync.mapping.measures import MeasureNames, measurements
from planster_sync.mapping.numbers import decimal_text, money, number, quantity
from planster_sync.mapping.words import Table, discreet_word, word
from planster_sync.model.catalog import read_record
from planster_sync.model.data_types import DataType
from planster_sync.model.inbound import InboundStatus
from planster_sync.model.inventory import InventoryLevel
from planster_sync.model.record import instant_of
from planster_sync.model.vocabulary import Measurements

STATUSES = Table({"in-transit": InboundStatus.IN_TRANSIT, "open": InboundStatus.OPEN})
READERS: list[Callable[[Fields, str], object]] = [
    Fields.text,
    Fields.identifier,
    Fields.required_id,
    Fields.flag,
    Fields.child,
    Fields.children,
    Fields.entries,
    Fields.texts,
    quantity,
    number,
    decimal_text,
    instant,
    day,
    lambda source, name: money(source, name, "EUR"),
    lambda source, name: word(source, name, STATUSES),
    lambda source, name: measurements(source.child(name), MeasureNames()),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("read", READERS)
@given(value=JSON)
def test_a_reader_gives_a_value_or_refuses_the_field(read: Callable[[Fields, str], object], value: object) -> None:
    refused_at = "field"

    try:
        read(Fields({"field": value}), "field")
    except RecordInvalid as error:
        refused_at = error.path

    assert refused_at.startswith("field")


def test_a_refusal_names_the_field_and_not_the_value() -> None:
    source = decoded(b'{"lines":[{"sku":"A"},{"sku":{"secret":"canary-771"}}]}')

    with pytest.raises(RecordInvalid) as caught:
        source.children("lines")[1].text("sku")

    assert caught.value.path == "lines.1.sku"
    assert "canary-771" not in f"{caught.value}{caught.value.what}{caught.value.detail}"


def test_a_path_through_null_reads_as_null() -> None:
    source = decoded(b'{"supplier":null}')

    assert source.text("supplier.name") is None
    assert source.child("supplier").text("name") is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"1",
        b'{"a":NaN}',
        b'{"a":"\xff"}',
        b'{"a":"\\ud800"}',
        b"[" * 100_000,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
    ids=["empty", "list", "number", "nan", "utf8", "surrogate", "deep", "long"],
)
def test_what_is_not_a_json_object_is_refused(raw: bytes) -> None:
    with pytest.raises(RecordInvalid):
        decoded(raw)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6))
def test_a_number_keeps_its_exact_value(value: Decimal) -> None:
    source = decoded(f'{{"n":{value:f}}}'.encode())

    assert number(source, "n") == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9, places=3))
def test_equal_numbers_have_equal_text(value: Decimal) -> None:
    short, padded = decoded(f'{{"n":{value:f}}}'.encode()), decoded(f'{{"n":{value:f}0}}'.encode())

    assert money(short, "n", None) == money(padded, "n", None)
    assert str(number(short, "n")) == str(number(padded, "n"))


@given(
    st.decimals(min_value=-(10**20), max_value=10**20, places=8).flatmap(
        lambda it: st.sampled_from([it, it.normalize()])
    )
)
def test_an_amount_is_exact_and_plain_whether_it_comes_as_number_or_text(value: Decimal) -> None:
    as_number, as_text = (money(decoded(f'{{"n":{each}}}'.encode()), "n", "EUR") for each in (value, f'"{value}"'))

    assert as_number is not None
    assert as_number == as_text
    assert Decimal(as_number.amount) == value
    assert re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", as_number.amount)


@pytest.mark.parametrize("count", [2**63 - 1, -(2**63), 2**64, 10**36])
def test_a_huge_count_is_stored_digit_by_digit(count: int) -> None:
    level = InventoryLevel(id="i", on_hand=quantity(decoded(f'{{"n":{count}.0}}'.encode()), "n"))

    assert level.attributes()["on_hand"] == count
    assert read_record(DataType.INVENTORY_LEVELS, level.canonical()) == level


@pytest.mark.parametrize("text", ["1e400000", "-1e-400000", "1" * 60, "0." + "1" * 60])
def test_a_number_that_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(RecordInvalid):
        quantity(decoded(f'{{"n":{text}}}'.encode()), "n")


@pytest.mark.parametrize(
    ("text", "expected"), [("3", 3), ("3.0", 3), ("2.5", Decimal("2.5")), ("1E2", 100), ("-4", -4)]
)
def test_a_quantity_is_whole_where_it_is_whole(text: str, expected: int | Decimal) -> None:
    found = quantity(decoded(f'{{"n":{text}}}'.encode()), "n")

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1_000", "12 kg", "٣"])
def test_a_decimal_text_is_a_plain_number(text: str) -> None:
    with pytest.raises(RecordInvalid):
        decimal_text(Fields({"n": text}), "n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-01T02:10:00Z", "2026-02-01T02:10:00Z"),
        ("2026-02-01T02:10:00.1234567+02:00", "2026-02-01T00:10:00.123Z"),
        ("2026-02-01 02:10:00", "2026-02-01T01:10:00Z"),
        ("2026-07-01", "2026-06-30T22:00:00Z"),
    ],
)
def test_a_moment_is_placed_in_utc(text: str, expected: str) -> None:
    assert instant(Fields({"at": text}), "at", ZoneInfo("Europe/Madrid")) == expected


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-02-30T00:00:00Z", "20260201", "0001-01-01T00:00:00+14:00", "2026-W01-1"]
)
def test_what_is_not_a_moment_is_refused(text: str) -> None:
    with pytest.raises(RecordInvalid):
        instant(Fields({"at": text}), "at")


def test_a_moment_without_zone_is_refused_where_none_is_given() -> None:
    with pytest.raises(RecordInvalid):
        instant(Fields({"at": "2026-02-01T02:10:00"}), "at")


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_survives_its_own_text(moment: datetime) -> None:
    assert instant(Fields({"at": moment.isoformat()}), "at") == instant_of(moment)


@given(st.from_regex(r"[0-2][0-9]{3}-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z", fullmatch=True))
def test_only_moments_that_the_calendar_has_are_taken(text: str) -> None:
    try:
        expected = instant_of(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z"))
    except ValueError:
        expected = None

    try:
        found = instant(Fields({"at": text}), "at")
    except RecordInvalid:
        found = None

    assert found == expected


def test_an_expiry_day_is_not_shifted_by_a_zone() -> None:
    assert day(Fields({"on": "2027-03-01T00:00:00+09:00"}), "on") == "2027-03-01"
    assert day(Fields({"on": "2027-03-01"}), "on") == "2027-03-01"


@pytest.mark.parametrize("text", ["in-transit", "In Transit", "IN_TRANSIT", "InTransit"])
def test_spelling_does_not_change_a_word(text: str) -> None:
    found = word(Fields({"status": text}), "status", STATUSES)

    assert found is not None
    assert (found.value, found.vendor) == ("in_transit", text)


@given(st.text(min_size=1))
def test_an_unknown_word_is_other_and_kept(text: str) -> None:
    found = word(Fields({"status": "x" + text}), "status", STATUSES)

    assert found is not None
    assert (found.value, found.vendor) == ("other", "x" + text)


def test_a_field_that_people_write_into_keeps_only_known_words() -> None:
    found = discreet_word(Fields({"reason": "Mrs Canary was out"}), "reason", STATUSES)

    assert found is not None
    assert (found.value, found.vendor) == ("other", None)


def test_measures_are_exact_in_millimetres_and_grams() -> None:
    source = decoded(b'{"length":1.5,"width":2,"height":null,"unit":"in","weight":"3.0","weight_unit":"oz"}')

    found = measurements(source, MeasureNames())

    assert found is not None
    assert found == Measurements(
        length_mm="38.1", width_mm="50.8", weight_g="85.048569375", length_unit="in", weight_unit="oz"
    )


def test_a_measure_in_an_unknown_unit_is_null_and_its_unit_is_kept() -> None:
    found = measurements(decoded(b'{"length":2,"unit":"hand"}'), MeasureNames())

    assert found is not None
    assert (found.length_mm, found.length_unit) == (None, "hand")
