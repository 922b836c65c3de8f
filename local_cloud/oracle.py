"""Judges whether the store holds exactly what the source has, by a reading of its own.

`truth` is the simulator's live records per collection (`/_sim/truth/…`), `stored` the items of the records table per
data type, live ones and tombstones. Nothing here is shared with the product.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_cloud.agreement import AnyOf, Fields, Readings, Source, Told, differences

TOMBSTONE_MARKS = ("_deleted_at", "deleted_at", "_deleted", "deleted")
"""Attributes of which a non-empty one marks an item as a tombstone."""

Quarantined = Mapping[str, Collection[str]]
"""Source ids in quarantine, per simulator collection."""


@dataclass(frozen=True, slots=True)
class Name:
    """A record by data type and id."""

    data_type: str
    id: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a stored record that departs from the source."""

    record: Name
    field: str
    wanted: object
    stored: object


@dataclass(frozen=True, slots=True)
class Report:
    """The judgement: source records that are not live, live records that the source lacks, and differing fields."""

    missing: tuple[Name, ...]
    extra: tuple[Name, ...]
    different: tuple[Difference, ...]
    compared: Mapping[str, int]

    @property
    def equal(self) -> bool:
        """Whether nothing is missing, extra or different."""
        return not (self.missing or self.extra or self.different)

    def text(self, most: int = 20) -> str:
        """The judgement in words, with the first findings of each kind."""
        total = sum(self.compared.values())
        if self.equal:
            return f"{total} records compared with the source: equal"
        lines = [f"{total} records compared with the source: NOT EQUAL"]
        lines += [f"missing: {name.data_type} {name.id}" for name in self.missing[:most]]
        lines += [f"extra: {name.data_type} {name.id}" for name in self.extra[:most]]
        for each in self.different[:most]:
            where = f"{each.record.data_type} {each.record.id} {each.field}"
            lines.append(f"different: {where}: wanted {each.wanted!r}, stored {each.stored!r}")
        counts = f"{len(self.missing)} missing, {len(self.extra)} extra, {len(self.different)} different"
        return "\n".join([*lines, counts])


def compare(
    readings: Readings,
    truth: Mapping[str, Sequence[Source]],
    stored: Mapping[str, Sequence[Mapping[str, Any]]],
    quarantined: Quarantined | None = None,
) -> Report:
    """Compares every data type whose collection is in `truth`; a quarantined source record is not judged.

    Order channels and order shipments are those that live orders name.
    """
    missing: list[Name] = []
    extra: list[Name] = []
    different: list[Difference] = []
    compared: dict[str, int] = {}
    for data_type, (collection, _) in readings.of.items():
        if collection not in truth:
            continue
        wanted, excused = _wanted(readings, data_type, truth[collection], (quarantined or {}).get(collection, ()))
        live = _live(stored.get(data_type, ()))
        compared[data_type] = len(wanted)
        missing += [Name(data_type, each) for each in wanted.keys() - live.keys() - excused]
        extra += [Name(data_type, each) for each in _surplus(live, wanted, excused)]
        for record_id in sorted(wanted.keys() & live.keys() - excused):
            name = Name(data_type, record_id)
            different += [Difference(name, *step) for step in differences(wanted[record_id], live[record_id][0])]
        different += _leaks(readings, data_type, truth[collection], live)
    return Report(tuple(sorted(missing, key=_place)), tuple(sorted(extra, key=_place)), tuple(different), compared)


def _place(name: Name) -> tuple[str, str]:
    return name.data_type, name.id


def _wanted(
    readings: Readings, data_type: str, sources: Sequence[Source], held: Collection[str]
) -> tuple[dict[str, Fields], set[str]]:
    """The records that must be stored, and the ids about which quarantine leaves nothing to say."""
    collection, read = readings.of[data_type]
    wanted: dict[str, Fields] = {}
    excused: set[str] = set(held)
    for source in sources:
        if readings.source_id(collection, source) in held:
            excused |= {record_id for record_id, _ in _readable(readings, data_type, source)}
            continue
        for record_id, fields in read(source):
            wanted[record_id] = _either(wanted.get(record_id), fields)
    return wanted, excused - wanted.keys()


def _readable(readings: Readings, data_type: str, source: Source) -> Iterator[tuple[str, Fields]]:
    """What can be read of a record that the product found invalid; the oracle may stumble over it too."""
    try:
        yield from readings.of[data_type][1](source)
    except (KeyError, TypeError, AttributeError):
        yield readings.source_id(readings.of[data_type][0], source), {}


def _either(known: Fields | None, fields: Fields) -> Fields:
    """A shared record, named twice: each field may have either value."""
    if known is None or known == fields:
        return fields
    return {
        name: value if known.get(name) == value else AnyOf((known.get(name), value)) for name, value in fields.items()
    }


def _live(items: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    live: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        if not any(item.get(mark) for mark in TOMBSTONE_MARKS):
            live.setdefault(str(item["id"]), []).append(item)
    return live


def _surplus(live: Mapping[str, Sequence[object]], wanted: Mapping[str, object], excused: set[str]) -> list[str]:
    """Live records that the source lacks, and second live copies; children of an excused record are excused."""
    copies = Counter({record_id: len(items) - (record_id in wanted) for record_id, items in live.items()})
    return [each for each in copies.elements() if not {each, each.split("/", maxsplit=1)[0]} & excused]


def _leaks(
    readings: Readings, data_type: str, sources: Sequence[Source], live: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[Difference]:
    """Personal data that found its way into a stored record; its text is not repeated."""
    for source in sources:
        secrets = readings.personal_texts(source)
        if not secrets:
            continue
        for record_id, _ in _readable(readings, data_type, source):
            texts = [text for item in live.get(record_id, ()) for text in _texts(item)]
            if any(secret in text for secret in secrets for text in texts):
                yield Difference(Name(data_type, record_id), "personal data", "none", Told())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner)
