"""The console over the real stores, after a real night: what a planner asks for on a page, a worker does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from planster_sync.entry.api.wiring import api_shop
from simulators.trackstar.config import AccountSpec
from tests.console.in_browser.serving import serving
from tests.console.in_browser.test_using import LOOK
from tests.console.in_browser.visits import Visits
from tests.console.known import PLANNER
from tests.console.visit import Console
from tests.integration.deployment import Deployment, deployment

pytestmark = pytest.mark.moto


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    with deployment(monkeypatch, AccountSpec("con-1", "token-con-1", seed=5, size=12)) as running:
        running.register("main", "con-1", organisation=PLANNER.organisation)
        yield running


def test_a_sync_that_a_planner_asks_for_is_seen_to_end(browser: Browser, system: Deployment) -> None:
    system.night(organisation=PLANNER.organisation)
    with serving(Console(api_shop()).raw) as home, Visits(browser, home) as visits:
        page = visits.open("/console")
        expect(page.get_by_role("cell", name="On time").first).to_be_visible()
        page.locator("a.name").click()
        page.get_by_role("button", name="Sync now", exact=True).click()
        expect(page.get_by_text("It waits for its turn.").first).to_be_visible()

        system.work()
        page.evaluate(LOOK)

        expect(page.get_by_text("It waits for its turn.")).to_have_count(0)
        expect(page.locator(".state-line")).to_contain_text("Succeeded")
        run = system.last_run(organisation=PLANNER.organisation)
        assert run.requested_by == PLANNER.subject
        assert visits.complaints == []
