"""A browser for each test process, and the seeded morning served to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from planster_sync.entry.api.shop import ApiShop
from tests.console.in_browser.chromium import chromium
from tests.console.in_browser.serving import serving
from tests.console.in_browser.visits import Visits
from tests.console.morning import morning
from tests.console.visit import Console
from tests.engine.world import World


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def unchanged(browser: Browser) -> Iterator[Visits]:
    """A morning that tests only look at."""
    with serving(Console(morning()[1]).raw) as home, Visits(browser, home) as visits:
        yield visits


@pytest.fixture
def world() -> tuple[World, ApiShop]:
    return morning()


@pytest.fixture
def visits(browser: Browser, world: tuple[World, ApiShop]) -> Iterator[Visits]:
    """A morning of the test's own."""
    with serving(Console(world[1]).raw) as home, Visits(browser, home) as made:
        yield made


@pytest.fixture
def page(visits: Visits) -> Page:
    return visits.page
