"""The console over the seeded morning, in memory."""

from __future__ import annotations

from planster_sync.connectors import registry
from planster_sync.entry.api.shop import ApiShop
from tests.console.seeded import NOW, Seeds
from tests.console.shelves import TheWarehouse, stock
from tests.engine.world import World
from tests.integration.api.caller import shop_of


def morning() -> tuple[World, ApiShop]:
    """A world at that moment, and the API's collaborators over it."""
    world = World()
    world.clock.advance((NOW - world.clock.now()).total_seconds())
    world.stores.integrations.remove("org1", "int1")
    Seeds(world.stores).put()
    stock(world)
    changes = {"capabilities": registry.capabilities, "connectors": registry.names, "worker": TheWarehouse(world)}
    return world, shop_of(world, **changes)
