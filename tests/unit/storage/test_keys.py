"""Keys: nothing of one tenant can be spelt as another's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import StreamKey
from planster_sync.ports.stores import RecordKey
from planster_sync.storage import keys

_TRICKY = st.text(alphabet="a#%/23INTSREM", min_size=1, max_size=12)
_STREAMS = st.builds(StreamKey, _TRICKY, _TRICKY, _TRICKY)


@given(_STREAMS, _STREAMS)
def test_two_streams_never_share_a_place(one: StreamKey, other: StreamKey) -> None:
    def places(stream: StreamKey) -> list[object]:
        return [
            keys.stream_key(stream),
            keys.quarantine_partition(stream),
            keys.index_object(stream, "name"),
            keys.journal_prefix(stream, ""),
        ]

    same = [mine == theirs for mine, theirs in zip(places(one), places(other), strict=True)]

    assert all(same) if one == other else not any(same)


@given(_STREAMS)
def test_a_stream_row_is_never_taken_for_an_integration(stream: StreamKey) -> None:
    assert keys.is_stream(keys.stream_key(stream)["sk"])
    assert not keys.is_stream(keys.integration_key(stream.organisation, stream.integration)["sk"])


@given(_TRICKY, _TRICKY, st.sampled_from(DataType))
def test_a_records_key_names_its_data_type(organisation: str, integration: str, data_type: DataType) -> None:
    key = keys.record_key(organisation, integration, RecordKey(data_type, "id"))

    assert keys.data_type_of(key["pk"]) == data_type


@given(st.text())
def test_a_digest_is_sixteen_letters(identifier: str) -> None:
    assert len(keys.digest(identifier)) == 16


@given(_STREAMS, st.integers(0, 10**10 - 1), st.integers(0, 10**6 - 1))
def test_a_journal_key_tells_its_place(stream: StreamKey, fence: int, number: int) -> None:
    assert keys.journal_position(keys.journal_object(stream, "base", fence, number)) == (fence, number)
