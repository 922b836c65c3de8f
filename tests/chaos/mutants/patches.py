"""Thirty bugs that a sync may have, each as a small change of the product's text: the simulation finds every one.

Numbers 1 to 20 are the planted bugs of the reliability research, a to f the traps of the fingerprint index, 27 to 30
those of a floor under history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Patch:
    """In `module`, `before` (which stands there once) becomes `after`; further changes are in `more`."""

    what: str
    module: str
    before: str
    after: str
    more: tuple[tuple[str, str], ...] = ()

    @property
    def changes(self) -> tuple[tuple[str, str], ...]:
        return ((self.before, self.after), *self.more)


PATCHES: Mapping[str, Patch] = MappingProxyType(
    {
        "1": Patch(
            "the checkpoint moves before the writes",
            "planster_sync.engine.batch",
            "        self.check_lease()\n        while not",
            "        self.check_lease()\n"
            "        self.tools.streams.advance(self.lease, self.checkpoint)\n"
            "        while not",
        ),
        "2": Patch(
            "changed after, instead of at or after, the cursor",
            "planster_sync.connectors.trackstar.client",
            '"trackstar_updated_date[gte]"',
            '"trackstar_updated_date[gt]"',
        ),
        "3": Patch(
            "no overlap before the cursor",
            "planster_sync.engine.segment",
            "stream.high_water - read.overlap",
            "stream.high_water",
        ),
        "4": Patch(
            "the cursor is the end of the run",
            "planster_sync.engine.working",
            "high_water=checkpoint.started_at - lag,",
            "high_water=self.shop.clock.now(),",
        ),
        "5": Patch(
            "unprocessed items are dropped",
            "planster_sync.storage.table",
            "            waiting = [_json(request) for request in left]\n",
            "            waiting = []\n",
        ),
        "6": Patch(
            "a page that fails counts as the end",
            "planster_sync.connectors.trackstar.paging",
            "            cut = split(self.body(path, asked, deadline), prefix=prefix, envelope=_ENVELOPE)\n",
            "            try:\n"
            "                cut = split(self.body(path, asked, deadline), prefix=prefix, envelope=_ENVELOPE)\n"
            "            except Exception:\n"
            "                yield Page((), None, End.PROVEN, read_at)\n"
            "                return\n",
        ),
        "7": Patch(
            "a short page counts as the last",
            "planster_sync.connectors.trackstar.paging",
            "            if coming is None:\n",
            "            if coming is None or len(cut.records) < self.limit:\n",
        ),
        "8": Patch(
            "no fence",
            "planster_sync.storage.streams",
            '_UNDER_FENCE = "fence = :fence AND #owner = :run"',
            '_UNDER_FENCE = "(fence = :fence OR fence <> :fence) AND (#owner = :run OR #owner <> :run)"',
        ),
        "9": Patch(
            "a lease without an end",
            "planster_sync.storage.streams",
            '_FREE = "(attribute_not_exists(lease_until) OR lease_until < :now)"',
            '_FREE = "(attribute_not_exists(lease_until) OR (lease_until < :now AND lease_until > :now))"',
        ),
        "10": Patch(
            "what a broken read did not show is deleted",
            "planster_sync.engine.segment",
            "            except SyncError:\n                self.flush()\n                raise\n",
            "            except SyncError:\n"
            "                self.checkpoint.phase = Phase.BURY\n"
            "                self.flush()\n"
            "                return True\n",
        ),
        "11": Patch(
            "a tombstone is never revived",
            "planster_sync.storage.records",
            "        for write in writes:\n            try:\n",
            "        for write in writes:\n"
            "            place = layout.record_key(\n"
            "                lease.stream.organisation,\n"
            "                lease.stream.integration,\n"
            "                RecordKey(write.record.data_type, write.record.id),\n"
            "            )\n"
            '            if "_deleted_at" in (self._table.get(place) or {}):\n'
            "                continue\n"
            "            try:\n",
        ),
        "12": Patch(
            "no exception means success",
            "planster_sync.engine.working",
            "state=conclusion.task_state(warnings),",
            "state=TaskState.SUCCEEDED,",
        ),
        "13": Patch(
            "a retry begins from the start of the list",
            "planster_sync.engine.working",
            "        durable.wait_until, durable.waiting_for = until, problem.code\n",
            "        durable.wait_until, durable.waiting_for = until, problem.code\n        durable.cursor = None\n",
        ),
        "14": Patch(
            "the token is taken once and kept for good",
            "planster_sync.aws.secrets",
            "if until is None or until <= self._clock.now():",
            "if until is None:",
            ((".pop(integration.secret or", ".get(integration.secret or"),),
        ),
        "15": Patch(
            "a time without its zone",
            "planster_sync.connectors.trackstar.client",
            "moment.astimezone(UTC)",
            "moment.astimezone()",
        ),
        "16": Patch(
            "a handler that failed reports no failure",
            "planster_sync.entry.worker",
            '            self.journal.event("message_postponed", message=message_id, **error.for_log())\n'
            "            return self.timings.retry_wait\n",
            '            self.journal.event("message_postponed", message=message_id, **error.for_log())\n'
            "            return None\n",
        ),
        "17": Patch(
            "of two versions in one batch the one that came first is written",
            "planster_sync.engine.batch",
            "        self.writes.pop(key, None)\n        self.writes[key] = write\n",
            "        self.writes.setdefault(key, write)\n",
        ),
        "18": Patch(
            "messages are sent before the run is written",
            "planster_sync.engine.starting",
            "        existing = self.runs.create(run)\n        if existing",
            "        self.queue.send([run.message(read) for read in run.tasks], lane=run.lane)\n"
            "        existing = self.runs.create(run)\n        if existing",
        ),
        "19": Patch(
            "an old message takes the stream whatever it was sent for",
            "planster_sync.storage.streams",
            '" AND (attribute_not_exists(last_run) OR last_run <> :run)"',
            '" AND (attribute_not_exists(last_run) OR last_run <> :run OR last_run = :run)"',
        ),
        "20": Patch(
            "credentials in memory are shared between tenants",
            "planster_sync.aws.secrets",
            "self._kept.get(name, (None, {}))",
            "self._kept.get(integration.id, (None, {}))",
            (("self._kept[name] =", "self._kept[integration.id] ="),),
        ),
        "a": Patch(
            "writes are journalled after they were made",
            "planster_sync.engine.batch",
            "            self._journal(self.batch)\n            refused = self._write(self.batch)\n",
            "            refused = self._write(self.batch)\n"
            "            self._journal(self.batch)\n"
            "            self.checkpoint.confirmed[self.lease.fence] = self.next_chunk - 1\n",
        ),
        "b": Patch(
            "a lost index is begun anew, without asking the table",
            "planster_sync.engine.index_source",
            "            self._rebuild(index, stream, data_types, shared_types)\n",
            "",
        ),
        "c": Patch(
            "an index is believed whatever table it describes",
            "planster_sync.engine.index_source",
            "if index is None or index.generation != generation:",
            "if index is None:",
        ),
        "d": Patch(
            "a correction ends only when something changed",
            "planster_sync.engine.overlays",
            "        if read_at > made_at:\n",
            "        if read_at > made_at and segment.checkpoint.record_writes:\n",
        ),
        "e": Patch(
            "a record that stays in quarantine is not counted",
            "planster_sync.engine.intake",
            "        if is_first and entry.quarantined:\n            self._count_quarantined()\n",
            "        if is_first and entry.quarantined:\n            pass\n",
        ),
        "f": Patch(
            "a buried record's bytes stay known",
            "planster_sync.engine.settle",
            "    segment.flusher.learn(id_, None)\n",
            "    segment.flusher.learn(id_, entry)\n",
        ),
        "27": Patch(
            "what lies below the floor counts as gone, and nobody is asked",
            "planster_sync.engine.settle",
            "    if not is_asked or _witness(segment) is None:\n",
            "    has_floor = segment.checkpoint.floor is not None\n"
            "    is_asked = is_asked and not has_floor\n"
            "    if not has_floor and (not is_asked or _witness(segment) is None):\n",
            (("    if not _ask_for_missing(segment):\n        return None\n", ""),),
        ),
        "28": Patch(
            "what lies below the floor is counted as missing before it is asked for",
            "planster_sync.engine.settle",
            "    if not _ask_for_missing(segment):\n        return None\n",
            "",
        ),
        "29": Patch(
            "a deeper floor waits for the next snapshot that is due anyhow",
            "planster_sync.engine.segment",
            "is_due or depth.is_deeper(checkpoint.floor, stream.floor)",
            "is_due",
        ),
        "30": Patch(
            "a task ends under another floor than it began with",
            "planster_sync.engine.working",
            "        checkpoint.wait_until = checkpoint.waiting_for = None\n",
            "        checkpoint.wait_until = checkpoint.waiting_for = None\n        checkpoint.floor = self._floor\n",
        ),
    }
)
