"""An administrator connects accounts in a browser, over the real stores: a form, and a consent out and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from threading import Lock
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from playwright.sync_api import Browser, Page, expect

from functions.manual_sync_api import handler as api
from planster_sync.entry.api.wiring import api_shop
from planster_sync.model.data_types import DataType
from simulators.serving.server import RunningServer
from simulators.serving.server import serve as serve_business
from simulators.serving.simulation import Simulation
from simulators.shipbob.vendor import ShipBob
from simulators.trackstar.config import AccountSpec
from tests.console.in_browser.serving import serving
from tests.console.in_browser.test_every_page import TOLD
from tests.console.in_browser.test_using import LOOK
from tests.console.in_browser.visits import Visits
from tests.console.known import PLANNER
from tests.console.visit import Console
from tests.integration.deployment import Deployment, deployment
from tests.integration.worker_over_http import worker_over_http

pytestmark = pytest.mark.moto

TOKEN = "token-con-1-canary"
ANSWER = 20_000
"""Milliseconds: a check may take ten seconds."""
WORKS = re.compile("The connection works|The credentials work")
"""All of it, or what the account's rate let be tried in time."""


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    api.app.cache_clear()
    with deployment(monkeypatch, AccountSpec("con-1", TOKEN, seed=5, size=6)) as running, worker_over_http() as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", url)
        yield running
    api.app.cache_clear()


class Function:
    """The API's function: its console for whoever has a session, its callback for whoever comes back from a vendor.

    Pages wait while the worker works: moto shows half of a row that another thread is just making.
    """

    def __init__(self) -> None:
        self._console = Console(api_shop())
        self._busy = Lock()

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        with self._busy:
            if event["rawPath"].startswith("/console"):
                return self._console.raw(event)
            answer: dict[str, Any] = api.handler(event, LambdaContext())
            return answer

    def work(self, system: Deployment) -> None:
        with self._busy:
            system.work()


def consenting(home: str) -> RunningServer[Any]:
    """A vendor at which the deployment is registered."""
    account = {"connection_id": "con-1", "credentials": {"token": "sim-pat-1"}, "size": "6"}
    server = serve_business(Simulation(ShipBob(0)), [account])
    registered = {
        "client_id": "sim-app",
        "client_secret": "sim-app-secret",
        "redirect_uri": f"{home}/v1/connect/callback",
        "consent_url": f"{server.url}/connect/authorize",
        "exchange_url": f"{server.url}/connect/token",
    }
    boto3.client("ssm").put_parameter(
        Name="/planster/test/apps/shipbob", Value=json.dumps(registered), Type="SecureString"
    )
    return server


def little(page: Page) -> None:
    """Two short lists are enough."""
    for box in page.get_by_role("group", name="What is synced").get_by_role("checkbox").all():
        if box.get_attribute("value") not in (DataType.WAREHOUSES, DataType.SHIPPING_METHODS):
            box.uncheck()


def test_an_account_is_connected_by_its_form_and_its_first_load_is_seen_to_end(
    browser: Browser, system: Deployment
) -> None:
    function = Function()
    with serving(function) as home, Visits(browser, home) as visits:
        page = visits.open("/console")
        page.get_by_role("link", name="Connect a warehouse system").click()
        page.get_by_role("link", name="Trackstar").click()
        page.get_by_label("API key", exact=True).fill("sim-api-key")
        page.get_by_label("Access token", exact=True).fill("not-the-token")
        page.get_by_label("Name", exact=True).fill("Main hall")
        little(page)
        page.get_by_text("Addresses and sizes").click()
        page.get_by_label("Base address").fill(system.simulator.url)
        page.get_by_role("button", name="Connect", exact=True).click()
        expect(page.get_by_text("refuses the connection").first).to_be_visible(timeout=ANSWER)

        page.get_by_role("link", name="Correct the credentials").click()
        page.get_by_label("API key", exact=True).fill("sim-api-key")
        page.get_by_label("Access token", exact=True).fill(TOKEN)
        page.get_by_role("button", name="Reconnect", exact=True).click()
        expect(page.get_by_text(WORKS).first).to_be_visible(timeout=ANSWER)
        expect(page.get_by_text("It waits for its turn.").first).to_be_visible()
        function.work(system)
        page.evaluate(LOOK)

        expect(page.locator(".loading .state-line")).to_contain_text("Succeeded")
        assert TOKEN not in page.content()
        page.reload()  # under the integration's own address: nothing is sent again
        expect(page.get_by_role("heading", name="Main hall")).to_be_visible()
        expect(page.get_by_role("heading", name="Data types")).to_be_visible()
        assert visits.complaints == []


def test_a_consent_leads_out_to_the_vendor_and_back_to_the_first_load(browser: Browser, system: Deployment) -> None:
    function = Function()
    with serving(function) as home, consenting(home) as vendor, Visits(browser, home) as visits:
        page = visits.open("/console/connect/shipbob")
        page.get_by_label("Name", exact=True).fill("Network")
        little(page)
        page.get_by_text("Addresses and sizes").click()
        page.get_by_label("Base address").fill(vendor.url)
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Go to ShipBob").click()
        page.get_by_role("link", name="Consent as con-1").click()

        expect(page.get_by_text(WORKS).first).to_be_visible(timeout=ANSWER)
        expect(page.get_by_text("It waits for its turn.").first).to_be_visible()
        assert "code=" not in page.url
        function.work(system)
        page.evaluate(LOOK)

        expect(page.locator(".loading .state-line")).to_contain_text("Succeeded")
        (found,) = [each for each, _ in api_shop().integrations.status_page(PLANNER.organisation)]
        assert (found.name, found.connector, found.status) == ("Network", "shipbob", "active")
        assert [each for each in visits.complaints if each not in TOLD] == [], "the vendor's page has no icon"
