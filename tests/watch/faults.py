"""A fault for every alarm: what is done to the system, and what is done to mend it.

Where the engine can tell (ticks, runs, deletions, credentials, records), the fault is done to the whole system in
memory, and the alarm sees what that printed. What only AWS measures (queues, functions, tables) is put as a value of
the service's metric, as `put-metric-data` would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from planster_sync.errors import CredentialsRejected
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Page
from tests.engine.world import World
from tests.fakes.scripted_source import ScriptedSource
from tests.watch.judging import Judge
from tests.watch.nights import OutOfReach
from tests.watch.points import Point
from tests.watch.stack import Stack
from tests.watch.stage import Stage

Look = tuple[Sequence[Point], float]
"""What there is to see, and when (seconds since 1970)."""

QUARTER = 900
DAY = 86400


@dataclass(frozen=True)
class Fault:
    """`play` gives three looks: at a system that is well, with the fault, and mended."""

    injected: str
    play: Callable[[], Iterator[Look]]
    parameters: Mapping[str, str] = field(default_factory=dict)


def filled(orders: int = 60) -> Stage:
    """A night is behind it; everything went well."""
    stage = Stage(World(disabled=frozenset({DataType.WAREHOUSES})))
    stage.world.source.fill(orders)
    stage.night()
    return stage


def look(stage: Stage, later: float = 60) -> Look:
    stage.world.clock.advance(later)
    return stage.points(), stage.now


def no_ticks() -> Iterator[Look]:
    stage = filled()
    yield look(stage)
    yield look(stage, 2 * DAY)
    stage.tick()
    yield look(stage)


def late_run() -> Iterator[Look]:
    stage = filled()
    yield look(stage)
    stage.world.until_due()
    stage.tick()
    stage.world.queue.drain()  # purged, and purged again whenever the sweep sends it anew
    for _ in range(5 * 4):
        stage.world.clock.advance(QUARTER)
        stage.tick()
        stage.world.queue.drain()
    yield look(stage)
    for _ in range(4):
        stage.world.clock.advance(QUARTER)
        stage.tick()
        stage.work()
    yield look(stage)


def morning(stage: Stage) -> None:
    """The next tick after six, at which the night is judged."""
    now = stage.world.clock.now()
    six = now.replace(hour=6, minute=0, second=0, microsecond=0)
    stage.world.clock.advance((six - now).total_seconds() % DAY + 60)
    stage.tick()


def missed_night(stage: Stage) -> None:
    """The vendor answers nobody from the night's beginning until the morning."""
    stage.world.until_due()
    stage.tick()
    stage.world.queue.drain()  # never claimed; by six nothing has been read
    morning(stage)
    stage.world.sweep_until_quiet()


def good_night(stage: Stage) -> None:
    stage.night()
    morning(stage)


def one_night_missed() -> Iterator[Look]:
    stage = filled()
    good_night(stage)
    yield look(stage)
    missed_night(stage)
    yield look(stage)
    good_night(stage)
    yield look(stage)


def two_nights_missed() -> Iterator[Look]:
    """After the first of them all is still quiet."""
    stage = filled()
    good_night(stage)
    missed_night(stage)
    yield look(stage)
    missed_night(stage)
    yield look(stage)
    good_night(stage)
    yield look(stage)


def sweep_fails() -> Iterator[Look]:
    stage = filled()
    yield look(stage)
    stage.world.until_due()
    stage.tick()
    stage.world.queue.drain()
    stage.world.clock.advance(2 * 3600)
    stage.tick(streams=OutOfReach())
    yield look(stage)
    stage.world.clock.advance(2 * 3600)
    stage.tick()
    stage.work()
    yield look(stage, QUARTER)


def list_empties() -> Iterator[Look]:
    stage = filled()
    yield look(stage, 600)
    kept = dict(stage.world.source.orders)
    stage.world.source.orders.clear()
    stage.night()
    yield look(stage)
    stage.world.source.orders = kept
    stage.night()
    yield look(stage)


def list_halves() -> Iterator[Look]:
    stage = filled(120)
    yield look(stage, 600)
    kept = dict(stage.world.source.orders)
    stage.world.source.orders = dict(list(kept.items())[:50])
    stage.night()
    yield look(stage)
    stage.world.source.orders = kept
    stage.night()
    yield look(stage, 600)


def credentials_refused() -> Iterator[Look]:
    def refuse(_: ScriptedSource) -> Page:
        raise CredentialsRejected("The credentials were rejected.")

    stage = filled()
    yield look(stage)
    stage.world.source.script = dict.fromkeys(range(stage.world.source.requests, 1000), refuse)
    stage.night()
    yield look(stage)
    stage.world.source.script = {}
    stage.night()
    yield look(stage)


def records_break() -> Iterator[Look]:
    stage = filled()
    yield look(stage)
    spoil(stage.world, 3)
    stage.night()
    yield look(stage)
    for number in range(3):
        stage.world.source.order(f"o{number:03d}", shipments=["s1"], channel="ch1=Shop")
    stage.night()
    yield look(stage)


def spoil(world: World, count: int) -> None:
    for number in range(count):
        row = world.source.orders[f"o{number:03d}"]
        row.update(broken=True, updated=world.clock.now().isoformat())


def copy_is_wrong() -> Iterator[Look]:
    stage = filled()
    stage.ask("verify", {"data_type": "orders", "record": "o001"})
    yield look(stage)
    stage.world.source.orders["o001"]["number"] = "#other"
    stage.ask("verify", {"data_type": "orders", "record": "o001"})
    yield look(stage)
    stage.night()
    stage.ask("verify", {"data_type": "orders", "record": "o001"})
    yield look(stage)


