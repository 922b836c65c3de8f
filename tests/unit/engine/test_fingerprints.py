"""Fingerprints of source records: equal exactly where nothing but a volatile field of the record's own differs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.engine.fingerprints import raw_fingerprint

VOLATILE = frozenset({"touched", "at"})
NAMES = st.sampled_from(["id", "touched", "at", 'a","touched', "é", "}", "["])
TEXTS = st.text(max_size=3) | st.sampled_from(['"touched":"x"', ',"at":null', "{", "[", "\\"])
VALUES = st.recursive(
    st.none() | st.integers(0, 2) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=4,
)
MEMBERS = st.dictionaries(NAMES, VALUES, max_size=6)
SEPARATORS = st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : ")])


def spelt(record: dict[str, Any], separators: tuple[str, str] = (",", ":"), *, plain: bool = True) -> bytes:
    return json.dumps(record, separators=separators, ensure_ascii=plain).encode()


def kept(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in VOLATILE}


@given(MEMBERS, st.data(), SEPARATORS, st.booleans())
def test_a_volatile_field_changes_no_fingerprint(
    record: dict[str, Any], data: st.DataObject, separators: tuple[str, str], plain: bool
) -> None:
    touched = {name: data.draw(st.dates().map(str)) if name in VOLATILE else value for name, value in record.items()}
    again = {name: data.draw(st.dates().map(str)) if name in VOLATILE else value for name, value in record.items()}

    found = {raw_fingerprint(spelt(each, separators, plain=plain), VOLATILE) for each in (touched, again)}

    assert len(found) == 1


@given(MEMBERS, MEMBERS)
def test_every_other_difference_changes_the_fingerprint(one: dict[str, Any], other: dict[str, Any]) -> None:
    equal = raw_fingerprint(spelt(one), VOLATILE) == raw_fingerprint(spelt(other), VOLATILE)

    assert not equal or kept(one) == kept(other)


@given(MEMBERS, st.data())
def test_a_change_of_one_value_changes_the_fingerprint(record: dict[str, Any], data: st.DataObject) -> None:
    changed = {**record, data.draw(NAMES.filter(lambda name: name not in VOLATILE)): data.draw(VALUES)}

    equal = raw_fingerprint(spelt(record), VOLATILE) == raw_fingerprint(spelt(changed), VOLATILE)

    assert equal == (spelt(kept(record)) == spelt(kept(changed)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b'{"x":{"touched":"1"}}', b'{"x":{"touched":"2"}}'),
        (b'{"x":[{"touched":"1"}],"touched":"0"}', b'{"x":[{"touched":"2"}],"touched":"0"}'),
        (b'{"x":"a,\\"touched\\":\\"1\\""}', b'{"x":"a,\\"touched\\":\\"2\\""}'),
        (b'{"touched":"1"}', b'{"touched"}'),
        (b'{"touched":"1"}', b'{"touched":"\xff"}'),
        (b'{"touched":"1","id":1}', b'{"touched":"1","id":NaN}'),
        (b'{"touched":"1","touched":"2"}', b'{"touched":"1","touched":{"x":NaN}}'),
        (b"[1]", b"[2]"),
        (b"[" * 9999, b"[" * 9998),
    ],
    ids=["nested", "in-a-list", "in-a-text", "no-value", "bad-utf8", "nan", "twice", "no-object", "deep"],
)
def test_what_only_looks_like_a_volatile_field_counts(one: bytes, other: bytes) -> None:
    assert raw_fingerprint(one, VOLATILE) != raw_fingerprint(other, VOLATILE)
