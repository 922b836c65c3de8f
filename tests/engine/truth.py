"""What must hold whenever the source stands still and a snapshot has ended."""

from __future__ import annotations

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Run
from tests.engine.world import World


def stored_equals_source(world: World) -> None:
    """Promises 1 and 2: nothing lost, nothing invented; what is broken is in quarantine."""
    source = world.source.orders
    good = {id_: row for id_, row in source.items() if not row.get("broken")}
    broken = {id_ for id_, row in source.items() if row.get("broken")}
    live = {id_: row for id_, row in world.live().items() if id_ not in broken}
    assert {id_: row["number"] for id_, row in live.items()} == {id_: row["number"] for id_, row in good.items()}
    assert world.quarantine() == sorted(broken)
    children = {id_: row for id_, row in shipments(world).items() if row["order_id"] not in broken}
    assert {id_: row["order_id"] for id_, row in children.items()} == {
        (one[1:] if one.startswith("=") else f"{id_}/{one}"): id_
        for id_, row in good.items()
        for one in row["shipments"]
    }
    if not broken:
        channels = {str(row["channel"]).split("=")[0] for row in good.values() if row["channel"]}
        assert set(world.live(DataType.ORDER_CHANNELS)) == channels


def shipments(world: World) -> dict[str, dict[str, str]]:
    return world.live(DataType.ORDER_SHIPMENTS)


def counts_add_up(run: Run) -> None:
    for task in run.tasks.values():
        for data_type, counts in task.counts.items():
            parts = (counts.created, counts.updated, counts.unchanged, counts.quarantined)
            assert min(parts) >= 0, (data_type, counts)
            assert counts.fetched == sum(parts), (data_type, counts)


def marks_are_right(world: World) -> None:
    """What is stored of a record in quarantine is marked, and nothing else is."""
    aside = set(world.quarantine())
    marked = {
        row.key.id
        for row in world.stores.records.all()
        if row.key.data_type is DataType.ORDERS and row.deleted_at is None and row.quarantined_at is not None
    }
    assert marked == aside & set(world.live())
