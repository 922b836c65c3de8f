"""What a business is made of: its seed and its size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Record = dict[str, Any]
Clock = Callable[[], datetime]

SIZES: Mapping[str, int] = {"tiny": 25, "small": 200, "medium": 5_000, "large": 100_000}


def utc_now() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


def size_of(text: str) -> int:
    """The number of inventory items that `tiny`, `small`, `medium`, `large` or a number stands for.

    Raises:
        ValueError: neither a known word nor a positive number.
    """
    if text in SIZES:
        return SIZES[text]
    number = int(text)
    if number < 1:
        raise ValueError("a size is at least 1")
    return number


def base_of(base_date: datetime | None, clock: Clock) -> datetime:
    """The end of day 0 in UTC; yesterday 00:00 when nobody says."""
    if base_date is not None:
        return base_date.astimezone(UTC)
    return clock().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BusinessSpec:
    """`size` is the number of inventory items; `sizes` overrides the number of records of single collections.

    Raises:
        ValueError: the size is below 1.
    """

    seed: int = 1
    size: int = SIZES["small"]
    sizes: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ValueError("a size is at least 1")
