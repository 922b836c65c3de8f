"""A planner signs in at the local cloud's own issuer, in a real browser: its cookies, its redirects, its policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from local_cloud.issuer.people import CONSOLE
from local_cloud.issuer.running import RunningIssuer
from planster_sync.aws.clock import SystemClock
from planster_sync.aws.settings import VendorNetwork
from planster_sync.entry.console.app import build_console
from planster_sync.entry.console.issuer import Client, Issuer
from planster_sync.entry.console.login import Login
from planster_sync.entry.console.login_wiring import addresses_of, open_with
from planster_sync.entry.console.sessions import SessionVisitors
from planster_sync.entry.console.wiring import new_secret
from tests.console.in_browser.serving import serving
from tests.engine.world import World
from tests.fakes.memory_sessions import MemorySessions
from tests.integration.api.caller import shop_of

ORGANISATION = "org1"


@pytest.fixture
def sessions() -> MemorySessions:
    return MemorySessions()


@pytest.fixture
def home(sessions: MemorySessions) -> Iterator[str]:
    """A console whose people are the issuer's."""
    clock = SystemClock()
    visitors = SessionVisitors(sessions, clock, new_secret)
    with RunningIssuer((ORGANISATION, "org2")) as running:
        addresses = addresses_of(running.url, VendorNetwork.LOOPBACK)
        issuer = Issuer(Client(running.url, CONSOLE), addresses, open_with(addresses, clock), clock)
        login = Login(issuer, sessions, visitors, clock, new_secret)
        app = build_console(shop_of(World()), visitors, ("scripted",), new_secret, lambda: login)
        with serving(lambda event: app.resolve(event, None)) as home:
            yield home


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context()
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def sign_in(page: Page, who: str = f"planner of {ORGANISATION}") -> None:
    page.get_by_role("link", name=who).click()


def test_a_page_that_is_asked_for_is_shown_after_signing_in(page: Page, home: str) -> None:
    page.goto(f"{home}/console/integrations/int1/runs?state=failed")
    sign_in(page)

    expect(page).to_have_url(f"{home}/console/integrations/int1/runs?state=failed")
    expect(page.get_by_text(f"{ORGANISATION}-planner")).to_be_visible()


def test_the_cookie_is_secure_and_out_of_a_scripts_reach(page: Page, context: BrowserContext, home: str) -> None:
    page.goto(f"{home}/console")
    sign_in(page)
    expect(page.get_by_role("heading", name="Integrations")).to_be_visible()

    (cookie,) = [each for each in context.cookies(f"{home}/console") if each["name"] == "planster_session"]
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"], cookie["path"]) == (True, True, "Lax", "/console")
    assert page.evaluate("document.cookie") == ""
    assert context.cookies(f"{home}/v1/health") == []


def test_another_organisations_integration_is_not_there(page: Page, home: str) -> None:
    page.goto(f"{home}/console/integrations/int1")
    sign_in(page, "planner of org2")

    expect(page.get_by_role("heading", name="There is no such integration.")).to_be_visible()


def test_logging_out_is_for_good(page: Page, context: BrowserContext, home: str, sessions: MemorySessions) -> None:
    page.goto(f"{home}/console")
    sign_in(page)
    page.get_by_role("button", name="Log out").click()

    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert sessions.rows == {}
    assert [each["name"] for each in context.cookies(f"{home}/console")] == ["planster_browser"]
    page.go_back()
    page.goto(f"{home}/console")
    expect(page.get_by_role("heading", name="Who do you want to be?")).to_be_visible()


def test_another_sites_page_cannot_log_a_planner_out(page: Page, home: str, sessions: MemorySessions) -> None:
    """A form on another origin: the browser keeps the cookie back, and the console would refuse the form's origin."""
    page.goto(f"{home}/console")
    sign_in(page)
    expect(page.get_by_role("heading", name="Integrations")).to_be_visible()
    form = f'<form method="post" action="{home}/console/logout"><button>Win</button></form>'

    with serving(lambda _: {"statusCode": 200, "headers": {"Content-Type": "text/html"}, "body": form}) as evil:
        page.goto(evil.replace("127.0.0.1", "localhost"))
        page.get_by_role("button", name="Win").click()

    page.wait_for_load_state()
    assert len(sessions.rows) == 1
