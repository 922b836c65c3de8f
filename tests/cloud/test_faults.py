"""What goes wrong on a deployed system: lost processes, bad messages, a source that lies, ticks that come in crowds."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local_cloud.deployment import Deployment
from local_cloud.processes import Children
from local_cloud.scene import ORGANISATION, ask, connect, kill_functions, wait_until
from local_cloud.vendors import Vendor
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import RunStatus, TaskState

pytestmark = pytest.mark.cloud
GOOD = (RunStatus.SUCCEEDED, RunStatus.SUCCEEDED_WITH_WARNINGS)


@pytest.fixture
def vendor(stocked: Vendor) -> Iterator[Vendor]:
    yield stocked
    ask(stocked.url, "/_sim/faults", method="DELETE")


def test_killed_workers_are_replaced_and_the_store_equals_the_source(
    deployment: Deployment, vendor: Vendor, children: Children
) -> None:
    """Promises 1 and 6: kill -9 of every function process in the middle of a first sync."""
    scene = connect(deployment, vendor, "killed")
    scene.disturb({"match": "/wms/", "kind": "slow", "delay_seconds": 0.3, "seconds": 20})
    scene.tick()
    wait_until(lambda: any(stream.checkpoint and stream.checkpoint.pages for stream in scene.streams().values()))

    cloud = next(child for child in children.started if "cloud" in child.name or "ministack" in child.name)
    killed = kill_functions(cloud)
    run = scene.ended()

    assert killed
    assert run.status in GOOD, run
    assert scene.report().equal, scene.report().text()


def test_outage_in_the_middle_of_a_snapshot_deletes_nothing(deployment: Deployment, vendor: Vendor) -> None:
    """Promise 7: 15 s of 503s, 15 s of garbage with status 200, then an empty page that claims to be the last."""
    scene = connect(deployment, vendor, "outage")
    assert scene.night().status in GOOD
    scene.disturb(
        {"match": "/wms/inventory", "kind": "status_503", "after_requests": 2, "seconds": 15},
        {"match": "/wms/inventory", "kind": "html_200", "after_requests": 2, "seconds": 30},
        {"match": "/wms/inventory", "kind": "empty_page", "after_requests": 2, "times": 1},
    )

    run = scene.night()

    task = run.tasks["inventory_levels"]
    assert task.state is TaskState.SUCCEEDED, task
    assert sum(count.deleted for count in task.counts.values()) == 0
    assert scene.report().equal, scene.report().text()


def test_empty_list_over_a_full_stream_is_held(deployment: Deployment, vendor: Vendor) -> None:
    """Promise 7: a clean answer without a single record."""
    scene = connect(deployment, vendor, "emptied")
    assert scene.night().status in GOOD
    scene.disturb({"match": "/wms/inventory", "kind": "empty_page", "times": 1})

    run = scene.night()

    assert run.tasks["inventory_levels"].state is TaskState.SUCCEEDED_WITH_WARNINGS
    assert [held.count for held in scene.streams()["inventory_levels"].held] == [60]
    assert scene.report().equal, scene.report().text()


def test_five_dispatchers_at_once_start_one_run(deployment: Deployment, vendor: Vendor) -> None:
    """Promise 5: the same tick, delivered five times at the same moment."""
    scene = connect(deployment, vendor, "crowd", size=5)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: scene.tick(), range(5)))
    scene.ended()

    assert len(scene.runs.recent(ORGANISATION, "crowd", 10, None)[0]) == 1


def test_malformed_message_ends_in_the_dead_letter_queue(deployment: Deployment) -> None:
    sqs = deployment.cloud.sqs
    sqs.send_message(QueueUrl=deployment.outputs["NightQueueUrl"], MessageBody='{"version": 1}')

    def dead() -> list[Any]:
        answer = sqs.receive_message(QueueUrl=deployment.outputs["NightDeadLettersUrl"], WaitTimeSeconds=1)
        return [message["Body"] for message in answer.get("Messages", ())]

    assert wait_until(dead) == ['{"version": 1}']


def test_wrong_credentials_ask_for_reconnection_and_stop_the_calls(deployment: Deployment, vendor: Vendor) -> None:
    scene = connect(deployment, vendor, "revoked", size=5)
    ask(vendor.url, "/_sim/connections/con-revoked/revoke", {})

    run = scene.night()

    assert run.status is RunStatus.FAILED
    found = scene.integrations.get(ORGANISATION, "revoked")
    assert found is not None
    assert found.status is IntegrationStatus.NEEDS_REAUTH


def test_planner_starts_a_sync_and_reads_its_records(deployment: Deployment, vendor: Vendor) -> None:
    scene = connect(deployment, vendor, "by-hand", size=20)
    base, wanted = "integrations/by-hand", {"data_types": ["inventory_levels", "warehouses"]}

    started = deployment.ask(ORGANISATION, f"{base}/sync", wanted)
    run = scene.ended()
    shown = deployment.ask(ORGANISATION, f"{base}/runs/{run.id}")
    records = deployment.ask(ORGANISATION, f"{base}/records/inventory_levels?limit=5")

    assert started["placement"] == "started"
    assert shown["state"] == "succeeded", shown
    assert len(records["records"]) == 5
