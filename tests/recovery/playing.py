"""How a rehearsal begins and ends, and what is known of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.chaos.sandbox import RECORDS
from tests.recovery.rig import Rig


@dataclass
class Played:
    """`seen` is what there was to see while it lasted; `mended` who or what ended it; `difference` must be empty.

    `rang` are the alarms that rang, `hours` how long after the mend everything was right again.
    """

    injected: str
    seen: str
    mended: str
    hours: float
    rang: list[str]
    difference: str
    facts: dict[str, object] = field(default_factory=dict)


def begun() -> Rig:
    """Two nights are behind it, and the source has changed since."""
    rig = Rig()
    rig.night()
    rig.change_source()
    rig.night()
    rig.change_source()
    return rig


def ended(rig: Rig, most: float = 30) -> float:
    """Lets time pass until everything stored is what the source holds; gives the hours."""
    began = rig.hub.now
    while rig.difference and rig.hub.now - began < most * 3600:
        rig.hours(0.25)
    return round((rig.hub.now - began) / 3600, 2)


def buried(rig: Rig, tenant: str = "acme") -> int:
    """How many stored records are marked as deleted."""
    return sum(
        "_deleted_at" in item for key, item in rig.region.tables.items(RECORDS) if key[0].startswith(f"{tenant}#")
    )


def played(
    rig: Rig,
    injected: str,
    seen: str,
    mended: str,
    hours: float,
    facts: Mapping[str, object] | None = None,
    *,
    parameters: Mapping[str, str] | None = None,
) -> Played:
    rang = rig.rang(parameters or {})
    played = Played(injected, seen, mended, hours, rang, rig.difference, dict(facts or {}))
    rig.hub.end()
    return played
