"""What an organisation's webhooks are to be told, found as the difference between how things stand and what was told.

Nobody has to remember to tell: a look that was lost, or died, is made up for by the next one, which the sweep asks for
on every tick. What was told is moved on together with the deliveries, in one transaction, so that each change is told
once and none is skipped. The row of what was told is read before the state is judged, and written on condition that
nobody has moved it since: an older judgement never undoes a newer one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from planster_sync.errors import SyncError
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.runs import Run, id_at
from planster_sync.model.streams import HeldDeletion, StreamStatus
from planster_sync.model.timings import Timings
from planster_sync.model.webhooks import (
    NOT_COUNTED,
    UNSEEN,
    Action,
    Board,
    Delivery,
    Judgement,
    LookMessage,
    Notice,
    Target,
    Told,
)
from planster_sync.ports.platform import Clock, Identity, Journal
from planster_sync.ports.stores import Integrations, Runs
from planster_sync.ports.webhooks import Judge, WebhookQueue, Webhooks, Wording

TRIES = 3
"""How often the whole look is taken where another worker told something meanwhile, or much is to be told."""
LOOK_BACK = timedelta(days=3)
"""Runs that began earlier are told no more; a run ends within a day of its slot."""
MOST_TARGETS = 10
MOST_RUNS = 6
"""Told at once: with a change, an action and what is held, for each of ten targets, a transaction takes them all."""


class Looker(Protocol):
    def handle(self, message: LookMessage) -> None: ...


@dataclass(frozen=True, slots=True)
class Lookers:
    """Several, each with a memory of its own; a message that comes back asks all of them again."""

    each: Sequence[Looker]

    def handle(self, message: LookMessage) -> None:
        for looker in self.each:
            looker.handle(message)


@dataclass(frozen=True, slots=True)
class Announcer:
    """Handles look messages."""

    webhooks: Webhooks
    integrations: Integrations
    runs: Runs
    judge: Judge
    wording: Wording
    queue: WebhookQueue
    clock: Clock
    identity: Identity
    timings: Timings
    journal: Journal

    def handle(self, message: LookMessage) -> None:
        """Tells what there is to tell; what is left after a few tries is the next look's.

        Raises:
            StoreBusy: the stores were throttled; the message comes back.
        """
        for _ in range(TRIES):
            if self._look(message):
                return

    def _look(self, message: LookMessage) -> bool:
        """Whether everything was told; False where another worker was quicker, or something is left."""
        board = self.webhooks.board(message.organisation)
        if board.watch is None or not board.targets:
            return True
        page = self.integrations.status_page(message.organisation)
        wanted = [each for each in page if message.integration in (None, each[0].id) and _is_connected(each[0])]
        told = [self._try(board, *each) for each in wanted]  # each of them, whatever the first ones say
        return all(told)

    def _try(self, board: Board, integration: Integration, streams: Sequence[StreamStatus]) -> bool:
        """One integration; one that fails is left to the next look, so that it stands in no other's way."""
        named = {"organisation": integration.organisation, "integration": integration.id}
        try:
            return self._tell(board, integration, streams)
        except SyncError as error:
            self.journal.event("webhook_look_failed", **named, **error.for_log())
        except Exception as error:  # the seam of one integration: what is wrong with it must not silence the others
            self.journal.failure("webhook_look_failed", error, **named)
        return True

    def _tell(self, board: Board, integration: Integration, streams: Sequence[StreamStatus]) -> bool:
        now = self.clock.now()
        known = _known(board, integration, now)
        look = _Look(self, board.targets, integration, now, known, known)
        look.at_state(self.judge(integration, streams, now), is_silent=_is_silent(board, integration))
        is_complete = look.at_runs(self.runs.since(integration.organisation, integration.id, now - LOOK_BACK))
        return self._written(look) and is_complete

    def _written(self, look: _Look) -> bool:
        if look.told == look.before:
            return True
        deliveries = [look.delivery(target, notice) for target, notice in look.concerned()]
        told = replace(look.told, at=look.now, version=look.before.version + 1)
        if not self.webhooks.tell(told, deliveries):
            return False
        for notice in look.notices:
            self.journal.event("webhook_noticed", integration=told.integration, kind=notice.kind.value)
        self.queue.send_deliveries([delivery.message for delivery in deliveries])  # the sweep sends what is lost here
        return True


