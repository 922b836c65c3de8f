"""What webhooks are told: each end of a run, each change of state, each action that is needed; once each."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from planster_sync.errors import CredentialsRejected, SourceUnavailable
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import Mode, Problem
from planster_sync.model.webhooks import Kind, LookMessage
from tests.engine.world import Killed, World
from tests.fakes.webhook_office import MemoryWebhookQueue, Office


def filled() -> World:
    world = World()
    world.source.fill(12)
    return world


def bodies(office: Office, kind: Kind | None = None) -> list[dict[str, Any]]:
    """What was sent, in order."""
    return [json.loads(each.body) for each in office.post.sent if kind in (None, each.kind)]


def refuse() -> None:
    raise CredentialsRejected("The warehouse system refuses the credentials.")


def unreachable() -> None:
    raise SourceUnavailable("The warehouse system does not answer.")


def test_the_end_of_a_run_is_told_once_to_each_webhook_that_wants_it() -> None:
    office = Office(filled())
    first, second = office.register(Kind.RUN_COMPLETED), office.register()
    office.register(Kind.ACTION_NEEDED)

    run = office.world.night()
    office.look("int1")
    office.look()

    told = bodies(office, Kind.RUN_COMPLETED)
    assert [each["data"]["run"] for each in told] == [run.id] * 2
    assert {each.target for each in office.post.sent if each.kind is Kind.RUN_COMPLETED} == {first.id, second.id}
    assert told[0] == told[1]


def test_the_body_of_a_run_has_ids_words_and_codes() -> None:
    office = Office(filled())
    office.world.source.order("wrong", broken=True)
    office.register(Kind.RUN_COMPLETED)

    run = office.world.night()
    office.look()

    (told,) = bodies(office)
    data = told["data"]
    assert (told["type"], told["version"], told["id"]) == ("run.completed", 1, office.post.sent[0].id)
    assert (data["organisation"], data["integration"], data["run"]) == ("org1", "int1", run.id)
    assert (data["status"], data["trigger"]) == ("succeeded_with_warnings", "schedule")
    assert data["reads"][0]["warnings"] == ["records_quarantined"]
    assert data["reads"][0]["counts"]["orders"]["created"] == 12
    assert office.world.integration.name not in json.dumps(told)


def test_what_happened_before_anybody_registered_is_not_told() -> None:
    office = Office(filled())
    office.world.source.order("wrong", broken=True)
    office.world.night()

    office.register()
    office.look()

    assert bodies(office) == []


def test_a_webhook_that_comes_later_hears_nothing_of_what_ended_before_it() -> None:
    office = Office(filled())
    first = office.register(Kind.RUN_COMPLETED)
    office.world.night()

    office.register(Kind.RUN_COMPLETED)  # the look that this asks for tells the first one of the night
    office.look()

    assert [each.target for each in office.post.sent] == [first.id]


def test_the_first_success_changes_the_state_and_the_same_again_does_not() -> None:
    office = Office(filled())
    office.register(Kind.STATE_CHANGED)

    office.world.night()
    office.look()
    office.world.night()
    office.look()

    (told,) = bodies(office)
    assert (told["data"]["before"], told["data"]["now"]) == (
        {"state": "never_synced", "health": "pending"},
        {"state": "ok", "health": "healthy"},
    )
    assert [each["data_type"] for each in told["data"]["data_types"]] == [
        each.value for each in DataType if office.world.source.declared.read_of(each)
    ]


def test_data_that_grows_old_is_told_although_nothing_happens() -> None:
    office = Office(filled())
    office.register(Kind.STATE_CHANGED)
    office.world.night()
    office.look()
    office.post.sent.clear()

    for _ in range(4):
        office.world.clock.advance(14 * 3600)
        office.tick()

    assert [(each["data"]["now"]["state"], each["data"]["now"]["health"]) for each in bodies(office)] == [
        ("late", "attention"),
        ("late", "broken"),
    ]


def test_a_sync_at_work_changes_no_state() -> None:
    office = Office(filled())
    office.register(Kind.STATE_CHANGED)
    office.world.night()
    office.look()
    office.post.sent.clear()
    world = office.world

    world.starter.by_hand(world.integration, world.source.declared, (), Mode.AUTO, "planner")
    message = world.queue.drain()[0].message
    world.stores.streams.take(
        world.stream().key, run=message.run, segment=0, holder="h", now=world.clock.now(), seconds=400
    )
    office.look()

    assert world.stream().owner == message.run
    assert bodies(office) == []


def test_refused_credentials_are_told_as_a_state_and_as_an_action_once() -> None:
    office = Office(filled())
    office.register(Kind.STATE_CHANGED, Kind.ACTION_NEEDED)
    office.world.night()
    office.look()
    office.post.sent.clear()
    office.world.connecting = refuse

    office.world.night()
    office.look()
    office.look()

    (action,) = bodies(office, Kind.ACTION_NEEDED)
    (state,) = bodies(office, Kind.STATE_CHANGED)
    assert (action["data"]["code"], action["data"]["data_types"]) == ("credentials_rejected", [])
    assert "Reconnect" in action["data"]["remedy"]
    assert (state["data"]["now"]["state"], state["data"]["now"]["health"]) == ("action_required", "broken")


def test_what_is_the_vendors_move_is_no_action_of_the_organisation() -> None:
    office = Office(filled())
    office.register(Kind.ACTION_NEEDED)
    office.world.connecting = unreachable

    office.world.night()
    office.world.sweep_until_quiet(ticks=200)
    office.look()

    assert office.world.last_run().status.value == "failed"
    assert bodies(office) == []


def test_an_action_is_told_again_only_after_it_was_mended() -> None:
    office = Office(filled())
    office.register(Kind.ACTION_NEEDED)
    world = office.world
    for broken in (True, False, True):
        world.source.order("wrong", broken=broken)
        world.sync(mode=Mode.SNAPSHOT)
        office.look()
        world.clock.advance(3600)
        office.look()

    assert [each["data"]["code"] for each in bodies(office)] == ["records_quarantined"] * 2


def test_a_pause_is_a_change_of_state_and_asks_nobody_to_act() -> None:
    office = Office(filled())
    office.register(Kind.STATE_CHANGED, Kind.ACTION_NEEDED)
    office.world.night()
    office.look()
    office.post.sent.clear()

    office.world.stores.integrations.pause("org1", "int1")
    office.tick()
    office.world.stores.integrations.resume("org1", "int1", office.world.clock.now())
    office.look()

    assert [each["data"]["now"]["state"] for each in bodies(office)] == ["paused", "ok"]


def test_a_new_integrations_first_words_are_told_although_nobody_had_looked_before() -> None:
    office = Office(filled())
    office.register(Kind.ACTION_NEEDED)
    world = office.world
    world.stores.integrations.put(
        replace(
            world.integration, id="int2", created_at=world.clock.now(), status=IntegrationStatus.NEEDS_REAUTH,
            needs_reauth_at=world.clock.now(),
        )
    )  # fmt: skip
    problem = Problem.of(CredentialsRejected("The warehouse system refuses the credentials."))
    world.stores.integrations.needs_reauth("org1", "int2", problem, world.clock.now())

    office.look()

    assert [(each["data"]["integration"], each["data"]["code"]) for each in bodies(office)] == [
        ("int2", "credentials_rejected")
    ]


def test_an_integration_that_is_being_disconnected_is_told_nothing_of() -> None:
    office = Office(filled())
    office.register()
    office.world.night()
    office.world.stores.integrations.disconnect("org1", "int1", by="user-7", at=office.world.clock.now())

    office.look()

    assert bodies(office) == []
    assert office.webhooks.board("org1").told["int1"].runs == ()


def test_many_runs_are_told_all_and_each_once() -> None:
    office = Office(filled())
    office.register(Kind.RUN_COMPLETED)
    ended = []
    for _ in range(17):
        ended.append(office.world.sync(DataType.ORDERS).id)
        office.world.clock.advance(60)

    office.look()

    assert [each["data"]["run"] for each in bodies(office)] == ended


def test_two_looks_at_the_same_moment_tell_everything_once() -> None:
    office = Office(filled())
    office.register()
    office.world.night()
    begun: list[bool] = []

    class Racing:
        """Lets another worker look between this one's reading and writing."""

        def __getattr__(self, name: str) -> Any:
            return getattr(office.webhooks, name)

        def tell(self, told: Any, deliveries: Any) -> bool:
            if not begun:
                begun.append(True)
                replace(office.announcer, webhooks=office.webhooks).handle(LookMessage("org1"))
            return office.webhooks.tell(told, deliveries)

    replace(office.announcer, webhooks=Racing()).handle(LookMessage("org1"))
    office.work()

    kinds = sorted(each.kind.value for each in office.post.sent)
    assert kinds == ["run.completed", "state.changed"]


