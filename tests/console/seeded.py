"""A planner's morning: seven integrations, one in each state that a planner meets, at a fixed moment.

Every row is put through the stores' own ports, so that it may lie in memory or in DynamoDB.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Protocol

from planster_sync.connectors import registry
from planster_sync.errors import CredentialsRejected, Forbidden, SourceUnavailable
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.runs import (
    Counts,
    Lane,
    Mode,
    Problem,
    Run,
    RunStatus,
    StreamKey,
    Task,
    TaskState,
    Trigger,
    id_at,
)
from planster_sync.model.streams import Checkpoint, DataTypeStatus, DataWindow, HeldDeletion
from planster_sync.ports.source import Capabilities
from planster_sync.ports.stores import Integrations, Runs, Streams

NOW = datetime(2026, 3, 12, 8, 40, tzinfo=UTC)
ORGANISATION = "org1"
NIGHTS = 24
SIZES = {
    DataType.INVENTORY_LEVELS: 4210,
    DataType.ORDERS: 18_640,
    DataType.ORDER_SHIPMENTS: 17_905,
    DataType.PRODUCTS: 3986,
    DataType.INBOUND_SHIPMENTS: 412,
    DataType.INBOUND_SHIPMENT_SUPPLIERS: 61,
    DataType.RETURNS: 1240,
    DataType.BILLS: 388,
    DataType.WAREHOUSES: 3,
    DataType.ORDER_CHANNELS: 6,
    DataType.SHIPPING_METHODS: 14,
    DataType.WAREHOUSE_CUSTOMERS: 2,
    DataType.WAREHOUSE_LOCATIONS: 960,
}


class Stores(Protocol):
    """Where the rows go."""

    @property
    def integrations(self) -> Integrations: ...

    @property
    def streams(self) -> Streams: ...

    @property
    def runs(self) -> Runs: ...


@dataclass(frozen=True)
class Account:
    """One integration. `connector` counts in the registry's order, so that no vendor is named here."""

    id: str
    name: str
    connector: int
    zone: str = "Europe/Berlin"
    hour: int = 2
    scale: float = 1.0
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def capabilities(self) -> Capabilities:
        return registry.capabilities(registry.names()[self.connector])


ACCOUNTS = {
    account.id: account
    for account in (
        Account("cologne", "Cologne warehouse", 1),
        Account("depot", "Spare parts depot", 0, "Europe/Amsterdam", 1, 0.4),
        Account("east", "East coast 3PL", 2, "America/New_York", 1, 1.7),
        Account("nordics", "Nordics", 3, "Europe/Stockholm", 2, 0.8),
        Account("outlet", "Outlet store", 6, scale=0.2, changes={"status": IntegrationStatus.PAUSED}),
        Account("overflow", "Overflow, new", 4, "Europe/Warsaw", 3, 0.6),
        Account("rotterdam", "Rotterdam fulfilment", 5, "Europe/Amsterdam", 2, 2.3),
    )
}


