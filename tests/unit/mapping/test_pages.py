"""Cutting pages: nothing lost, nothing invented, one bad record does not take the page with it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.errors import AnswerBroken
from planster_sync.mapping.pages import inner, single, split

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.lists(st.dictionaries(st.text(), VALUES, max_size=5), max_size=6)


def page_of(records: list[dict[str, Any]], *, ascii_only: bool = True) -> bytes:
    return json.dumps({"next_token": None, "data": records, "total": len(records)}, ensure_ascii=ascii_only).encode()


@given(RECORDS)
def test_every_record_is_cut_out_whole_and_in_order(records: list[dict[str, Any]]) -> None:
    cut = split(page_of(records), envelope=("total",))

    assert [json.loads(record.raw) for record in cut.records] == records
    assert cut.read("total") == len(records)


@given(RECORDS, st.integers(0, 5))
def test_a_malformed_record_leaves_its_neighbours_alone(records: list[dict[str, Any]], place: int) -> None:
    place = min(place, len(records))
    parts = [json.dumps(record) for record in records]
    parts.insert(place, '{"id":"bad","n":NaN,"s":"\\ud800 }{","l":[1,{"id":"inner"}]}')

    cut = split(f'{{"data":[{", ".join(parts)}],"next_token":"t"}}'.encode(), envelope=("next_token",))

    assert cut.records[place].id == "bad"
    assert [json.loads(record.raw) for i, record in enumerate(cut.records) if i != place] == records
    assert cut.read("next_token") == "t"


@given(st.binary(max_size=200))
def test_bytes_are_cut_or_refused(body: bytes) -> None:
    for cutter in (split, single):
        try:
            cutter(body)
        except AnswerBroken:
            continue


@given(RECORDS.filter(bool), st.data())
def test_a_page_that_was_cut_short_is_refused(records: list[dict[str, Any]], data: st.DataObject) -> None:
    body = page_of(records)
    length = data.draw(st.integers(0, len(body) - 1))

    with pytest.raises(AnswerBroken):
        split(body[:length])


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (b'{"id":"a"}', "a"),
        (b'{ "id" : "a b\\/c" }', "a b/c"),
        (b'{"id":"\\u0061"}', "a"),
        (b'{"id":"a"x}', "a"),
        (b'{"id":7}', "7"),
        (b'{"x":{"id":"inner"},"id":"outer"}', "outer"),
        (b'{"id":""}', None),
        (b'{"id":null}', None),
        (b'{"id":true}', None),
        (b'{"id":1.5}', None),
        (b'{"id":["a"]}', None),
        (b'{"id":"\xff"}', None),
        (b'{"id":"a","name":"\xff"}', "a"),
        (b'{"id":"a","n":NaN}', "a"),
        (b"{}", None),
        (b"17", None),
        (b'{"id":"\xf0\x9f\xa7\xbc/\\u00e9"}', "🧼/é"),
    ],
)
def test_only_a_usable_id_is_an_id(record: bytes, expected: str | None) -> None:
    cut = split(b'{"data":[' + record + b"]}")

    assert [found.id for found in cut.records] == [expected]
    assert cut.records[0].raw == record


def test_a_prefix_makes_ids_unique_between_lists() -> None:
    cut = split(b'{"data":[{"id":"A-03"}]}', prefix="wh-1/")

    assert cut.records[0].id == "wh-1/A-03"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"<html>",
        b"{}",
        b'{"data":null}',
        b'{"data":{}}',
        b'{"data":[,]}',
        b'{"data":[]} x',
        b"[" * 99_999,
    ],
)
def test_a_body_without_a_list_of_records_is_refused(body: bytes) -> None:
    with pytest.raises(AnswerBroken):
        split(body)


def test_a_single_record_is_cut_out_as_well() -> None:
    assert single(b'{"data":{"id":"x"}}').id == "x"


def test_a_list_without_an_envelope_is_cut_as_well() -> None:
    assert [found.id for found in split(b'[{"id":"a"}, {"id":"b","n":NaN}]', records="").records] == ["a", "b"]


def test_a_list_is_reached_through_the_objects_around_it() -> None:
    body = b'{"data":{"orders":{"edges":[{"node":{"id":"a"}},{"cursor":"x"}],"pageInfo":{"hasNextPage":false}}}}'

    cut = split(inner(body, "data", "orders"), records="edges", inside="node", envelope=("pageInfo",))

    assert [(found.id, found.raw) for found in cut.records] == [("a", b'{"id":"a"}'), (None, b'{"cursor":"x"}')]
    assert cut.read("pageInfo") == {"hasNextPage": False}


@pytest.mark.parametrize("body", [b"{}", b'{"data":null}', b'{"data":[]}', b"[]", b"<html>", b'{"data":{"other":1}}'])
def test_a_way_that_leads_nowhere_is_a_broken_answer(body: bytes) -> None:
    with pytest.raises(AnswerBroken):
        split(inner(body, "data", "orders"))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (b'{"readOnly":{"orderId":17},"x":1}', "17"),
        (b'{"readOnly":{"orderId":17},"x":NaN}', "17"),
        (b'{"readOnly":null}', None),
        (b'{"readOnly":{}}', None),
        (b'{"readOnly":[]}', None),
        (b"{}", None),
    ],
)
def test_an_id_may_lie_inside(record: bytes, expected: str | None) -> None:
    assert split(b"[" + record + b"]", records="", identity="readOnly.orderId").records[0].id == expected
