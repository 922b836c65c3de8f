"""How far back one account wants its orders: which of them must be there under a floor, and how it is moved.

Seconds as everywhere here: since the beginning of the schedule. None stands for everything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.chaos.hub import START
from tests.chaos.plan import FLOORS, LOSES_INCREMENTS
from tests.chaos.sandbox import CONTROL
from tests.chaos.source import Shelf, Version, created, iso, status

if TYPE_CHECKING:
    from tests.chaos.world import World


def asked_for(world: World, shelf: Shelf) -> float | None:
    """The floor that the planner has set for a list; None where it has none, or cannot have one."""
    there = world.integration(shelf.tenant)
    if shelf.read != "orders" or world.plan.second_snapshot or there is None or there.history_from is None:
        return None
    return (there.history_from - START).total_seconds()


def told(world: World, shelf: Shelf) -> float | None:
    """The floor that the product says it has; what it says before it has read anything counts for nothing."""
    item = row(world, shelf)
    if "last_success_at" not in item:
        return asked_for(world, shelf)
    return (datetime.fromisoformat(item["floor"]["S"]) - START).total_seconds() if "floor" in item else None


def row(world: World, shelf: Shelf) -> dict[str, Any]:
    """The row of a list's stream as it is stored."""
    place = (f"ORG#{shelf.tenant}", f"INT#int1#STREAM#{shelf.read}")
    return next((item for key, item in world.region.tables.items(CONTROL) if key == place), {})


def is_shown(id_: str, floor: float | None) -> bool:
    """Whether a whole reading with this floor lists the record: it was created since, or is open."""
    at = created(id_)
    return floor is None or status(id_) == "open" or (at is not None and at >= iso(floor))


def is_required(world: World, shelf: Shelf, id_: str) -> bool:
    """Whether a record must be stored: what the planner wants, and what the product says that it has."""
    return is_shown(id_, asked_for(world, shelf)) or is_shown(id_, told(world, shelf))


def shown(world: World, shelf: Shelf) -> dict[str, Version]:
    """What is live and stands in the lists of a whole reading."""
    floor = told(world, shelf)
    return {id_: version for id_, version in shelf.live(world.hub.now).items() if is_shown(id_, floor)}


def pages(world: World, shelf: Shelf, kept: int) -> int:
    """How many requests a whole reading takes: the list, or with a floor two and look-ups of `kept` records."""
    size = world.plan.page
    floor, live = told(world, shelf), shelf.live(world.hub.now)
    if floor is None:
        return max(1, -(-len(live) // size))
    is_open = [id_ for id_ in live if status(id_) == "open"]
    is_recent = [id_ for id_ in live if (at := created(id_)) is not None and at >= iso(floor)]
    return max(1, -(-len(is_open) // size)) + max(1, -(-len(is_recent) // size)) + -(-kept // 3)


def check_claim(world: World, shelf: Shelf, since: float) -> None:
    """I9: what stood still while a task was at work, and lies above the floor that its success names, is there.

    A list that the vendor cuts short or shifts may lack something; what has no creation date waits for a whole list.
    """
    plan = world.plan
    if plan.offset_paging or any(plan.chance(fault) for fault in LOSES_INCREMENTS):
        return
    floor, there = told(world, shelf), world.live.get((shelf.tenant, shelf.read), set())
    for id_ in shelf.versions:
        if id_ in there or not is_shown(id_, floor) or (created(id_) is None and status(id_) != "open"):
            continue
        states = list(shelf.during(id_, since, world.hub.now))
        stood = len(states) == 1 and states[0] is not None and states[0].valid
        is_there = not stood or world.is_quarantined(shelf, id_)
        world.history.check("I9", is_there, f"{shelf.tenant}/{shelf.read} says that it has {id_}, and lacks it")


def move(world: World, tenant: str) -> None:
    """The planner wants more history, all of it, or (which changes nothing once it is there) less."""
    there = world.integration(tenant)
    if there is None:
        return
    depths = (*FLOORS, None)
    now = (START - there.history_from).days if there.history_from else None
    deeper = depths[depths.index(now) + 1 :] if now in FLOORS else (None,)
    days = world.people.choice(depths) if world.people.random() < 0.3 else deeper[0]
    floor = None if days is None else START - timedelta(days=days)
    world.known[tenant] = replace(world.known[tenant], history_from=floor)
    world.console.integrations.put(replace(there, history_from=floor))
