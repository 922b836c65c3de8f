"""A webhook over the deployed API: the bus's rule, the queue, a worker process, a receiver that fails once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_cloud.deployment import Deployment
from local_cloud.scene import wait_until
from local_cloud.seed import Connected
from tests.cloud.calls import calling, synced
from tests.fakes.webhook_receiver import receiving

pytestmark = pytest.mark.cloud


def test_the_end_of_a_run_reaches_a_receiver_that_verifies_it_although_it_failed_once(
    deployment: Deployment, connected: list[Connected]
) -> None:
    one = connected[0]
    organisation = one.integration.organisation
    with receiving() as receiver:
        receiver.answers = [503, 204]
        webhook = deployment.ask(organisation, "webhooks", {"url": receiver.url, "kinds": ["run.completed"]})
        synced(calling(deployment, one), "warehouses")

        def delivered() -> Any:
            found = deployment.ask(organisation, f"webhooks/{webhook['id']}/deliveries")["deliveries"]
            return found if found and found[0]["state"] == "delivered" else None

        (delivery,) = wait_until(delivered)

    first, second = receiver.received
    assert (first.id, first.body) == (second.id, second.body)
    assert delivery["id"] == first.id
    assert first.is_signed_with(webhook["secret"])
    assert second.is_signed_with(webhook["secret"])
    assert json.loads(first.body)["data"]["integration"] == one.integration.id
    assert (delivery["attempt"], delivery["status"]) == (2, 204)
