"""One schedule: two tenants, three streams, some nights of trouble, then calm, and the judgement.

The order of a schedule: nights under faults while the source changes; then the faults stop and the source is frozen;
what was begun ends; two more nights find what incremental reads must find; snapshots bring the rest.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from planster_sync.engine.nights import next_due
from planster_sync.errors import SyncError
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.runs import Mode
from planster_sync.ports.source import Capabilities
from planster_sync.storage.keys import integration_key
from tests.chaos import floors
from tests.chaos.changes import Changes
from tests.chaos.cloud import Throttle
from tests.chaos.history import FEEDS, History
from tests.chaos.hub import START, Hub
from tests.chaos.mail import QUEUES, Mail
from tests.chaos.perils import Perils
from tests.chaos.plan import Plan
from tests.chaos.sandbox import BUCKET, CONTROL, PREFIX, RECORDS, Region, Sandbox
from tests.chaos.source import SECRET, Author, Shelf
from tests.chaos.tables import LAYOUTS
from tests.chaos.vendor import Tenant, Vendor
from tests.fakes.simulated_dynamodb import SimulatedDynamoDB
from tests.fakes.simulated_s3 import SimulatedS3
from tests.fakes.simulated_tables import Write

DAY = 86_400.0
TICK = 900.0
TENANTS = {"acme": ("orders", "inventory_levels"), "bravo": ("warehouses",)}
SERVED = {"orders", "order_shipments", "order_channels", "inventory_levels", "warehouses"}
WORKERS = 4
FUNCTION_TIMEOUT = 300.0
DISPATCHER_TIMEOUT = 60.0
LONGEST_RECOVERY = 30 * 3600.0


@dataclass(eq=False)
class World:
    plan: Plan
    version: int = 1
    backups: list[tuple[dict[str, list[tuple[tuple[str, str], dict[str, object]]]], float]] = field(
        default_factory=list
    )

    def __post_init__(self) -> None:
        plan = self.plan
        os.environ["TZ"] = plan.host_zone
        time.tzset()
        self.hub = Hub(Random(f"{plan.seed} hub"))
        self.perils = Perils(self.hub, plan, Random(f"{plan.seed} perils"))
        self.author = Author(Random(f"{plan.seed} author"))
        self.script = Random(f"{plan.seed} script")
        self.people = Random(f"{plan.seed} people")
        tables = SimulatedDynamoDB(
            LAYOUTS, created_at=START.timestamp(), before=self._before, accepted=self.heard, lag=self._lag
        )
        self.vendor = Vendor(self.hub, plan, Random(f"{plan.seed} vendor"), self.perils.hit)
        timings_visibility = 1800.0
        mail = Mail(self.hub, self.perils, timings_visibility, self._arrived)
        self.region = Region(
            self.hub,
            plan,
            self.perils,
            tables,
            SimulatedS3(BUCKET, page=7),
            mail,
            self.vendor,
            Throttle(),
            {},
            Random(f"{plan.seed} product"),
        )
        self.shelves: dict[tuple[str, str], Shelf] = {}
        self.live: dict[tuple[str, str], set[str]] = {}
        self.history = History(self.hub, self.shelves)
        self.history.lists_lie = bool(plan.chance("early_end") or plan.chance("empty_list"))
        self.history.looks_nothing_up = plan.second_snapshot
        self.history.live = self.live
        self.history.is_safe = self._is_safe
        self.history.claimed = partial(floors.check_claim, self)
        self.changes = Changes(self)
        self.vendor.served = self.changes.after_page
        self.vendor.before_page = self.changes.during_page
        self.vendor.between_pages = self.changes.between_pages
        self.perils.died = self.changes.take_back
        self.vendor.asked_for = lambda wanted, asked: self.history.check(
            "I12", wanted in ("", asked), f"{asked}'s credentials were used for {wanted}"
        )
        self.open_runs: set[tuple[str, str]] = set()
        self.idle: dict[str, list[Any]] = {}
        self.workers = dict.fromkeys(QUEUES, 0)
        self.console = Sandbox(self.region, 1)
        self.mutations = 0
        self.invocations = 0
        self.known: dict[str, Integration] = {}
        self.old_code_until = -1.0
        self._next_tick = -1.0
        for tenant, reads in TENANTS.items():
            self._settle_in(tenant, reads)

    def _settle_in(self, tenant: str, reads: tuple[str, ...]) -> None:
        shelves = {read: Shelf(tenant, read) for read in reads}
        token = f"{SECRET}-{tenant}-1"
        self.vendor.tenants[tenant] = Tenant(tenant, shelves, token)
        self.store_credentials(tenant, token)
        for read, shelf in shelves.items():
            self.shelves[tenant, read] = shelf
            for number in range(self.plan.records if read != "warehouses" else max(3, self.plan.records // 2)):
                self.author.write(shelf, f"r{number:02d}", -DAY - number)
        place = list(TENANTS).index(tenant)
        schedule = Schedule(self.plan.zones[place], (2,))
        disabled = frozenset(data_type for data_type in DataType if data_type.value not in _served(reads))
        integration = Integration(
            tenant,
            "int1",
            "trackstar",
            "Main",
            IntegrationStatus.ACTIVE,
            schedule,
            START,
            settings={"base_url": "https://vendor.example", "page_limit": self.plan.page},
            disabled=disabled,
            snapshot_days=self.plan.snapshot_days,
            history_from=self._floor(tenant),
        )
        self.known[tenant] = integration
        self.console.integrations.put(replace(integration, due_at=next_due(integration, START, 0)))

    def _floor(self, tenant: str) -> datetime | None:
        days = self.plan.floor if tenant == next(iter(TENANTS)) else None
        return None if days is None else START - timedelta(days=days)

    def store_credentials(self, tenant: str, token: str) -> None:
        document = {"api_key": f"{SECRET}-key", "access_token": token}
        self.region.parameters[f"{PREFIX}/{tenant}/int1"] = json.dumps(document)

    def integration(self, tenant: str) -> Integration | None:
        return self.console.integrations.get(tenant, "int1")

    def heard(self, write: Write) -> None:
        """An item was written."""
        self.noted(write)
        self.history.wrote(write)

    def noted(self, write: Write) -> None:
        if write.new is None:
            return
        if write.table == CONTROL:
            if write.key[0].startswith("RUNS#"):
                is_open = write.new["status"]["S"] in ("queued", "running")
                (self.open_runs.add if is_open else self.open_runs.discard)(write.key)
            return
        organisation, _, kind = write.key[0].split("#", 2)
        if "#" not in kind and kind != "adjustments":
            ids = self.live.setdefault((organisation, kind), set())
            (ids.discard if "_deleted_at" in write.new else ids.add)(write.new["id"]["S"])

    def _restored(self, write: Write) -> None:
        self.noted(write)
        self.history.restored(write)

    def _is_safe(self, shelf: Shelf, id_: str, number: int) -> bool:
        versions = shelf.versions[id_]
        place = next((at for at, version in enumerate(versions) if version.number == number), 0)
        if self.history.stored.get((shelf.tenant, shelf.read, id_), -1) >= place:
            return True
        return self.is_quarantined(shelf, id_)

    def console_capabilities(self) -> Capabilities:
        return Sandbox(self.region, self.version).capabilities("trackstar")

    def deploy(self, version: int, *, overlap: float) -> None:
        """From now on environments start with this code; old ones are still used for so many seconds."""
        self.version = version
        self.old_code_until = self.hub.now + overlap

    def remove(self, tenant: str) -> None:
        """The integration's row is gone, as after its removal by hand."""
        self.region.tables.call(
            "DeleteItem",
            json.dumps({"TableName": CONTROL, "Key": _attributes(integration_key(tenant, "int1"))}).encode(),
        )

    def add_again(self, there: Integration | None, tenant: str = "") -> None:
        """Connects it again; without effect where it is there."""
        there = there or self.known.get(tenant)
        if there is not None and self.integration(there.organisation) is None:
            self.console.integrations.put(replace(there, due_at=next_due(there, self.hub.moment, 0)))

    def kill_everything(self) -> None:
        """Every process is gone and the queues are purged: only tables and objects remain."""
        self.kill_working()
        self.idle.clear()

    def kill_working(self) -> None:
        """Whatever is at work is gone and the queues are purged; environments stay warm, with all they remember."""
        for process in list(self.hub.living):
            self.perils.kills += 1
            self.hub.kill(process)
        self.region.mail.purge()

    def restore(self, taken: dict[str, list[tuple[tuple[str, str], dict[str, Any]]]]) -> None:
        """Tables under their own names, of another moment: nothing tells an environment that they are others."""
        self.kill_working()
        for name, items in taken.items():
            self.region.tables.restore(name, items, created_at=START.timestamp() + self.hub.now)
        self.live.clear()
        self.open_runs = set()
        self.history.begin_again()
        for name in (CONTROL, RECORDS):
            for key, item in list(self.region.tables.items(name)):
                self._restored(Write(name, key, None, item))
        self.tick_at(self.hub.now + TICK)

    def is_quarantined(self, shelf: Shelf, id_: str) -> bool:
        return id_ in self.quarantined(shelf)

    def quarantined(self, shelf: Shelf) -> set[str]:
        partition = f"{shelf.tenant}#int1#quarantine#{shelf.read}"
        return {str(item["source"]["S"]) for key, item in self.region.tables.items(RECORDS) if key[0] == partition}

    def _before(self, operation: str, request: dict[str, Any]) -> Sequence[int]:
        if operation not in ("BatchWriteItem", "BatchGetItem") or self.hub.current is None:
            return ()
        if self.perils.in_part or self.perils.happens("unprocessed"):
            number = sum(_entries(wanted) for wanted in request["RequestItems"].values())
            return [place for place in range(number) if self.perils.random.random() < 0.7]
        return ()

    def _lag(self, table: str, index: str) -> int:
        return (
            self.perils.random.randrange(1, 6)
            if self.hub.current is not None and self.perils.happens("lagging_index")
            else 0
        )

    def _arrived(self, when: float) -> None:
        self.hub.at(when, self._poll)

    def _poll(self) -> None:
        for queue in QUEUES:
            while self.workers[queue] < WORKERS:
                record = self.region.mail.take(queue)
                if record is None:
                    break
                self._work(queue, record)

    def _work(self, queue: str, record: dict[str, Any]) -> None:
        sandbox = self.sandbox("worker")
        self.workers[queue] += 1
        self.invocations += 1

        def body() -> None:
            try:
                answer = sandbox.entry.handle_batch({"Records": [record]}, FUNCTION_TIMEOUT)
                self.perils.after("status")
                if not answer["batchItemFailures"]:
                    self._dealt_with(json.loads(record["body"]))
                    self.region.mail.succeed(queue, str(record["receiptHandle"]))
                self.idle.setdefault("worker", []).append(sandbox)
            finally:
                self.workers[queue] -= 1
                self.hub.at(self.hub.now, self._poll)

        name = f"worker-{self.invocations}"
        process = self.hub.spawn(name, body, ends=self.hub.now + FUNCTION_TIMEOUT, skew=self._skew(30.0))
        process.tenant = json.loads(record["body"]).get("organisation", "")

    def _dealt_with(self, message: dict[str, Any]) -> None:
        """I11: a message is deleted only when what it stands for is done, or somebody else's."""
        if "run" not in message:
            return
        tenant, read = message["organisation"], message["read"]
        run = self._item(f"RUNS#{tenant}#int1", message["run"])
        row = self._item(f"ORG#{tenant}", f"INT#int1#STREAM#{read}")
        state = run["tasks"]["M"][read]["M"]["state"]["S"] if run else "queued"
        is_open = run is None or state in ("queued", "running", "waiting")
        owner = row.get("owner", {}).get("S", message["run"])
        at = int(row.get("checkpoint", {"M": {}})["M"].get("segment", {"N": "0"})["N"])
        is_ended = row.get("last_run", {}).get("S") == message["run"]
        is_held = "lease_until" in row
        is_noted = row.get("last_successor", {}).get("S") == message["run"]
        is_elsewhere = is_ended or is_held or is_noted
        waits = is_open and owner == message["run"] and at <= message["segment"] and not is_elsewhere
        self.history.check("I11", not waits, f"a message for {tenant}/{read} was deleted, its task is {state}")

    def _item(self, partition: str, sort: str) -> dict[str, Any]:
        return next((item for key, item in self.region.tables.items(CONTROL) if key == (partition, sort)), {})

    def sandbox(self, kind: str) -> Any:
        waiting = self.idle.setdefault(kind, [])
        while waiting:
            sandbox = waiting.pop()
            is_current = sandbox.version == self.version or self.hub.now < self.old_code_until
            if is_current and self.perils.random.random() < 0.8:
                return sandbox
        return self.environment(kind)

    def environment(self, kind: str) -> Any:
        """A fresh execution environment of one function."""
        sandbox = Sandbox(self.region, self.version)
        sandbox.entry = sandbox.worker() if kind == "worker" else sandbox.dispatcher()
        return sandbox

    def _skew(self, most: float) -> float:
        if self.perils.calm or not self.plan.chance("clock_skew"):
            return 0.0
        self.perils.hit("clock_skew")
        return self.perils.random.uniform(-most, most)

    def ask_for_sync(self, tenant: str) -> None:
        """A planner asks for a sync now."""
        sandbox, people = self.sandbox("dispatcher"), self.people
        mode = people.choice((Mode.AUTO, Mode.AUTO, Mode.SNAPSHOT, Mode.REFRESH))
        types = [DataType(people.choice(TENANTS[tenant]))] if people.random() < 0.5 else []

        def ask() -> None:
            try:
                integration = sandbox.integrations.get(tenant, "int1")
                if integration is None:
                    return
                sandbox.starter.by_hand(integration, sandbox.capabilities("trackstar"), types, mode, "planner")
            except SyncError:
                return  # the planner is told, and may ask again

        self.hub.spawn("api", ask, ends=self.hub.now + 29.0)
        self.tick_at(self.hub.now + TICK)

    def tick_at(self, when: float) -> None:
        when = -(-when // TICK) * TICK
        if self._next_tick < self.hub.now or when < self._next_tick:
            self._next_tick = when
            self.hub.at(when, partial(self._tick, when))

    def _tick(self, when: float) -> None:
        """A tick that would find nothing at all is left out: thousands of them come between two nights."""
        if when != self._next_tick:
            return
        self._next_tick = -1.0
        if not self.open_runs and not self._is_due():
            return
        if not self.perils.happens("missing_tick"):
            self._dispatch(when)
            if self.perils.happens("double_tick"):
                self._dispatch(when)
        self.tick_at(when + TICK)

    def _is_due(self) -> bool:
        due = [self.integration(tenant) for tenant in TENANTS]
        return any(one and one.due_at and one.due_at <= self.hub.moment for one in due)

    def _dispatch(self, when: float) -> None:
        sandbox = self.sandbox("dispatcher")
        self.invocations += 1
        event = {"time": (START + timedelta(seconds=when)).strftime("%Y-%m-%dT%H:%M:%SZ")}

        def body() -> None:
            try:
                sandbox.entry.handle(event, DISPATCHER_TIMEOUT)
            except SyncError:
                return  # the invocation has failed; the next tick does its work
            self.idle.setdefault("dispatcher", []).append(sandbox)

        name = f"dispatcher-{self.invocations}"
        self.hub.spawn(name, body, ends=self.hub.now + DISPATCHER_TIMEOUT, skew=self._skew(30.0))


def _attributes(key: dict[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in key.items()}


def _served(reads: tuple[str, ...]) -> set[str]:
    return {name for name in SERVED if FEEDS.get(name, name) in reads}


def _entries(wanted: Any) -> int:
    return len(wanted["Keys"] if isinstance(wanted, dict) else wanted)
