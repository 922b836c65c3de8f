"""What a task's end tells those who watch: the counts of the dashboards, and what somebody should look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Counts, TaskState
from planster_sync.model.streams import DataTypeStatus, HeldDeletion

FEW = 50
"""Of a list that was as short as this, half may come or go without a reason."""

SWING = 0.5


def metrics(state: TaskState, done: Counts) -> dict[str, int]:
    """One data type's share of a task. Few names: each is billed once for every connector and data type."""
    return {
        f"tasks_{state.value}": 1,
        "records_fetched": done.fetched,
        "records_changed": done.created + done.updated,
        "records_deleted": done.deleted,
        "records_quarantined": done.quarantined,
        "records_held": done.held,
    }


def noteworthy(
    counts: Mapping[DataType, Counts], held: tuple[HeldDeletion, ...], before: Mapping[DataType, DataTypeStatus]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Deletions that are held anew, and lists that are half as long, or half as long again, as what was live.

    `before` is what the snapshot's predecessor left, empty where the read was none.
    """
    for each in held:
        yield "deletion_held", {"data_type": each.data_type, "count": each.count, "before": each.live}
    for data_type, status in before.items():
        after = counts.get(data_type, Counts()).fetched
        if status.live > FEW and abs(after - status.live) > SWING * status.live:
            yield "volume_swing", {"data_type": data_type, "before": status.live, "after": after}
