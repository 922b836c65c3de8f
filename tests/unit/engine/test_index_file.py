"""What cannot be read, or was written by another release, counts as lost; what is written stays small."""

from __future__ import annotations

import zlib
from array import array
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xxhash import xxh3_64_digest, xxh3_64_hexdigest, xxh3_64_intdigest

from planster_sync.engine import index_shapes
from planster_sync.engine.index import Index
from planster_sync.engine.index_entries import Edge, Entry, Output
from planster_sync.engine.index_file import FORMAT, Chunk, Header, pack, unpack_chunk, unpack_index
from planster_sync.engine.index_packing import objects_of, opened
from planster_sync.engine.index_rows import Rows
from planster_sync.engine.index_shapes import ODD, Shape, Shapes
from planster_sync.engine.sightings import Sightings
from tests.unit.engine.awkward import coarse


def index_of(*ids: str) -> Index:
    index = Index("table", "mapping")
    for id_ in ids:
        index.put(id_, Entry(1, (Output("orders", id_, 2),)))
    return index


def chunk() -> Chunk:
    return Chunk(Header(FORMAT, "table", "mapping"), "run", [], {"a": None}, b"", b"", [], [])


def of_format(content: bytes, number: int) -> bytes:
    """The same object as another release would write it, down to a checksum that is right."""
    fields = msgspec.msgpack.decode(content[8:])
    fields[0][0] = number
    body = msgspec.msgpack.encode(fields)
    return xxh3_64_digest(body) + body


@pytest.mark.parametrize("number", [FORMAT - 1, FORMAT + 1])
def test_object_of_another_format_counts_as_lost(number: int) -> None:
    ((_, content),) = objects_of(index_of("a"), "name", None)

    assert unpack_index(of_format(content, FORMAT)) is not None
    assert unpack_index(of_format(content, number)) is None
    assert unpack_chunk(of_format(pack(chunk()), FORMAT)) is not None
    assert unpack_chunk(of_format(pack(chunk()), number)) is None


def test_first_format_and_this_one_are_lost_on_each_other() -> None:
    first = zlib.compress(msgspec.msgpack.encode([[1, "table", "mapping"], {}, [], None, [], False]), 1)

    assert unpack_index(first) is None
    assert unpack_chunk(first) is None
    with pytest.raises(zlib.error):  # what the first release takes for a lost index
        zlib.decompress(next(objects_of(index_of("a"), "name", None))[1])


@given(st.data())
def test_damaged_object_counts_as_lost(data: st.DataObject) -> None:
    ((_, content),) = objects_of(index_of("a", "b"), "name", None)
    at = data.draw(st.integers(0, len(content) - 1))
    flipped = bytes((content[at] ^ data.draw(st.integers(1, 255)),))

    assert unpack_index(content[:at] + flipped + content[at + 1 :]) is None
    assert unpack_index(content[:at]) is None


def test_index_that_lacks_a_sheet_counts_as_lost() -> None:
    objects = dict(objects_of(index_of(*"abcdefgh"), "name", None, 100))
    assert len(objects) > 2

    for name in objects:
        left = {other: content for other, content in objects.items() if other != name}
        spoiled = {**objects, name: objects[name][:-1]}
        assert opened(left.get, "name", "run", xxh3_64_intdigest) is None
        assert opened(spoiled.get, "name", "run", xxh3_64_intdigest) is None


@pytest.mark.parametrize("kind", ["hex", "uuid"])
def test_plain_record_takes_48_bytes_at_most(kind: str) -> None:
    digests = [xxh3_64_hexdigest(str(number).encode()) + f"{number:08x}" for number in range(20_000)]
    ids = digests if kind == "hex" else [str(UUID(int=int(digest, 16) << 32)) for digest in digests]
    index = index_of(*ids)

    objects = dict(objects_of(index, "name", None))
    loaded = opened(objects.get, "name", "run", xxh3_64_intdigest)

    assert loaded is not None
    rows = loaded.rows
    columns = (rows.raws, rows.prints, rows.spots, rows.which, rows.seen, rows.table.cells)
    in_memory = sum(len(column) * column.itemsize for column in columns) + len(rows.heap)
    assert in_memory <= 48 * len(ids)
    assert sum(map(len, objects.values())) <= 48 * len(ids)


def test_more_shapes_than_a_byte_can_tell_apart_are_kept_apart() -> None:
    def entry(number: int) -> Entry:
        return Entry(1, (Output("orders", f"o{number}", 2),), (Edge("order_channels", f"ch{number}", b"{}"),), number)

    index = Index("table", "mapping")
    for number in range(600):
        index.put(f"o{number}", entry(number))
    for number in range(500):
        index.put(f"o{number}", None)

    for _ in range(2):
        objects = dict(objects_of(index, "name", None))
        loaded = opened(objects.get, "name", "run", xxh3_64_intdigest)
        assert loaded is not None
        index = loaded
        index.put("another", entry(600))
        assert [index.get(f"o{number}") for number in range(500, 600)] == [entry(number) for number in range(500, 600)]
        assert len(index) == 101
    assert index.rows.which.typecode == "B"


def test_record_whose_shape_has_no_number_left_is_odd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_shapes, "_MOST", 4)
    shapes = Shapes()
    numbers = [shapes.number(Shape((data_type,), has_own=True)) for data_type in "abcab"]

    assert numbers == [2, 3, ODD, 2, 3]


def test_what_is_no_longer_needed_is_let_go() -> None:
    ids = [f"order-{number}" for number in range(4000)]
    index = index_of(*ids)
    for version in range(3):
        for id_ in ids[:400]:
            children = tuple(Output("order_shipments", f"{id_}/{version}/{one}", 3) for one in range(20))
            index.put(id_, Entry(1, (Output("orders", id_, 2), *children)))
    for id_ in ids[400:]:
        index.put(id_, None)

    size = sum(len(content) for _, content in objects_of(index, "name", None))

    assert size < 400 * 20 * 40
    assert len(index.rows) == len(index) == 400
    assert index.owner("order_shipments", "order-7/2/3") == "order-7"
    assert index.owner("order_shipments", "order-7/1/3") == "order-7/1/3"


def test_record_never_seems_to_have_been_read_later_than_it_was() -> None:
    index = index_of("a")
    for moment in range(1, 70_000):
        index.turn(moment)
    index.mark("a", Sightings(69_999))

    assert 60_000 < index.read_at("a") <= 69_999


def test_rows_are_journalled_only_where_the_index_object_has_them() -> None:
    index = index_of("old")
    list(objects_of(index, "name", None))
    index.put("new", Entry(1, (Output("orders", "new", 2),)))
    sightings = Sightings(5)

    index.mark("old", sightings)
    index.mark("new", sightings)

    assert array("I", sightings.packed.rows).tolist() == [0]
    assert sightings.packed.ids == ["new"]


def test_many_children_with_one_hash_find_their_parent() -> None:
    """As many as make the table of derived records grow several times."""
    index = Index("table", "mapping", Rows(coarse(0)))
    for number in range(12):
        children = tuple(Output("order_shipments", f"s{number}-{child}", 3) for child in range(number))
        index.put(f"o{number}", Entry(1, (Output("orders", f"o{number}", 2), *children)))

    for number in range(12):
        assert all(index.owner("order_shipments", f"s{number}-{child}") == f"o{number}" for child in range(number))
