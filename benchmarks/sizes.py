"""How much is measured: a whole run, and one that is over in about two minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Sizes:
    """Records at the upstream. Where two are given, the line through both says what 100,000 cost.

    `rounds` is how often each second night of up to 100,000 records is measured; the median counts. `memory` are more
    sizes of which only the memory is of interest; `some` is enough to see what is written, and what not. 0: left out.
    `organisations` are how many integrations those have whose status is looked at, `rate` times a second.
    What is not `whole` does without the slower frameworks, the second floor, and what the summary does not tell.
    """

    name: str
    ours: tuple[int, int]
    boto3: tuple[int, int]
    frameworks: tuple[int, int]
    incremental: int
    rounds: int
    kinds: Sequence[str]
    whole: bool
    memory: Sequence[int]
    some: int
    latency: int
    throttled: int
    small_streams: int
    integrations: int
    resumed: int
    rate: int
    load_seconds: int
    organisations: Sequence[int]
    cold_starts: int


FULL = Sizes(
    name="full",
    ours=(100_000, 500_000),
    boto3=(2_000, 20_000),
    frameworks=(2_000, 10_000),
    incremental=100_000,
    rounds=3,
    kinds=("inventory", "products", "orders"),
    whole=True,
    memory=(1_000_000, 2_000_000),
    some=20_000,
    latency=100_000,
    throttled=20_000,
    small_streams=2_000,
    integrations=10_000,
    resumed=2_000,
    rate=200,
    load_seconds=60,
    organisations=(1, 4),
    cold_starts=10,
)
QUICK = Sizes(
    name="quick",
    ours=(4_000, 20_000),
    boto3=(400, 2_000),
    frameworks=(200, 1_000),
    incremental=100_000,
    rounds=1,
    kinds=("inventory",),
    whole=False,
    memory=(),
    some=0,
    latency=0,
    throttled=0,
    small_streams=0,
    integrations=400,
    resumed=0,
    rate=50,
    load_seconds=4,
    organisations=(4,),
    cold_starts=3,
)
OTHER_KINDS = replace(FULL, ours=(20_000, 100_000), boto3=(1_000, 5_000), frameworks=(1_000, 5_000), rounds=1)
"""A whole run's data types after the first: what differs between them shows at a fifth of the size."""


def sizes_for(kind: str, sizes: Sizes) -> Sizes:
    """The sizes at which one data type is measured in a run."""
    return sizes if sizes is QUICK or kind == sizes.kinds[0] else OTHER_KINDS


FASTEST_FRAMEWORKS = ("singer-sdk",)
FASTEST_INCREMENTAL = ("handwritten", "dlt")
"""What a quick run measures of the frameworks: the fastest of the last whole run."""
