"""Runs and integrations in memory, with the same guards as the stored ones."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from planster_sync.model.integrations import Integration, IntegrationChange, IntegrationStatus
from planster_sync.model.runs import Problem, Run, Task, id_at
from planster_sync.model.streams import Stream, StreamStatus
from planster_sync.storage.rows import from_item, to_item
from tests.fakes.memory_streams import MemoryStreams


class MemoryRuns:
    def __init__(self) -> None:
        self._runs: dict[tuple[str, str, str], Run] = {}

    def create(self, run: Run) -> Run | None:
        there = self._runs.get(_place(run))
        if there is not None:
            return deepcopy(there)
        self._runs[_place(run)] = deepcopy(run)
        return None

    def get(self, organisation: str, integration: str, run: str) -> Run | None:
        return deepcopy(self._runs.get((organisation, integration, run)))

    def put_task(self, run: Run, task: Task) -> Run | None:
        stored = self._runs.get(_place(run))
        if stored is None:
            return None
        there = stored.tasks.get(task.read)
        if there is not None and there != task and there.state.is_final:
            return None
        tasks = {**stored.tasks, task.read: deepcopy(task)}
        self._runs[_place(run)] = replace(stored, tasks=tasks)
        return self.get(*_place(run))

    def update(self, run: Run) -> None:
        stored = self._runs.get(_place(run))
        if stored is not None and not stored.status.is_final:
            self._runs[_place(run)] = replace(
                stored,
                status=run.status,
                sent_at=run.sent_at or stored.sent_at,
                started_at=run.started_at or stored.started_at,
                ended_at=run.ended_at,
                check_at=run.check_at,
            )

    def cancel(self, run: Run, *, by: str, at: datetime) -> Run | None:
        stored = self._runs.get(_place(run))
        if stored is None or stored.status.is_final:
            return None
        if stored.cancelled_at is None:
            self._runs[_place(run)] = replace(stored, cancelled_at=at, cancelled_by=by)
        return self.get(*_place(run))

    def since(self, organisation: str, integration: str, moment: datetime) -> Sequence[Run]:
        return deepcopy([run for run in self._newest_first(organisation, integration) if run.id >= id_at(moment)])

    def active(self, organisation: str, integration: str) -> Sequence[Run]:
        return deepcopy([run for run in self._newest_first(organisation, integration) if not run.status.is_final])

    def count_unfinished(self, began_before: datetime) -> int:
        bound = id_at(began_before)
        return sum(run.id < bound and not run.status.is_final for run in self._runs.values())

    def due_for_check(self, now: datetime, limit: int) -> Sequence[Run]:
        due = [
            (run.check_at, run)
            for run in self._runs.values()
            if run.check_at is not None and run.check_at <= now and not run.status.is_final
        ]
        return [deepcopy(run) for _, run in sorted(due, key=lambda pair: pair[0])[:limit]]

    def recent(
        self, organisation: str, integration: str, limit: int, after: str | None
    ) -> tuple[Sequence[Run], str | None]:
        older = [run for run in self._newest_first(organisation, integration) if after is None or run.id < after]
        return deepcopy(older[:limit]), older[limit - 1].id if len(older) > limit else None

    def _newest_first(self, organisation: str, integration: str) -> list[Run]:
        """The rows themselves; whoever hands them on copies them."""
        runs = [run for place, run in self._runs.items() if place[:2] == (organisation, integration)]
        return sorted(runs, key=lambda run: run.id, reverse=True)


def _place(run: Run) -> tuple[str, str, str]:
    return run.organisation, run.integration, run.id


class MemoryIntegrations:
    def __init__(self, streams: MemoryStreams) -> None:
        self._streams = streams
        self._integrations: dict[tuple[str, str], Integration] = {}

    def get(self, organisation: str, integration: str) -> Integration | None:
        return deepcopy(self._integrations.get((organisation, integration)))

    def due(self, now: datetime, limit: int) -> Sequence[Integration]:
        due = [
            (integration.due_at, integration)
            for integration in self._integrations.values()
            if integration.due_at is not None and integration.due_at <= now
        ]
        return [deepcopy(integration) for _, integration in sorted(due, key=lambda pair: pair[0])[:limit]]

    def count(self) -> int:
        return sum(integration.due_at is not None for integration in self._integrations.values())

    def put(self, integration: Integration) -> None:
        self._integrations[integration.organisation, integration.id] = deepcopy(integration)

    def add(self, integration: Integration) -> Integration | None:
        there = self.get(integration.organisation, integration.id)
        if there is None:
            self.put(integration)
        return there

    def credentials_kept(self, organisation: str, integration: str, *, due_at: datetime) -> Integration | None:
        there = self.get(organisation, integration)
        waits = there is not None and there.status is IntegrationStatus.NEEDS_REAUTH
        status = {"status": IntegrationStatus.ACTIVE} if waits else {}
        noted = {"awaits_credentials": False, "due_at": due_at, "needs_reauth_at": None, "problem": None}
        return self._replaced(organisation, integration, **noted, **status)

    def remove(self, organisation: str, integration: str) -> None:
        """The integration is gone."""
        self._integrations.pop((organisation, integration), None)

    def slot_done(self, integration: Integration, *, last_slot_at: datetime | None, due_at: datetime) -> bool:
        place = (integration.organisation, integration.id)
        stored = self._integrations.get(place)
        if stored is None or stored.due_at != integration.due_at:
            return False
        last_slot_at = last_slot_at or stored.last_slot_at
        watched = stored.nights_watched or integration.nights_watched
        self._integrations[place] = replace(stored, due_at=due_at, last_slot_at=last_slot_at, nights_watched=watched)
        return True

    def change(self, organisation: str, integration: str, change: IntegrationChange) -> Integration | None:
        given = {each.name: getattr(change, each.name) for each in fields(change) if each.name != "cleared"}
        kept = {name: value for name, value in given.items() if value is not None}
        return self._replaced(organisation, integration, **dict.fromkeys(change.cleared), **kept)

    def pause(self, organisation: str, integration: str) -> Integration | None:
        return self._replaced(organisation, integration, status=IntegrationStatus.PAUSED)

    def resume(self, organisation: str, integration: str, due_at: datetime) -> Integration | None:
        there = self.get(organisation, integration)
        if there is None or there.status is not IntegrationStatus.PAUSED:
            return there
        status = IntegrationStatus.NEEDS_REAUTH if there.needs_reauth_at else IntegrationStatus.ACTIVE
        return self._replaced(organisation, integration, status=status, due_at=due_at)

    def disconnect(self, organisation: str, integration: str, *, by: str, at: datetime) -> Integration | None:
        there = self.get(organisation, integration)
        if there is None or there.status is IntegrationStatus.DISCONNECTING:
            return there
        leaving = IntegrationStatus.DISCONNECTING
        return self._replaced(
            organisation, integration, status=leaving, disconnecting_at=at, disconnecting_by=by, due_at=at
        )

    def _replaced(self, organisation: str, integration: str, **changes: Any) -> Integration | None:
        there = self._integrations.get((organisation, integration))
        if there is not None and there.status is not IntegrationStatus.DISCONNECTING:
            self._integrations[organisation, integration] = replace(there, **changes)
        return self.get(organisation, integration)

    def needs_reauth(self, organisation: str, integration: str, problem: Problem, at: datetime) -> None:
        stored = self._integrations.get((organisation, integration))
        if stored is not None and stored.status not in (IntegrationStatus.PAUSED, IntegrationStatus.DISCONNECTING):
            self._integrations[organisation, integration] = replace(
                stored, status=IntegrationStatus.NEEDS_REAUTH, needs_reauth_at=at, problem=problem
            )

    def active_again(self, organisation: str, integration: str, *, due_at: datetime | None = None) -> None:
        stored = self._integrations.get((organisation, integration))
        if stored is not None and stored.status is IntegrationStatus.NEEDS_REAUTH:
            self._integrations[organisation, integration] = replace(
                stored,
                status=IntegrationStatus.ACTIVE,
                needs_reauth_at=None,
                problem=None,
                due_at=due_at or stored.due_at,
            )

    def with_streams(self, organisation: str, integration: str) -> tuple[Integration, Sequence[Stream]] | None:
        found = self.get(organisation, integration)
        return None if found is None else (found, self._streams.of(organisation, integration))

    def status_page(self, organisation: str) -> Sequence[tuple[Integration, Sequence[StreamStatus]]]:
        return [
            (deepcopy(integration), [from_item(StreamStatus, to_item(stream)) for stream in self._streams.of(*place)])
            for place, integration in sorted(self._integrations.items())
            if place[0] == organisation
        ]
