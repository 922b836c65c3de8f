"""What happens in the nights besides the product's own work: changes at the source, people, operations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from planster_sync.engine.nights import latest_slot, next_due, next_slot
from planster_sync.errors import SyncError
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus, Schedule
from planster_sync.model.runs import Mode, StreamKey
from planster_sync.ports.stores import Adjustment, RecordKey
from tests.chaos import floors
from tests.chaos.hub import START
from tests.chaos.sandbox import BUCKET, CONTROL, RECORDS
from tests.chaos.source import SECRET
from tests.chaos.world import DAY, TENANTS, World


class Decision(Protocol):
    """What a person does about the held deletions of a stream; whether it still counts."""

    def __call__(self, stream: StreamKey, *, last_run: str, at: datetime) -> bool: ...


def play(world: World) -> None:
    """The nights under faults."""
    for night in range(world.plan.nights):
        begins = world.hub.now
        for place, tenant in enumerate(TENANTS):
            integration = world.integration(tenant)
            due = integration.due_at if integration else None
            if due is not None and due < START + timedelta(seconds=begins + DAY):
                world.tick_at(max((due - START).total_seconds(), begins))
            told_at = next_slot(Schedule(world.plan.told_in[place], (2,)), world.hub.moment).at
            _write_night(world, tenant, (told_at - START).total_seconds(), night)
        world.hub.run(begins + DAY)


def _write_night(world: World, tenant: str, at: float, night: int) -> None:
    random, hub = world.script, world.hub
    shelves = list(world.vendor.tenants[tenant].shelves.values())
    for shelf in shelves:
        for _ in range(random.randrange(4)):
            hub.at(
                at + random.choice((-3600.0, 5.0, 60.0, 1200.0)) * random.random(), partial(world.changes.mutate, shelf)
            )
    happens = world.perils.happens
    for fault, act in _EVENTS.items():
        if happens(fault):
            span = world.people.choice((3.0, 30.0, 600.0, 5000.0))
            hub.at(at + span * world.people.random(), partial(_unless_calm, act, world, tenant))
    if night % 3 == 2:
        hub.at(at + 7200.0 * world.people.random(), partial(_approval, world, tenant))


def _unless_calm(act: Callable[[World, str], None], world: World, tenant: str) -> None:
    if not world.perils.calm:
        act(world, tenant)


def _outage(world: World, tenant: str) -> None:
    seconds = world.people.choice((10.0, 300.0, 3000.0, 20_000.0)) * world.people.random()
    world.vendor.tenants[tenant].down_until = world.hub.now + seconds


def _throttle(world: World, _tenant: str) -> None:
    world.region.throttle.until = world.hub.now + world.people.choice((0.5, 10.0, 120.0)) * world.people.random()
    world.region.throttle.chance = world.people.choice((0.3, 0.7, 1.0))


def _mass_deletion(world: World, tenant: str) -> None:
    shelf = world.people.choice(list(world.vendor.tenants[tenant].shelves.values()))
    for id_ in sorted(shelf.live(world.hub.now)):
        if world.people.random() < 0.7:
            world.author.delete(shelf, id_, world.hub.now)


def _deploy(world: World, _tenant: str) -> None:
    """New code for new environments; what runs goes on with the old, and for a while so does what is warm."""
    world.deploy(3 - world.version, overlap=world.people.choice((0.0, 60.0, 600.0)))


def _manual_sync(world: World, tenant: str) -> None:
    world.ask_for_sync(tenant)


def _pause(world: World, tenant: str) -> None:
    _restate(world, tenant, IntegrationStatus.PAUSED)
    later = world.hub.now + world.people.choice((100.0, 4000.0, 100_000.0)) * world.people.random()
    world.hub.at(later, partial(resume, world, tenant))


def _restate(world: World, tenant: str, status: IntegrationStatus) -> None:
    there = world.integration(tenant)
    if there is not None:
        world.console.integrations.put(replace(there, status=status, needs_reauth_at=None, problem=None))


def resume(world: World, tenant: str) -> None:
    _restate(world, tenant, IntegrationStatus.ACTIVE)


def _removal(world: World, tenant: str) -> None:
    """The integration is removed, and connected again under its old name a while later."""
    there = world.integration(tenant)
    if there is None:
        return
    world.remove(tenant)
    later = world.hub.now + world.people.choice((50.0, 5000.0, 60_000.0)) * world.people.random()
    world.hub.at(later, partial(world.add_again, there))


def _credentials_changed(world: World, tenant: str) -> None:
    """The vendor's token is replaced at once; the customer stores the new one sooner or later."""
    account = world.vendor.tenants[tenant]
    account.token = f"{SECRET}-{tenant}-{account.token.rpartition('-')[2]}1"
    later = world.hub.now + world.people.choice((0.5, 60.0, 7000.0, 90_000.0)) * world.people.random()
    world.hub.at(later, partial(reconnect, world, tenant))


def reconnect(world: World, tenant: str) -> None:
    world.store_credentials(tenant, world.vendor.tenants[tenant].token)
    there = world.integration(tenant)
    if there is not None and there.status is IntegrationStatus.NEEDS_REAUTH:
        resume(world, tenant)


def _adjustment(world: World, tenant: str) -> None:
    read = world.people.choice(TENANTS[tenant])
    live = sorted(world.live.get((tenant, read), ()))
    if live:
        key = RecordKey(DataType(read), world.people.choice(live))
        adjustment = Adjustment(key, {"name": f"{tenant} by hand"}, world.hub.moment, "planner", "count")
        world.console.adjustments.make(tenant, "int1", adjustment)


