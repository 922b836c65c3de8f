"""A first load in slices: what is open and recent before the history, so that it is useful before it is complete.

Creation dates part the slices, counted back from the task's start, so that every segment of it finds the same bounds.
What has no creation date lies in none of them: the next task reads the list whole.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from planster_sync.model.streams import Checkpoint
from planster_sync.ports.source import Created, Read, Still


def wanted(checkpoint: Checkpoint, read: Read) -> Still | Created | None:
    """The slice that the checkpoint is at; None asks for the whole list."""
    if checkpoint.slice is None:
        return None
    ages = read.recent_first[: checkpoint.slice + 1]
    if checkpoint.slice < len(read.recent_first) and isinstance(ages[-1], Still):
        return ages[-1]
    bounds = [checkpoint.started_at - age for age in ages if isinstance(age, timedelta)]
    if checkpoint.slice >= len(read.recent_first):
        return Created(None, bounds[-1] if bounds else None)
    return Created(bounds[-1], bounds[-2] if len(bounds) > 1 else None)


def turn(checkpoint: Checkpoint, read: Read, now: datetime) -> bool:
    """Moves the checkpoint from the end of a slice to the next one; False where there is none."""
    if checkpoint.slice is None or checkpoint.slice >= len(read.recent_first):
        return False
    checkpoint.slice += 1
    checkpoint.cursor = None
    checkpoint.source_total = None
    checkpoint.earlier_pages = checkpoint.pages
    checkpoint.idle_pages = -checkpoint.pages
    checkpoint.usable_since = checkpoint.usable_since or now
    return True
