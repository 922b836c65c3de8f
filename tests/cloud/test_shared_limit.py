"""One account's limit over all of its workers, as its vendor counts it: the night's and a planner's, all at once."""

from __future__ import annotations

import pytest

from local_cloud.allowance import arrivals
from local_cloud.deployment import Deployment
from local_cloud.scene import connect, wait_until
from local_cloud.vendors import Vendor
from planster_sync.model.runs import Run, RunStatus

pytestmark = pytest.mark.cloud
LIMIT = 10
WINDOW = 10


def test_night_and_planner_together_keep_the_accounts_limit(deployment: Deployment, stocked: Vendor) -> None:
    """Of ten seconds, not of one: on a busy machine a request may arrive some tenths after it was sent.

    benchmarks/shared_limit.py measures single seconds; docs/shared-limit.md has the figures.
    """
    scene = connect(deployment, stocked, "limit", size=40, page_limit=1)
    integration = scene.connected.integration
    sync = f"integrations/{integration.id}/sync"
    deployment.ask(integration.organisation, sync, {"data_types": ["products", "warehouses"]})
    scene.tick()

    def ended() -> list[Run]:
        runs = scene.runs.recent(integration.organisation, integration.id, 10, None)[0]
        return list(runs) if len(runs) == 2 and all(run.status.is_final for run in runs) else []

    both = wait_until(ended, seconds=240)
    seen = arrivals(stocked, scene.connection)

    assert len(seen.moments) > LIMIT * WINDOW
    assert seen.busiest(WINDOW) <= LIMIT * WINDOW
    assert {run.status for run in both} <= {RunStatus.SUCCEEDED, RunStatus.SUCCEEDED_WITH_WARNINGS}
