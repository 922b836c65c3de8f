"""Sync now over HTTP: what is started, joined, queued behind another, and refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from planster_sync.errors import StoreBusy
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import Lane, Mode, Run, StreamKey, TaskState, Trigger
from tests.engine.world import World
from tests.fakes.memory_stores import MemoryRuns
from tests.integration.api.caller import HOME, Api, http_event, token

SYNC = f"{HOME}/int1/sync"


def begin(world: World, run_id: str, read: str) -> None:
    """Lets a worker take one task of a run, and no more."""
    run = world.stores.runs.get("org1", "int1", run_id)
    assert run is not None
    now = world.clock.now()
    world.stores.streams.take(StreamKey("org1", "int1", read), run=run_id, segment=0, holder="w", now=now, seconds=400)
    world.stores.runs.put_task(run, replace(run.tasks[read], state=TaskState.RUNNING))


def test_a_sync_of_everything_is_accepted_and_queued() -> None:
    api = Api()

    answer = api.post(SYNC)

    run = api.world.last_run()
    assert (answer.status, answer.body["placement"], answer.body["behind"]) == (202, "started", None)
    assert answer.body["run"] == run.id
    assert answer.headers["Location"] == f"{HOME}/int1/runs/{run.id}"
    assert set(run.tasks) == {"orders", "warehouses"}
    assert {sent.lane for sent in api.world.queue.sent} == {Lane.MANUAL}


def test_the_location_leads_to_the_run() -> None:
    api = Api()

    location = api.post(SYNC).headers["Location"]

    assert api.get(location).body["state"] == "queued"


def test_named_data_types_and_mode_are_what_is_synced() -> None:
    api = Api()

    api.post(SYNC, {"data_types": ["warehouses"], "mode": "refresh"})

    run = api.world.last_run()
    assert (set(run.tasks), run.mode, run.trigger) == ({"warehouses"}, Mode.REFRESH, Trigger.MANUAL)


def test_an_empty_object_asks_for_everything() -> None:
    api = Api()

    answer = api.post(SYNC, {})

    assert answer.status == 202
    assert api.world.last_run().mode is Mode.AUTO


def test_a_second_request_joins_a_run_that_has_not_begun() -> None:
    api = Api()
    first = api.post(SYNC).body["run"]

    answer = api.post(SYNC, {"data_types": ["orders"]})

    assert (answer.status, answer.body["placement"], answer.body["run"]) == (202, "joined", first)
    assert "joined" in answer.body["message"]


def test_a_request_for_a_read_that_is_at_work_waits_behind_it() -> None:
    api = Api()
    first = api.post(SYNC).body["run"]
    begin(api.world, first, "orders")
    api.world.clock.advance(1)

    answer = api.post(SYNC, {"data_types": ["orders"]})

    assert (answer.body["placement"], answer.body["behind"]) == ("succeeds", first)
    assert answer.body["run"] != first
    assert first in answer.body["message"]


def test_a_token_names_who_asked() -> None:
    api = Api()

    api.post(SYNC, authorizer=token(subject="user-7"))

    assert api.world.last_run().requested_by == "user-7"


@pytest.mark.parametrize("subject", ["ann@example.test", "Ann Example", "x" * 65, ""])
def test_a_subject_that_looks_like_a_person_is_not_kept(subject: str) -> None:
    api = Api()

    api.post(SYNC, authorizer=token(subject=subject))

    assert api.world.last_run().requested_by == "planner"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        pytest.param({"data_types": []}, "body.data_types", id="an empty list"),
        pytest.param({"data_types": ["stock"]}, "body.data_types.0", id="an unknown data type"),
        pytest.param({"data_types": ["orders", "orders"]}, "body.data_types", id="one twice"),
        pytest.param({"mode": "full"}, "body.mode", id="an unknown mode"),
        pytest.param({"types": ["orders"]}, "body.types", id="a misspelt field"),
        pytest.param("7", "body", id="a number"),
        pytest.param("[]", "body", id="a list"),
    ],
)
def test_a_body_of_another_form_is_refused_and_starts_nothing(body: Any, where: str) -> None:
    api = Api()

    answer = api.post(SYNC, body)

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")
    assert [fault["where"] for fault in answer.body["errors"]] == [where]
    assert api.world.queue.sent == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("{", id="broken"),
        pytest.param("[" * 100_000, id="nested too deeply"),
        pytest.param("9" * 5000, id="a number without end"),
    ],
)
def test_a_body_that_is_not_json_is_a_bad_request(body: str) -> None:
    answer = Api().post(SYNC, body)

    assert (answer.status, answer.body["code"]) == (400, "invalid_request")


def test_a_body_that_is_not_text_is_a_bad_request() -> None:
    event = {**http_event("POST", SYNC, "/w=="), "isBase64Encoded": True}

    answer = Api().send(event)

    assert (answer.status, answer.body["detail"]) == (400, "The body is not text.")


def test_another_media_type_is_refused() -> None:
    event = {**http_event("POST", SYNC, "<sync/>"), "headers": {"content-type": "application/xml"}}

    answer = Api().send(event)

    assert (answer.status, answer.body["code"]) == (415, "unsupported_media_type")


def test_a_data_type_that_the_connector_lacks_is_unsupported() -> None:
    answer = Api().post(SYNC, {"data_types": ["bills"]})

    assert (answer.status, answer.body["code"]) == (422, "unsupported")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"status": IntegrationStatus.PAUSED}, id="paused"),
        pytest.param({"status": IntegrationStatus.NEEDS_REAUTH}, id="needs_reauth"),
        pytest.param({"disabled": frozenset(DataType)}, id="all switched off"),
    ],
)
def test_an_integration_that_cannot_sync_is_a_conflict_with_its_remedy(changes: dict[str, Any]) -> None:
    api = Api(World(**changes))

    answer = api.post(SYNC)

    assert (answer.status, answer.body["code"]) == (409, "conflict")
    assert answer.body["remedy"]
    assert api.world.queue.sent == []


def test_a_data_type_that_is_switched_off_is_a_conflict() -> None:
    answer = Api(World(disabled=frozenset({DataType.ORDERS}))).post(SYNC, {"data_types": ["orders"]})

    assert (answer.status, answer.body["code"]) == (409, "conflict")


def test_an_unknown_integration_is_not_found() -> None:
    assert Api().post(f"{HOME}/int9/sync").status == 404


@pytest.mark.parametrize(("wait", "seconds"), [(None, "5"), (timedelta(seconds=41.2), "42")])
def test_a_busy_store_says_when_to_come_back(wait: timedelta | None, seconds: str) -> None:
    world = World()

    class Busy(MemoryRuns):
        def active(self, organisation: str, integration: str) -> Sequence[Run]:
            raise StoreBusy("The table is throttled.", until=world.clock.now() + wait if wait else None)

    answer = Api(world, {"starter": replace(world.starter, runs=Busy())}).post(SYNC)

    assert (answer.status, answer.body["code"], answer.body["retryable"]) == (503, "store_busy", True)
    assert answer.headers["Retry-After"] == seconds
