"""The deployed template plays nights: real function processes, real queues, vendors over real HTTP."""

from __future__ import annotations

import pytest

from local_cloud.deployment import Deployment
from local_cloud.env_file import FUNCTIONS, environment_file
from local_cloud.nights import Night, next_night, tick_at
from local_cloud.outcome import outcome
from local_cloud.seed import Connected
from local_cloud.vendors import Vendor

pytestmark = pytest.mark.cloud


def _ignore(_seen: object) -> None:
    return None


def test_two_nights_leave_the_store_equal_to_the_source_and_write_only_changes(
    deployment: Deployment, stocked: Vendor, connected: list[Connected]
) -> None:
    """Promises 1, 2 and 4, on processes that the emulator runs."""
    first = Night(deployment, connected)
    tick_at(deployment, next_night(deployment, connected))
    loaded = outcome(deployment, connected, first.wait(_ignore, seconds=120))
    stocked.advance_day()
    second = Night(deployment, connected)
    tick_at(deployment, next_night(deployment, connected))

    updated = outcome(deployment, connected, second.wait(_ignore, seconds=120))

    assert loaded.is_good, [line for line in loaded.lines if line.problem]
    assert updated.is_good, [report.text() for report in updated.reports.values()]
    assert 0 < updated.record_writes <= updated.changed_records < sum(line.fetched for line in updated.lines) / 10


def test_api_lists_the_integrations_of_an_organisation(deployment: Deployment, connected: list[Connected]) -> None:
    organisation = connected[0].integration.organisation
    own = {one.integration.id for one in connected if one.integration.organisation == organisation}

    listed = deployment.ask(organisation, "integrations")

    assert own <= {integration["id"] for integration in listed["integrations"]}


def test_environment_file_names_every_function_and_reaches_the_host(deployment: Deployment) -> None:
    variables = environment_file(deployment.cloud, "host.example.test")

    assert set(variables) == set(FUNCTIONS)
    assert {each["AWS_ENDPOINT_URL"] for each in variables.values()} == {
        f"http://host.example.test:{deployment.cloud.port}"
    }
    assert all(each["NIGHT_QUEUE_URL"].startswith("http://host.example.test:") for each in variables.values())
