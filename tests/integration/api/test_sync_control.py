"""Sync now, kept in hand: once for each key, not too often, at a cost that is told first, and stopped when asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from planster_sync.entry.api.cooldown import Cooldowns
from planster_sync.errors import Forbidden
from planster_sync.model.runs import RunStatus
from planster_sync.ports.source import ReadStyle
from tests.engine.world import World
from tests.fakes.scripted_source import ScriptedSource, capabilities
from tests.integration.api.caller import HOME, Answer, Api, token

SYNC = f"{HOME}/int1/sync"
WHOLE = {"mode": "snapshot"}


def ask(api: Api, body: Any = None, key: str | None = "key-1") -> Answer:
    return api.post(SYNC, body, headers={"idempotency-key": key} if key else None)


def filled(orders: int = 12) -> World:
    world = World()
    world.source.fill(orders)
    world.night()
    return world


def runs(world: World) -> list[str]:
    return [run.id for run in world.stores.runs.recent("org1", "int1", 50, None)[0]]


class TestIdempotencyKey:
    def test_a_repeated_request_starts_nothing_and_gives_the_first_run(self) -> None:
        api = Api()
        first = ask(api)
        api.world.work()

        again = ask(api)

        assert (again.status, again.body["run"]) == (202, first.body["run"])
        assert (first.body["repeated"], again.body["repeated"]) == (False, True)
        assert again.headers["Location"] == first.headers["Location"]
        assert runs(api.world) == [first.body["run"]]

    def test_a_repeated_request_that_had_joined_a_run_gives_that_run(self) -> None:
        api = Api()
        first = ask(api, key=None).body["run"]
        api.world.clock.advance(1)
        joined = ask(api)
        api.world.work()

        again = ask(api)

        assert (joined.body["placement"], again.body["placement"]) == ("joined", "joined")
        assert (joined.body["run"], again.body["run"]) == (first, first)

    def test_another_request_under_the_same_key_is_refused(self) -> None:
        api = Api()
        ask(api)

        answer = ask(api, WHOLE)

        assert (answer.status, answer.body["code"]) == (422, "invalid_request")
        assert "Idempotency-Key" in answer.body["detail"]

    def test_a_request_that_died_before_it_started_the_run_starts_it_when_repeated(self) -> None:
        world = World()

        class Dying(type(world.starter)):  # type: ignore[misc]
            def by_hand(self, *args: Any, **named: Any) -> Any:
                raise RuntimeError("the function is gone")

        starter = world.starter
        dead = Dying(starter.runs, starter.queue, starter.clock, starter.identity, starter.timings)
        assert ask(Api(world, {"starter": dead})).status == 500

        answer = ask(Api(world))

        assert (answer.status, answer.body["placement"], answer.body["repeated"]) == (202, "started", False)
        assert runs(world) == [answer.body["run"]]

    def test_a_key_is_forgotten_after_a_day(self) -> None:
        api = Api()
        first = ask(api).body["run"]
        api.world.work()
        api.world.clock.advance(86401)

        assert ask(api).body["run"] != first

    def test_keys_of_different_integrations_do_not_meet(self) -> None:
        world = World()
        world.stores.integrations.put(replace(world.integration, id="int2"))
        api = Api(world)

        answers = [api.post(f"{HOME}/{each}/sync", headers={"idempotency-key": "k"}) for each in ("int1", "int2")]

        assert [answer.body["repeated"] for answer in answers] == [False, False]

    @pytest.mark.parametrize("key", ["x" * 256])
    def test_a_key_without_measure_is_refused(self, key: str) -> None:
        answer = ask(Api(), key=key)

        assert (answer.status, answer.body["code"]) == (422, "invalid_request")


class TestCooldown:
    def test_the_same_cannot_be_synced_again_at_once_and_the_answer_says_when(self) -> None:
        api = Api()
        ask(api, key=None)
        api.world.work()
        api.world.clock.advance(60)

        answer = ask(api, key=None)

        assert (answer.status, answer.body["code"], answer.body["retryable"]) == (429, "cooling_down", True)
        assert answer.headers["Retry-After"] == "240"
        assert "at 2026-03-01 02:00 UTC; again at 2026-03-01 02:05 UTC." in answer.body["detail"]

    def test_it_can_be_synced_again_afterwards(self) -> None:
        api = Api()
        ask(api, key=None)
        api.world.work()
        api.world.clock.advance(300)

        assert ask(api, key=None).status == 202

    @pytest.mark.parametrize(("seconds", "status"), [(3600, 429), (86401, 202)])
    def test_everything_is_read_once_a_day_at_most(self, seconds: int, status: int) -> None:
        api = Api()
        ask(api, WHOLE, key=None)
        api.world.work()
        api.world.clock.advance(seconds)

        assert ask(api, WHOLE, key=None).status == status

    def test_reading_changes_does_not_put_off_reading_everything(self) -> None:
        api = Api()
        ask(api, key=None)
        api.world.work()
        api.world.clock.advance(1)

        assert ask(api, WHOLE, key=None).status == 202

    def test_a_data_type_that_was_not_synced_can_be(self) -> None:
        api = Api()
        ask(api, {"data_types": ["orders"]}, key=None)
        api.world.work()
        api.world.clock.advance(1)

        assert ask(api, {"data_types": ["orders"]}, key=None).status == 429
        assert ask(api, {"data_types": ["warehouses"]}, key=None).status == 202

    def test_a_sync_that_failed_can_be_repeated_at_once(self) -> None:
        world = World()

        def refuse(source: ScriptedSource) -> None:
            raise Forbidden("The account may not read orders.")

        world.source.script[0] = refuse
        api = Api(world)
        ask(api, {"data_types": ["orders"]}, key=None)
        world.work()
        world.clock.advance(1)

        assert ask(api, {"data_types": ["orders"]}, key=None).status == 202

    def test_a_night_puts_nothing_off(self) -> None:
        api = Api(filled())

        assert ask(api, key=None).status == 202

    def test_a_request_can_still_join_a_run_that_has_not_begun(self) -> None:
        api = Api()
        first = ask(api, key=None).body["run"]

        assert ask(api, key=None).body["run"] == first

    def test_a_deployment_can_do_without(self) -> None:
        api = Api(changes={"cooldowns": Cooldowns(timedelta(0), timedelta(0))})
        ask(api, WHOLE, key=None)
        api.world.work()
        api.world.clock.advance(1)

        assert ask(api, WHOLE, key=None).status == 202


class TestExpected:
    def test_calls_and_minutes_follow_from_what_is_stored_and_what_is_declared(self) -> None:
        answer = Api(filled(orders=562)).get(f"{SYNC}/expected")

        by_read = {each["read"]: each for each in answer.body["reads"]}
        assert (by_read["orders"]["records"], by_read["orders"]["calls"]) == (562, 113)
        assert (by_read["warehouses"]["records"], by_read["warehouses"]["calls"]) == (0, 1)
        assert (answer.body["calls"], answer.body["calls_per_second"], answer.body["minutes"]) == (114, 9.2, 0.3)

    def test_what_was_set_aside_is_read_too(self) -> None:
        world = World()
        world.source.fill(5)
        world.source.order("wrong", broken=True)
        world.night()

        answer = Api(world).get(f"{SYNC}/expected?data_types=orders")

        assert [(each["read"], each["records"], each["calls"]) for each in answer.body["reads"]] == [("orders", 6, 2)]

    def test_what_was_never_read_is_not_guessed(self) -> None:
        answer = Api().get(f"{SYNC}/expected")

        assert (answer.status, answer.body["calls"], answer.body["minutes"]) == (200, None, None)
        assert "nobody knows" in answer.body["sentence"]

    def test_several_data_types_are_named_with_commas(self) -> None:
        answer = Api(filled()).get(f"{SYNC}/expected?data_types=orders,warehouses")

        assert [each["read"] for each in answer.body["reads"]] == ["orders", "warehouses"]

    def test_reading_changes_only_is_called_so(self) -> None:
        world = World()
        world.source.declared = capabilities(style=ReadStyle.INCREMENTAL)
        world.source.fill(12)
        world.night()

        answer = Api(world).get(f"{SYNC}/expected?mode=auto&data_types=orders")

        assert [(each["calls"], each["changes_only"]) for each in answer.body["reads"]] == [(1, True)]

    def test_a_sync_that_reads_everything_repeats_it_in_its_answer(self) -> None:
        api = Api(filled())

        assert ask(api, WHOLE).body["expected"] == api.get(f"{SYNC}/expected?mode=snapshot").body
        assert ask(Api(filled())).body["expected"] is None

    @pytest.mark.parametrize("query", ["mode=full", "data_types=stock"])
    def test_a_wrong_question_is_refused(self, query: str) -> None:
        assert Api().get(f"{SYNC}/expected?{query}").status == 422


class TestCancel:
    def test_a_run_is_stopped_by_name(self) -> None:
        api = Api()
        location = ask(api).headers["Location"]

        answer = api.post(f"{location}/cancel", authorizer=token(subject="user-7"))
        api.world.work()

        run = api.get(location).body
        assert (answer.status, answer.headers["Location"]) == (202, location)
        assert (run["state"], run["cancelled_by"]) == (RunStatus.CANCELLED.value, "user-7")

    def test_a_cancelled_sync_says_nothing_about_the_data(self) -> None:
        world = filled()
        api = Api(world)
        location = ask(api).headers["Location"]
        (first, *_) = world.queue.drain()
        world.handle(first.message, slice_seconds=0)
        api.post(f"{location}/cancel")
        world.work()

        orders = next(each for each in api.get(f"{HOME}/int1").body["data_types"] if each["data_type"] == "orders")

        assert (orders["state"], orders["health"], orders["problem"]) == ("ok", "healthy", None)

    def test_what_has_ended_cannot_be_stopped(self) -> None:
        api = Api()
        location = ask(api).headers["Location"]
        api.world.work()

        answer = api.post(f"{location}/cancel")

        assert (answer.status, answer.body["code"]) == (409, "conflict")

    def test_what_is_not_there_cannot_be_stopped(self) -> None:
        assert Api().post(f"{HOME}/int1/runs/r9/cancel").status == 404


class TestProgress:
    def test_a_run_at_work_says_how_far_it_is_and_what_it_does_not_know(self) -> None:
        world = World()
        world.source.fill(12)
        api = Api(world)
        location = ask(api, {"data_types": ["orders"]}).headers["Location"]
        (sent,) = world.queue.drain()
        world.handle(sent.message, slice_seconds=0)

        answer = api.get(location)

        (task,) = answer.body["tasks"]
        assert (task["state"], task["pages"], task["segment"], task["phase"]) == ("running", 1, 2, "read")
        assert task["sentence"] == "Reading: 5 records on 1 pages so far, of an unknown total."
        assert (task["total_records"], answer.body["poll_after_seconds"]) == (None, 2)

    def test_a_run_that_has_ended_says_so(self) -> None:
        api = Api(filled())
        location = ask(api, {"data_types": ["orders"]}).headers["Location"]
        api.world.work()

        answer = api.get(location)

        assert answer.body["tasks"][0]["sentence"] == "It ended with 12 records on 3 pages."
        assert answer.body["poll_after_seconds"] == 60
