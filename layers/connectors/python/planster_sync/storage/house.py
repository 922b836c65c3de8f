"""What the house itself tells of every organisation: events on the bus, and digests.

The same rows as those of webhooks, in a partition of their own, so that registering a webhook or removing the last one
changes nothing here. Deliveries lie beside those to webhooks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from planster_sync.model.webhooks import BUS, DIGEST, Board, Delivery, Kind, Target, TargetState, Told, Watch
from planster_sync.ports.platform import Clock, Journal
from planster_sync.storage import keys as layout
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Question, Table
from planster_sync.storage.webhooks import DynamoWebhooks

KINDS = (Kind.RUN_COMPLETED, Kind.STATE_CHANGED, Kind.ACTION_NEEDED, Kind.DELETION_HELD)
BEFORE = timedelta(days=1)
"""What happened so long before the first look is told, so that a new account's first words are."""


class DynamoHouse(DynamoWebhooks):
    """Knows the targets of webhooks, too, for whoever delivers to both."""

    def __init__(self, control: Table, clock: Clock, journal: Journal | None = None) -> None:
        super().__init__(control, journal)
        self._clock = clock

    def board(self, organisation: str) -> Board:
        """Begun with the first look: how things stood a day before is no news."""
        question = Question("pk = :pk", {"pk": layout.house_partition(organisation)})
        watch, told = None, {}
        for item in self._table.query(question):
            kind = item["sk"].partition("#")[0]
            if kind == "WATCH":
                watch = from_item(Watch, item)
            elif kind == "TOLD":
                told[item["integration"]] = from_item(Told, item)
        watch = watch or self._begin(organisation)
        return Board(watch, (_target(watch, BUS),), told)

    def target(self, organisation: str, target: str) -> Target | None:
        if target not in (BUS, DIGEST):
            return super().target(organisation, target)
        now = self._clock.now()
        return _target(Watch(organisation, now, now), target)

    def change_target(self, there: Target, then: Target) -> Target | None:
        """A target of the house has no row: it is never switched off."""
        return None if there.id in (BUS, DIGEST) else super().change_target(there, then)

    def tell(self, told: Told, deliveries: Sequence[Delivery]) -> bool:
        return self._tell([(layout.house_key(told.organisation, "TOLD", told.integration), told)], deliveries)

    def told_in_digests(self, organisation: str) -> Mapping[str, Told]:
        question = Question(
            "pk = :pk AND begins_with(sk, :kind)",
            {"pk": layout.house_partition(organisation), "kind": "DIGEST#"},
        )
        return {item["integration"]: from_item(Told, item) for item in self._table.query(question)}

    def tell_digest(self, told: Sequence[Told], delivery: Delivery | None) -> bool:
        rows = [(layout.house_key(each.organisation, "DIGEST", each.integration), each) for each in told]
        return self._tell(rows, [delivery] if delivery else [])

    def _begin(self, organisation: str) -> Watch:
        now = self._clock.now()
        watch = Watch(organisation, since=now - BEFORE, check_at=now)  # no index shows it: the night asks for looks
        outcome = self._table.put_new({**layout.house_key(organisation, "WATCH"), **to_item(watch)})
        return watch if outcome.accepted or outcome.item is None else from_item(Watch, outcome.item)


def _target(watch: Watch, id_: str) -> Target:
    return Target(watch.organisation, id_, "", KINDS, TargetState.ACTIVE, watch.since, "planster", ())
