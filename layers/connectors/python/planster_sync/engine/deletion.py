"""What may be deleted, and what must wait for a person.

Candidates are always derived from the index: source records that a complete snapshot did not show, derived records that
their freshly read source no longer names, shared records that nobody names any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from planster_sync.engine.index import Index
from planster_sync.engine.index_entries import millis
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import DeletionGuard
from planster_sync.model.streams import REJECTION_HOLDS, HeldDeletion

EXAMPLES = 5


@dataclass(slots=True)
class Candidates:
    """`sources` are whole source records; `outputs` maps a living source to its dropped records."""

    sources: list[str] = field(default_factory=list)
    outputs: list[tuple[str, str, str]] = field(default_factory=list)
    shared: list[tuple[str, str]] = field(default_factory=list)

    def by_type(self, index: Index) -> Counter[str]:
        """How many live unified records of each data type would go."""
        return Counter(data_type for data_type, _ in self._records(index))

    def examples(self, index: Index) -> dict[str, tuple[str, ...]]:
        """Some of the ids that would go, by data type."""
        found: dict[str, tuple[str, ...]] = {}
        for data_type, id_ in self._records(index):
            if len(found.get(data_type, ())) < EXAMPLES:
                found[data_type] = (*found.get(data_type, ()), id_)
        return found

    def _records(self, index: Index) -> Iterator[tuple[str, str]]:
        yield from ((data_type, id_) for _, data_type, id_ in self.outputs)
        yield from self.shared
        for source in self.sources:
            yield from (output.key for output in index[source].outputs)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people said about what is missing, by the moment since when it is (milliseconds; None: only now found).

    With an approval, only what was already missing when it was given; never what was missing at a refusal.
    """

    approved: int | None = None
    rejected: int | None = None

    @classmethod
    def of(cls, approved_at: datetime | None, rejected_at: datetime | None, now: datetime) -> Self:
        in_force = rejected_at is not None and now - rejected_at < REJECTION_HOLDS
        return cls(
            millis(approved_at) if approved_at else None, millis(rejected_at) if rejected_at and in_force else None
        )

    def allow(self, missing_since: int | None) -> bool:
        if missing_since is None:
            return self.approved is None
        is_kept = self.rejected is not None and missing_since <= self.rejected
        return not is_kept and (self.approved is None or missing_since <= self.approved)


UNDECIDED = Decisions()


def candidates(index: Index, *, snapshot: bool, decisions: Decisions = UNDECIDED) -> Candidates:
    """Everything that is missing and that the decisions do not keep."""
    found = Candidates()
    if snapshot:
        missing = list(index.missing())
        is_open = decisions == UNDECIDED
        found.sources = missing if is_open else [one for one in missing if decisions.allow(index[one].missing_since)]
    gone = set(found.sources)
    for source, entry in index.odd():
        if source not in gone:
            found.outputs += [
                (source, *output.key)
                for output in entry.outputs
                if output.missing_since is not None
                and decisions.allow(output.missing_since)
                and index.owner(*output.key) == source
            ]
    found.shared = [key for key in _unnamed(index, gone) if decisions.allow(index.shared[key].missing_since)]
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


def held(found: Candidates, index: Index, guard: DeletionGuard, run: str, at: datetime) -> tuple[HeldDeletion, ...]:
    """The data types whose deletion is implausible, as the integration's guard says."""
    live = index.live()
    implausible = {
        data_type: count
        for data_type, count in sorted(found.by_type(index).items())
        if guard.holds(count, live.get(data_type, 0))
    }
    examples = found.examples(index) if implausible else {}
    return tuple(
        HeldDeletion(DataType(data_type), count, live.get(data_type, 0), run, at, examples[data_type])
        for data_type, count in implausible.items()
    )


def in_batches(items: list[str], size: int) -> Iterable[list[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