def test_a_slow_look_never_tells_an_older_state_after_a_newer_one() -> None:
    office = Office(filled())
    office.register(Kind.STATE_CHANGED)
    office.world.night()
    office.look()
    office.post.sent.clear()
    integrations = office.world.stores.integrations
    begun: list[bool] = []

    class Slow:
        """While this one holds what it has read, the integration is paused, and another worker tells so."""

        def __getattr__(self, name: str) -> Any:
            return getattr(integrations, name)

        def status_page(self, organisation: str) -> Any:
            page = integrations.status_page(organisation)
            if not begun:
                begun.append(True)
                integrations.pause("org1", "int1")
                office.announcer.handle(LookMessage("org1"))
            return page

    replace(office.announcer, integrations=Slow()).handle(LookMessage("org1"))
    office.work()

    assert [each["data"]["now"]["state"] for each in bodies(office)] == ["paused"]


def test_a_look_that_dies_after_writing_is_made_up_for_by_the_tick() -> None:
    office = Office(filled())
    office.register()
    office.world.night()

    class Dead(MemoryWebhookQueue):
        def send_deliveries(self, *_: Any, **__: Any) -> None:
            raise Killed

    with pytest.raises(Killed):
        replace(office.announcer, queue=Dead()).handle(LookMessage("org1"))
    office.world.clock.advance(900)
    office.tick()

    assert sorted(each.kind.value for each in office.post.sent) == ["run.completed", "state.changed"]