@dataclass(slots=True)
class _Look:
    """One look at one integration: `told` is what will have been told once `notices` are on their way."""

    announcer: Announcer
    targets: Sequence[Target]
    integration: Integration
    now: datetime
    before: Told
    told: Told
    notices: list[Notice] = field(default_factory=list)

    def at_state(self, judged: Judgement, *, is_silent: bool) -> None:
        """A silent look only remembers how things stand."""
        self.told = replace(self.told, whole=judged.whole, data_types=judged.data_types)
        if self._is_changed(judged) and not is_silent:
            wording = self.announcer.wording
            self.notices.append(wording.state_changed(self._id, self.integration, self.before, self.told, self.now))
        if self.integration.status is not IntegrationStatus.PAUSED:  # somebody has decided so, and it will be over
            self._at_action(judged.action, is_silent=is_silent)
        self._at_held(judged.held, is_silent=is_silent)

    def at_runs(self, runs: Sequence[Run]) -> bool:
        """The ended ones that were not told, the oldest first; whether none is left."""
        ended = [run for run in reversed(runs) if run.status.is_final and run.id not in self.before.runs]
        wanted = [run for run in ended if any(target.created_at <= _end(run) for target in self.targets)]
        left = {run.id for run in wanted[MOST_RUNS:]}
        for run in wanted[:MOST_RUNS]:
            self.notices.append(self.announcer.wording.run_completed(self._id, self.integration, run, _end(run)))
        known = {*self.before.runs, *(run.id for run in ended)} - left
        self.told = replace(self.told, runs=tuple(run.id for run in runs if run.id in known))
        return not left

    def concerned(self) -> list[tuple[Target, Notice]]:
        """What happened before somebody registered is no news to them."""
        return [
            (target, notice)
            for notice in self.notices
            for target in self.targets
            if target.wants(notice.kind) and target.created_at <= notice.happened_at
        ]

    def delivery(self, target: Target, notice: Notice) -> Delivery:
        return delivery_of(target, notice, self.now, self.announcer.timings, integration=self.integration.id)

    def _at_action(self, action: Action | None, *, is_silent: bool) -> None:
        code, data_types = (action.code, action.data_types) if action else (None, ())
        is_same = code == self.before.action and set(data_types) <= set(self.before.action_data_types)
        self.told = replace(self.told, action=code, action_data_types=data_types)
        if action is not None and not is_same and not is_silent:
            self.notices.append(self.announcer.wording.action_needed(self._id, self.integration, action, self.now))

    def _at_held(self, held: Sequence[HeldDeletion], *, is_silent: bool) -> None:
        """What waits is told once, and again where it has become another number."""
        self.told = replace(self.told, held={each.data_type: each.count for each in held})
        news = [each for each in held if self.before.held.get(each.data_type) != each.count]
        if news and not is_silent:
            self.notices.append(self.announcer.wording.deletion_held(self._id, self.integration, news, self.now))

    def _is_changed(self, judged: Judgement) -> bool:
        return judged.whole != self.before.whole or bool(changed_data_types(self.before, self.told))

    @property
    def _id(self) -> str:
        return notice_id(self.now, self.announcer.identity)


def changed_data_types(before: Told, after: Told) -> list[DataType]:
    """Those that stand otherwise than was told; one that takes no part from the start is no news."""
    return [
        data_type
        for data_type, standing in after.data_types.items()
        if standing != before.data_types.get(data_type, UNSEEN)
        and (data_type in before.data_types or standing.health != NOT_COUNTED)
    ]


def notice_id(now: datetime, identity: Identity) -> str:
    """Sorts by time; the same for a notice's deliveries to all targets, in all attempts."""
    return f"{id_at(now)}-{identity.new_id()}"


def delivery_of(
    target: Target, notice: Notice, now: datetime, timings: Timings, *, integration: str | None = None
) -> Delivery:
    """A delivery that waits for its message."""
    return Delivery(
        target.organisation,
        target.id,
        notice.id,
        notice.kind,
        notice.body,
        now,
        integration=integration,
        check_at=now + timedelta(seconds=timings.unsent),
    )


def _is_connected(integration: Integration) -> bool:
    """Nothing is kept of one that is being erased."""
    return integration.status is not IntegrationStatus.DISCONNECTING


def _known(board: Board, integration: Integration, now: datetime) -> Told:
    there = board.told.get(integration.id)
    if there is None or not _is_of_this_watch(board, there):
        return Told(integration.organisation, integration.id, now, version=there.version if there else 0)
    return there


def _is_silent(board: Board, integration: Integration) -> bool:
    """How things stood before anybody registered is no news; a new integration's first words are."""
    there = board.told.get(integration.id)
    is_known = there is not None and _is_of_this_watch(board, there)
    return not is_known and board.watch is not None and integration.created_at < board.watch.since


def _is_of_this_watch(board: Board, told: Told) -> bool:
    return board.watch is not None and told.at >= board.watch.since


def _end(run: Run) -> datetime:
    return run.ended_at or run.created_at
