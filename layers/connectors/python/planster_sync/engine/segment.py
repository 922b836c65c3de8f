"""One worker invocation's share of a task: read pages, take them in, checkpoint, stop in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from planster_sync.engine import depth, slices, windows
from planster_sync.engine.batch import Batch, Flusher
from planster_sync.engine.index import Index
from planster_sync.engine.index_entries import millis
from planster_sync.engine.intake import Intake
from planster_sync.engine.tools import SegmentTools
from planster_sync.errors import EndUnproven, NoProgress, StepAside, SyncError
from planster_sync.model.runs import Mode
from planster_sync.model.streams import Checkpoint, Lease, Phase, Stream
from planster_sync.ports.source import End, Page, Read, ReadRequest, ReadStyle, Sharing

NIGHTS_DIFFER = timedelta(hours=12)
"""No night begins at the same second as the one before: a snapshot that is due on this night must not miss it."""

MOST_IDLE_PAGES = 100
"""So many pages in a row may show nothing that this run has not seen: a list that promises more for ever is left."""

Headway = tuple[str | None, Phase, int, str | None]


@dataclass(slots=True)
class Segment:
    """Holds the state of one segment; made by `open_segment`, driven by `read` and then `settle.settle`."""

    tools: SegmentTools
    lease: Lease
    stream: Stream
    checkpoint: Checkpoint
    until: datetime
    index: Index
    intake: Intake
    flusher: Flusher
    flushed_at: datetime
    found: Headway
    pages_before: int

    @property
    def batch(self) -> Batch:
        return self.flusher.batch

    @property
    def is_snapshot(self) -> bool:
        return self.checkpoint.is_snapshot

    @property
    def progressed(self) -> bool:
        """Whether the next segment starts further on than this one did; what was only read does not count."""
        durable = self.flusher.durable
        pages = durable.pages - self.pages_before
        has_run_idle = 0 < pages <= durable.idle_pages
        return _headway(durable) != self.found and not has_run_idle

    @property
    def journal_chunks(self) -> int:
        """How many objects the next segment would have to read besides the index."""
        return self.index.journal_chunks + self.flusher.next_chunk

    @property
    def is_index_valid(self) -> bool:
        """Whether the index object that the segment found says all that is to be known when no run is in progress."""
        return not self.index.is_changed and self.journal_chunks == 0

    @property
    def work_done(self) -> tuple[int, int, int, str | None]:
        """Grows with every step that brings the task nearer to its end."""
        return self.checkpoint.pages, self.checkpoint.record_writes, self.index.seen, self.checkpoint.asked

    def read(self) -> bool:
        """Reads on from the checkpoint, slice by slice. True when the end is proven, False when the time is over.

        Raises:
            EndUnproven, AnswerBroken, Throttled, SourceUnavailable, CredentialsRejected, Forbidden, Unsupported: as the
            connector says; what was read before is durable.
            NoProgress: page after page shows nothing new.
        """
        while self._read_list():
            if not slices.turn(self.checkpoint, self._declared, self.tools.clock.now()):
                self.checkpoint.phase = Phase.BURY
                self._flush_when_worth_it()
                return True
            self.flush()
            if self.tools.clock.now() >= self.until:
                return False
        return False

    @property
    def _declared(self) -> Read:
        return self.tools.read(self.lease.stream.read)

    def _read_list(self) -> bool:
        ask = ReadRequest(
            self.lease.stream.read,
            since=self.checkpoint.since if self.checkpoint.incremental else None,
            after=self.checkpoint.cursor,
            deadline=self.until + timedelta(seconds=self.tools.timings.http_timeout),
            only=slices.wanted(self.checkpoint, self._declared),
        )
        with self.tools.open_pages(self.tools.connector.pages(ask)) as pages:
            try:
                return self._read_pages(pages)
            except StepAside:
                raise
            except SyncError:
                self.flush()
                raise

    def _read_pages(self, pages: Iterable[Page]) -> bool:
        for page in pages:
            self._absorb(page)
            if page.end is End.CLAIMED:
                raise EndUnproven("The source stopped in the middle of its list without saying that it is complete.")
            if page.end is End.PROVEN:
                return True
            self.checkpoint.cursor = page.after
            if self.checkpoint.idle_pages > MOST_IDLE_PAGES:
                raise NoProgress("The source promises more and more pages, but shows nothing new on them.")
            if self.tools.clock.now() >= self.until:
                self.flush()
                return False
            self._flush_when_due()
        raise EndUnproven("The source's list ended without saying that it is complete.")

    def _absorb(self, page: Page) -> None:
        known = self.index.seen
        self.intake.absorb(page)
        self.checkpoint.pages += 1
        is_idle = self.index.seen == known
        self.checkpoint.idle_pages = self.checkpoint.idle_pages + 1 if is_idle else -self.checkpoint.earlier_pages
        if page.source_total is not None:
            self.checkpoint.source_total = page.source_total

    def flush(self) -> None:
        """Makes everything decided so far durable and moves the checkpoint."""
        self.flusher.flush()
        self.flushed_at = self.tools.clock.now()

    def flush_effects(self) -> None:
        """Makes durable what has effects; what was merely read is soon read again."""
        if self.batch.has_effects:
            self.flush()
        self.flusher.check_lease()

    def _flush_when_due(self) -> None:
        if self.batch.is_full or self._is_due:
            self.flush()

    def _flush_when_worth_it(self) -> None:
        if self.batch.has_effects or self._is_due:
            self.flush()

    @property
    def _is_due(self) -> bool:
        elapsed = (self.tools.clock.now() - self.flushed_at).total_seconds()
        return elapsed >= self.tools.timings.checkpoint_every


def open_segment(
    tools: SegmentTools, lease: Lease, stream: Stream, checkpoint: Checkpoint, until: datetime, snapshot_days: int
) -> Segment:
    """Loads what is known of the stream and decides, before anything was read, what has to be read."""
    read = tools.read(lease.stream.read)
    index = tools.index_source.load(
        lease.stream,
        base=stream.index,
        run=lease.run,
        confirmed=checkpoint.confirmed,
        data_types=tuple(read.feeds),
        shared_types=frozenset(type_ for type_, sharing in read.feeds.items() if sharing is Sharing.SHARED),
        mapping=tools.mapping,
    )
    if index.restart:
        _restart(index, checkpoint, read)
    elif checkpoint.pages == 0 and checkpoint.cursor is None:
        _choose_mode(checkpoint, read, stream, index, timedelta(days=snapshot_days))
    flusher = Flusher(tools, lease, stream.index or "", index, checkpoint, checkpoint.copy())
    look_again_at = millis(stream.look_again_at) if stream.look_again_at else 0
    intake = Intake(tools, read, index, checkpoint, flusher, look_again_at)
    now, found = tools.clock.now(), _headway(checkpoint)
    return Segment(tools, lease, stream, checkpoint, until, index, intake, flusher, now, found, checkpoint.pages)


def _headway(checkpoint: Checkpoint) -> Headway:
    return checkpoint.cursor, checkpoint.phase, checkpoint.record_writes, checkpoint.asked


def _choose_mode(checkpoint: Checkpoint, read: Read, stream: Stream, index: Index, snapshot_every: timedelta) -> None:
    """Incremental only where nothing needs a snapshot: it sees no deletion, can carry out no approved one, and does
    not meet what was set aside long ago.
    """
    last = stream.last_snapshot_at
    is_due = last is None or checkpoint.started_at - last >= snapshot_every - NIGHTS_DIFFER
    is_due = is_due or (stream.look_again_at is not None and last is not None and stream.look_again_at > last)
    is_due = is_due or depth.is_deeper(checkpoint.floor, stream.floor)
    is_approved = bool(stream.held) and stream.approved_at is not None
    checkpoint.incremental = (
        read.style is ReadStyle.INCREMENTAL
        and checkpoint.mode is Mode.AUTO
        and stream.high_water is not None
        and index.complete
        and not is_due
        and not is_approved
    )
    checkpoint.since = stream.high_water - read.overlap if stream.high_water else None
    is_first_load = stream.index is None and stream.last_success_at is None and len(index) == 0
    is_sliced = is_first_load and checkpoint.mode is Mode.AUTO and read.recent_first
    checkpoint.slice = 0 if is_sliced else None
    checkpoint.windows = windows.known(read, stream, checkpoint.mode)


def _restart(index: Index, checkpoint: Checkpoint, read: Read) -> None:
    """What was seen under a lost index or another mapping proves nothing: the task reads everything from the start."""
    index.forget_seen()
    checkpoint.incremental = False
    checkpoint.slice = checkpoint.cursor = checkpoint.asked = None
    checkpoint.part = 0
    checkpoint.idle_pages = checkpoint.earlier_pages = 0
    checkpoint.windows = windows.unknown(read)
    checkpoint.phase = Phase.READ
    checkpoint.source_total = None
    checkpoint.counts = {}
