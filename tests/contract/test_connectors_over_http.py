"""The contract of every connector over real HTTP, against its vendor's simulator and an independent reading of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from local_cloud.oracle import compare
from planster_sync.connectors import registry
from planster_sync.errors import (
    AnswerBroken,
    CredentialsRejected,
    Forbidden,
    RetrySoon,
    SourceUnavailable,
    SyncError,
    Throttled,
)
from planster_sync.ports.source import Connector, End, Page, ReadRequest, ReadStyle
from tests.contract.over_http.simulated import Lapse, Meeting, Simulated

SIMULATED: dict[str, Simulated] = {
    name: import_module(f"tests.connectors.{name}.simulated").SIMULATED for name in registry.names()
}
READS = [(name, read) for name in SIMULATED for read in registry.capabilities(name).reads]
INCREMENTAL = [each for each in READS if registry.capabilities(each[0]).reads[each[1]].style is ReadStyle.INCREMENTAL]
WRONG = [(name, which) for name, each in SIMULATED.items() for which in each.wrong]
LAPSES = [(name, lapse) for name, each in SIMULATED.items() for lapse in each.lapses]
SIZES = [(name, place) for name, each in SIMULATED.items() for place in range(len(each.page_sizes))]
SCOPES = [(name, read) for name, each in SIMULATED.items() for read in each.scopes]
BROKEN = ("html_200", "truncated_json", "oversize")
PASSING = ("status_500", "status_503", "status_429", "html_502", "reset", "slow")

every_connector = pytest.mark.parametrize("name", SIMULATED)
every_read = pytest.mark.parametrize(("name", "read"), READS, ids=["-".join(each) for each in READS])
Meet = Callable[..., Meeting]


@pytest.fixture
def meet() -> Iterator[Meet]:
    """Starts a vendor's simulator and gives what connects to it."""
    with ExitStack() as closing:
        yield lambda name, **more: Meeting(name, SIMULATED[name], closing, **more)


def read_all(connector: Connector, read: str, **more: Any) -> list[Page]:
    return list(connector.pages(ReadRequest(read, **more)))


def records(pages: list[Page]) -> dict[str, Any]:
    """What a read gave, by id; no id may stand for two different records."""
    return {str(record.id): json.loads(record.raw) for page in pages for record in page.records}


