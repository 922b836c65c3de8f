"""What may be deleted, and what must wait for a person.

Candidates are always derived from the index: source records that a complete snapshot did not show, derived records that
their freshly read source no longer names, shared records that nobody names any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from planster_sync.engine.index import Index
from planster_sync.engine.index_entries import millis
from planster_sync.model.data_types import DataType
from planster_sync.model.streams import HeldDeletion

HOLD_SHARE = 0.5
HOLD_COUNT = 20
HOLD_COUNT_SHARE = 0.1


@dataclass(slots=True)
class Candidates:
    """`sources` are whole source records; `outputs` maps a living source to its dropped records."""

    sources: list[str] = field(default_factory=list)
    outputs: list[tuple[str, str, str]] = field(default_factory=list)
    shared: list[tuple[str, str]] = field(default_factory=list)

    def by_type(self, index: Index) -> Counter[str]:
        """How many live unified records of each data type would go."""
        counts = Counter(data_type for _, data_type, _ in self.outputs)
        counts.update(data_type for data_type, _ in self.shared)
        for source in self.sources:
            counts.update(output.data_type for output in index[source].outputs)
        return counts


def candidates(index: Index, *, snapshot: bool, approved_at: datetime | None) -> Candidates:
    """Everything that is missing; with an approval, only what was already missing when it was given."""
    found = Candidates()
    bound = millis(approved_at) if approved_at else None
    if snapshot:
        missing = list(index.missing())
        found.sources = (
            missing if bound is None else [one for one in missing if _counts(index[one].missing_since, bound)]
        )
    gone = set(found.sources)
    for source, entry in index.odd():
        if source not in gone:
            found.outputs += [
                (source, *output.key)
                for output in entry.outputs
                if output.missing_since is not None
                and _counts(output.missing_since, bound)
                and index.owner(*output.key) == source
            ]
    found.shared = [key for key in _unnamed(index, gone) if _counts(index.shared[key].missing_since, bound)]
    return found


def still_unnamed(index: Index, shared: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those shared records that nobody names now that the missing sources have, or have not, been buried."""
    unnamed = set(_unnamed(index, set()))
    return [key for key in shared if key in unnamed]


def _unnamed(index: Index, gone: set[str]) -> list[tuple[str, str]]:
    """None where some source's bytes are unknown: after a rebuild it may name what nobody else does."""
    if not index.shared:
        return []
    unknown, left = index.standing.unknown, Counter(index.edges)
    for source in gone:
        entry = index[source]
        unknown -= entry.raw is None
        left.subtract(entry.edges)
    if unknown:
        return []
    named = {edge.key for edge, count in left.items() if count}
    return [key for key in index.shared if key not in named]


def _counts(missing_since: int | None, bound: int | None) -> bool:
    return bound is None or (missing_since is not None and missing_since <= bound)


def held(counts: Mapping[str, int], live: Mapping[str, int], run: str, at: datetime) -> tuple[HeldDeletion, ...]:
    """The data types whose deletion is implausible: more than half, or more than 20 records and 10 %."""
    return tuple(
        HeldDeletion(DataType(data_type), count, live.get(data_type, 0), run, at)
        for data_type, count in sorted(counts.items())
        if is_implausible(count, live.get(data_type, 0))
    )


def is_implausible(count: int, live: int) -> bool:
    """An empty answer over a stream that is not empty is always more than half of it."""
    return count > live * HOLD_SHARE or (count > HOLD_COUNT and count > live * HOLD_COUNT_SHARE)


def in_batches(items: list[str], size: int) -> Iterable[list[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
