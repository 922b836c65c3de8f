"""The same story told twice with one thing changed: what must not matter does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from tests.chaos import floors, story, verdict
from tests.chaos.history import FEEDS
from tests.chaos.perils import OF_THE_VENDOR
from tests.chaos.plan import ZONES, Plan
from tests.chaos.world import TENANTS, World

_FROM_THE_SOURCE = frozenset(
    {"overlapping_page", "mutation_during_read", "mutation_after_page", "late_commit", "same_stamp"}
)


def told(plan: Plan) -> World:
    world = World(plan)
    story.play(world)
    verdict.judge(world)
    return world


def _calm(plan: Plan) -> Plan:
    return replace(plan, faults=MappingProxyType({}))


def _again(plan: Plan) -> tuple[Plan, Plan]:
    return plan, plan


def _other_pages(plan: Plan) -> tuple[Plan, Plan]:
    return _calm(plan), replace(_calm(plan), page=11 - plan.page, offset_paging=not plan.offset_paging)


def _other_zones(plan: Plan) -> tuple[Plan, Plan]:
    place = ZONES.index(plan.host_zone)
    zones = (ZONES[(place + 2) % len(ZONES)], ZONES[(place + 4) % len(ZONES)])
    return _calm(plan), replace(_calm(plan), zones=zones, host_zone=ZONES[(place + 1) % len(ZONES)])


def _trouble_elsewhere(plan: Plan) -> tuple[Plan, Plan]:
    trouble = dict.fromkeys(sorted(OF_THE_VENDOR - _FROM_THE_SOURCE), 0.2)
    return _calm(plan), replace(plan, faults=MappingProxyType(trouble), only="acme")


def _required(world: World, tenant: str) -> dict[tuple[str, str], Any]:
    """What a reader sees of a tenant, less what is older than history is wanted: that depends on when it changed."""
    contents = verdict.contents(world, tenant)
    if all(floors.told(world, shelf) is None for shelf in world.vendor.tenants[tenant].shelves.values()):
        return contents
    orders = world.shelves[tenant, "orders"]
    older = {id_ for id_ in orders.versions if not floors.is_required(world, orders, id_)}
    return {
        key: value
        for key, value in contents.items()
        if key[0] != "order_channels" and not (key[0] in FEEDS and key[1].partition("/")[0] in older)
    }


_TWINS: Mapping[str, tuple[Callable[[Plan], tuple[Plan, Plan]], tuple[str, ...]]] = MappingProxyType(
    {
        "I21": (_other_pages, tuple(TENANTS)),
        "I18": (_other_zones, tuple(TENANTS)),
        "I15": (_trouble_elsewhere, ("bravo",)),
        "I16": (_again, tuple(TENANTS)),
    }
)


def compare(plan: Plan, turn: int) -> World:
    """Tells one pair of stories; the second world carries the verdict over both."""
    names = sorted(_TWINS)
    invariant = names[turn % len(names)]
    twin, tenants = _TWINS[invariant]
    first, second = (told(each) for each in twin(plan))
    for tenant in tenants:
        same = _required(first, tenant) == _required(second, tenant)
        second.history.check(invariant, same, f"{tenant}'s records differ between twins")
    second.history.violations += first.history.violations
    return second
