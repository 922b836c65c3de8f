"""First load and next night of one data type: ours and the peers, in turn, on the same two servers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.bench import (
    FLOOR,
    FLOOR_TWO_LEVEL,
    FRAMEWORKS,
    HANDWRITTEN,
    HASHING,
    INCREMENTAL,
    Bench,
    Peer,
    Wrong,
)
from benchmarks.measuring import Measured
from benchmarks.sizes import FASTEST_FRAMEWORKS, FASTEST_INCREMENTAL, Sizes

PER = 100_000
PRIME = Peer("handwritten", "prime-hashes")
Judge = Callable[[str, int], Wrong]
_A_FEW = 50


@dataclass
class Row:
    """One candidate on one night: CPU seconds by the number of records at the upstream, a list for its rounds.

    `counts` are what ours says that it did, by data type.
    """

    name: str
    night: int
    cpu: dict[int, list[float]] = field(default_factory=dict)
    wall: dict[int, list[float]] = field(default_factory=dict)
    rss_mb: dict[int, float] = field(default_factory=dict)
    usage: dict[str, Any] = field(default_factory=dict)
    wrong: Wrong | None = None
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, records: int, run: Measured) -> None:
        self.cpu.setdefault(records, []).append(run.cpu)
        self.wall.setdefault(records, []).append(run.wall)
        self.rss_mb[records] = max(run.rss_mb, self.rss_mb.get(records, 0.0))

    @property
    def middles(self) -> list[tuple[int, float]]:
        return sorted((records, median(times)) for records, times in self.cpu.items())

    @property
    def slope(self) -> float:
        """CPU seconds that 100,000 further records cost."""
        (few, low), (many, high) = self.middles[0], self.middles[-1]
        return (high - low) / (many - few) * PER if many > few else 0.0

    @property
    def fixed(self) -> float:
        few, low = self.middles[0]
        return low - self.slope * few / PER

    @property
    def per_100k(self) -> float:
        """As measured where 100,000 were, else on the line through the smallest and the largest size."""
        exact = self.cpu.get(PER)
        return median(exact) if exact else self.fixed + self.slope


@dataclass
class Nights:
    """What was measured of one data type; `usage` of a row is the endpoint's own count."""

    kind: str
    rows: dict[str, Row] = field(default_factory=dict)

    def row(self, name: str, night: int) -> Row:
        return self.rows.setdefault(f"{name}/{night}", Row(name, night))


def measure_nights(bench: Bench, kind: str, sizes: Sizes) -> Nights:
    found = Nights(kind)
    for records in sizes.ours:
        _hashed_nights(bench, found, records, sizes)
    _rewriters(bench, found, sizes)
    _incremental(bench, found, sizes)
    return found


def _hashed_nights(bench: Bench, found: Nights, records: int, sizes: Sizes) -> None:
    """Ours, the floors and the handwritten sync with hashes: all that compares what it reads with what it knows."""
    kind = found.kind
    bench.begin()
    for night in (1, 2):
        bench.warm(kind, night, records)
    _noted(bench, found, "ours", 1, records, bench.ours(kind, 1, records), bench.ours_wrong)
    floor = bench.peer(FLOOR, kind, 1, records)
    _noted(bench, found, "floor", 1, records, floor, bench.peers_wrong)
    if sizes.whole:
        bench.peer(FLOOR_TWO_LEVEL, kind, 1, records)
    bench.peer(PRIME, kind, 1, records, state=bench.state(HASHING, kind, records))
    bench.keep("first")
    rounds = sizes.rounds if records <= PER else 1
    for _ in range(rounds):
        _second_nights(bench, found, records, "", sizes)
    if records > PER:
        return  # the slope is told by stable records; volatile ones are judged at 100,000
    with bench.volatile():
        for night in (1, 2):
            bench.warm(kind, night, records)
        for _ in range(rounds):
            _second_nights(bench, found, records, ", volatile", sizes)


def _second_nights(bench: Bench, found: Nights, records: int, suffix: str, sizes: Sizes) -> None:
    kind = found.kind
    with bench.as_kept("first"):
        run = bench.ours(kind, 2, records)
        _noted(bench, found, f"ours{suffix}", 2, records, run, bench.ours_wrong)
    peers = {"floor": FLOOR, "handwritten + hashes": HASHING}
    for name, peer in (peers | ({"floor, two levels": FLOOR_TWO_LEVEL} if sizes.whole else {})).items():
        with bench.as_kept("first", bench.state(peer, kind, records)):
            run = bench.peer(peer, kind, 2, records)
            _noted(bench, found, f"{name}{suffix}", 2, records, run, bench.peers_wrong)


def _rewriters(bench: Bench, found: Nights, sizes: Sizes) -> None:
    """What writes everything again: the second night costs what the first did, and leaves the deleted ones live."""
    frameworks = FRAMEWORKS if sizes.whole else {name: FRAMEWORKS[name] for name in FASTEST_FRAMEWORKS}
    candidates = [("handwritten", HANDWRITTEN, sizes.boto3)]
    candidates += [(name, peer, sizes.frameworks) for name, peer in frameworks.items()]
    for name, peer, several in candidates:
        for records in several:
            bench.begin()
            _noted(bench, found, name, 1, records, bench.peer(peer, found.kind, 1, records), bench.peers_wrong)
            if sizes.whole:
                run = bench.peer(peer, found.kind, 2, records)
                _noted(bench, found, name, 2, records, run, bench.peers_wrong)


def _incremental(bench: Bench, found: Nights, sizes: Sizes) -> None:
    """What asks for changes only. The cursor comes from a small account, the table holds the large one's first day."""
    kind, records = found.kind, sizes.incremental
    names: Sequence[str] = tuple(INCREMENTAL) if sizes.whole else FASTEST_INCREMENTAL
    bench.begin()
    if sizes.whole:
        bench.peer(FLOOR, kind, 1, records)
    bench.keep("incremental")
    for name in names:
        peer = INCREMENTAL[name]
        state = bench.state(peer, kind, records)
        bench.peer(peer, kind, 1, _A_FEW, state=state)
        for _ in range(sizes.rounds):
            with bench.as_kept("incremental", state):
                run = bench.peer(peer, kind, 2, records)
                judge = bench.peers_wrong if sizes.whole else None
                _noted(bench, found, f"{name}, incremental", 2, records, run, judge)


def _noted(
    bench: Bench, found: Nights, name: str, night: int, records: int, run: Measured, judge: Judge | None
) -> None:
    """Notes what a run cost, what it asked for, and what it left wrong; of several sizes the largest one's count."""
    row = found.row(name, night)
    row.add(records, run)
    row.counts = run.counts
    row.usage = {"records": records, **bench.endpoint.stats(), "upstream": bench.upstream.stats()}
    if judge is not None:
        row.wrong = judge(found.kind, records)