class Seeds:
    """Puts the morning into stores."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._random = Random(7)

    def put(self) -> None:
        for account in ACCOUNTS.values():
            self._stores.integrations.put(_integration(account))
        for id_ in ("cologne", "east", "rotterdam"):
            self._history(ACCOUNTS[id_], nights=NIGHTS)
        for id_, last in (("depot", 0), ("nordics", 0), ("outlet", 3)):
            self._history(ACCOUNTS[id_], nights=3, last=last)
        self._hold(ACCOUNTS["east"])
        self._refuse(ACCOUNTS["depot"])
        self._disturb(ACCOUNTS["nordics"])
        self._load(ACCOUNTS["overflow"])
        self._sync(ACCOUNTS["rotterdam"])

    def _history(self, account: Account, nights: int, last: int = 0) -> None:
        """Nights that went well, but for one; `last` is how many days ago the latest was."""
        for days in range(nights, -1, -1):
            at = _night(account, days + last)
            failed = days == 9
            run = self._run(account, at, RunStatus.FAILED if failed else RunStatus.SUCCEEDED)
            self._stores.runs.create(run)
            if days == 0:
                for read in account.capabilities.reads:
                    self._end(account, read, run)

    def _run(self, account: Account, at: datetime, status: RunStatus) -> Run:
        began = at + timedelta(seconds=self._random.randint(30, 900))
        seconds = self._random.randint(80, 300) * account.scale * (3 if at.weekday() == 6 else 1)
        problem = Problem.of(SourceUnavailable("The warehouse system did not answer."))
        tasks = {}
        for name, read in account.capabilities.reads.items():
            counts = {each: self._counts(account, each) for each in read.feeds}
            task = Task(name, tuple(read.feeds), TaskState.SUCCEEDED, pages=3, counts=counts, started_at=began)
            failed = replace(task, state=TaskState.FAILED, problem=problem, counts={})
            tasks[name] = (
                failed if status is RunStatus.FAILED and name == next(iter(account.capabilities.reads)) else task
            )
        return Run(
            ORGANISATION, account.id, id_at(at), Trigger.SCHEDULE, Mode.AUTO, Lane.NIGHT, status, at, tasks,
            slot=f"{at:%Y-%m-%d}T{account.hour:02d}", sent_at=at, started_at=began,
            ended_at=began + timedelta(seconds=seconds),
        )  # fmt: skip

    def _counts(self, account: Account, data_type: DataType) -> Counts:
        live = _live(account, data_type)
        share = 0.02 if live > 500 else 0.0
        created, updated = (self._random.randint(0, int(live * share)) for _ in range(2))
        deleted = self._random.randint(0, 3) if live > 3000 else 0
        return Counts(live, created, updated, live - created - updated, deleted)

    def _end(self, account: Account, read: str, run: Run, **changes: Any) -> None:
        ended = run.ended_at or NOW
        task = run.tasks[read]
        types = {
            each: DataTypeStatus(_live(account, each), 0, task.counts.get(each, Counts()), _window(each))
            for each in task.data_types
        }
        key = StreamKey(ORGANISATION, account.id, read)
        lease, row = self._stores.streams.take(key, run=run.id, segment=0, holder="seeds", now=ended, seconds=900)
        end = replace(
            row, last_attempt_at=ended, last_success_at=ended, last_success_run=run.id, last_snapshot_at=ended,
            usable_since=_night(account, 200), last_task=task, data_types=types,
        )  # fmt: skip
        self._stores.streams.finish(lease, replace(end, **changes))

    def _hold(self, account: Account) -> None:
        """The night after, a third of the stock is missing at the source."""
        run = self._again(account, RunStatus.SUCCEEDED_WITH_WARNINGS)
        live = _live(account, DataType.INVENTORY_LEVELS)
        gone = live * 37 // 100
        examples = tuple(f"SKU-{number:05d}@EWR2" for number in range(20_114, 20_134, 4))
        held = HeldDeletion(DataType.INVENTORY_LEVELS, gone, live, run.id, run.ended_at or NOW, examples)
        warning = Problem(
            "deletions_held",
            f"{gone} of {live} records are missing at the source; none was deleted.",
            "Look at the held deletions and decide.",
            retryable=False,
        )
        self._end(account, "inventory_levels", run, held=(held,), warnings=(warning,))
        aside = Problem(
            "records_quarantined",
            "4 records were set aside because they cannot be used.",
            "Read the reasons, and correct the records in the warehouse system.",
            retryable=False,
        )
        self._end(account, "orders", run, warnings=(aside,), data_types=self._with_aside(account, run))

    def _with_aside(self, account: Account, run: Run) -> dict[DataType, DataTypeStatus]:
        found = {}
        for each in run.tasks["orders"].data_types:
            counts = run.tasks["orders"].counts[each]
            aside = 4 if each is DataType.ORDERS else 0
            found[each] = DataTypeStatus(_live(account, each), aside, replace(counts, quarantined=aside), _window(each))
        return found

    def _again(self, account: Account, status: RunStatus) -> Run:
        """One more run, by hand, an hour and a half ago."""
        run = self._run(account, NOW - timedelta(minutes=95), status)
        run = replace(run, id=f"{run.id}-4f1c", trigger=Trigger.MANUAL, slot=None, requested_by="user-7")
        self._stores.runs.create(run)
        return run

    def _refuse(self, account: Account) -> None:
        refused = Problem.of(CredentialsRejected("The warehouse system refuses the API key."))
        self._stores.integrations.needs_reauth(ORGANISATION, account.id, refused, NOW - timedelta(hours=7))

    def _disturb(self, account: Account) -> None:
        """Two nights without orders, and returns that the account may not read."""
        orders = Problem.of(SourceUnavailable("The warehouse system answers orders with a server error."))
        returns = Problem.of(Forbidden("The account may not read return orders."))
        run = self._again(account, RunStatus.FAILED)
        for read, problem in (("orders", orders), ("return_orders", returns)):
            ended = run.ended_at or NOW
            last = _night(account, 1)
            self._end(account, read, run, problem=problem, last_success_at=last, last_attempt_at=ended)

    def _load(self, account: Account) -> None:
        """A first load at work: two reads have ended, orders wait for the vendor, the rest is in line."""
        at = NOW - timedelta(minutes=12)
        run = self._begun(account, at, Trigger.SCHEDULE, {"inventory_levels", "products"})
        self._stores.runs.create(run)
        for read in ("inventory_levels", "products"):
            self._end(account, read, run, last_success_at=at + timedelta(minutes=3), last_attempt_at=at)
        self._at_work(
            account, run, "orders", 4200, None, slice=1, waiting_for="throttled", wait_until=NOW + timedelta(minutes=4)
        )

    def _sync(self, account: Account) -> None:
        """A sync by hand, some minutes in."""
        at = NOW - timedelta(minutes=3, seconds=12)
        run = self._begun(account, at, Trigger.MANUAL, {"products", "warehouses"}, requested_by="user-7")
        self._stores.runs.create(run)
        self._at_work(account, run, "orders", 16_900, 42_870)
        self._at_work(account, run, "returns", 340, None)

    def _begun(self, account: Account, at: datetime, trigger: Trigger, done: set[str], **changes: Any) -> Run:
        whole = self._run(account, at, RunStatus.SUCCEEDED)
        tasks = {
            name: replace(task, ended_at=at + timedelta(seconds=100)) if name in done
            else Task(name, task.data_types, TaskState.QUEUED)
            for name, task in whole.tasks.items()
        }  # fmt: skip
        lane = Lane.MANUAL if trigger is Trigger.MANUAL else Lane.NIGHT
        begun = replace(whole, tasks=tasks, status=RunStatus.RUNNING, ended_at=None, started_at=at, trigger=trigger)
        return replace(begun, lane=lane, slot=None, **changes)

    def _at_work(self, account: Account, run: Run, read: str, seen: int, total: int | None, **changes: Any) -> None:
        began = run.started_at or NOW
        key = StreamKey(ORGANISATION, account.id, read)
        lease, _ = self._stores.streams.take(key, run=run.id, segment=0, holder="seeds", now=NOW, seconds=900)
        checkpoint = Checkpoint(
            run.id,
            Mode.AUTO,
            incremental=False,
            started_at=began,
            pages=seen // 100,
            source_total=total,
            counts={each: _seen(seen) for each in run.tasks[read].data_types},
        )
        waits = changes.get("waiting_for") is not None
        state = TaskState.WAITING if waits else TaskState.RUNNING
        self._stores.runs.put_task(run, replace(run.tasks[read], state=state, started_at=began))
        self._stores.streams.advance(lease, replace(checkpoint, **changes))


def _integration(account: Account) -> Integration:
    due = _night(account, -1)
    made = Integration(
        ORGANISATION, account.id, account.capabilities.name, account.name, IntegrationStatus.ACTIVE,
        Schedule(account.zone, (account.hour,)), _night(account, 300), due_at=due,
    )  # fmt: skip
    return replace(made, **account.changes)


def _night(account: Account, days_ago: int) -> datetime:
    midnight = NOW.replace(hour=0, minute=0) - timedelta(days=days_ago)
    return midnight + timedelta(hours=account.hour + (5 if account.zone.startswith("America") else -1))


def _live(account: Account, data_type: DataType) -> int:
    size = SIZES[data_type]
    return int(size * account.scale) if size > 20 else size


def _window(data_type: DataType) -> DataWindow | None:
    if data_type not in (DataType.ORDERS, DataType.ORDER_SHIPMENTS, DataType.RETURNS, DataType.INBOUND_SHIPMENTS):
        return None
    return DataWindow("2024-02-03T09:12:00Z", "2026-03-12T00:41:00Z")


def _seen(records: int) -> Counts:
    created, updated = records // 50, records // 20
    return Counts(records, created, updated, records - created - updated)