def stored(connector: Connector) -> dict[str, list[dict[str, Any]]]:
    """What a whole night would store: every read, mapped, shared records once."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for read in connector.capabilities.reads:
        pages = read_all(connector, read)
        assert pages[-1].end is End.PROVEN, read
        for page in pages:
            for record in page.records:
                mapped = connector.map(read, record.raw)
                assert mapped.owned[0].id == record.id
                for each in (*mapped.owned, *mapped.shared):
                    found.setdefault(each.data_type, {})[each.id] = each.attributes()
    return {data_type: list(items.values()) for data_type, items in found.items()}


@every_connector
def test_good_credentials_pass_the_check(name: str, meet: Meet) -> None:
    meet(name).connector().check()


@pytest.mark.parametrize(("name", "which"), WRONG)
def test_wrong_credentials_are_rejected(name: str, which: str, meet: Meet) -> None:
    connector = meet(name).connector(credentials=SIMULATED[name].wrong[which])

    with pytest.raises(CredentialsRejected):
        connector.check()


@pytest.mark.parametrize(("name", "lapse"), LAPSES, ids=[f"{name}-{lapse.name}" for name, lapse in LAPSES])
def test_access_that_ends_is_renewed_or_rejected(name: str, lapse: Lapse, meet: Meet) -> None:
    meeting = meet(name)
    connector = meeting.connector()
    connector.check()

    for route in lapse.routes:
        meeting.control(f"connections/con-1/{route}")

    if lapse.mended:
        connector.check()
    else:
        with pytest.raises(CredentialsRejected):
            connector.check()


@pytest.mark.parametrize(("name", "read"), SCOPES)
def test_what_the_account_may_not_read_is_told_as_a_missing_permission(name: str, read: str, meet: Meet) -> None:
    meeting = meet(name)
    meeting.control("connections/con-1/forbid", {"scope": SIMULATED[name].scopes[read]})

    with pytest.raises(Forbidden):
        read_all(meeting.connector(), read)


@pytest.mark.parametrize("name", [name for name, each in SIMULATED.items() if each.check_scope])
def test_a_check_without_the_permission_that_it_needs_says_so(name: str, meet: Meet) -> None:
    meeting = meet(name)
    meeting.control("connections/con-1/forbid", {"scope": SIMULATED[name].check_scope})

    with pytest.raises(Forbidden):
        meeting.connector().check()


@every_connector
def test_a_whole_night_stores_what_the_vendor_has(name: str, meet: Meet) -> None:
    meeting = meet(name)

    report = compare(SIMULATED[name].readings, meeting.truth(), stored(meeting.connector()))

    assert report.equal, report.text()
    assert set(report.compared) == {str(each) for each in registry.capabilities(name).data_types}
    assert all(report.compared.values()), report.compared


@every_connector
def test_the_days_that_follow_are_stored_as_well(name: str, meet: Meet) -> None:
    meeting = meet(name)
    meeting.advance_day()
    meeting.advance_day()

    report = compare(SIMULATED[name].readings, meeting.truth(), stored(meeting.connector()))

    assert report.equal, report.text()


@every_read
def test_two_reads_of_an_unchanged_source_are_equal(name: str, read: str, meet: Meet) -> None:
    connector = meet(name).connector()

    first, second = (
        [(each.id, each.raw) for page in read_all(connector, read) for each in page.records] for _ in range(2)
    )

    assert first == second
    assert len({each for each, _ in first}) == len(first) > 0


@pytest.mark.parametrize(("name", "place"), SIZES)
def test_the_size_of_pages_does_not_matter(name: str, place: int, meet: Meet) -> None:
    meeting = meet(name)
    small = meeting.connector(**SIMULATED[name].page_sizes[place])

    assert stored(small) == stored(meeting.connector())


@pytest.mark.parametrize(("name", "place"), SIZES)
def test_a_read_resumes_behind_every_page(name: str, place: int, meet: Meet) -> None:
    meeting = meet(name)
    connector = meeting.connector(**SIMULATED[name].page_sizes[place])
    for read in connector.capabilities.reads:
        pages = read_all(connector, read)
        for number, page in enumerate(pages[:-1][:4], start=1):
            rest = read_all(connector, read, after=page.after)

            assert records(rest) == records(pages[number:]), read
            assert rest[-1].end is End.PROVEN


@pytest.mark.parametrize(("name", "read"), INCREMENTAL)
def test_an_incremental_read_gives_at_least_what_changed_and_less_than_all(name: str, read: str, meet: Meet) -> None:
    meeting = meet(name)
    connector = meeting.connector()
    days = [records(read_all(connector, read))]
    cursors = []
    for _ in range(3):
        meeting.clock.advance(3600)
        cursors.append(meeting.clock.now())
        meeting.advance_day()
        days.append(records(read_all(connector, read)))

    for before, cursor in zip(days, cursors, strict=False):
        pages = read_all(connector, read, since=cursor - connector.capabilities.reads[read].overlap)

        found = records(pages)
        changed = {key for key, record in days[-1].items() if before.get(key) != record}
        assert changed <= found.keys()
        assert all(days[-1][key] == record for key, record in found.items())
        assert pages[-1].end is End.PROVEN
        assert 0 < len(found) < len(days[-1])


@pytest.mark.parametrize(("name", "read"), INCREMENTAL)
def test_a_cursor_in_the_future_reads_nothing_and_fails_nothing(name: str, read: str, meet: Meet) -> None:
    meeting = meet(name)

    pages = read_all(meeting.connector(), read, since=meeting.clock.now() + timedelta(days=2))

    assert records(pages) == {}
    assert pages[-1].end is End.PROVEN


@every_read
def test_a_look_up_tells_what_is_there_from_what_is_gone(name: str, read: str, meet: Meet) -> None:
    connector = meet(name).connector()
    if registry.capabilities(name).reads[read].deletion != "lookup":
        with pytest.raises(SyncError):
            connector.lookup(read, ["none"])
        return
    known = records(read_all(connector, read))
    some = sorted(known)[:3]

    found = connector.lookup(read, [*some, *SIMULATED[name].strangers])

    assert {str(record.id): json.loads(record.raw) for record in found.records} == {each: known[each] for each in some}
    assert found.end is End.PROVEN


@pytest.mark.parametrize("kind", PASSING)
@every_read
def test_a_fault_that_passes_costs_nothing_but_time(name: str, read: str, kind: str, meet: Meet) -> None:
    meeting = meet(name)
    connector = meeting.connector()
    known = records(read_all(connector, read))
    meeting.fault(read, kind, **({"delay_seconds": 0.05} if kind == "slow" else {}))

    assert records(_patiently(meeting, connector, read)) == known


def _patiently(meeting: Meeting, connector: Connector, read: str) -> list[Page]:
    """Reads again after the pause that the vendor asked for, as the engine does."""
    try:
        return read_all(connector, read)
    except Throttled as wait:
        meeting.clock.advance((wait.until - meeting.clock.now()).total_seconds() if wait.until else 60)
        return read_all(connector, read)


@pytest.mark.parametrize("kind", BROKEN)
@every_read
def test_a_broken_answer_never_completes_a_read(name: str, read: str, kind: str, meet: Meet) -> None:
    meeting = meet(name)
    connector = meeting.connector()
    connector.check()
    meeting.fault(read, kind, times=50)

    with pytest.raises((AnswerBroken, SourceUnavailable)):
        read_all(connector, read)


@every_read
def test_a_page_that_contradicts_the_list_never_completes_a_read(name: str, read: str, meet: Meet) -> None:
    for kind in SIMULATED[name].page_faults:
        meeting = meet(name)
        connector = meeting.connector()
        meeting.fault(read, kind, times=200)

        assert _outcome(connector, read) != End.PROVEN, kind


def _outcome(connector: Connector, read: str) -> End | type[SyncError]:
    last = End.MORE
    try:
        for number, page in enumerate(connector.pages(ReadRequest(read))):
            last = page.end
            if number > 30:
                return End.MORE  # the engine stops a read that shows nothing new
    except SyncError as error:
        return type(error)
    return last


@every_read
def test_a_vendor_that_is_down_is_told_as_such(name: str, read: str, meet: Meet) -> None:
    meeting = meet(name)
    connector = meeting.connector()
    connector.check()
    meeting.fault(read, "status_503", times=200)

    with pytest.raises(RetrySoon):
        read_all(connector, read)


@every_connector
def test_the_documented_limit_is_enough(name: str, meet: Meet) -> None:
    meeting = meet(name, rate=None)
    connector = meeting.connector()

    stored(connector)

    assert 429 not in meeting.statuses()