def test_a_look_that_nobody_asked_for_is_asked_for_by_the_tick() -> None:
    office = Office(filled())
    office.register(Kind.RUN_COMPLETED)
    run = office.world.night()  # the event that it has ended is lost

    office.world.clock.advance(900)
    office.tick()
    office.world.clock.advance(900)
    office.tick()

    assert [each["data"]["run"] for each in bodies(office)] == [run.id]


def test_an_integration_that_cannot_be_judged_silences_no_other() -> None:
    office = Office(filled())
    office.register(Kind.RUN_COMPLETED)
    world = office.world
    world.stores.integrations.put(replace(world.integration, id="a-first", due_at=None))
    run = world.night()
    announcer = office.announcer

    class Odd:
        def __call__(self, integration: Any, streams: Any, now: Any) -> Any:
            if integration.id == "a-first":
                raise ValueError("an odd row")
            return announcer.judge(integration, streams, now)

    replace(announcer, judge=Odd()).handle(LookMessage("org1"))
    office.work()

    assert [each["data"]["run"] for each in bodies(office)] == [run.id]
    assert [each["integration"] for each in world.journal.named("webhook_look_failed")] == ["a-first"]


def test_an_organisation_without_webhooks_costs_one_look_at_the_board() -> None:
    office = Office(filled())
    office.world.night()

    office.look()
    swept = office.tick()

    assert (bodies(office), swept, office.webhooks.board("org1").told) == ([], 0, {})
