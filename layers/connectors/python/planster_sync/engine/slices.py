"""In which lists a task reads what it reads whole; an incremental task asks for one.

A first load goes by slices: what is open and recent before the history, so that it is useful before it is complete.
Creation dates part the slices, counted back from the task's start, so that every segment of it finds the same bounds.
What has no creation date lies in none of them: the next task reads the list whole.

A snapshot with a floor (`depth`) asks for what is open, whenever that was created, then for all that was created since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from planster_sync.model.streams import Checkpoint
from planster_sync.ports.source import Created, Read, Still


def wanted(checkpoint: Checkpoint, read: Read) -> Still | Created | None:
    """The list that the checkpoint is at; None asks for everything."""
    lists = _lists(checkpoint, read)
    return lists[min(_place(checkpoint), len(lists) - 1)]


def turn(checkpoint: Checkpoint, read: Read, now: datetime) -> bool:
    """Moves the checkpoint from the end of a list to the next one; False where there is none."""
    if _place(checkpoint) + 1 >= len(_lists(checkpoint, read)):
        return False
    if checkpoint.slice is None:
        checkpoint.part += 1
    else:
        checkpoint.slice += 1
        checkpoint.usable_since = checkpoint.usable_since or now
    checkpoint.cursor = None
    checkpoint.source_total = None
    checkpoint.earlier_pages = checkpoint.pages
    checkpoint.idle_pages = -checkpoint.pages
    return True


def _place(checkpoint: Checkpoint) -> int:
    return checkpoint.part if checkpoint.slice is None else checkpoint.slice


def _lists(checkpoint: Checkpoint, read: Read) -> Sequence[Still | Created | None]:
    if checkpoint.slice is not None:
        return _slices(checkpoint, read)
    if checkpoint.incremental or checkpoint.floor is None:
        return (None,)
    return (*(age for age in read.recent_first if isinstance(age, Still)), Created(checkpoint.floor, None))


def _slices(checkpoint: Checkpoint, read: Read) -> Sequence[Still | Created]:
    found: list[Still | Created] = []
    until, floor = None, checkpoint.floor
    for age in read.recent_first:
        if isinstance(age, Still):
            found.append(age)
        elif floor is None or checkpoint.started_at - age > floor:
            found.append(Created(checkpoint.started_at - age, until))
            until = checkpoint.started_at - age
    return (*found, Created(floor, until))
