"""The twelve failures of docs/recovery.md, each played hour by hour: what is seen, who notices, what mends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from operations.indexes import streams_of
from operations.tasks import Resend
from planster_sync.errors import InvalidRequest
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import TaskState
from tests.chaos import story
from tests.chaos.hub import START
from tests.chaos.mail import QUEUES
from tests.chaos.sandbox import PREFIX, RECORDS
from tests.chaos.world import TENANTS, WORKERS
from tests.recovery.deployments import deploy_badly, redriven
from tests.recovery.playing import Played, begun, buried, ended, played
from tests.recovery.rig import CALM, Rig


def throttled() -> Played:
    rig = begun()
    rig.until_night()
    rig.region.throttle.until, rig.region.throttle.chance = rig.hub.now + 3600, 1.0
    before = len(rig.runs("acme"))
    rig.hours(1)
    fresh = len(rig.runs("acme")) - before
    hours = ended(rig)
    injected = "every request to both tables is throttled for an hour, from 01:59"
    return played(rig, injected, f"{fresh} runs begin", "time", hours, {"begun": fresh})


def region_outage() -> Played:
    """The services refuse everything; what they hold stays."""
    rig = begun()
    rig.until_night()
    rig.hub.run(rig.hub.now + 62)
    at_work = len(rig.hub.living)
    for process in list(rig.hub.living):
        rig.hub.kill(process)
    rig.idle.clear()
    rig.is_dark = True
    rig.region.throttle.until, rig.region.throttle.chance = rig.hub.now + 12 * 3600, 1.0
    rig.hours(12)
    ends = [status.is_final for status in rig.statuses()]
    seen = f"{at_work} workers killed at 02:00; {sum(ends)} runs end"
    rig.is_dark = False
    hours = ended(rig)
    rig.hours(2)
    letters = redriven(rig)
    facts: dict[str, object] = {"killed": at_work, "sent": letters.count("sent")}
    mended = f"the first ticks afterwards; then redrive drops {letters.count('dropped')} letters"
    return played(rig, "processes killed, no ticks, no tables for 12 hours", seen, mended, hours, facts)


def vendor_down() -> Played:
    rig = begun()
    rig.until_night()
    before = buried(rig)
    rig.vendor.tenants["acme"].down_until = rig.hub.now + 3 * 86_400
    ends = []
    for _ in range(3):
        rig.hours(24)
        ends.append(rig.last().status.value)
    facts = {"ends": ends, "deleted": buried(rig) - before, "other": rig.last("bravo").status}
    hours = ended(rig)
    other = rig.last("bravo").status.value
    seen = f"its runs: {', '.join(ends)}; {facts['deleted']} records deleted; the other vendor's: {other}"
    return played(rig, "one vendor answers 503 for three days", seen, "the night after", hours, facts)


def expired_key() -> Played:
    rig = begun()
    rig.until_night()
    rig.vendor.tenants["acme"].token = "CANARY-SECRET-acme-2"
    calls = len(rig.vendor.calls)
    rig.hours(20)
    found = rig.integration("acme")
    refused = sum(call.status == 401 for call in rig.vendor.calls[calls:])
    facts: dict[str, object] = {"status": found.status if found else None, "refused": refused}
    story.reconnect(rig, "acme")
    hours = ended(rig)
    seen = f"reconnection needed; {refused} requests in 20 hours"
    return played(rig, "the vendor refuses the credentials", seen, "new credentials by the customer", hours, facts)


def bad_deployment() -> Played:
    rig = begun()
    rig.until_night()
    take_back = deploy_badly(rig)
    rig.hours(5)
    dead = len(rig.region.mail.dead)
    take_back()
    letters = redriven(rig)
    sent = letters.count("sent")
    hours = ended(rig)
    facts = {"dead": dead, "sent": sent, "left": len(rig.region.mail.dead)}
    seen = f"no run ends; {dead} dead letters"
    mended = f"taken back; redrive sends {sent}, drops {letters.count('dropped')}"
    return played(rig, "workers die with every message, from 01:59 to 07:00", seen, mended, hours, facts)


def secret_deleted() -> Played:
    rig = begun()
    rig.until_night()
    name = f"{PREFIX}/acme/int1"
    kept = rig.region.parameters.pop(name)
    rig.hours(10)
    found = rig.integration("acme")
    facts: dict[str, object] = {"status": found.status if found else None}
    rig.region.parameters[name] = kept
    hours = ended(rig)
    seen = f"its run: {rig.runs('acme')[2].status.value}; reconnection needed; what is stored stays"
    return played(rig, "one integration's secret is deleted", seen, "the secret is put back; next night", hours, facts)


def queue_purged() -> Played:
    rig = begun()
    rig.until_night()
    rig.workers = dict.fromkeys(QUEUES, WORKERS)  # nobody takes a message
    rig.hub.run(rig.hub.now + 120)
    purged = sum(len(rig.region.mail.sqs.waiting(queue)) for queue in QUEUES)
    rig.region.mail.purge()
    rig.workers = dict.fromkeys(QUEUES, 0)
    resend = Resend(rig.desk, rig.last("acme"))
    sent = [line for line in resend.do(resend.look(())) if line.done == "sent"]
    rig.hours(0.2)
    facts: dict[str, object] = {"purged": purged, "sent": len(sent), "acme": rig.last("acme").status}
    hours = ended(rig)
    mended = f"`resend` of one run: {len(sent)} messages; the sweep for the other"
    seen = f"{purged} messages gone; the runs wait"
    return played(rig, "the night queue is purged at 02:01", seen, mended, hours, facts)


def index_lost() -> Played:
    rig = begun()
    lost = rig.lose_indexes()
    rig.until_night()
    hours = ended(rig)
    writes = sum(task.record_writes for tenant in TENANTS for task in rig.last(tenant).tasks.values())
    facts: dict[str, object] = {"lost": lost, "writes": writes}
    seen = f"the night reads everything and writes {writes} records"
    return played(rig, f"all {lost} index objects are deleted", seen, "the night itself", hours, facts)


def half_a_table_restored() -> Played:
    """First the records table of the day before, under its own name; then single items of it, put back in place."""
    rig = begun()
    taken = rig.saved(RECORDS)
    rig.night()
    rig.restore(taken)
    rig.until_night()
    whole = rig.difference
    rig.hours(6)
    facts: dict[str, object] = {"whole": whole, "after a night": rig.difference}
    old = [(key, item) for key, item in taken[RECORDS] if key[0].startswith("acme#int1#inventory_levels")]
    rig.put_back(old)
    rig.night()
    facts["silent"] = rig.difference
    mine = [one for one in streams_of(rig.desk, "acme", "int1") if one.stream.key.read == "inventory_levels"]
    agreements = [one.compare() for one in mine]
    facts["found"] = [(len(one.other), len(one.missing), len(one.extra)) for one in agreements if one]
    for one in mine:
        one.distrust()
    rig.until_night()
    hours = ended(rig)
    seen = f"a whole table: {whole}, right after one night; items put back: {facts['silent']} stay after a night"
    return played(
        rig,
        "the records table of the day before, the others of today; then a list's items of that day put back in place",
        seen,
        "the next night; for items put back `check-index` finds them, `rebuild-index` mends",
        hours,
        facts,
    )


def clock_wrong() -> Played:
    """Every machine's clock is ten minutes off, half of them ahead; and an event comes that is dated in ten days."""
    rig = begun()
    skews = iter(range(10**6))
    rig._skew = lambda most: 600.0 if next(skews) % 2 else -600.0  # type: ignore[method-assign]
    rig.until_night()
    rig.hours(2)
    rig.change_source()
    rig.hours(4)
    ends = sorted({status.value for status in rig.statuses()})
    due = [one.due_at for tenant in TENANTS if (one := rig.integration(tenant))]
    facts: dict[str, object] = {"ends": ends, "refused": _refuses_event_of_the_future(rig)}
    facts["due moved"] = due != [one.due_at for tenant in TENANTS if (one := rig.integration(tenant))]
    del rig._skew  # the clocks are set
    rig.until_night()
    hours = ended(rig)
    seen = f"runs: {', '.join(ends)}; the event of the future is refused"
    return played(
        rig,
        "clocks ten minutes fast or slow for a night; a tick dated in ten days",
        seen,
        "the next night",
        hours,
        facts,
    )


