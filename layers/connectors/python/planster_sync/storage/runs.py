"""Runs with their tasks inside: one item each, so that a run is created and read in one piece.

`by_due` projects keys only: a run's item changes with every step of every task, and an index that carried it whole
would pay for each change again. The few items that are due are read by one BatchGetItem.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from planster_sync.model.runs import Run, RunStatus, Task, TaskState, id_at
from planster_sync.ports.platform import Journal
from planster_sync.storage import keys as layout
from planster_sync.storage.attributes import Item
from planster_sync.storage.due import all_keys, due_keys, readable
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Change, Order, Question, Table

KEPT = timedelta(days=90)
RECENT = 50

_FINAL_TASK = {f"final{place}": state for place, state in enumerate(s for s in TaskState if s.is_final)}
_OPEN_RUN = {f"open{place}": status for place, status in enumerate(s for s in RunStatus if not s.is_final)}
_TASK_OPEN = (
    "attribute_exists(pk) AND (attribute_not_exists(tasks.#read) OR tasks.#read = :task"
    f" OR NOT tasks.#read.#state IN ({', '.join(f':{name}' for name in _FINAL_TASK)}))"
)
_RUN_OPEN = f"#status IN ({', '.join(f':{name}' for name in _OPEN_RUN)})"


class DynamoRuns:
    """`journal` hears of rows that cannot be read where others must not suffer for them."""

    def __init__(self, control: Table, journal: Journal | None = None) -> None:
        self._table = control
        self._journal = journal

    def create(self, run: Run) -> Run | None:
        """Recognises the run that it wrote itself where the first answer was lost."""
        outcome = self._table.put_new(_item(run))
        if outcome.accepted or outcome.item is None:
            return None
        there = from_item(Run, outcome.item)
        return None if outcome.doubted and there == run else there

    def get(self, organisation: str, integration: str, run: str) -> Run | None:
        item = self._table.get(layout.run_key(organisation, integration, run))
        return None if item is None else from_item(Run, item)

    def put_task(self, run: Run, task: Task) -> Run | None:
        """The same final task again is accepted: its first answer may have been lost."""
        change = Change(
            _TASK_OPEN,
            extra=("tasks.#read = :task",),
            names={"read": task.read, "state": "state"},
            values={"task": to_item(task), **_FINAL_TASK},
        )
        outcome = self._table.change(_key(run), change)
        return from_item(Run, outcome.item) if outcome.accepted and outcome.item is not None else None

    def update(self, run: Run) -> None:
        """`sent_at` and `started_at` are never unset. A repeated end is refused by the first, and does nothing."""
        written = to_item(run)
        sets: Item = {
            name: written[name]
            for name in ("status", "sent_at", "started_at", "ended_at", "check_at")
            if name in written
        }
        due = _due(run)
        removes = [name for name in ("ended_at", "check_at") if name not in sets]
        removes += [] if due else ["due_pk", "due_sk"]
        self._table.change(_key(run), Change(_RUN_OPEN, sets={**sets, **due}, removes=removes, values=_OPEN_RUN))

    def cancel(self, run: Run, *, by: str, at: datetime) -> Run | None:
        change = Change(
            _RUN_OPEN,
            extra=(
                "cancelled_at = if_not_exists(cancelled_at, :at)",
                "cancelled_by = if_not_exists(cancelled_by, :by)",
            ),
            names={"status": "status"},
            values={"at": at, "by": by, **_OPEN_RUN},
        )
        outcome = self._table.change(_key(run), change)
        return from_item(Run, outcome.item) if outcome.accepted and outcome.item is not None else None

    def since(self, organisation: str, integration: str, moment: datetime) -> Sequence[Run]:
        question = Question(
            "pk = :pk AND sk >= :since",
            {"pk": layout.runs_partition(organisation, integration), "since": id_at(moment)},
            order=Order.DESCENDING,
        )
        return [from_item(Run, item) for item in self._table.query(question)]

    def active(self, organisation: str, integration: str) -> Sequence[Run]:
        """Newest first, among the newest 50, by one consistent Query that hands over the unfinished ones only.

        Not by the sparse index, which lags behind: a second sync asked for at once must see the first. Runs end
        within a day, so that an unfinished one is never older than 50 others.
        """
        question = Question(
            "pk = :pk",
            {"pk": layout.runs_partition(organisation, integration), **_OPEN_RUN},
            names={"status": "status"},
            filter=_RUN_OPEN,
            order=Order.DESCENDING,
            limit=RECENT,
        )
        (found,) = self._table.first_of_each([question])
        return [from_item(Run, item) for item in found]

    def count_unfinished(self, began_before: datetime) -> int:
        bound = id_at(began_before)
        return sum(str(key["sk"]) < bound for key in all_keys(self._table, layout.run_shards()))

    def due_for_check(self, now: datetime, limit: int) -> Sequence[Run]:
        keys = due_keys(self._table, layout.run_shards(), now, limit)
        runs = readable(self._table.get_all(keys), Run, self._journal)
        due = [(run.check_at, run) for run in runs if run.check_at and run.check_at <= now and not run.status.is_final]
        return [run for _, run in sorted(due, key=lambda pair: pair[0])]

    def recent(
        self, organisation: str, integration: str, limit: int, after: str | None
    ) -> tuple[Sequence[Run], str | None]:
        runs = self._newest(organisation, integration, limit + 1, after)
        return runs[:limit], runs[limit - 1].id if len(runs) > limit else None

    def _newest(self, organisation: str, integration: str, limit: int, after: str | None) -> list[Run]:
        partition = layout.runs_partition(organisation, integration)
        older = {"pk": partition, "after": after} if after else {"pk": partition}
        condition = "pk = :pk AND sk < :after" if after else "pk = :pk"
        question = Question(condition, older, order=Order.DESCENDING, limit=limit)
        return [from_item(Run, item) for item in self._table.query_up_to(question, limit)]


def _key(run: Run) -> layout.Key:
    return layout.run_key(run.organisation, run.integration, run.id)


def _due(run: Run) -> layout.Key:
    if run.check_at is None or run.status.is_final:
        return {}
    return layout.run_due(run.organisation, run.integration, run.id, run.check_at)


def _item(run: Run) -> Item:
    expires = int((run.created_at + KEPT).timestamp())
    return {**_key(run), **to_item(run), **_due(run), "_expires": expires}
