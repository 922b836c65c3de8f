"""What one seed stands for: the size of the world and which faults happen in it, how often.

Every schedule draws a subset of the faults (swarm testing): a world in which everything fails at once hides what a few
faults do together. One schedule in twenty has none: it is what the others are compared with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType

FAULTS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        # name: smallest and largest probability at each opportunity, where the schedule has the fault at all
        "kill": (0.004, 0.04),
        "freeze": (0.002, 0.02),
        "late_effect": (0.1, 0.5),
        "duplicate_message": (0.05, 0.4),
        "reorder_messages": (0.2, 0.9),
        "delay_message": (0.02, 0.2),
        "double_tick": (0.1, 0.5),
        "missing_tick": (0.1, 0.5),
        "unprocessed": (0.1, 0.6),
        "throttle_burst": (0.2, 0.9),
        "transaction_conflict": (0.003, 0.03),
        "lost_answer": (0.002, 0.02),
        "lost_request": (0.002, 0.02),
        "object_conflict": (0.02, 0.2),
        "object_lost_answer": (0.02, 0.1),
        "lagging_index": (0.1, 0.6),
        "send_refused": (0.02, 0.2),
        "too_many_requests": (0.01, 0.15),
        "too_many_requests_silent": (0.01, 0.1),
        "server_error": (0.01, 0.15),
        "bad_gateway": (0.01, 0.1),
        "vendor_timeout": (0.01, 0.08),
        "truncated_answer": (0.01, 0.08),
        "error_with_200": (0.01, 0.08),
        "empty_page": (0.01, 0.08),
        "repeated_token": (0.01, 0.08),
        "token_expired": (0.01, 0.08),
        "refused_mid_read": (0.005, 0.03),
        "lying_count": (0.02, 0.3),
        "early_end": (0.02, 0.2),
        "empty_list": (0.02, 0.15),
        "short_page": (0.05, 0.4),
        "overlapping_page": (0.05, 0.4),
        "outage": (0.05, 0.3),
        "mutation_during_read": (0.05, 0.5),
        "mutation_after_page": (0.1, 0.5),
        "late_commit": (0.1, 0.6),
        "same_stamp": (0.1, 0.6),
        "poison": (0.05, 0.3),
        "mass_deletion": (0.05, 0.2),
        "revival": (0.2, 0.8),
        "return_to_old_value": (0.1, 0.5),
        "taken_back": (0.3, 0.9),
        "clock_skew": (1.0, 1.0),
        "deploy": (0.05, 0.3),
        "manual_sync": (0.2, 0.8),
        "pause": (0.03, 0.2),
        "removal": (0.02, 0.1),
        "credentials_changed": (0.03, 0.2),
        "secrets_throttled": (0.05, 0.5),
        "adjustment": (0.1, 0.5),
        "purge": (0.02, 0.15),
        "index_lost": (0.02, 0.15),
        "table_restored": (0.02, 0.1),
        "stop_the_world": (0.02, 0.15),
        "cancel": (0.05, 0.4),
        "rejection": (0.1, 0.5),
        "second_look": (0.05, 0.3),
        "switched_off": (0.03, 0.2),
    }
)


@dataclass(frozen=True, slots=True)
class Plan:
    """`tight` worlds have exact clocks and no overlap, so that a cursor that is off by one is seen.

    `told_in` are the zones in whose nights the source's story is told, `only` the tenant whom the vendor fails ("" for
    all): a twin changes one thing and keeps these. `floor` is how many days of orders the first tenant wants, None for
    all. `outlives`: the platform does not end processes at their timeout.
    """

    seed: int
    nights: int
    records: int
    page: int
    tight: bool
    offset_paging: bool
    second_snapshot: bool
    page_ahead: bool
    snapshot_days: int
    zones: tuple[str, str]
    told_in: tuple[str, str]
    host_zone: str
    slow_vendor: float
    floor: int | None = None
    only: str = ""
    outlives: bool = False
    faults: Mapping[str, float] = field(default_factory=dict)

    def chance(self, fault: str) -> float:
        return self.faults.get(fault, 0.0)


ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland", "America/Sao_Paulo")
FLOORS = (1, 60, 200, 400, 700)
"""Days of history: from a floor with almost nothing above it to one with almost nothing below."""
LOSES_INCREMENTS = frozenset({"early_end", "empty_list", "table_restored"})
"""Lies and losses that no incremental read can see: the next snapshot does. Half the worlds with floors lack them."""
_NOT_IN_TIGHT = frozenset({"late_commit", "clock_skew"})
_NOT_WITH_SECOND_SNAPSHOT = frozenset({"early_end", "empty_list"})
"""A vendor that can be neither asked nor counted, and that lies in two snapshots, cannot be seen through."""


def plan_of(seed: int) -> Plan:
    random = Random(seed)
    share = random.choice((0.0, 0.1, 0.2, 0.2, 0.35, 0.35, 0.5))
    if random.random() < 0.05:
        share = 0.0
    tight = random.random() < 0.3
    second_snapshot = random.random() < 0.15
    barred = (_NOT_IN_TIGHT if tight else frozenset()) | (_NOT_WITH_SECOND_SNAPSHOT if second_snapshot else frozenset())
    chosen = {
        name: random.uniform(*bounds)
        for name, bounds in FAULTS.items()
        if random.random() < share and name not in barred
    }
    if tight and share:
        chosen["mutation_after_page"] = random.uniform(*FAULTS["mutation_after_page"])
    of_floors = Random(f"{seed} floor")
    floor = of_floors.choice(FLOORS) if of_floors.random() < 0.4 else None
    moves = bool(share) and of_floors.random() < 0.5
    honest = floor is not None and of_floors.random() < 0.5
    if moves:
        chosen["floor_moved"] = of_floors.uniform(0.2, 0.8)
        chosen["floor_moved_during_read"] = of_floors.uniform(0.02, 0.2)
    if honest:
        chosen = {name: chance for name, chance in chosen.items() if name not in LOSES_INCREMENTS}
    zones = (random.choice(ZONES), random.choice(ZONES))
    return Plan(
        seed=seed,
        nights=random.choice((2, 2, 3, 3, 3, 3, 4, 4, 5, 12)),
        records=random.choice((4, 12, 16, 20)),
        page=random.choice((3, 5, 5, 7)),
        tight=tight,
        offset_paging=random.random() < 0.3 and not honest,
        second_snapshot=second_snapshot,
        page_ahead=random.random() < 0.5,
        snapshot_days=random.choice((30, 30, 3) if tight else (2, 7, 30)),
        zones=zones,
        told_in=zones,
        host_zone=random.choice(ZONES),
        slow_vendor=random.choice((0.3, 0.3, 2.0, 12.0)),
        floor=floor,
        faults=MappingProxyType(chosen),
    )
