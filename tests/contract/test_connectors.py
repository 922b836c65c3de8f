"""The contract of every connector: the registered ones, and a toy of another shape."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planster_sync.connectors import registry
from planster_sync.ports.source import Mapped
from tests.contract import connector_suite as suite
from tests.contract.connector_suite import Subject

SUBJECTS: dict[str, Subject] = {
    name: import_module(f"tests.connectors.{name}.subject").SUBJECT for name in (*registry.names(), "toy")
}
READS = [(name, read) for name, subject in SUBJECTS.items() for read in subject.capabilities.reads]
every_subject = pytest.mark.parametrize("name", SUBJECTS)
every_read = pytest.mark.parametrize(("name", "read"), READS, ids=[f"{name}-{read}" for name, read in READS])


@every_subject
def test_the_parts_of_a_declaration_agree(name: str) -> None:
    assert suite.capability_gaps(SUBJECTS[name].capabilities) == []


@every_subject
def test_secrets_are_declared_as_secrets(name: str) -> None:
    assert suite.secret_fields_in_plain_sight(SUBJECTS[name].capabilities) == []


@every_subject
def test_only_what_is_declared_is_filled_and_all_of_it(name: str) -> None:
    subject = SUBJECTS[name]
    filled: dict[str, set[str]] = {data_type: set() for data_type in subject.capabilities.data_types}

    for read, samples in subject.samples.items():
        for sample in samples:
            for record in suite.records_of(subject.mapper.map(read, sample)):
                filled[record.data_type] |= suite.filled_paths(record)

    assert filled == {data_type: set(paths) for data_type, paths in subject.capabilities.fills.items()}


@every_subject
def test_every_field_comes_out_of_the_source_fields_that_are_declared(name: str) -> None:
    assert suite.origin_gaps(SUBJECTS[name]) == []


@every_read
def test_a_source_record_becomes_its_own_record_first(name: str, read: str) -> None:
    subject = SUBJECTS[name]

    for sample in subject.samples[read]:
        mapped = subject.mapper.map(read, sample)

        assert suite.shape_gaps(subject, read, mapped) == []
        assert mapped.owned[0].id == subject.source_id(read, json.loads(sample))
        assert suite.type_gaps(mapped) == []


@every_read
def test_mapping_twice_gives_the_same_bytes(name: str, read: str) -> None:
    subject = SUBJECTS[name]

    for sample in subject.samples[read]:
        once, again = (suite.records_of(subject.mapper.map(read, sample)) for _ in range(2))

        assert [each.canonical() for each in once] == [each.canonical() for each in again]


@every_read
def test_the_order_of_a_records_members_does_not_matter(name: str, read: str) -> None:
    subject = SUBJECTS[name]

    for sample in subject.samples[read]:
        turned = json.dumps(dict(reversed(json.loads(sample).items()))).encode()

        assert subject.mapper.map(read, turned) == subject.mapper.map(read, sample)


@every_read
def test_what_the_fingerprint_leaves_out_changes_no_record(name: str, read: str) -> None:
    subject = SUBJECTS[name]

    for sample in subject.samples[read]:
        for field in subject.capabilities.reads[read].volatile:
            touched = json.dumps({**json.loads(sample), field: "2031-01-01T00:00:00Z"}).encode()

            assert subject.mapper.map(read, touched) == subject.mapper.map(read, sample)


@every_read
def test_no_personal_data_passes(name: str, read: str) -> None:
    subject = SUBJECTS[name]

    for sample in subject.samples[read]:
        planted = suite.with_canaries(sample, subject.personal[read], subject.maps)

        kept = b" ".join(each.canonical() for each in suite.records_of(subject.mapper.map(read, planted)))

        assert b"Canary" in planted
        assert b"Canary" not in kept
        assert b"finch@" not in kept


@every_read
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_a_hostile_record_is_mapped_or_refused(name: str, read: str, data: st.DataObject) -> None:
    subject = SUBJECTS[name]
    raw = data.draw(suite.mutated(data.draw(st.sampled_from(subject.samples[read]))))

    outcome = suite.mapped_or_refused(subject, read, raw)

    if isinstance(outcome, Mapped):
        assert suite.shape_gaps(subject, read, outcome) == []
        assert suite.type_gaps(outcome) == []
        assert all(each.canonical() and each.attributes() for each in suite.records_of(outcome))


@every_subject
@given(raw=st.binary(max_size=60))
def test_bytes_that_are_no_record_are_refused(name: str, raw: bytes) -> None:
    subject = SUBJECTS[name]

    for read in subject.capabilities.reads:
        suite.mapped_or_refused(subject, read, raw)


@pytest.mark.parametrize("name", registry.names())
def test_a_declaration_loads_neither_http_nor_a_mapper(name: str) -> None:
    code = (
        "import sys; from planster_sync.connectors import registry; registry.capabilities(sys.argv[1]);"
        "heavy = ('planster_sync.http', 'planster_sync.mapping', 'requests', 'urllib3', 'boto3');"
        "print([each for each in sys.modules if each.startswith(heavy)])"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code, name],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )

    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("name", registry.names())
def test_the_registry_builds_a_mapper_without_an_account(name: str) -> None:
    assert tuple(registry.mapper(name, {}).cut(SUBJECTS[name].empty_page)) == ()
