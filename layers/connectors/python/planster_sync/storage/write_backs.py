"""Requests to write to vendors, one row each, every change conditional on the version that was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from planster_sync.ports.platform import Journal
from planster_sync.ports.write_backs import WriteBack
from planster_sync.storage import keys as layout
from planster_sync.storage.attributes import Item
from planster_sync.storage.due import due_keys, readable
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Change, Table

KEPT = timedelta(days=400)
_MINE = "#reference = :reference"


class DynamoWriteBacks:
    """`journal` hears of rows that cannot be read where others must not suffer for them."""

    def __init__(self, control: Table, journal: Journal | None = None) -> None:
        self._table = control
        self._journal = journal

    def create(self, write: WriteBack) -> WriteBack | None:
        """Recognises the request that it wrote itself where the first answer was lost."""
        expires = int((write.requested_at + KEPT).timestamp())
        outcome = self._table.put_new({**_key(write), **_item(write), "_expires": expires})
        if outcome.accepted or outcome.item is None:
            return None
        there = from_item(WriteBack, outcome.item)
        return None if outcome.doubted and to_item(there) == to_item(write) else there

    def get(self, organisation: str, integration: str, reference: str) -> WriteBack | None:
        item = self._table.get(layout.write_key(organisation, integration, reference))
        return None if item is None else from_item(WriteBack, item)

    def change(self, there: WriteBack, then: WriteBack) -> WriteBack | None:
        """Recognises its own change where the first answer was lost."""
        then = replace(then, version=there.version + 1)
        sets, known = _item(then), _item(there)
        change = Change(
            "#version = :version",
            sets=sets,
            removes=[name for name in known if name not in sets],
            values={"version": there.version},
        )
        outcome = self._table.change(_key(there), change)
        is_own = outcome.doubted and outcome.item is not None
        if outcome.accepted or (is_own and to_item(from_item(WriteBack, outcome.item or {})) == to_item(then)):
            return then
        return None

    def due_for_check(self, now: datetime, limit: int) -> Sequence[WriteBack]:
        keys = due_keys(self._table, layout.write_shards(), now, limit)
        found = readable(self._table.get_all(keys), WriteBack, self._journal)
        due = [(write.check_at, write) for write in found if write.check_at]
        return [write for at, write in sorted(due, key=lambda pair: pair[0]) if at <= now]

    def take_shipment(self, write: WriteBack, now: datetime, until: datetime) -> bool:
        """The same request may take it again: its first answer may have been lost, or its worker."""
        free = "(attribute_not_exists(#until) OR #until < :now) AND #requested_at <= :asked"
        change = Change(
            f"attribute_not_exists(pk) OR {_MINE} OR ({free})",
            sets={
                "reference": write.reference,
                "requested_at": write.requested_at,
                "until": until,
                "_expires": int((until + KEPT).timestamp()),
            },
            values={"reference": write.reference, "now": now, "asked": write.requested_at},
        )
        return self._table.change(_turn(write), change).accepted

    def free_shipment(self, write: WriteBack) -> None:
        change = Change(
            _MINE, removes=("until",), names={"reference": "reference"}, values={"reference": write.reference}
        )
        self._table.change(_turn(write), change)


def _key(write: WriteBack) -> layout.Key:
    return layout.write_key(write.organisation, write.integration, write.reference)


def _turn(write: WriteBack) -> layout.Key:
    return layout.shipment_turn_key(write.organisation, write.integration, write.shipment_id or "")


def _item(write: WriteBack) -> Item:
    if write.check_at is None:
        return to_item(write)
    due = layout.write_due(write.organisation, write.integration, write.reference, write.check_at)
    return {**to_item(write), **due}
