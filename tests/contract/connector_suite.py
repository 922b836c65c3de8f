"""What every connector must keep, as functions. A vendor joins with `SUBJECT` in tests/connectors/<name>/subject.py."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
from hypothesis import strategies as st

from planster_sync.errors import RecordInvalid
from planster_sync.model.catalog import paths_of, read_record
from planster_sync.model.data_types import DataType
from planster_sync.model.record import Record
from planster_sync.ports.source import Capabilities, Mapped, ReadStyle, Sharing

CANARY = "Canary Finch 4711"
_SECRET_WORDS = ("key", "token", "secret", "password")


class Mapper(Protocol):
    def map(self, read: str, raw: bytes) -> Mapped: ...


@dataclass(frozen=True)
class Subject:
    """One connector under the contract.

    `samples` are source records by read; together they fill every field of `fills`. `personal` are the dotted paths
    (`*` for every item of a list) of a read's fields that may hold personal data. `source_id` is what the client
    gives as `SourceRecord.id` for a sample. `maps` names fields whose members are keyed by id, not by name.
    `empty_page` is a list answer of the vendor without records.
    """

    capabilities: Capabilities
    mapper: Mapper
    samples: Mapping[str, Sequence[bytes]]
    personal: Mapping[str, Sequence[str]]
    source_id: Callable[[str, dict[str, Any]], str]
    maps: frozenset[str] = frozenset()
    empty_page: bytes = b'{"data":[]}'


def capability_gaps(capabilities: Capabilities) -> list[str]:
    """Every breach of the rules between a declaration's parts, in words."""
    gaps: list[str] = []
    served = set(capabilities.data_types)
    for data_type in DataType:
        if data_type in served:
            gaps += [f"{data_type} fills {path}?" for path in set(capabilities.fills[data_type]) - paths_of(data_type)]
            gaps += [f"{data_type} has an exemption"] if data_type in capabilities.exemptions else []
            gaps += [] if "id" in capabilities.fills[data_type] else [f"{data_type} without an id"]
        elif not capabilities.exemptions.get(data_type):
            gaps.append(f"{data_type} is neither served nor exempt")
    gaps += [f"{each} is filled but not served" for each in set(capabilities.fills) - served]
    gaps += [
        f"{each} is no setting" for each in capabilities.mapping_settings - set(capabilities.settings.model_fields)
    ]
    return gaps + _read_gaps(capabilities)


def _read_gaps(capabilities: Capabilities) -> list[str]:
    gaps: list[str] = []
    fed: list[DataType] = []
    for name, read in capabilities.reads.items():
        fed += read.feeds
        first = next(iter(read.feeds.values()), Sharing.SHARED)
        rules = {
            "is named otherwise": read.name == name,
            "does not feed its own record first": first is Sharing.OWNED,
            "has no page size": read.page_size > 0 and read.lookup_size > 0,
            "looks forward": min(read.overlap, read.lag).total_seconds() >= 0,
            "is incremental without looking back": read.style is not ReadStyle.INCREMENTAL or bool(read.overlap),
        }
        gaps += [f"{name} {gap}" for gap, kept in rules.items() if not kept]
    gaps += [f"{each} is fed twice" for each in sorted(set(fed)) if fed.count(each) > 1]
    return gaps


def secret_fields_in_plain_sight(capabilities: Capabilities) -> list[str]:
    """Credential fields that would show their value when printed."""
    return [
        name
        for name, info in capabilities.credentials.model_fields.items()
        if "Secret" not in str(info.annotation) and any(word in name for word in _SECRET_WORDS)
    ]


def filled_paths(record: Record) -> set[str]:
    """The unified fields in which a record holds something."""
    known = paths_of(record.data_type)
    return {path for path in _paths_in(record.attributes(), "") if path in known}