def service(namespace: str, metric: str, dimension: str, resource: str, values: Sequence[float]) -> Iterator[Look]:
    """One value of a service's metric in each of these periods: well, with the fault, mended."""
    dimensions = ((dimension, resource),)
    points: list[Point] = []
    now = 1_767_225_600.0
    for value in values:
        points += [Point(namespace, metric, dimensions, now - ago, value) for ago in (30, 90, 150, 330, 390)]
        yield list(points), now
        now += DAY


def errors() -> Iterator[Look]:
    worker = (("FunctionName", "SyncWorker"),)
    now = 1_767_225_600.0
    points: list[Point] = []
    for failed in (1, 9, 0):
        for ago in (30, 330):
            points.append(Point("AWS/Lambda", "Errors", worker, now - ago, failed))
            points.append(Point("AWS/Lambda", "Invocations", worker, now - ago, 100))
        yield list(points), now
        now += DAY


def vendor_calls() -> Iterator[Look]:
    """So many lines of an account's requests; that workers print them is tried in test_dashboards."""
    now = 1_767_225_600.0
    points: list[Point] = []
    for calls in (900, 3100, 1000):
        points.append(Point("PlansterSync/watched", "vendor_calls", (), now - 3600, calls))
        yield list(points), now
        now += DAY


def _queue(metric: str, queue: str, *values: float) -> Callable[[], Iterator[Look]]:
    return partial(service, "AWS/SQS", metric, "QueueName", queue, values)


def _table(table: str, metric: str, *values: float) -> Callable[[], Iterator[Look]]:
    return partial(service, "AWS/DynamoDB", metric, "TableName", table, values)


_DEAD = "ApproximateNumberOfMessagesVisible"

FAULTS: Mapping[str, Fault] = {
    "NightDidNotStart": Fault("the rule is switched off for two days", no_ticks),
    "NightNotFinished": Fault("the night queue is purged after every tick for five hours", late_run),
    "RunsStuck": Fault("the sweep cannot read the streams", sweep_fails),
    "OldestMessage": Fault(
        "AWS/SQS value: a message is 4,000 s old", _queue("ApproximateAgeOfOldestMessage", "NightQueue", 90, 4000, 0)
    ),
    "ManyDeadLetters": Fault("AWS/SQS value: 12 dead letters", _queue(_DEAD, "NightDeadLetters", 9, 12, 0)),
    "VerificationFailed": Fault("a value changes at the source under the same updated_at", copy_is_wrong),
    "FreshnessBurnsFast": Fault("a night's messages are lost until after six in the morning", one_night_missed),
    "FreshnessBurns": Fault("the same, two nights running; the first alone is quiet", two_nights_missed),
    "NightDeadLettersWaiting": Fault("AWS/SQS value: one dead letter", _queue(_DEAD, "NightDeadLetters", 0, 1, 0)),
    "ManualDeadLettersWaiting": Fault("AWS/SQS value: one dead letter", _queue(_DEAD, "ManualDeadLetters", 0, 1, 0)),
    "TicksLost": Fault("AWS/SQS value: one lost tick", _queue(_DEAD, "TickDeadLetters", 0, 1, 0)),
    "WorkerThrottled": Fault(
        "AWS/Lambda value: throttles in ten minutes",
        partial(service, "AWS/Lambda", "Throttles", "FunctionName", "SyncWorker", (0, 4, 0)),
    ),
    "WorkerErrors": Fault("AWS/Lambda values: 9 of 100 invocations fail", errors),
    "RecordsTableThrottled": Fault(
        "AWS/DynamoDB value: throttled writes in three of five minutes",
        _table("RecordsTable", "WriteThrottleEvents", 0, 7, 0),
    ),
    "ControlTableThrottled": Fault(
        "AWS/DynamoDB value: throttled writes in three of five minutes",
        _table("ControlTable", "WriteThrottleEvents", 0, 7, 0),
    ),
    "ListCameBackEmpty": Fault("the source's list of 60 orders is empty, with a proven end", list_empties),
    "VolumeSwung": Fault("the source's list of 120 orders has 50", list_halves),
    "DeletionsWait": Fault("the source's list of 60 orders is empty, with a proven end", list_empties),
    "ReconnectionNeeded": Fault("the source refuses the credentials", credentials_refused),
    "ManyRecordsSetAside": Fault("3 of 60 orders come without a quantity", records_break),
    "WritesAboveModel": Fault(
        "AWS/DynamoDB value: 4.5 times the model's write units",
        _table("RecordsTable", "ConsumedWriteCapacityUnits", 200, 900, 300),
        {"ModelWriteUnits": "1000"},
    ),
    "VendorCallsAboveModel": Fault(
        "values of the workers' lines: 3.1 times the model's requests", vendor_calls, {"ModelVendorCalls": "1000"}
    ),
}
"""By the alarm's logical id."""


@dataclass(frozen=True)
class Verdict:
    """The alarm's states at the three looks."""

    alarm: str
    name: str
    injected: str
    states: tuple[str, ...]

    @property
    def is_proven(self) -> bool:
        return self.states == ("OK", "ALARM", "OK")


def verdict(alarm: str) -> Verdict:
    fault = FAULTS[alarm]
    properties = Stack(fault.parameters).alarms[alarm]
    judge = Judge(properties)
    states = tuple(judge.look(points, now) for points, now in fault.play())
    return Verdict(alarm, properties["AlarmName"], fault.injected, states)