def _refuses_event_of_the_future(rig: Rig) -> bool:
    entry = rig.environment("dispatcher").entry
    try:
        entry.handle({"time": f"{START.year + 1}-01-01T00:00:00Z"}, 60)
    except InvalidRequest:
        return True
    return False


def bill_alarm() -> Played:
    """A vendor's records all change with every night: each is written anew."""
    rig = begun()
    rig.night()
    usual = rig.units_of_last_day
    for shelf in rig.vendor.tenants["acme"].shelves.values():
        for id_ in sorted(shelf.live(rig.hub.now)):
            rig.author.write(shelf, id_, rig.hub.now)
    rig.night()
    runaway = rig.units_of_last_day
    found = rig.integration("acme")
    assert found is not None
    rig.console.integrations.put(replace(found, status=IntegrationStatus.PAUSED))
    calls = len(rig.vendor.calls)
    rig.night()
    paused = [call for call in rig.vendor.calls[calls:] if call.tenant == "acme"]
    facts: dict[str, object] = {"usual": usual, "runaway": runaway, "paused": len(paused)}
    story.resume(rig, "acme")
    rig.change_source()
    rig.until_night()
    hours = ended(rig)
    seen = f"write units of a day: {usual} before, {runaway} then; vendor requests once it is paused: {len(paused)}"
    mended = "pause; declare the field as volatile; resume"
    parameters = {"ModelWriteUnits": str(usual)}
    return played(
        rig, "one account's records all change every night", seen, mended, hours, facts, parameters=parameters
    )


def log_flood() -> Played:
    """Every record of a list comes broken, five times as many as before."""
    lines = {}
    for records in (20, 100):
        rig = Rig(replace(CALM, records=records))
        rig.night()
        shelf = rig.shelves["acme", "inventory_levels"]
        for id_ in sorted(shelf.live(rig.hub.now)):
            rig.author.spoil(shelf, id_, rig.hub.now)
        before = len(rig.log)
        rig.night()
        lines[records] = len(rig.log) - before
    aside = rig.last().tasks["inventory_levels"].state
    facts: dict[str, object] = {"lines": lines, "state": aside is TaskState.SUCCEEDED_WITH_WARNINGS}
    for id_ in sorted(shelf.versions):
        rig.author.write(shelf, id_, rig.hub.now)
    rig.until_night()
    hours = ended(rig)
    seen = f"log lines of the night: {lines[20]} with 20 broken records, {lines[100]} with 100"
    return played(rig, "every record of a list is broken", seen, "the next night that brings good ones", hours, facts)


REHEARSALS: Mapping[str, Callable[[], Played]] = {
    "DynamoDB throttled for an hour": throttled,
    "Region outage": region_outage,
    "Vendor down for three days": vendor_down,
    "Expired key": expired_key,
    "Bad deployment": bad_deployment,
    "Secret deleted": secret_deleted,
    "Queue purged": queue_purged,
    "Index object lost": index_lost,
    "Half a table restored": half_a_table_restored,
    "Clock wrong": clock_wrong,
    "Bill alarm": bill_alarm,
    "Log flood": log_flood,
}
"""By their sections in docs/recovery.md."""
