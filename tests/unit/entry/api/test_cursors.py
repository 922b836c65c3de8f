"""Cursors open where they were sealed, and nowhere else."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.entry.api.cursors import opened, sealed
from planster_sync.errors import InvalidRequest

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
scopes = st.lists(texts, max_size=5).map(tuple)


@given(scope=scopes, position=texts)
def test_a_cursor_gives_back_its_position(scope: tuple[str, ...], position: str) -> None:
    cursor = sealed(scope, position)

    assert opened(scope, cursor) == position
    assert re.fullmatch(r"[A-Za-z0-9_-]+", cursor)


@given(scope=scopes, other=scopes, position=texts)
def test_a_cursor_of_another_list_is_refused(scope: tuple[str, ...], other: tuple[str, ...], position: str) -> None:
    cursor = sealed(other, position)

    if scope != other:
        with pytest.raises(InvalidRequest):
            opened(scope, cursor)


@given(
    position=texts,
    place=st.integers(min_value=0),
    letter=st.sampled_from(string.ascii_letters + string.digits + "-_"),
)
def test_a_cursor_with_one_letter_changed_is_refused(position: str, place: int, letter: str) -> None:
    cursor = sealed(("runs",), position)
    place %= len(cursor)
    changed = cursor[:place] + letter + cursor[place + 1 :]

    if changed != cursor:
        with pytest.raises(InvalidRequest):
            opened(("runs",), changed)


@given(text=st.text(max_size=80))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        opened(("runs",), text)


@given(position=texts.filter(bool), length=st.integers(min_value=0))
def test_a_cursor_cut_short_is_refused(position: str, length: int) -> None:
    cursor = sealed(("runs",), position)

    with pytest.raises(InvalidRequest):
        opened(("runs",), cursor[: length % len(cursor)])
