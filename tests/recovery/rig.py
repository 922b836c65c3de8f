"""Two organisations in a simulated region, hour by hour: an outage is played, operators act, alarms are judged.

The world is that of the fault simulation without its faults: the product's own code over simulated services, with every
tick delivered. What is noticed is judged from what the functions log and what the services measure, by the template's
own metric filters and alarms.
"""

from __future__ import annotations

import json
from bisect import bisect
from collections.abc import Mapping, Sequence
from typing import Any

from operations.desk import Desk
from operations.indexes import Fingerprints, streams_of
from planster_sync.model.runs import Run, RunStatus
from planster_sync.model.streams import Stream
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.index_objects import S3IndexObjects
from planster_sync.storage.records import DynamoRecords
from planster_sync.storage.webhooks import DynamoWebhooks
from planster_sync.storage.write_backs import DynamoWriteBacks
from tests.chaos.cloud import CloudObjects
from tests.chaos.hub import START
from tests.chaos.plan import Plan
from tests.chaos.sandbox import BUCKET, RECORDS, Sandbox
from tests.chaos.verdict import contents, expected
from tests.chaos.world import TENANTS, TICK, World
from tests.fakes.as_bucket import AsBucket
from tests.watch.judging import Judge
from tests.watch.lines import Line
from tests.watch.points import Point, points_of
from tests.watch.stack import STACK, Stack

HOUR = 3600.0
SAMPLE = 300.0
CALM = Plan(
    seed=1,
    nights=1,
    records=20,
    page=5,
    tight=False,
    offset_paging=False,
    second_snapshot=False,
    page_ahead=True,
    snapshot_days=1,
    zones=("UTC", "UTC"),
    told_in=("UTC", "UTC"),
    host_zone="UTC",
    slow_vendor=0.3,
)
_GROUPS = {"dispatcher": "sync-dispatcher", "worker": "sync-worker"}
_THROTTLED = "throttle_burst"


