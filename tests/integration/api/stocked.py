"""A world with stock, for corrections by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from planster_sync.model.data_types import DataType
from planster_sync.ports.source import DeletionEvidence, Read, ReadStyle, Sharing
from planster_sync.ports.stores import RecordKey
from tests.engine.world import World
from tests.fakes.memory_records import StoredRecord
from tests.integration.api.caller import HOME, Api

ADJUSTMENTS = f"{HOME}/int1/adjustments"
LEVELS = DataType.INVENTORY_LEVELS


def stocked(*ids: str) -> World:
    """A world with stock: each item has ten on hand, three promised, one broken; its SKU is its id in capitals."""
    world = World()
    stock = Read(
        "stock",
        {LEVELS: Sharing.OWNED, DataType.PRODUCTS: Sharing.OWNED},
        ReadStyle.SNAPSHOT,
        DeletionEvidence.LOOKUP,
        page_size=10,
    )
    world.source.declared = replace(world.source.declared, reads={**world.source.declared.reads, "stock": stock})
    for id_ in ids:
        put(world, id_)
    world.clock.advance(3600)
    return world


def put(world: World, id_: str, **fields: Any) -> None:
    stock = {"on_hand": 10, "committed": 3, "fulfillable": 6, "unsellable": 1}
    attributes = {"id": id_, "sku": id_.upper(), **stock, **fields}
    now = world.clock.now()
    row = StoredRecord(RecordKey(LEVELS, id_), attributes, id_, 7, now, now, "run-1", 1)
    world.stores.records.rows["org1", "int1", LEVELS, id_] = row


def ask(**changes: Any) -> dict[str, Any]:
    return {
        "data_type": "inventory_levels",
        "record": "a",
        "fields": {"on_hand": 8},
        "reason": "counted by hand",
        **changes,
    }


def on_hand(api: Api, id_: str = "a") -> Any:
    return api.get(f"{HOME}/int1/records/inventory_levels/{id_}").body["on_hand"]
