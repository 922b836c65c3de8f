"""An account connected through the deployed API; and the way back from a vendor, which brings no token."""

from __future__ import annotations

import urllib.request
from urllib.error import HTTPError

import pytest

from local_cloud.deployment import Deployment
from local_cloud.scene import wait_until
from local_cloud.seed import register_at
from local_cloud.vendors import Vendor

pytestmark = pytest.mark.cloud

ORGANISATION = "connecting"


def asked_without_a_token(deployment: Deployment, path: str) -> tuple[int, str, str]:
    """Status, content type and body."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{deployment.api_url}{path}", timeout=30) as answer:
            return answer.status, answer.headers["content-type"], answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.headers["content-type"], refused.read().decode()


def test_a_form_becomes_an_integration_that_is_read(deployment: Deployment, stocked: Vendor) -> None:
    account = stocked.accounts[0]
    systems = deployment.ask(ORGANISATION, "connectors")["connectors"]
    served = next(each["data_types"] for each in systems if each["connector"] == stocked.connector)
    off = {data_type: False for data_type in served if data_type != "warehouses"}
    form = {"connector": stocked.connector, "name": "By a form", "data_types": off}

    made = deployment.ask(
        ORGANISATION,
        "integrations",
        {**form, "credentials": dict(account.credentials), "settings": dict(account.settings)},
    )

    assert made["check"]["credentials"]["verdict"] == "works"
    place = f"integrations/{made['integration']}"
    wait_until(
        lambda: True if deployment.ask(ORGANISATION, f"{place}/runs/{made['run']}")["state"] == "succeeded" else None
    )
    assert deployment.ask(ORGANISATION, f"{place}/records/warehouses")["records"]


def test_a_dialogue_is_opened_with_what_the_deployment_is_registered_as(
    deployment: Deployment, stocked: Vendor
) -> None:
    register_at(deployment, [stocked])

    begun = deployment.ask(ORGANISATION, f"connect/{stocked.connector}/begin", {"name": "By a dialogue"})

    assert begun["link_token"]


def test_the_way_back_is_open_and_everything_beside_it_is_not(deployment: Deployment) -> None:
    status, kind, page = asked_without_a_token(deployment, "/v1/connect/callback?state=none&code=none")

    assert (status, kind.partition(";")[0]) == (422, "text/html")
    assert "Begin again" in page
    assert asked_without_a_token(deployment, f"/v1/organisations/{ORGANISATION}/connectors")[0] == 401
    assert asked_without_a_token(deployment, "/v1/connect/other")[0] == 401
