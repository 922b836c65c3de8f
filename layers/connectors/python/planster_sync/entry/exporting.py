"""The worker's side of an export: reads records on from where the last part ended, and adds the next parts.

Each part is a gzip member of its own; members behind each other are one gzip file (RFC 1952, 2.2). What was read and is
not in a durable part when the time is over is read again by the next segment.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from planster_sync.entry.api import sheets
from planster_sync.entry.api.filters import Wanted
from planster_sync.entry.api.shop import RecordsReader
from planster_sync.entry.api.walks import Found, Walk
from planster_sync.errors import NoProgress, SyncError
from planster_sync.model.data_types import DataType
from planster_sync.model.exports import Export, ExportState
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import Lane, Problem, TaskMessage
from planster_sync.model.timings import Timings
from planster_sync.ports.exports import ExportFiles, Exports
from planster_sync.ports.platform import Clock, Journal, TaskQueue
from planster_sync.ports.stores import Integrations

ROWS = 500
"""Read at once."""
PART = 8 * 1024 * 1024
"""Compressed bytes behind which a part is durable; S3 takes none below 5 MB but the last, and 10,000 of them."""


@dataclass(frozen=True, slots=True)
class Exporter:
    integrations: Integrations
    exports: Exports
    files: ExportFiles
    records: RecordsReader
    queue: TaskQueue
    clock: Clock
    timings: Timings
    journal: Journal
    part: int = PART

    def handle(self, message: TaskMessage, until: datetime) -> float | None:
        """Writes until `until`; gives the seconds after which the message must come back, or None.

        Raises:
            StoreBusy: a store stayed busy; the message comes back, and what is durable stays.
        """
        there = self.exports.get(message.organisation, message.integration, message.read)
        if there is None or there.state.is_final or there.segment != message.segment:
            return None
        integration = self.integrations.get(there.organisation, there.integration)
        if integration is None or integration.status is IntegrationStatus.DISCONNECTING:
            self.files.drop(there)
            return None
        now = self.clock.now()
        if there.held_until is not None and there.held_until > now:
            return (there.held_until - now).total_seconds()
        held_until = now + timedelta(seconds=self.timings.lease)
        check_at = held_until + timedelta(seconds=self.timings.claim)
        held = self._changed(there, state=ExportState.WRITING, held_until=held_until, check_at=check_at)
        if held is not None:
            self._work(held, until)
        return None

    def _work(self, held: Export, until: datetime) -> None:
        try:
            self._write(held, until)
        except SyncError as error:
            if error.retryable:
                self._released(held)
                raise
            self._failed(held, Problem.of(error))

    def _write(self, held: Export, until: datetime) -> None:
        upload = held.upload or self.files.begin(held)
        export, durable = replace(held, upload=upload), len(held.parts)
        writer = _Part(export)
        while self.clock.now() < until:
            found = _page(export, self.records, writer.position)
            writer.add(found.records, found.position)
            if found.position is None or len(writer) >= self.part:
                export = self._added(export, writer)
                if found.position is None:
                    self._finished(held, export)
                    return
                writer = _Part(export)
        self._continued(held, export, stalled=len(export.parts) == durable)

    def _added(self, export: Export, writer: _Part) -> Export:
        content = writer.closed()
        tag = self.files.add(export, len(export.parts) + 1, content)
        return replace(
            export,
            parts=(*export.parts, tag),
            position=writer.position,
            records=export.records + writer.records,
            bytes=export.bytes + len(content),
        )

    def _finished(self, held: Export, export: Export) -> None:
        self.files.finish(export)
        ready = replace(export, state=ExportState.READY, ended_at=self.clock.now(), held_until=None, check_at=None)
        self.exports.change(held, ready)
        self.journal.event("export_ready", organisation=held.organisation, integration=held.integration)

    def _continued(self, held: Export, export: Export, *, stalled: bool) -> None:
        stalls = export.stalls + 1 if stalled else 0
        if stalls > self.timings.max_stalls:
            self._failed(held, Problem.of(NoProgress("The export got no further.")))
            return
        check_at = self.clock.now() + timedelta(seconds=self.timings.claim)
        following = replace(
            export, segment=export.segment + 1, stalls=stalls, held_until=None, check_at=check_at, resent=0
        )
        then = self.exports.change(held, following)
        if then is not None:
            self.queue.send([then.message], lane=Lane.MANUAL)  # the sweep sends a message that is lost here

    def _failed(self, held: Export, problem: Problem) -> None:
        self.files.drop(held)
        ended = {"ended_at": self.clock.now(), "held_until": None, "check_at": None}
        self._changed(held, state=ExportState.FAILED, problem=problem, **ended)

    def _released(self, held: Export) -> None:
        self._changed(held, held_until=None)

    def _changed(self, there: Export, **fields: Any) -> Export | None:
        return self.exports.change(there, replace(there, **fields))


def _page(export: Export, records: RecordsReader, position: str | None) -> Found:
    wanted = Wanted(export.data_type, export.sku, export.warehouse, export.status)
    walk = Walk(export.organisation, export.integration, wanted, export.since)
    return walk.page(records, ROWS, position)


class _Part:
    """The next part of a file: records on from the export's position."""

    def __init__(self, export: Export) -> None:
        self._lines = _LINES[export.form]
        self._kind = export.data_type
        self._squeeze = zlib.compressobj(wbits=31)  # a gzip member
        self._chunks: list[bytes] = []
        self._size = 0
        self.position = export.position
        self.records = 0
        if not export.parts and export.form == "csv":
            self._put(sheets.names(export.data_type))

    def __len__(self) -> int:
        return self._size

    def add(self, records: Sequence[Mapping[str, Any]], position: str | None) -> None:
        self._put(self._lines(self._kind, records))
        self.records += len(records)
        self.position = position

    def closed(self) -> bytes:
        return b"".join([*self._chunks, self._squeeze.flush()])

    def _put(self, text: str) -> None:
        chunk = self._squeeze.compress(text.encode())
        self._chunks.append(chunk)
        self._size += len(chunk)


def _ndjson(_: DataType, rows: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


_LINES: Mapping[str, Callable[[DataType, Sequence[Mapping[str, Any]]], str]] = {
    "csv": sheets.lines,
    "ndjson": _ndjson,
}