def _purge(world: World, _tenant: str) -> None:
    world.region.mail.purge()


def _index_lost(world: World, tenant: str) -> None:
    objects = world.region.objects
    lost = [key for key in objects.objects(BUCKET) if key.startswith(f"index/{tenant}/")]
    if lost:
        entries = [{"Key": key} for key in lost]
        objects.delete_objects(Bucket=BUCKET, Delete={"Objects": entries, "Quiet": True})


def _table_restored(world: World, _tenant: str) -> None:
    """Both tables, or one of them, go back to an earlier state; the objects do not."""
    names = world.people.choice(((CONTROL, RECORDS), (RECORDS,), (CONTROL,)))
    taken = {name: list(world.region.tables.items(name)) for name in names}
    later = world.hub.now + world.people.choice((2000.0, 90_000.0, 200_000.0)) * world.people.random()
    world.hub.at(later, partial(_unless_calm, lambda world, _: world.restore(taken), world, ""))


def _stop_the_world(world: World, _tenant: str) -> None:
    world.kill_everything()


def _cancel(world: World, tenant: str) -> None:
    """A planner stops whatever runs."""
    for run in world.console.runs.active(tenant, "int1"):
        world.console.runs.cancel(run, by="planner", at=world.hub.moment)


def _second_look(world: World, tenant: str) -> None:
    """A planner asks that what is in quarantine be looked at anew."""
    for read in TENANTS[tenant]:
        world.console.streams.look_again(StreamKey(tenant, "int1", read), world.hub.moment)


def _switched_off(world: World, tenant: str) -> None:
    off = DataType(world.people.choice(TENANTS[tenant]))
    _switch(world, tenant, world.known[tenant].disabled | {off})
    later = world.hub.now + world.people.choice((100.0, 4000.0, 100_000.0)) * world.people.random()
    world.hub.at(later, partial(switch_on, world, tenant))


def switch_on(world: World, tenant: str) -> None:
    _switch(world, tenant, world.known[tenant].disabled)


def _switch(world: World, tenant: str, disabled: frozenset[DataType]) -> None:
    there = world.integration(tenant)
    if there is not None:
        world.console.integrations.put(replace(there, disabled=disabled))


def _floor_moved(world: World, _tenant: str) -> None:
    floors.move(world, next(iter(TENANTS)))


def _rejection(world: World, tenant: str) -> None:
    _decide(world, tenant, world.console.streams.reject)


def approve(world: World, tenant: str) -> bool:
    """A person looks at what is held and confirms it; whether there was anything."""
    return _decide(world, tenant, world.console.streams.approve)


def _decide(world: World, tenant: str, decision: Decision) -> bool:
    is_held = False
    for read in TENANTS[tenant]:
        key = StreamKey(tenant, "int1", read)
        row = world.console.streams.get(key)
        if row.held and row.last_run:
            is_held |= decision(key, last_run=row.last_run, at=world.hub.moment)
    return is_held


_EVENTS: dict[str, Callable[[World, str], None]] = {
    "outage": _outage,
    "throttle_burst": _throttle,
    "mass_deletion": _mass_deletion,
    "deploy": _deploy,
    "manual_sync": _manual_sync,
    "pause": _pause,
    "removal": _removal,
    "credentials_changed": _credentials_changed,
    "adjustment": _adjustment,
    "purge": _purge,
    "index_lost": _index_lost,
    "table_restored": _table_restored,
    "stop_the_world": _stop_the_world,
    "cancel": _cancel,
    "rejection": _rejection,
    "second_look": _second_look,
    "switched_off": _switched_off,
    "floor_moved": _floor_moved,
}


def _approval(world: World, tenant: str) -> None:
    approve(world, tenant)


def calm_down(world: World) -> None:
    """The faults stop and the source is frozen; whoever has to mend something does."""
    world.perils.calm = world.vendor.calm = True
    world.region.throttle.until = -1.0
    world.deploy(world.version, overlap=0.0)
    for tenant in TENANTS:
        world.add_again(None, tenant)
        reconnect(world, tenant)
        resume(world, tenant)
        switch_on(world, tenant)


def night(world: World) -> None:
    """One more slot of every integration, without faults."""
    for tenant in TENANTS:
        integration = world.integration(tenant)
        assert integration is not None
        due = integration.due_at or next_due(integration, latest_slot(integration.schedule, world.hub.moment).at, 0)
        world.tick_at(max((due - START).total_seconds(), world.hub.now))
    world.hub.run(world.hub.now + DAY + 7200)


def no_more_nights(world: World) -> None:
    for tenant in TENANTS:
        there = world.integration(tenant)
        assert there is not None
        world.remove(tenant)
        world.console.integrations.put(replace(there, due_at=None))


def snapshot(world: World, mode: Mode = Mode.SNAPSHOT) -> None:
    """A full read of everything, by hand, to its end."""
    for tenant in TENANTS:
        integration = world.integration(tenant)
        assert integration is not None
        try:
            world.console.starter.by_hand(integration, world.console_capabilities(), (), mode, "planner")
        except SyncError as refused:
            world.history.broken("I10", f"{tenant} cannot be synced although nothing is wrong: {refused.code}")
    world.tick_at(world.hub.now + 900)
    for _ in range(48):
        world.hub.run(world.hub.now + 900)
        if not world.open_runs:
            return
