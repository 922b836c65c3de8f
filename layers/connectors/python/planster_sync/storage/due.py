"""What is due, from the sparse index: one Query for each shard, never a scan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from planster_sync.ports.platform import Journal
from planster_sync.storage.attributes import Item
from planster_sync.storage.keys import BY_DUE, Key
from planster_sync.storage.rows import Unreadable, from_item, place_of
from planster_sync.storage.table import Question, Table

T = TypeVar("T")


def due_keys(control: Table, shards: Sequence[str], now: datetime, limit: int) -> list[Key]:
    """Keys of what is due at `now`, oldest first. The index lags a little: callers look at the items again."""

    questions = [
        Question("due_pk = :shard AND due_sk <= :now", {"shard": shard, "now": now}, index=BY_DUE, limit=limit)
        for shard in shards
    ]
    found = [item for of_shard in control.first_of_each(questions) for item in of_shard]
    found.sort(key=lambda item: str(item["due_sk"]))
    return [{"pk": item["pk"], "sk": item["sk"]} for item in found[:limit]]


def all_keys(control: Table, shards: Sequence[str]) -> Iterator[Key]:
    """Keys of everything that will ever be due, in no order."""
    for shard in shards:
        for item in control.query(Question("due_pk = :shard", {"shard": shard}, index=BY_DUE)):
            yield {"pk": item["pk"], "sk": item["sk"]}


def readable(items: Sequence[Item], kind: type[T], journal: Journal | None) -> Iterator[T]:
    """What can be understood: one row that was spoiled must not keep everybody else from their night.

    The others are named in the journal, at every tick until they are mended; without a journal they are raised.
    """
    for item in items:
        try:
            yield from_item(kind, item)
        except Unreadable as error:
            if journal is None:
                raise
            journal.event("row_unreadable", stream=f"{item['pk']} {item['sk']}", what=place_of(error))