class Lines(list[tuple[str, Any]]):
    """The region's log; each line keeps when it was printed, and by which function."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self.kept: list[Line] = []

    def append(self, line: tuple[str, Any], /) -> None:
        super().append(line)
        process = self._world.hub.current
        function = process.name.partition("-")[0] if process else ""
        if function in _GROUPS:
            group = f"/aws/lambda/{STACK}-{_GROUPS[function]}"
            content = {"message": line[0], "fields": line[1]}
            self.kept.append(Line(group, self._world.hub.moment.timestamp(), content))


class Rig(World):
    """Ticks come every quarter of an hour, unless `is_dark`; what services measure is noted every five minutes."""

    def __init__(self, plan: Plan = CALM) -> None:
        super().__init__(plan)
        self.log = Lines(self)
        self.region.log = self.log
        self.is_dark = False
        self.measured: list[Point] = []
        self.failures = self._throttled = self._written = 0
        self.console = Sandbox(self.region, 1)
        self.hub.at(TICK, self._clockwork)
        self.hub.at(SAMPLE, self._sample)

    def tick_at(self, when: float) -> None:
        """The clockwork ticks by itself."""

    def hours(self, count: float) -> None:
        self.hub.run(self.hub.now + count * HOUR)

    def until_night(self) -> None:
        """To one minute before the next night begins, at two."""
        begins = self.hub.now // (24 * HOUR) * 24 * HOUR + 2 * HOUR - 60
        self.hub.run(begins if begins > self.hub.now else begins + 24 * HOUR)

    def night(self) -> None:
        """Plays the next night, and six hours more."""
        self.until_night()
        self.hours(6)

    def change_source(self) -> None:
        """In every list one record changes, one vanishes, one is new."""
        for shelf in self.shelves.values():
            live = sorted(shelf.live(self.hub.now))
            self.author.write(shelf, live[0], self.hub.now)
            self.author.delete(shelf, live[-1], self.hub.now)
            self.author.write(shelf, f"n{shelf.changes:03d}", self.hub.now)

    @property
    def difference(self) -> str:
        """What is stored against what the source holds; empty where they are equal."""
        counts = [0, 0, 0]
        for tenant in TENANTS:
            mine = [shelf for shelf in self.shelves.values() if shelf.tenant == tenant]
            wanted = {(one[0], one[1]): one[2] for shelf in mine for one in expected(self, shelf)}
            there = contents(self, tenant)
            counts[0] += len(wanted.keys() - there.keys())
            counts[1] += len(there.keys() - wanted.keys())
            counts[2] += sum(wanted[key] != there[key] for key in wanted.keys() & there.keys())
        names = ("missing", "too many", "other")
        return ", ".join(f"{count} {name}" for count, name in zip(counts, names, strict=True) if count)

    def runs(self, tenant: str) -> Sequence[Run]:
        """Oldest first."""
        return list(self.console.runs.recent(tenant, "int1", 50, None)[0])[::-1]

    def last(self, tenant: str = "acme") -> Run:
        return self.runs(tenant)[-1]

    def statuses(self) -> list[RunStatus]:
        return [self.last(tenant).status for tenant in TENANTS]

    def stream(self, tenant: str, read: str) -> Stream:
        return self.fingerprints(tenant, read).stream

    def fingerprints(self, tenant: str, read: str) -> Fingerprints:
        return next(one for one in streams_of(self.desk, tenant, "int1") if one.stream.key.read == read)

    def lose_indexes(self) -> int:
        """Every index object is gone; gives how many."""
        lost = [{"Key": key} for key in self.region.objects.objects(BUCKET) if key.startswith("index/")]
        self.region.objects.delete_objects(Bucket=BUCKET, Delete={"Objects": lost, "Quiet": True})
        return len(lost)

    def put_back(self, taken: Sequence[tuple[tuple[str, str], dict[str, Any]]]) -> None:
        """Somebody writes older items into the records table as it is, beside the product."""
        for _, item in taken:
            self.region.tables.call("PutItem", _put(RECORDS, item))

    def saved(self, *tables: str) -> dict[str, list[tuple[tuple[str, str], dict[str, Any]]]]:
        """What tables hold at this moment."""
        return {name: list(self.region.tables.items(name)) for name in tables}

    @property
    def desk(self) -> Desk:
        """An operator's, over the same services; nothing befalls it."""
        console, region = self.console, self.region
        clock = console.clock
        return Desk(
            integrations=console.integrations,
            runs=console.runs,
            streams=console.streams,
            writes=DynamoWriteBacks(console.control, console.journal),
            webhooks=DynamoWebhooks(console.control, console.journal),
            queue=console.queue,
            control=console.control,
            records=DynamoRecords(console.records, console.control, clock),
            quarantine=console.quarantine,
            objects=S3IndexObjects(
                AsBucket(CloudObjects(region.objects, region.perils), BUCKET),
                Backoff(clock, region.random.random),
                console.lanes,
            ),
            starter=console.starter,
            capabilities=console.capabilities,
            clock=clock,
            timings=region.timings,
        )

    @property
    def units_of_last_day(self) -> int:
        """Write units of the records table: an item and its places in the index of changes."""
        since = self.hub.moment.timestamp() - 24 * HOUR
        return round(sum(point.value for point in self.measured if point.name == _UNITS and point.at > since))

    def rang(self, parameters: Mapping[str, str]) -> list[str]:
        """The names of the alarms that rang, judged every quarter of an hour since the first night."""
        stack = Stack(parameters)
        points = [*points_of(self.log.kept, stack.of("AWS::Logs::MetricFilter").values()), *self.measured]
        return sorted(
            str(alarm["AlarmName"]).removeprefix(f"{STACK} ")
            for alarm in stack.alarms.values()
            if self._rang(alarm, points)
        )

    def _rang(self, alarm: Mapping[str, Any], points: Sequence[Point]) -> bool:
        names = {alarm.get("MetricName")} | {
            each["MetricStat"]["Metric"]["MetricName"] for each in alarm.get("Metrics", ()) if "MetricStat" in each
        }
        judge = Judge(alarm)
        mine = sorted((point for point in points if point.name in names), key=lambda point: point.at)
        if not mine:
            return False
        stamps = [point.at for point in mine]
        span = judge.period * int(alarm["EvaluationPeriods"])
        began, now = START.timestamp(), self.hub.moment.timestamp()
        every = max(TICK, judge.period / 4)
        moments = [began + number * every + 1 for number in range(1, int((now - began) // every) + 1)]
        return any(
            judge.look(mine[bisect(stamps, moment - span) : bisect(stamps, moment)], moment) == "ALARM"
            for moment in moments
            if moment - began >= 24 * HOUR  # the first load is none of the usual days
        )

    def _clockwork(self) -> None:
        self.hub.at(self.hub.now + TICK, self._clockwork)
        if not self.is_dark:
            self._dispatch(self.hub.now)

    def _sample(self) -> None:
        self.hub.at(self.hub.now + SAMPLE, self._sample)
        now, mail = self.hub.moment, self.region.mail
        ages = [(now - message.sent_at).total_seconds() for message in mail.sqs.waiting("night")]
        dead = [str(message.came_from) for message in mail.dead]
        throttled = self.perils.faults[_THROTTLED]
        values: list[tuple[str, str, tuple[tuple[str, str], ...], float]] = [
            ("AWS/SQS", "ApproximateAgeOfOldestMessage", (("QueueName", "NightQueue"),), max(ages, default=0.0)),
            ("AWS/SQS", _VISIBLE, (("QueueName", "NightDeadLetters"),), dead.count("night")),
            ("AWS/SQS", _VISIBLE, (("QueueName", "ManualDeadLetters"),), dead.count("manual")),
            ("AWS/Lambda", "Errors", (("FunctionName", "SyncWorker"),), self.failures),
            ("AWS/Lambda", "Invocations", (("FunctionName", "SyncWorker"),), self.failures or 1),
        ]
        fresh, self._throttled = throttled - self._throttled, throttled
        written, self._written = self.history.record_writes - self._written, self.history.record_writes
        values.append(("AWS/DynamoDB", _UNITS, (("TableName", "RecordsTable"),), written * UNITS_PER_WRITE))
        values += [
            ("AWS/DynamoDB", "WriteThrottleEvents", (("TableName", table),), fresh)
            for table in ("RecordsTable", "ControlTable")
        ]
        self.failures = 0
        moment = now.timestamp()
        for namespace, name, dimensions, value in values:
            # Five minutes' worth, once for each minute of them, as the services give it.
            each = value / 5 if name in _COUNTS else value
            self.measured += [Point(namespace, name, dimensions, moment - 60 * ago, each) for ago in range(5)]


_VISIBLE = "ApproximateNumberOfMessagesVisible"
_UNITS = "ConsumedWriteCapacityUnits"
_COUNTS = ("Errors", "Invocations", "WriteThrottleEvents", _UNITS)
UNITS_PER_WRITE = 3
"""The item, its old place in the index of changes and its new one (AWS: DynamoDB, write units of secondary indexes)."""


def _put(table: str, item: Mapping[str, Any]) -> bytes:
    return json.dumps({"TableName": table, "Item": item}).encode()
