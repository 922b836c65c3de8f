"""The judgement once everything is quiet: what is stored against what the source holds, and what it took."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from typing import Any

from planster_sync.connectors import registry
from planster_sync.model.streams import REJECTION_HOLDS
from tests.chaos import floors, story
from tests.chaos.history import FEEDS, SKEW
from tests.chaos.plan import LOSES_INCREMENTS
from tests.chaos.sandbox import CONTROL, RECORDS, SLOWEST, as_version
from tests.chaos.source import PERSON, SECRET, Shelf, Version
from tests.chaos.vendor import Call
from tests.chaos.world import LONGEST_RECOVERY, TENANTS, World

_MAPPER = registry.mapper("trackstar", {})
RATE = 10
RESERVED = 21.0
"""Seconds for which a worker may hold a place that it has reserved, and its writes; its request then is under way."""


def judge(world: World) -> None:
    """Ends a schedule: calm, recovery, a night, redrive, snapshots; every invariant is checked on the way."""
    story.calm_down(world)
    _recover(world)
    _incremental_reads_found_everything(world)
    story.no_more_nights(world)
    dead = len(world.region.mail.dead)
    world.region.mail.redrive()
    world.hub.run(world.hub.now + 7200)
    _let_refusals_end(world)
    _snapshots(world)
    _stored_equals_source(world)
    if dead:
        lost = [what for invariant, what in world.history.violations if invariant in ("I1", "I2", "I3", "I4")]
        world.history.check("I17", not lost, f"{dead} dead letters were sent again: {lost[:1]}")
    _rerun_writes_nothing(world)
    _messages_are_conserved(world)
    _vendor_was_treated_politely(world)
    _waits_are_shared(world)
    _work_is_bounded(world)
    _nothing_leaked(world)
    _nothing_unexpected(world)
    world.hub.end()


def _recover(world: World) -> None:
    """I10: what had begun when the faults stopped ends within a bounded time, without a person."""
    world.tick_at(world.hub.now)
    world.hub.run(world.hub.now + LONGEST_RECOVERY)
    world.history.check("I10", not world.open_runs, f"runs that never end: {sorted(world.open_runs)}")
    world.history.check("I10", not world.hub.living, "a process never ends")


def _incremental_reads_found_everything(world: World) -> None:
    """I1 and I4 before any snapshot is asked for: a change that lies within the overlap was found by increments."""
    plan = world.plan
    if plan.offset_paging or any(plan.chance(fault) for fault in LOSES_INCREMENTS):
        return
    story.night(world)
    for (tenant, read), shelf in world.shelves.items():
        there = stored(world, tenant)
        for data_type, id_, attributes in expected(world, shelf):
            if data_type == "order_channels":
                continue
            row = there.get((data_type, id_))
            is_due = row is not None or floors.is_required(world, shelf, id_.partition("/")[0])
            world.history.check(
                "I1", row is not None or not is_due, f"{tenant}/{data_type}/{id_} was never found by {read}"
            )
            if row is not None:
                world.history.check(
                    "I4", _plain(row) == attributes, f"{tenant}/{data_type}/{id_} is stale before a snapshot"
                )


def _let_refusals_end(world: World) -> None:
    """What a person refused to delete stays for a month; then it is asked about again."""
    if world.perils.faults["rejection"]:
        world.hub.run(world.hub.now + REJECTION_HOLDS.total_seconds())


def _snapshots(world: World) -> None:
    """Until nothing is held any more: one to find what is missing, where need be one to confirm it, or what is held."""
    for turn in range(3):
        story.snapshot(world)
        is_held = [story.approve(world, tenant) for tenant in TENANTS]
        is_empty = not all(floors.shown(world, shelf) for shelf in world.shelves.values())
        if not any(is_held) and (turn or not (world.plan.second_snapshot or is_empty)):
            break
    world.history.check("I10", not world.open_runs, f"a snapshot never ends: {sorted(world.open_runs)}")


def _stored_equals_source(world: World) -> None:
    history = world.history
    for (tenant, read), shelf in world.shelves.items():
        live = shelf.live(world.hub.now)
        invalid = {id_ for id_, version in live.items() if not version.valid}
        there = {key: row for key, row in stored(world, tenant).items() if FEEDS.get(key[0], key[0]) == read}
        wanted = {(data_type, id_): attributes for data_type, id_, attributes in expected(world, shelf)}
        required = _required(world, shelf, wanted, there)
        for key, attributes in wanted.items():
            history.check("I1", key in there or key not in required, f"{tenant}/{'/'.join(key)} is lost")
            if key in there:
                found = _plain(there[key])
                history.check("I4", found == attributes, f"{tenant}/{'/'.join(key)} is stale: {found} not {attributes}")
        for key in there:
            is_kept = key[1].partition("/")[0] in invalid
            is_named = key[0] == "order_channels" and any(
                version.channel == key[1] for id_ in invalid for version in shelf.versions[id_]
            )
            history.check("I2", key in wanted or is_kept or is_named, f"{tenant}/{'/'.join(key)} is a ghost")
        aside = world.quarantined(shelf)
        unmet = {id_ for id_ in invalid - aside if floors.is_required(world, shelf, id_)}
        history.check("I1", not unmet, f"{tenant}/{read}: {sorted(unmet)} are not in quarantine")
        history.check(
            "I4", aside <= invalid, f"{tenant}/{read}: {sorted(aside - invalid)} are in quarantine for nothing"
        )
        history.check(
            "I9",
            _said_quarantined(world, tenant, read) == len(aside),
            f"{tenant}/{read} says another number than {len(aside)} in quarantine",
        )
        in_force = [key[1] for key, _ in world.region.tables.items(RECORDS) if key[0] == f"{tenant}#int1#adjustments"]
        left = [sort for sort in in_force if not sort.startswith("history#") and sort.partition("#")[0] == read]
        history.check(
            "I4",
            not left or bool(invalid) or _gone(world, tenant, left),
            f"{tenant}/{read}: adjustments outlive their snapshot: {left}",
        )


def _required(
    world: World, shelf: Shelf, wanted: Mapping[tuple[str, str], Any], there: Mapping[tuple[str, str], Any]
) -> set[tuple[str, str]]:
    """What must be stored of it: the rest is older than history is wanted. A channel, where a stored order names it."""
    sources = {id_ for id_ in shelf.versions if floors.is_required(world, shelf, id_) or (shelf.read, id_) in there}
    channels = {
        version.channel for id_ in sources for version in shelf.during(id_, world.hub.now, world.hub.now) if version
    }
    return {
        key
        for key in wanted
        if (key[1] in channels if key[0] == "order_channels" else key[1].partition("/")[0] in sources)
    }


def _known(world: World, shelf: Shelf) -> set[str]:
    """The source records of which anything is kept."""
    return {id_ for kind, id_ in stored(world, shelf.tenant) if kind == shelf.read} | world.quarantined(shelf)


def _gone(world: World, tenant: str, sorts: list[str]) -> bool:
    """Whether the adjusted records are no longer at the source: nothing can be read that would end them."""
    dead = {
        f"{key[0].rpartition('#')[2]}#{key[1]}"
        for key, item in world.region.tables.items(RECORDS)
        if key[0].startswith(f"{tenant}#int1#") and "_deleted_at" in item
    }
    return set(sorts) <= dead


def _said_quarantined(world: World, tenant: str, read: str) -> int:
    for key, item in world.region.tables.items(CONTROL):
        if key[0] == f"ORG#{tenant}" and key[1] == f"INT#int1#STREAM#{read}":
            statuses = item.get("data_types", {"M": {}})["M"].values()
            return sum(int(status["M"]["quarantined"]["N"]) for status in statuses)
    return -1


def _rerun_writes_nothing(world: World) -> None:
    """I16 and I20: a snapshot of an unchanged source writes no record and asks no more than it must."""
    history = world.history
    writes, calls = history.record_writes, len(world.vendor.calls)
    story.snapshot(world)
    history.check("I16", history.record_writes == writes, f"{history.record_writes - writes} writes for nothing")
    pages = 0
    for (tenant, read), shelf in world.shelves.items():
        fetched, listed = _fetched(world, tenant, read), floors.shown(world, shelf)
        kept = {id_ for id_ in _known(world, shelf) if id_ in shelf.live(world.hub.now)} - set(listed)
        there = len(listed) + len(kept)
        history.check("I9", fetched == there, f"{tenant}/{read} counts {fetched} records, not {there}")
        row = floors.row(world, shelf)
        history.check("I9", "held" not in row or not row["held"]["L"], f"{tenant}/{read} misses what is there")
        pages += floors.pages(world, shelf, len(kept))
    asked = len(world.vendor.calls) - calls
    history.check("I20", asked <= pages * 1.05, f"{asked} vendor calls for {pages} pages")


def _nothing_unexpected(world: World) -> None:
    """I9: no failure is without a name: what the product calls unexpected is a bug, here or there."""
    unknown = [fields for name, fields in world.region.log if "traceback" in fields]
    text = f"{unknown[0]['error']}: ...{unknown[0]['traceback'][-300:]}" if unknown else ""
    world.history.check("I9", not unknown, f"an unexpected failure: {text}")


def _fetched(world: World, tenant: str, read: str) -> int:
    """How many source records the last run says that it has read."""
    runs = [item for key, item in world.region.tables.items(CONTROL) if key[0] == f"RUNS#{tenant}#int1"]
    last = max(runs, key=lambda item: str(item["id"]["S"]))
    counts = last["tasks"]["M"][read]["M"]["counts"]["M"]
    return int(counts[read]["M"]["fetched"]["N"]) if read in counts else 0


def _messages_are_conserved(world: World) -> None:
    mail = world.region.mail
    world.history.check("I11", mail.is_empty, "messages are left over")
    rejected = [fields for name, fields in world.region.log if name == "message_rejected"]
    is_strange = bool(rejected) and not world.plan.chance("table_restored")
    world.history.check("I11", not is_strange, f"a message came before its run: {rejected[:1]}")
    world.history.check("I11", mail.is_conserved, f"messages are missing: {mail.sent} sent, {mail.done} done")


def _vendor_was_treated_politely(world: World) -> None:
    """I13: no second holds more calls of an account than it allows; a worker that was told to wait waits."""
    by_account: dict[str, list[Call]] = {}
    for call in _wakeful(world):
        by_account.setdefault(call.tenant, []).append(call)
    for tenant, calls in by_account.items():
        times = [call.at for call in calls]
        most = max((place - bisect_left(times, at - 1.0) + 1 for place, at in enumerate(times)), default=0)
        world.history.check("I13", not tenant or most <= RATE, f"{most} calls of {tenant} within a second")
        for place, call in enumerate(calls):
            if call.wait:
                early = [
                    each
                    for each in calls[place + 1 :]
                    if each.at < call.at + call.wait and each.process == call.process
                ]
                world.history.check("I13", not early, f"{tenant} was asked again within {call.wait} s: {early[:1]}")


def _waits_are_shared(world: World) -> None:
    """I13: what one worker was told, and wrote down, holds for all once what they had reserved before is used up."""
    skew = SKEW if world.plan.chance("clock_skew") else 0.0
    held = RESERVED + SLOWEST * world.plan.slow_vendor
    for tenant, at, told_until in world.history.waits:
        until = told_until - skew
        if until > at + held:
            early = [call.at for call in _wakeful(world) if call.tenant == tenant and at + held < call.at < until]
            world.history.check("I13", not early, f"{tenant} was asked at {early[:1]} although to rest until {until}")


def _wakeful(world: World) -> list[Call]:
    """Calls of processes that never froze: one that does may send, when it wakes up, what it had leave for long ago."""
    return [call for call in world.vendor.calls if call.process not in world.perils.frozen]


def _work_is_bounded(world: World) -> None:
    """I20: no invocation asks a vendor for ever."""
    most = 4 * (2 * max(len(shelf.versions) for shelf in world.shelves.values()) + 8)
    by_process = Counter(call.process for call in world.vendor.calls)
    worst = max(by_process.values(), default=0)
    world.history.check("I20", worst <= most, f"{worst} calls by one invocation")


def _nothing_leaked(world: World) -> None:
    """I19: the canaries of credentials and of people are nowhere but where they belong."""
    text = json.dumps([world.region.log, world.region.events], default=str) + world.region.metrics.getvalue()
    stored = json.dumps([list(world.region.tables.items(name)) for name in (CONTROL, RECORDS)])
    for canary in (SECRET, PERSON):
        world.history.check("I19", canary not in text, f"{canary} stands in a log line or event")
        world.history.check("I19", canary not in stored, f"{canary} is stored")


def contents(world: World, tenant: str) -> dict[tuple[str, str], Any]:
    """What a reader sees of a tenant: live records and their values."""
    return {key: _plain(row) for key, row in stored(world, tenant).items()}


def stored(world: World, tenant: str) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Live rows by data type and id."""
    rows: dict[tuple[str, str], Mapping[str, Any]] = {}
    doubles: Counter[tuple[str, str]] = Counter()
    for (partition, _), item in world.region.tables.items(RECORDS):
        organisation, _, kind = partition.split("#", 2)
        if organisation != tenant or "#" in kind or kind == "adjustments" or "_deleted_at" in item:
            continue
        key = (kind, item["id"]["S"])
        doubles[key] += 1
        rows[key] = item
    world.history.check("I3", all(count == 1 for count in doubles.values()), f"{tenant} has records twice")
    return rows


