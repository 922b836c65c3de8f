"""A table of hashes gives back every row that it was given, and little else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.engine.index_table import MAX_ROWS, Table

PLACED = st.lists(st.tuples(st.integers(0, 2**64 - 1) | st.integers(0, 9), st.integers(0, MAX_ROWS)), max_size=60)


@given(PLACED)
def test_every_row_is_found_under_its_hash(placed: list[tuple[int, int]]) -> None:
    table = Table()
    for number, (key, row) in enumerate(placed):
        if not table.has_room():
            table = Table.of(placed[:number], 2 * len(table.cells))
        table.add(key, row)

    assert table.used == len(placed)
    assert 4 * table.used <= 3 * len(table.cells)
    for key, row in placed:
        assert row in table.rows(key)


def test_hash_that_was_never_added_rarely_leads_anywhere() -> None:
    keys = [number * 0x9E3779B97F4A7C15 % 2**64 for number in range(1, 20_001)]
    table = Table.of(((key, row) for row, key in enumerate(keys[:10_000])), 20_000)

    strays = sum(len(list(table.rows(key))) for key in keys[10_000:])

    assert strays < 1000


def test_table_that_would_be_too_full_is_not_made() -> None:
    with pytest.raises(ValueError, match="too small"):
        Table.of(((0, row) for row in range(7)), 8)
