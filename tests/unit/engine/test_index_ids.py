"""Ids come back as they went in, whatever they are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.engine.index_ids import end_of, packed, unpacked
from tests.unit.engine.awkward import IDS

HEX = st.binary(max_size=200).map(bytes.hex)
UUIDS = st.uuids().map(str)
ANY = st.one_of(
    st.text(), HEX, UUIDS, st.sampled_from(IDS), HEX.map(str.upper), UUIDS.map(str.upper), st.from_regex("[0-9-]{36}")
)


@given(st.lists(ANY, max_size=8))
def test_ids_that_lie_one_behind_the_other_are_read_back(ids: list[str]) -> None:
    heap = b"".join(packed(id_) for id_ in ids)
    spot, found = 0, []
    while spot < len(heap):
        found.append(unpacked(heap, spot))
        spot = end_of(heap, spot)

    assert found == ids


@given(ANY, ANY)
def test_no_packed_id_is_the_beginning_of_another(one: str, other: str) -> None:
    assert packed(one).startswith(packed(other)) == (one == other)


@pytest.mark.parametrize(
    ("id_", "size"),
    [
        ("5f3c" * 6, 13),
        ("3f1d9a52-0c4e-4b7a-9d55-8f0e1a2b3c4d", 17),
        ("3F1D9A52-0C4E-4B7A-9D55-8F0E1A2B3C4D", 37),
        ("123456", 4),
        ("SKU-1", 6),
    ],
)
def test_hexadecimal_digits_take_half_a_byte_each(id_: str, size: int) -> None:
    assert len(packed(id_)) == size
