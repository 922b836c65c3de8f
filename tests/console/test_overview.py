"""What the pages show is what the API says: states, problems with their remedies, progress, history, capabilities."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from planster_sync.connectors import registry
from planster_sync.model.data_types import DataType
from planster_sync.model.freshness import Miss, Night
from planster_sync.model.runs import StreamKey
from tests.console.morning import morning
from tests.console.seeded import ACCOUNTS, NOW
from tests.console.visit import Console

HOME = "/console/integrations"


@pytest.fixture(scope="module")
def console() -> Console:
    """Nobody changes this morning."""
    return Console(morning()[1])


def text_of(page: str) -> str:
    """What somebody reads, tags left out."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_grid_shows_every_integration_the_worst_first(console: Console) -> None:
    page = console.get("/console").text

    names = re.findall(r'class="name" href="[^"]+">([^<]+)<', page)

    assert sorted(names) == sorted(account.name for account in ACCOUNTS.values())
    assert names[0] == "Spare parts depot"
    assert names[-1] == "Cologne warehouse"


def test_the_grid_says_how_old_each_data_type_is_and_leaves_out_what_is_not_offered(console: Console) -> None:
    row = console.get("/console").text.split(">Nordics<")[1].split("</tr>")[0]
    cells = [text_of(cell) for cell in row.split("<td")[1:]]

    assert len(cells) == 13
    assert "Orders 31 h Late" in cells[1]
    assert "Bills Not offered" in cells[7]


def test_an_integration_says_what_is_wrong_whose_move_it_is_and_what_to_do(console: Console) -> None:
    text = text_of(console.get(f"{HOME}/nordics").text)

    assert "Your move The account may not read return orders. Give the connected account permission" in text
    assert "The warehouse system answers orders with a server error." in text
    assert "The warehouse system's move" in text
    assert "Tried again in 16 h" in text


def test_a_running_sync_shows_how_far_it_is_and_calls_an_unknown_total_unknown(console: Console) -> None:
    page = console.get(f"{HOME}/rotterdam").text

    assert '<progress max="42870" value="16900"' in page
    assert "Reading: 16900 records on 169 pages so far, of 42870 in all." in page
    assert "340 records on 3 pages so far, of an unknown total" in text_of(page)
    assert "Stop this sync" in page


def test_a_waiting_sync_says_what_it_waits_for_and_until_when(console: Console) -> None:
    text = text_of(console.get(f"{HOME}/overflow").text)

    assert "Waiting for the warehouse system's request limit until 2026-03-12 08:44 UTC." in text
    assert "First load, slice 2: what is open and recent comes first." in text


def test_the_history_is_drawn_without_inline_style_and_said_in_words(console: Console) -> None:
    page = console.get(f"{HOME}/cologne").text

    assert page.count("<rect class=") == 25
    assert 'aria-label="The last 25 runs: 24 succeeded, 1 failed."' in page
    assert " style=" not in page


def test_runs_are_filtered_and_paged(console: Console) -> None:
    first = console.get(f"{HOME}/rotterdam/runs").text
    following = re.findall(r'href="([^"]+after=[^"]+)"', first)[0].replace("&amp;", "&")
    failed = console.get(f"{HOME}/rotterdam/runs?state=failed").text

    assert first.count('<th role="rowheader"') == 25
    assert console.get(following).text.count('<th role="rowheader"') == 1
    assert failed.count('<th role="rowheader"') == 1
    assert "The warehouse system did not answer." in failed


def test_a_run_shows_each_of_its_reads(console: Console) -> None:
    page = console.get(f"{HOME}/rotterdam/runs/20260312T083648Z").text

    assert page.count('class="task"') == len(ACCOUNTS["rotterdam"].capabilities.reads)
    assert "By hand, asked for by user-7. Changes." in text_of(page)


def test_a_live_part_that_did_not_change_is_not_sent_again_and_says_when_to_ask(console: Console) -> None:
    first = console.get(f"{HOME}/rotterdam/live")

    again = console.get(f"{HOME}/rotterdam/live", if_none_match=first.headers["etag"])

    assert (first.status, first.headers["poll-after"]) == (200, "2")
    assert (again.status, again.text) == (304, "")


def test_a_live_part_that_changed_is_sent() -> None:
    world, shop = morning()
    console = Console(shop)
    tag = console.get(f"{HOME}/rotterdam/live").headers["etag"]
    key = StreamKey("org1", "rotterdam", "orders")
    lease, row = world.stores.streams.take(key, run="20260312T083648Z", segment=0, holder="seeds", now=NOW, seconds=900)
    assert row.checkpoint is not None
    row.checkpoint.counts[next(iter(row.checkpoint.counts))].fetched = 20_000
    world.stores.streams.advance(lease, row.checkpoint)

    seen = console.get(f"{HOME}/rotterdam/live", if_none_match=tag)

    assert seen.status == 200
    assert 'value="20000"' in seen.text


def test_the_matrix_is_the_connectors_own_declaration(console: Console) -> None:
    page = console.get("/console/connectors").text

    for name in registry.names():
        declared = registry.capabilities(name)
        assert declared.title in page
        for reason in declared.exemptions.values():
            assert reason in text_of(page)
    served = sum(len(registry.capabilities(name).data_types) for name in registry.names())
    assert len(re.findall(r"\d+ fields", page)) == served


def test_held_deletions_show_what_would_go(console: Console) -> None:
    text = text_of(console.get(f"{HOME}/east/held").text)

    assert "2 648 of 7 157 records are missing at the source" in text
    assert "SKU-20114@EWR2" in text


def test_names_are_escaped_wherever_they_stand() -> None:
    world, shop = morning()
    found = world.stores.integrations.get("org1", "cologne")
    assert found is not None
    world.stores.integrations.put(replace(found, name="<script>alert(1)</script>"))
    console = Console(shop)

    pages = [console.get(address).text for address in ("/console", f"{HOME}/cologne", f"{HOME}/cologne/settings")]

    for page in pages:
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_pages_say_how_often_the_data_was_there_by_six_and_what_was_missing() -> None:
    world, shop = morning()
    day = world.clock.now().date().isoformat()
    miss = {DataType.ORDERS: Miss("throttled", "At six in the morning the sync was still waiting.")}
    night = Night("org1", "nordics", day, world.clock.now(), (DataType.PRODUCTS,), miss)
    world.stores.nights.keep(replace(night, date=(world.clock.now() - timedelta(days=1)).date().isoformat()))
    console = Console(shop)

    for address, name in ((f"{HOME}/nordics", ""), ("/console", ", Nordics")):
        text = text_of(console.get(address).text)
        assert "There by six in the morning 50.0 % of the last 30 nights' data was there by 06:00" in text
        assert "Last 7 nights 1 of 2" in text
        assert f"{name} : orders. At six in the morning the sync was still waiting. The warehouse system" in text
