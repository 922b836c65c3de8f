"""The toy vendor: what engine tests rely on."""

from __future__ import annotations

import pytest

from planster_sync.errors import SourceUnavailable, Unsupported
from planster_sync.ports.source import End, Page, ReadRequest
from tests.connectors.toy import ToyConnector, ToySettings, ToyWarehouse
from tests.fakes.clock import ManualClock


@pytest.fixture
def warehouse() -> ToyWarehouse:
    made = ToyWarehouse()
    for no in range(1, 9):
        made.put_article(no, maker=f"M{no % 2}")
    return made


def read(connector: ToyConnector, after: str | None = None) -> list[Page]:
    return list(connector.pages(ReadRequest("articles", after=after)))


def numbers(pages: list[Page]) -> list[str | None]:
    return [record.id for page in pages for record in page.records]


def test_a_pass_gives_every_row_and_proves_its_end(warehouse: ToyWarehouse) -> None:
    pages = read(ToyConnector(warehouse, ManualClock()))

    assert sorted(map(str, numbers(pages))) == [str(no) for no in range(1, 9)]
    assert [page.end for page in pages] == [End.MORE, End.MORE, End.PROVEN]


def test_two_passes_differ_in_order(warehouse: ToyWarehouse) -> None:
    connector = ToyConnector(warehouse, ManualClock())

    assert numbers(read(connector)) != numbers(read(connector))


def test_a_pass_resumes_behind_a_page(warehouse: ToyWarehouse) -> None:
    connector = ToyConnector(warehouse, ManualClock())
    pages = read(connector)

    assert numbers(read(connector, pages[0].after)) == numbers(pages[1:])


def test_a_vendor_that_does_not_say_that_it_is_done_proves_nothing(warehouse: ToyWarehouse) -> None:
    warehouse.claims_only = True

    assert read(ToyConnector(warehouse, ManualClock()))[-1].end is End.CLAIMED


def test_a_planned_failure_strikes_once(warehouse: ToyWarehouse) -> None:
    warehouse.failures.append(SourceUnavailable("down"))
    connector = ToyConnector(warehouse, ManualClock())

    with pytest.raises(SourceUnavailable):
        connector.check()

    connector.check()


def test_there_is_no_look_up(warehouse: ToyWarehouse) -> None:
    with pytest.raises(Unsupported):
        ToyConnector(warehouse, ManualClock()).lookup("articles", ["1"])


def test_the_zone_moves_local_times(warehouse: ToyWarehouse) -> None:
    raw = read(ToyConnector(warehouse, ManualClock()))[0].records[0].raw

    stamps = [
        ToyConnector(warehouse, ManualClock(), ToySettings(zone=zone)).map("articles", raw).owned[0].updated_at
        for zone in ("Europe/Berlin", "UTC")
    ]

    assert [stamp and stamp[11:] for stamp in stamps] == ["07:30:00Z", "08:30:00Z"]


def test_a_maker_is_shared_by_its_articles(warehouse: ToyWarehouse) -> None:
    connector = ToyConnector(warehouse, ManualClock())

    shared = [
        each.id
        for page in read(connector)
        for record in page.records
        for each in connector.map("articles", record.raw).shared
    ]

    assert sorted(shared) == ["M0"] * 4 + ["M1"] * 4
