"""What was observed while a schedule ran, judged as it happens: accepted writes, pages served, checkpoints, ends.

Nothing here reads the product's own state in memory. Invariants carry the numbers of the reliability research.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.chaos.hub import START, Hub
from tests.chaos.source import Shelf
from tests.chaos.vendor import Served
from tests.fakes.simulated_tables import Write

FEEDS = {"orders": "orders", "order_shipments": "orders", "order_channels": "orders"}
SKEW = 61.0
_NUMBER = re.compile(r"v(\d+)")
Streams = tuple[str, str]


@dataclass(slots=True)
class StreamLog:
    """What is known of one stream: the highest fence, the run at work, and what that run's pages showed."""

    fence: int = 0
    run: str = ""
    started: float = 0.0
    started_before: float = 0.0
    approved: bool = False
    buried: Counter[str] = field(default_factory=Counter)
    proven: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)


@dataclass(eq=False)
class History:
    hub: Hub
    shelves: Mapping[Streams, Shelf]
    checks: Counter[str] = field(default_factory=Counter)
    violations: list[tuple[str, str]] = field(default_factory=list)
    record_writes: int = 0
    streams: dict[Streams, StreamLog] = field(default_factory=dict)
    stored: dict[tuple[str, str, str], int] = field(default_factory=dict)
    adjusted: dict[tuple[str, str, str], float] = field(default_factory=dict)
    last_served: dict[tuple[str, str, str], float] = field(default_factory=dict)
    last_shown: dict[tuple[str, str, str], int] = field(default_factory=dict)
    shown_before: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """What was shown before the tables were another's: counts for the records that came back with them. An order below
    a floor that did not is in no list, and names its channel to nobody."""
    by_process: dict[object, list[Served]] = field(default_factory=dict)
    fences: dict[object, int] = field(default_factory=dict)
    waits: list[tuple[str, float, float]] = field(default_factory=list)
    """Each move of an account's next free request: whose, when, and to when."""
    lists_lie: bool = False
    """Whether the vendor may cut a list short with a clean end."""
    looks_nothing_up: bool = False
    """Whether the vendor answers no look-ups, so that a second list is all that can confirm a deletion."""
    tasks_ended: int = 0
    successes: int = 0

    def broken(self, invariant: str, what: str) -> None:
        self.violations.append((invariant, f"at {self.hub.now:.1f} s: {what}"))

    def check(self, invariant: str, holds: bool, what: str) -> None:
        self.checks[invariant] += 1
        if not holds:
            self.broken(invariant, what)

    def stream(self, organisation: str, read: str) -> StreamLog:
        return self.streams.setdefault((organisation, read), StreamLog())

    def served(self, served: Served) -> None:
        """A page went out to a worker."""
        self.by_process.setdefault(served.process, []).append(served)
        if served.is_end:
            log = self.stream(served.shelf.tenant, served.shelf.read)
            log.proven.add(log.run)
        for id_, number in served.versions:
            self.last_served[served.shelf.tenant, served.shelf.read, id_] = served.at
            self.last_shown[served.shelf.tenant, served.shelf.read, id_] = number

    def wrote(self, write: Write) -> None:
        """An item was written."""
        partition, sort = write.key
        if write.table == "control":
            if "#STREAM#" in sort:
                self._stream_row(partition[4:], sort.rpartition("#")[2], write.old or {}, write.new or {})
            elif partition.startswith("RATE#") and write.new is not None:
                self.waits.append((partition.split("#")[1], self.hub.now, _after(write.new)))
            elif partition.startswith("RUNS#"):
                self._run_row(partition, sort, write.old, write.new)
            return
        organisation, _, kind = partition.split("#", 2)
        if kind.startswith("adjustments"):
            self._adjustment(organisation, sort, write)
        elif not kind.startswith("quarantine") and write.new is not None:
            self._record(organisation, kind, write.old, write.new)

    def begin_again(self) -> None:
        """The tables are another's now: what was known of their rows holds no longer."""
        self.streams = {key: StreamLog(proven=log.proven) for key, log in self.streams.items()}
        self.stored.clear()
        self.by_process.clear()
        self.fences.clear()
        self.shown_before, self.last_shown = self.last_shown, {}

    def restored(self, write: Write) -> None:
        """A row came back with a restored table."""
        if write.table != "records" or write.new is None:
            return
        organisation, _, kind = write.key[0].split("#", 2)
        if "#" not in kind and kind != "adjustments" and "_deleted_at" not in write.new:
            read = FEEDS.get(kind, kind)
            name, id_ = name_of(write.new), write.new["id"]["S"]
            self._monotone(organisation, kind, id_, name, self.shelves[organisation, read])
            if (organisation, kind, id_) in self.shown_before:
                self.last_shown[organisation, kind, id_] = self.shown_before[organisation, kind, id_]

    def _record(self, organisation: str, data_type: str, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> None:
        self.record_writes += 1
        read = FEEDS.get(data_type, data_type)
        log, shelf = self.stream(organisation, read), self.shelves[organisation, read]
        id_ = new["id"]["S"]
        name = name_of(new)
        self.check("I12", name is None or name.startswith(organisation), f"{organisation} holds {name}")
        fence = int(new["_fence"]["N"])
        self.check(
            "I7", fence >= log.fence, f"{organisation}/{data_type}/{id_} written under {fence}, {log.fence} is taken"
        )
        if old is not None:
            self.check("I3", old["id"]["S"] == id_, f"{old['id']['S']} and {id_} share a place in {data_type}")
        if "_deleted_at" in new:
            if old is not None and "_deleted_at" not in old:
                self._buried(log, shelf, data_type, id_)
        else:
            self._monotone(organisation, data_type, id_, name, shelf)

    def _buried(self, log: StreamLog, shelf: Shelf, data_type: str, id_: str) -> None:
        since = log.started_before if data_type != shelf.read else log.started
        absent = shelf.was_absent(data_type, id_, since, self.hub.now)
        if data_type == "order_channels" and not absent:
            absent = not self._is_named(shelf, id_, log.started)
        if data_type == "order_channels" and self.lists_lie:
            return  # who else names it stood in the part of the list that the vendor kept to itself
        if log.approved and self.lists_lie and self.looks_nothing_up:
            return  # a person believed the list, it said the same again, and there is nobody else to ask
        self.check("I14", absent, f"{shelf.tenant}/{data_type}/{id_} buried, but the source always had it")
        log.buried[data_type] += 1
        buried = log.buried[data_type]
        live = len(self.live[shelf.tenant, data_type]) + buried
        plausible = log.approved or not (buried > live / 2 or (buried > 20 and buried > live / 10))
        self.check("I14", plausible, f"{buried} of {live} {data_type} buried without a question")

    def _is_named(self, shelf: Shelf, channel: str, since: float) -> bool:
        """Whether an order names it by what was last shown: one may take it up behind a reading, another before it."""
        return any(
            version is not None and version.valid and version.channel == channel
            for id_ in shelf.versions
            if None not in shelf.during(id_, since, self.hub.now)
            for version in [shelf.numbered(id_, self.last_shown.get((shelf.tenant, shelf.read, id_)))]
        )

    def _monotone(self, organisation: str, data_type: str, id_: str, name: str | None, shelf: Shelf) -> None:
        """The versions written of a record follow the order in which the source had them."""
        found = _NUMBER.search(name or "")
        if found is None or data_type == "order_channels":
            return
        number = int(found.group(1))
        source = id_.partition("/")[0] if data_type == "order_shipments" else id_
        key = (organisation, data_type, id_)
        versions = shelf.versions.get(source, [])
        last = self.stored.get(key, 0)
        place = next((at for at in range(last, len(versions)) if versions[at].number == number), None)
        self.check("I5", place is not None, f"{'/'.join(key)} fell back to version {number}")
        if place is not None:
            self.stored[key] = place

    def _stream_row(self, organisation: str, read: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        log = self.stream(organisation, read)
        fence = int(new.get("fence", {"N": "0"})["N"])
        if fence > int(old.get("fence", {"N": "0"})["N"]):
            self._taken(log, organisation, read, old, new, fence)
        elif self.hub.current in self.fences:
            held = self.fences[self.hub.current]
            self.check("I7", held == fence, f"{organisation}/{read} changed under {held}, {fence} is taken")
        if "owner" not in new and "owner" in old:
            log.ended.add(old["owner"]["S"])
            if new.get("last_success_at") != old.get("last_success_at"):
                self.claimed(self.shelves[organisation, read], log.started)
        log.approved = log.approved or "approved_at" in new
        before, after = old.get("checkpoint", {}).get("M"), new.get("checkpoint", {}).get("M")
        if after is not None and after != before:
            if before and before.get("phase") == {"S": "bury"} and after.get("phase") == {"S": "read"}:
                log.buried.clear()  # the list is read anew: what is missing then is judged anew
            if before and before.get("run") == after.get("run") and old.get("index") == new.get("index"):
                is_turned = any(after.get(name) != before.get(name) for name in ("slice", "part"))
                is_kept = "cursor" in after or "cursor" not in before or is_turned
                self.check("I6", is_kept, f"{organisation}/{read} lost its place in the list")
            self._checkpoint(log, after)

    def _taken(
        self, log: StreamLog, organisation: str, read: str, old: Mapping[str, Any], new: Mapping[str, Any], fence: int
    ) -> None:
        until = old.get("lease_until")
        is_free = until is None or _seconds(until["S"]) < self.hub.now + SKEW
        self.check("I8", is_free, f"{organisation}/{read} taken although leased until {until}")
        self.check("I7", fence > log.fence, f"fence {fence} is not above {log.fence}")
        run = new["owner"]["S"]
        self.check("I17", run not in log.ended, f"{run} takes {organisation}/{read} again after its end")
        if run != log.run:
            log.ended.clear()  # who slept through its run's end may take the stream once another has ended there
            log.run, log.started_before, log.started = run, log.started, self.hub.now
            log.buried.clear()
            log.approved = "approved_at" in new
        log.fence = fence
        if self.hub.current is not None:
            self.fences[self.hub.current] = fence

    live: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """Ids of live stored records by organisation and data type, kept by the world."""

    def _checkpoint(self, log: StreamLog, after: Mapping[str, Any]) -> None:
        """I6: whatever lies before the checkpoint, and was shown to its worker, is stored or set aside."""
        pages = self.by_process.get(self.hub.current, []) if self.hub.current else []
        cursor = after.get("cursor", {}).get("S", "")
        token = cursor.partition("|")[2]
        is_read = after.get("phase", {}).get("S") == "bury"
        last = max((place for place, page in enumerate(pages) if page.following == token and page.is_list), default=-1)
        for page in pages if is_read else pages[: last + 1]:
            if not page.is_list:
                continue
            for id_, number in page.versions:
                self.check(
                    "I6", self.is_safe(page.shelf, id_, number), f"{page.shelf.read}/{id_} v{number} passed, not stored"
                )

    claimed: Callable[[Shelf, float], None] = lambda shelf, since: None
    """Set by the world: a task that began at a moment says that the list has been read."""

    is_safe: Any = None
    """Set by the world: whether a version, or a later one, is stored, or the record is in quarantine."""

    def _run_row(self, partition: str, run: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> None:
        if new is None:
            return
        organisation = partition.split("#")[1]
        before = (old or {}).get("tasks", {"M": {}})["M"]
        for read, task in new["tasks"]["M"].items():
            state = task["M"]["state"]["S"]
            was = before.get(read, {"M": {"state": {"S": ""}}})["M"]["state"]["S"]
            if state != was and state not in ("queued", "running", "waiting"):
                self.check("I5", was in ("", "queued", "running", "waiting"), f"a {was} task became {state}")
                self.tasks_ended += 1
                if state.startswith("succeeded"):
                    self._success(organisation, read, run, state, task["M"])

    def _success(self, organisation: str, read: str, run: str, state: str, task: Mapping[str, Any]) -> None:
        self.successes += 1
        proven = self.stream(organisation, read).proven
        self.check("I9", run in proven, f"{organisation}/{read} succeeded without the end of its list")
        for data_type, counts in task["counts"]["M"].items():
            number = {name: int(value["N"]) for name, value in counts["M"].items()}
            total = number["created"] + number["updated"] + number["unchanged"] + number["quarantined"]
            self.check("I9", number["fetched"] == total, f"{read}/{data_type} counts do not add up: {number}")
            self.check(
                "I9",
                state != "succeeded" or (number["quarantined"] == 0 and number["held"] == 0),
                f"{read} is plainly succeeded with {number}",
            )

    def _adjustment(self, organisation: str, sort: str, write: Write) -> None:
        if sort.startswith("history#") or write.new is not None or write.old is None:
            return
        data_type = sort.partition("#")[0]
        made_at = _seconds(write.old["made_at"]["S"])
        id_ = write.old["key"]["M"]["id"]["S"] if "key" in write.old else write.old["id"]["S"]
        read = FEEDS.get(data_type, data_type)
        source = id_.partition("/")[0]
        seen = self.last_served.get((organisation, read, source), -1.0)
        self.check(
            "I4", seen >= made_at - SKEW, f"the adjustment of {data_type}/{id_} ended before its source was read"
        )


def name_of(item: Mapping[str, Any]) -> str | None:
    for field_name in ("name", "number"):
        if field_name in item:
            return str(item[field_name]["S"])
    status = item.get("status", {}).get("M", {}).get("vendor")
    return str(status["S"]) if status and "S" in status else None


def _after(item: Mapping[str, Any]) -> float:
    return int(item["next_at"]["N"]) / 1_000_000 - START.timestamp()


def _seconds(text: str) -> float:
    return (datetime.fromisoformat(text.replace("Z", "+00:00")) - START).total_seconds()
