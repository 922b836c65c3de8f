"""Puts what is told into bodies, once; the text is what is signed and sent in every attempt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from planster_sync.engine.announcing import changed_data_types
from planster_sync.entry.api.views import CountsView
from planster_sync.entry.api.words import Health, State
from planster_sync.entry.webhooks.bodies import (
    ActionNeeded,
    Body,
    ChangedState,
    CompletedRun,
    DataTypeChange,
    DeletionHeld,
    EndedRead,
    Greeting,
    HeldDeletions,
    HeldPart,
    NeededAction,
    RunCompleted,
    StandingBody,
    StateChanged,
    Tested,
)
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import Run, Task
from planster_sync.model.streams import HeldDeletion
from planster_sync.model.webhooks import UNSEEN, Action, Kind, Notice, Standing, Told


class JsonWording:
    def run_completed(self, id_: str, integration: Integration, run: Run, at: datetime) -> Notice:
        tasks = sorted(run.tasks.values(), key=lambda task: task.priority)
        data = CompletedRun(
            **_subject(integration),
            run=run.id,
            trigger=run.trigger,
            mode=run.mode,
            status=run.status,
            started_at=run.started_at,
            ended_at=run.ended_at,
            reads=[_ended_read(task) for task in tasks],
        )
        return _notice(Kind.RUN_COMPLETED, RunCompleted(id=id_, timestamp=at, data=data))

    def state_changed(self, id_: str, integration: Integration, before: Told, after: Told, at: datetime) -> Notice:
        changes = [
            DataTypeChange(
                data_type=data_type,
                before=_standing(before.data_types.get(data_type, UNSEEN)),
                now=_standing(after.data_types[data_type]),
            )
            for data_type in changed_data_types(before, after)
        ]
        data = ChangedState(
            **_subject(integration), before=_standing(before.whole), now=_standing(after.whole), data_types=changes
        )
        return _notice(Kind.STATE_CHANGED, StateChanged(id=id_, timestamp=at, data=data))

    def action_needed(self, id_: str, integration: Integration, action: Action, at: datetime) -> Notice:
        data = NeededAction(
            **_subject(integration),
            code=action.code,
            what=action.what,
            remedy=action.remedy,
            data_types=list(action.data_types),
            reference=action.reference,
        )
        return _notice(Kind.ACTION_NEEDED, ActionNeeded(id=id_, timestamp=at, data=data))

    def deletion_held(self, id_: str, integration: Integration, held: Sequence[HeldDeletion], at: datetime) -> Notice:
        parts = [
            HeldPart(data_type=each.data_type, count=each.count, live=each.live, run=each.run, at=each.at)
            for each in held
        ]
        data = HeldDeletions(**_subject(integration), data_types=parts)
        return _notice(Kind.DELETION_HELD, DeletionHeld(id=id_, timestamp=at, data=data))

    def test(self, id_: str, organisation: str, at: datetime) -> Notice:
        return _notice(Kind.TEST, Tested(id=id_, timestamp=at, data=Greeting(organisation=organisation)))


def _notice(kind: Kind, body: Body) -> Notice:
    return Notice(body.id, kind, body.model_dump_json(), body.timestamp)


def _subject(integration: Integration) -> dict[str, str]:
    return {
        "organisation": integration.organisation,
        "integration": integration.id,
        "connector": integration.connector,
    }


def _standing(standing: Standing) -> StandingBody:
    return StandingBody(state=State(standing.state), health=Health(standing.health))


def _ended_read(task: Task) -> EndedRead:
    return EndedRead(
        read=task.read,
        data_types=list(task.data_types),
        state=task.state,
        code=task.problem.code if task.problem else None,
        warnings=[warning.code for warning in task.warnings],
        counts={data_type: CountsView.of(counts) for data_type, counts in task.counts.items()},
    )
