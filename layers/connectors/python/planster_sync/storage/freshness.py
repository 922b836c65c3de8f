"""Judged nights in the control table: one small row for each integration and night, beside the watch of the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from planster_sync.model.freshness import KEPT, Night, NightWatch
from planster_sync.ports.platform import Journal
from planster_sync.storage import keys as layout
from planster_sync.storage.due import due_keys, readable
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Change, Question, Table

_AS_READ = "#check_at = :read"


class DynamoNights:
    """`journal` hears of rows that cannot be read where others must not suffer for them."""

    def __init__(self, control: Table, journal: Journal | None = None) -> None:
        self._table = control
        self._journal = journal

    def begin_watch(self, watch: NightWatch) -> None:
        self._table.put_new({**_watch_key(watch), **to_item(watch), **_due(watch)})

    def due_watches(self, now: datetime, limit: int) -> Sequence[NightWatch]:
        keys = due_keys(self._table, layout.night_shards(), now, limit)
        found = readable(self._table.get_all(keys), NightWatch, self._journal)
        return sorted((each for each in found if each.check_at <= now), key=lambda each: each.check_at)

    def move_watch(self, there: NightWatch, then: NightWatch) -> None:
        sets = {"date": then.date, "check_at": then.check_at, **_due(then)}
        self._table.change(_watch_key(there), Change(_AS_READ, sets=sets, values={"read": there.check_at}))

    def end_watch(self, watch: NightWatch) -> None:
        change = Change(
            _AS_READ,
            removes=("due_pk", "due_sk"),
            names={"check_at": "check_at"},
            values={"read": watch.check_at},
        )
        self._table.change(_watch_key(watch), change)

    def keep(self, night: Night) -> bool:
        """Recognises the night that it wrote itself where the first answer was lost."""
        key = layout.night_key(night.organisation, night.integration, night.date)
        outcome = self._table.put_new({**key, **to_item(night), "_expires": int((night.at + KEPT).timestamp())})
        if outcome.accepted:
            return True
        return outcome.doubted and outcome.item is not None and from_item(Night, outcome.item) == night

    def since(self, organisation: str, integrations: Sequence[str], first: date) -> Sequence[Sequence[Night]]:
        questions = [
            Question(
                "pk = :pk AND sk BETWEEN :first AND :last",
                {"pk": layout.nights_partition(organisation, each), "first": first.isoformat(), "last": "9999"},
            )
            for each in integrations
        ]
        return [[from_item(Night, item) for item in found] for found in self._table.first_of_each(questions)]


def _watch_key(watch: NightWatch) -> layout.Key:
    return layout.night_watch_key(watch.organisation, watch.integration)


def _due(watch: NightWatch) -> layout.Key:
    return layout.night_due(watch.organisation, watch.integration, watch.check_at)