def _paths_in(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield path
        for name, inner in value.items():
            yield from _paths_in(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from _paths_in(inner, path)
    else:
        yield path


def origin_gaps(subject: Subject) -> list[str]:
    """Every source field that is declared as a unified field's origin, and without which nothing changes there."""
    gaps: list[str] = []
    for data_type, table in subject.capabilities.fills.items():
        read = subject.capabilities.read_of(data_type)
        samples = subject.samples[read.name] if read else ()
        for path, origin in table.items():
            gaps += [] if origin.fields or origin.rule else [f"{data_type}.{path} comes out of nothing"]
            gaps += [
                f"{data_type}.{path} does not depend on {field}"
                for field in origin.fields
                if not any(_depends(subject, read.name, sample, data_type, path, field) for sample in samples if read)
            ]
    return gaps


def _depends(subject: Subject, read: str, sample: bytes, data_type: DataType, path: str, field: str) -> bool:
    document = json.loads(sample)
    _remove(document, field.split("."))
    without = mapped_or_refused(subject, read, json.dumps(document).encode())
    if isinstance(without, RecordInvalid):
        return True
    before = _values_of(subject.mapper.map(read, sample), data_type, path)
    return before != _values_of(without, data_type, path)


def _values_of(mapped: Mapped, data_type: DataType, path: str) -> list[Any]:
    records = [each for each in records_of(mapped) if each.data_type is data_type]
    return [list(_values_at(record.attributes(), path.split("."))) for record in records]


def _values_at(value: Any, steps: Sequence[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for inner in value:
            yield from _values_at(inner, steps)
    elif not steps:
        yield value
    elif isinstance(value, dict) and steps[0] in value:
        yield from _values_at(value[steps[0]], steps[1:])


def _remove(node: Any, steps: Sequence[str]) -> None:
    first, rest = steps[0], steps[1:]
    if first == "*":
        for inner in node if isinstance(node, list) else node.values() if isinstance(node, dict) else ():
            _remove(inner, rest)
    elif isinstance(node, dict) and not rest:
        node.pop(first, None)
    elif isinstance(node, dict):
        _remove(node.get(first), rest)


def records_of(mapped: Mapped) -> tuple[Record, ...]:
    return (*mapped.owned, *mapped.shared)


def shape_gaps(subject: Subject, read: str, mapped: Mapped) -> list[str]:
    """Whether a mapping's result keeps the rules of `Mapped` and of the read's `feeds`."""
    feeds = subject.capabilities.reads[read].feeds
    keys = [(record.data_type, record.id) for record in records_of(mapped)]
    gaps = [] if mapped.owned else ["owns nothing"]
    gaps += [f"{each.data_type} is not owned" for each in mapped.owned if feeds.get(each.data_type) != "owned"]
    gaps += [f"{each.data_type} is not shared" for each in mapped.shared if feeds.get(each.data_type) != "shared"]
    gaps += ["the same key twice"] if len(set(keys)) < len(keys) else []
    gaps += [] if mapped.owned[:1] and mapped.owned[0].data_type == next(iter(feeds)) else ["another record is first"]
    return gaps


def type_gaps(mapped: Mapped) -> list[str]:
    """Which records their own class does not take, value by value, or does not read back as they were."""
    gaps: list[str] = []
    for record in records_of(mapped):
        try:
            same = read_record(record.data_type, record.canonical()) == record
        except msgspec.ValidationError as error:
            gaps.append(f"{record.data_type}: {error}")
        else:
            gaps += [] if same else [f"{record.data_type} changes when it is read back"]
    return gaps


def with_canaries(sample: bytes, paths: Sequence[str], maps: frozenset[str]) -> bytes:
    """The sample with a canary in each of these fields, and in an unknown field of every object."""
    document = json.loads(sample)
    for path in paths:
        _plant(document, path.split("."))
    for node in list(_objects(document, maps)):
        node["unknown_remark"] = f"{CANARY} 07700 900123 finch@example.test"
    return json.dumps(document).encode()


def _plant(node: Any, steps: Sequence[str]) -> None:
    first, rest = steps[0], steps[1:]
    if first == "*":
        for inner in node if isinstance(node, list) else ():
            _plant(inner, rest)
    elif isinstance(node, dict) and not rest:
        node[first] = [CANARY] if isinstance(node.get(first), list) else CANARY
    elif isinstance(node, dict) and isinstance(node.get(first), dict | list):
        _plant(node[first], rest)


def _objects(node: Any, maps: frozenset[str]) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for name, inner in node.items():
            members = inner.values() if name in maps and isinstance(inner, dict) else (inner,)
            for member in members:
                yield from _objects(member, maps)
    elif isinstance(node, list):
        for inner in node:
            yield from _objects(inner, maps)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["", "NaN", "2026-02-30", "\ud83e", "x" * 2000]),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]),
    st.lists(st.none() | st.integers() | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.none() | st.integers() | st.text(max_size=3), max_size=3),
)


@st.composite
def mutated(draw: st.DrawFn, sample: bytes) -> bytes:
    """The sample with up to three of its values replaced, removed or doubled."""
    document = copy.deepcopy(json.loads(sample))
    for _ in range(draw(st.integers(1, 3))):
        places = [(node, key) for node in _containers(document) for key in _keys(node)]
        if not places:
            break
        node, key = draw(st.sampled_from(places))
        change = draw(st.sampled_from(("replace", "remove", "double")))
        if change == "remove":
            del node[key]
        elif change == "double" and isinstance(node, list):
            node.append(copy.deepcopy(node[key]))
        else:
            node[key] = draw(JUNK)
    return json.dumps(document).encode()


def _containers(node: Any) -> Iterator[Any]:
    if isinstance(node, dict | list):
        yield node
        for inner in node.values() if isinstance(node, dict) else node:
            yield from _containers(inner)


def _keys(node: Any) -> list[Any]:
    return list(node) if isinstance(node, dict) else list(range(len(node)))


def mapped_or_refused(subject: Subject, read: str, raw: bytes) -> Mapped | RecordInvalid:
    """A mapping's result; anything else that it raises is a breach and passes through."""
    try:
        return subject.mapper.map(read, raw)
    except RecordInvalid as refusal:
        return refusal
