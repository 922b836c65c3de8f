"""The deployed console in a real browser: signed in at the issuer, over API Gateway, the function and its tables."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from local_cloud.deployment import Deployment
from local_cloud.seed import Connected
from tests.console.in_browser.chromium import chromium

pytestmark = pytest.mark.cloud


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        context = browser.new_context()
        yield context.new_page()
        context.close()


def test_a_planner_signs_in_looks_and_signs_out(deployment: Deployment, connected: list[Connected], page: Page) -> None:
    integration = connected[0].integration
    address = f"{deployment.console_url}/integrations/{integration.id}/records"

    page.goto(address)
    page.get_by_role("link", name=f"planner of {integration.organisation}").click()
    expect(page).to_have_url(address)
    expect(page.get_by_role("heading", name=integration.name)).to_be_visible()
    page.wait_for_load_state("networkidle")  # the emulator's function hangs when a browser hangs up on it
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.goto(address)

    expect(page.get_by_role("heading", name="Who do you want to be?")).to_be_visible()


def test_a_form_of_nobody_does_nothing(deployment: Deployment, connected: list[Connected]) -> None:
    """Whoever has no session is shown to the login, and a session is not made of a cookie that somebody invents."""
    address = f"{deployment.api_url}/console/integrations/{connected[0].integration.id}/sync"
    headers = {"content-type": "application/x-www-form-urlencoded", "cookie": f"planster_session={'A' * 43}"}
    request = urllib.request.Request(address, b"mode=auto&form_token=", headers, method="POST")

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.build_opener(Unmoved).open(request)

    assert refused.value.code == 303
    assert refused.value.headers["location"] == "/console/login?next=%2Fconsole"
    refused.value.close()


class Unmoved(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_: object) -> None:
        return None
