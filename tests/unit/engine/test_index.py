"""The packed index is what a plain dictionary of entries would be, however often it is stored and loaded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from xxhash import xxh3_64_intdigest

from planster_sync.engine.index import Index
from planster_sync.engine.index_entries import Edge, Entry, Output
from planster_sync.engine.index_packing import objects_of, opened
from planster_sync.engine.index_rows import Digest, Rows
from planster_sync.engine.sightings import Sightings
from tests.unit.engine.awkward import IDS, coarse

TYPES = ("orders", "order_shipments")
CHILDREN = ("s1", "s2", "S1", "a", "0a1b", "")
MANY = [("order_shipments", f"m{number}") for number in range(30)]
EDGES = [Edge("order_channels", id_, value) for id_ in ("ch1", "ch2") for value in (b"{}", b"{1}")]

NUMBERS = st.integers(0, 3)

prints = st.none() | st.integers(1, 2**64 - 1)
moments = st.none() | st.integers(1, 2**41)


@st.composite
def entries(draw: st.DrawFn, source: str) -> Entry:
    own = [("orders", source)] if draw(st.booleans()) else []
    others = draw(st.lists(st.tuples(st.sampled_from(TYPES), st.sampled_from(CHILDREN)), max_size=3) | st.just(MANY))
    calm = draw(st.booleans())
    outputs = tuple(
        Output(data_type, id_, draw(prints), None if calm else draw(moments))
        for data_type, id_ in dict.fromkeys([*own, *others])
    )
    edges = tuple(draw(st.lists(st.sampled_from(EDGES), max_size=2)))
    stamp = draw(st.integers(-(2**41), 2**41)) if edges else 0
    raw = draw(st.none() | st.just(_raw(source, draw(st.integers(0, 2)))))
    if calm:
        return Entry(raw, outputs, edges, stamp)
    code = draw(st.none() | st.just("record_invalid"))
    return Entry(raw, outputs, edges, stamp, draw(moments), code, draw(st.integers(0, 9)) if code else 0)


def _raw(source: str, version: int) -> int:
    return xxh3_64_intdigest(f"{version}/{source}".encode())


@dataclass
class Model:
    """What the index must know: entries by id, and when each was seen."""

    entries: dict[str, Entry] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def lister(self, key: tuple[str, str]) -> str | None:
        """The source record that lists a derived record which has an id of its own."""
        listing = [
            source
            for source, entry in self.entries.items()
            if source != key[1] and any(output.key == key for output in entry.outputs)
        ]
        return listing[0] if listing else None


class Machine(RuleBasedStateMachine):
    """Does the same to an index and to a model, and compares all that can be asked."""

    digest: Digest = staticmethod(xxh3_64_intdigest)

    @initialize(ids=st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True))
    def begin(self, ids: list[str]) -> None:
        self.ids = ids
        self.index = Index("table", "mapping", Rows(self.digest))
        self.model = Model()
        self.now = 1000

    @rule(number=NUMBERS, data=st.data())
    def learn(self, number: int, data: st.DataObject) -> None:
        """As a worker does: a derived record that comes with another source leaves its former one."""
        source = self.ids[number % len(self.ids)]
        entry = data.draw(entries(source))
        for output in entry.outputs:
            former = self.model.lister(output.key)
            if former not in (None, source) and output.id != source:
                left = self.model.entries[former].without(output.key)
                self.put(former, left)
        self.put(source, entry)

    @rule(number=NUMBERS)
    def forget(self, number: int) -> None:
        self.put(self.ids[number % len(self.ids)], None)

    def put(self, source: str, entry: Entry | None) -> None:
        self.index.put(source, entry)
        if entry is None:
            self.model.entries.pop(source, None)
            self.model.seen.pop(source, None)
        else:
            self.model.entries[source] = entry

    @rule(seconds=st.integers(0, 3))
    def turn_the_page(self, seconds: int) -> None:
        self.now += seconds * 1000
        self.index.turn(self.now)

    @rule(number=NUMBERS, version=st.integers(0, 2))
    def read(self, number: int, version: int) -> None:
        source = self.ids[number % len(self.ids)]
        self.index.turn(self.now)
        sightings = Sightings(self.now)
        known = self.model.entries.get(source)
        types = self.index.skim(source, _raw(source, version), sightings)
        is_same = known is not None and known.raw == _raw(source, version)
        if types is None:
            if known is None:
                return
            assert not (is_same and _is_calm(known))
            self.index.mark(source, sightings)
        else:
            assert known is not None
            assert is_same
            there = tuple(output.data_type for output in known.outputs)
            assert types == (() if source in self.model.seen else there)
        assert len(sightings.rows) + len(sightings.ids) == 1
        self.model.seen[source] = self.now
        assert next(self.index.seen_lately()) == source

    @rule(number=NUMBERS, version=st.integers(0, 2))
    def note_other_bytes(self, number: int, version: int) -> None:
        source = self.ids[number % len(self.ids)]
        known = self.model.entries.get(source)
        if known is not None:
            self.index.put_raw(self.index.rows.find(source), _raw(source, version))
            self.model.entries[source] = known.with_raw(_raw(source, version))

    @rule(sheet_bytes=st.sampled_from([64, 1 << 22]), is_other_run=st.booleans())
    def store_and_load(self, sheet_bytes: int, is_other_run: bool) -> None:
        objects = dict(objects_of(self.index, "name", "run", sheet_bytes))
        assert self.index.based == len(self.index.rows)
        loaded = opened(objects.get, "name", "other" if is_other_run else "run", self.digest)
        assert loaded is not None
        self.index = loaded
        if is_other_run:
            self.model.seen.clear()

    @rule()
    def compare(self) -> None:
        self.every_entry_is_there()
        self.sums_are_right()
        self.what_was_seen_is_known()
        self.whatever_is_odd_is_found()
        self.derived_records_know_their_source()
        self.mentions_of_shared_records_are_found()

    def teardown(self) -> None:
        if hasattr(self, "index"):
            self.compare()

    def every_entry_is_there(self) -> None:
        assert {source: self.index.get(source) for source in IDS} == {
            source: self.model.entries.get(source) for source in IDS
        }
        assert len(self.index) == len(self.model.entries)

    def sums_are_right(self) -> None:
        there = self.model.entries.values()
        assert self.index.live() == Counter(output.data_type for entry in there for output in entry.outputs)
        assert self.index.quarantined() == sum(1 for entry in there if entry.quarantined)
        assert self.index.complete == all(entry.raw is not None for entry in there)
        assert self.index.edges == dict(Counter(edge for entry in there for edge in entry.edges))

    def what_was_seen_is_known(self) -> None:
        index, seen = self.index, self.model.seen
        assert {source: index.read_at(source) for source in IDS} == {source: seen.get(source, 0) for source in IDS}
        assert index.seen == len(seen)
        assert sorted(index.missing()) == sorted(set(self.model.entries) - set(seen))
        assert sorted(index.seen_lately()) == sorted(seen)
        named = {edge.key for source in seen for edge in self.model.entries[source].edges}
        assert index.named_now() == named

    def whatever_is_odd_is_found(self) -> None:
        odd = {source: entry for source, entry in self.model.entries.items() if not _is_calm(entry)}
        assert dict(self.index.odd()) == odd

    def derived_records_know_their_source(self) -> None:
        for data_type in TYPES:
            for id_ in CHILDREN:
                assert self.index.owner(data_type, id_) == (self.model.lister((data_type, id_)) or id_)

    def mentions_of_shared_records_are_found(self) -> None:
        key = ("order_channels", "ch1")
        found = [(self.index.rows.id_of(row), stamp, edges) for row, stamp, edges in self.index.mentions({key})]
        naming = [
            (source, entry.stamp, entry.edges)
            for source, entry in self.model.entries.items()
            if any(edge.key == key for edge in entry.edges)
        ]
        assert sorted(found, key=str) == sorted(naming, key=str)


def _is_calm(entry: Entry) -> bool:
    missing = (entry.missing_since, *(output.missing_since for output in entry.outputs))
    return not entry.quarantined and all(moment is None for moment in missing)


class CollidingMachine(Machine):
    digest = staticmethod(coarse(2))


class OneHashMachine(Machine):
    digest = staticmethod(coarse(0))


@pytest.mark.parametrize("machine", [Machine, CollidingMachine, OneHashMachine])
def test_index_is_what_a_dictionary_would_be(machine: type[Machine]) -> None:
    case = machine.TestCase
    case.settings = settings(
        max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
    )
    case().runTest()
