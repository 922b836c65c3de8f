"""`make invoke`: the built functions under AWS's own emulator, with the environment file of a running local cloud."""

from __future__ import annotations

import json

import pytest

from local_cloud.deployment import Deployment
from local_cloud.env_file import environment_file
from local_cloud.invoke import event_of, function_of
from local_cloud.processes import LOOPBACK, LocalCloudError

pytestmark = pytest.mark.cloud


def test_each_function_answers_an_event_of_the_folder(deployment: Deployment) -> None:
    variables = environment_file(deployment.cloud, LOOPBACK)

    answers = {
        (name, event): function_of(name, event_of(event), variables).first_answer()
        for name, event in (
            ("SyncDispatcher", "scheduled_tick"),
            ("SyncWorker", "sqs_run_ended"),
            ("ManualSyncApi", "http_get"),
        )
    }

    assert [asked for asked, found in answers.items() if found.failed] == []
    assert answers["SyncDispatcher", "scheduled_tick"].answer["finished"] is True
    assert answers["SyncWorker", "sqs_run_ended"].answer == {"batchItemFailures": []}
    listed = answers["ManualSyncApi", "http_get"].answer
    assert (listed["statusCode"], "integrations" in json.loads(listed["body"])) == (200, True)


def test_what_is_not_there_is_named_with_what_is(deployment: Deployment) -> None:
    variables = environment_file(deployment.cloud, LOOPBACK)

    with pytest.raises(LocalCloudError, match="SyncDispatcher, SyncWorker, ManualSyncApi"):
        function_of("Sync", {}, variables)
    with pytest.raises(LocalCloudError, match="scheduled_tick"):
        event_of("tick")
