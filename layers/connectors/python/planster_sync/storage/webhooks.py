"""Webhooks in the control table: targets and what was told side by side, deliveries in their own partition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from planster_sync.model.webhooks import Board, Delivery, Target, TargetState, Told, Watch
from planster_sync.ports.platform import Journal
from planster_sync.storage import keys as layout
from planster_sync.storage.adjustments import passed_over
from planster_sync.storage.attributes import Item, pack
from planster_sync.storage.due import due_keys, readable
from planster_sync.storage.keys import Key
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Change, Order, Question, Table
from planster_sync.wire.endpoint import Refused

KEPT = timedelta(days=30)
"""Of deliveries, and of targets that were removed."""

T = TypeVar("T", Target, Delivery)


class DynamoWebhooks:
    """`journal` hears of rows that cannot be read where others must not suffer for them."""

    def __init__(self, control: Table, journal: Journal | None = None) -> None:
        self._table = control
        self._journal = journal

    def board(self, organisation: str) -> Board:
        question = Question("pk = :pk", {"pk": layout.hooks_partition(organisation)})
        watch, targets, told = None, [], {}
        for item in self._table.query(question):
            kind = item["sk"].partition("#")[0]
            if kind == "WATCH" and "due_pk" in item:
                watch = from_item(Watch, item)
            elif kind == "TARGET":
                targets.append(from_item(Target, item))
            elif kind == "TOLD":
                told[item["integration"]] = from_item(Told, item)
        there = sorted((each for each in targets if each.state is not TargetState.REMOVED), key=_age)
        return Board(watch, tuple(there), told)

    def target(self, organisation: str, target: str) -> Target | None:
        item = self._table.get(layout.target_key(organisation, target))
        return None if item is None else from_item(Target, item)

    def add_target(self, target: Target) -> None:
        self._table.put({**layout.target_key(target.organisation, target.id), **to_item(target)})

    def change_target(self, there: Target, then: Target) -> Target | None:
        gone = {"_expires": _expires(there.created_at)} if then.state is TargetState.REMOVED else {}
        return self._change(layout.target_key(there.organisation, there.id), there, then, gone)

    def begin_watch(self, watch: Watch) -> None:
        change = Change(
            "attribute_not_exists(#due_pk)",
            sets={**to_item(watch), **layout.watch_due(watch.organisation, watch.check_at)},
        )
        self._table.change(layout.watch_key(watch.organisation), change)

    def end_watch(self, organisation: str) -> None:
        change = Change("attribute_exists(pk)", removes=("due_pk", "due_sk"))
        self._table.change(layout.watch_key(organisation), change)

    def put_off_watch(self, watch: Watch, at: datetime) -> None:
        change = Change("attribute_exists(#due_pk)", sets={"check_at": at, **layout.watch_due(watch.organisation, at)})
        self._table.change(layout.watch_key(watch.organisation), change)

    def due_watches(self, now: datetime, limit: int) -> Sequence[Watch]:
        keys = due_keys(self._table, layout.watch_shards(), now, limit)
        found = readable(self._table.get_all(keys), Watch, self._journal)
        return [watch for watch in found if watch.check_at <= now]

    def tell(self, told: Told, deliveries: Sequence[Delivery]) -> bool:
        return self._tell([(layout.told_key(told.organisation, told.integration), told)], deliveries)

    def _tell(self, told: Sequence[tuple[Key, Told]], deliveries: Sequence[Delivery]) -> bool:
        rows = [{"Put": {"Item": pack(_delivery_item(delivery))}} for delivery in deliveries]
        try:
            self._table.transact([*({"Put": _told_put(*each)} for each in told), *rows])
        except Refused as refused:
            passed_over(refused)
            return False
        return True

    def add_delivery(self, delivery: Delivery) -> None:
        self._table.put_new(_delivery_item(delivery))

    def delivery(self, organisation: str, target: str, delivery: str) -> Delivery | None:
        item = self._table.get(layout.delivery_key(organisation, target, delivery))
        return None if item is None else from_item(Delivery, item)

    def deliveries(
        self, organisation: str, target: str, limit: int, after: str | None
    ) -> tuple[Sequence[Delivery], str | None]:
        question = Question(
            "pk = :pk AND sk BETWEEN :first AND :last",
            {
                "pk": layout.deliveries_partition(organisation),
                "first": f"{target}#",
                "last": f"{target}#{after}" if after else f"{target}$",
            },
            order=Order.DESCENDING,
            limit=limit + 2,
        )
        found = [from_item(Delivery, item) for item in self._table.query_up_to(question, limit + 2)]
        found = [delivery for delivery in found if delivery.id != after]  # BETWEEN takes in its ends
        return found[:limit], found[limit - 1].id if len(found) > limit else None

    def change_delivery(self, there: Delivery, then: Delivery) -> Delivery | None:
        key = layout.delivery_key(there.organisation, there.target, there.id)
        return self._change(key, there, then, _due(then), _due(there))

    def due_deliveries(self, now: datetime, limit: int) -> Sequence[Delivery]:
        keys = due_keys(self._table, layout.delivery_shards(), now, limit)
        found = readable(self._table.get_all(keys), Delivery, self._journal)
        due = [(each.check_at, each) for each in found if each.check_at and not each.state.is_final]
        return [each for at, each in sorted(due, key=lambda pair: pair[0]) if at <= now]

    def _change(self, key: Key, there: T, then: T, beside: Item, known_beside: Item | None = None) -> T | None:
        """Recognises its own change where the first answer was lost."""
        then = replace(then, version=there.version + 1)
        sets, known = {**to_item(then), **beside}, {**to_item(there), **(known_beside or {})}
        change = Change(
            "#version = :version",
            sets=sets,
            removes=[name for name in known if name not in sets],
            values={"version": there.version},
        )
        outcome = self._table.change(key, change)
        is_own = outcome.doubted and outcome.item is not None
        if outcome.accepted or (is_own and to_item(from_item(type(then), outcome.item or {})) == to_item(then)):
            return then
        return None


def _told_put(key: Key, told: Told) -> dict[str, Any]:
    """On condition that nobody has moved the row since it was of the version before."""
    item, before = pack({**key, **to_item(told)}), told.version - 1
    if not before:
        return {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "Item": item,
        "ConditionExpression": "#version = :before",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": pack({":before": before}),
    }


def _age(target: Target) -> tuple[datetime, str]:
    return target.created_at, target.id


def _due(delivery: Delivery) -> Item:
    if delivery.check_at is None or delivery.state.is_final:
        return {}
    return dict(layout.delivery_due(delivery.organisation, delivery.target, delivery.id, delivery.check_at))


def _delivery_item(delivery: Delivery) -> Item:
    key = layout.delivery_key(delivery.organisation, delivery.target, delivery.id)
    return {**key, **to_item(delivery), **_due(delivery), "_expires": _expires(delivery.created_at)}


def _expires(moment: datetime) -> int:
    return int((moment + KEPT).timestamp())
