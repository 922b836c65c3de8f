"""Requests to sync under callers' own keys: a repeated one finds what became of the first."""

from __future__ import annotations

from datetime import timedelta

from planster_sync.ports.stores import AskedSync
from planster_sync.storage import keys as layout
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Change, Table

KEPT = timedelta(days=1)


class DynamoAskedSyncs:
    def __init__(self, control: Table) -> None:
        self._table = control

    def note(self, organisation: str, integration: str, asked: AskedSync) -> AskedSync | None:
        """Recognises what it wrote itself where the first answer was lost; takes over what is older than a day."""
        key = layout.asked_key(organisation, integration, asked.key)
        item = {**key, **to_item(asked), "_expires": int((asked.at + KEPT).timestamp())}
        outcome = self._table.put_new(item)
        there = None if outcome.accepted or outcome.item is None else from_item(AskedSync, outcome.item)
        if there is None or (outcome.doubted and there == asked):
            return None
        if asked.at - there.at < KEPT:
            return there
        self._table.put(item)  # DynamoDB removes what has expired within days, not at once
        return None

    def note_joined(self, organisation: str, integration: str, asked: AskedSync, run: str) -> None:
        change = Change("attribute_exists(pk)", sets={"joined": run})
        self._table.change(layout.asked_key(organisation, integration, asked.key), change)
