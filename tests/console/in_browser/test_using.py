"""A planner uses the console: by mouse, by keyboard, with a script and without."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from planster_sync.entry.api.shop import ApiShop
from planster_sync.model.runs import StreamKey
from tests.console.in_browser.serving import serving
from tests.console.in_browser.visits import Visits
from tests.console.morning import morning
from tests.console.seeded import NOW
from tests.console.visit import Console
from tests.engine.world import World

LOOK = "document.dispatchEvent(new Event('visibilitychange'))"
"""What happens when somebody comes back to the page: it asks at once, and not when its seconds are over."""


def further(world: World, records: int) -> None:
    """The sync of orders has read more."""
    key = StreamKey("org1", "rotterdam", "orders")
    lease, row = world.stores.streams.take(key, run="20260312T083648Z", segment=0, holder="seeds", now=NOW, seconds=900)
    assert row.checkpoint is not None
    for counts in row.checkpoint.counts.values():
        counts.fetched = records
    world.stores.streams.advance(lease, row.checkpoint)


def test_progress_moves_without_loading_the_page_anew(visits: Visits, world: tuple[World, ApiShop]) -> None:
    page = visits.open("/console/integrations/rotterdam")
    page.evaluate("window.untouched = true")
    expect(page.locator("progress").first).to_have_attribute("value", "16900")

    further(world[0], 30_000)
    page.evaluate(LOOK)

    expect(page.locator("progress").first).to_have_attribute("value", "30000")
    assert page.evaluate("window.untouched")


def test_an_update_leaves_the_focus_where_it_was(visits: Visits, world: tuple[World, ApiShop]) -> None:
    page = visits.open("/console/integrations/rotterdam")
    page.get_by_role("button", name="Stop this sync").focus()

    further(world[0], 31_000)
    page.evaluate(LOOK)

    expect(page.locator("progress").first).to_have_attribute("value", "31000")
    expect(page.get_by_role("button", name="Stop this sync")).to_be_focused()


def test_sync_now_is_one_press_from_the_integration(visits: Visits) -> None:
    page = visits.open("/console")
    page.get_by_role("link", name="Cologne warehouse").click()

    page.get_by_role("button", name="Sync now", exact=True).click()

    expect(page.get_by_role("status").first).to_contain_text("The sync has been queued")
    expect(page.get_by_text("It waits for its turn.").first).to_be_visible()


def test_a_whole_sync_shows_what_it_takes_and_then_starts(visits: Visits) -> None:
    page = visits.open("/console/integrations/cologne/sync")
    page.get_by_label("Everything", exact=False).first.check()
    page.get_by_label("Orders", exact=True).check()

    page.get_by_role("button", name="Show what it takes").click()
    expect(page.get_by_role("heading", name="What it takes")).to_be_visible()
    page.get_by_role("button", name="Start this sync").click()

    expect(page.get_by_role("status").first).to_contain_text("The sync has been queued")


def test_held_deletions_are_found_and_decided(visits: Visits) -> None:
    page = visits.open("/console/integrations/east")
    page.get_by_role("link", name="Look at the held deletions").click()

    page.get_by_role("button", name="Keep the records").click()

    expect(page.get_by_text("Nothing is held.")).to_be_visible()
    expect(page.get_by_role("status").first).to_contain_text("The records stay.")


def test_settings_are_changed_in_their_form(visits: Visits) -> None:
    page = visits.open("/console/integrations/cologne/settings")
    page.get_by_label("Name", exact=True).fill("Cologne, hall 2")
    page.get_by_label("03", exact=True).check()

    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="Cologne, hall 2")).to_be_visible()
    expect(page.get_by_label("03", exact=True)).to_be_checked()


def test_disconnecting_asks_for_the_name(visits: Visits) -> None:
    page = visits.open("/console/integrations/cologne/settings")
    page.get_by_role("link", name="Disconnect").click()
    page.get_by_label("Type the integration's name to confirm").fill("something")
    page.get_by_role("button", name="Disconnect and erase").click()
    expect(page.get_by_text("This is not its name.")).to_be_visible()

    page.get_by_label("Type the integration's name to confirm").fill("Cologne warehouse")
    page.get_by_role("button", name="Disconnect and erase").click()

    expect(page.get_by_role("heading", name="Disconnections")).to_be_visible()
    expect(page.get_by_text("Being erased", exact=True)).to_be_visible()


def test_the_keyboard_skips_to_the_content_and_reaches_everything(visits: Visits) -> None:
    page = visits.open("/console")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Connect a warehouse system")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Spare parts depot")).to_be_focused()


def test_everything_works_without_the_script(browser: Browser) -> None:
    with serving(Console(morning()[1]).raw) as home, Visits(browser, home, scripts="stop") as visits:
        page: Page = visits.open("/console/integrations/cologne")

        page.get_by_role("button", name="Sync now", exact=True).click()

        expect(page.get_by_role("status").first).to_contain_text("The sync has been queued")