def expected(world: World, shelf: Shelf) -> list[tuple[str, str, Any]]:
    """The unified records of everything that is valid at the source."""
    found: list[tuple[str, str, Any]] = []
    channels: dict[str, tuple[float, str, Any]] = {}
    for id_, version in shelf.list(world.hub.now, None):
        if not version.valid:
            continue
        mapped = _mapped(shelf, version, world.version)
        found += [(record.data_type.value, record.id, record.attributes()) for record in mapped.owned]
        for record in mapped.shared:
            if record.id not in channels or (version.stamp, id_) > channels[record.id][:2]:
                channels[record.id] = (version.stamp, id_, record.attributes())
    return found + [("order_channels", name, attributes) for name, (_, _, attributes) in channels.items()]


def _mapped(shelf: Shelf, version: Version, code: int) -> Any:
    return _MAPPER.map(shelf.read, as_version(version.raw or b"", code))


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    hidden = ("pk", "sk")
    return {name: _value(value) for name, value in item.items() if not name.startswith("_") and name not in hidden}


def _value(value: Mapping[str, Any]) -> Any:
    ((kind, content),) = value.items()
    if kind == "M":
        return {name: _value(inner) for name, inner in content.items()}
    if kind == "L":
        return [_value(inner) for inner in content]
    if kind == "N":
        return float(content)
    return None if kind == "NULL" else content
