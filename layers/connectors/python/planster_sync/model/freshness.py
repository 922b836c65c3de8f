"""Whether the data of a night was there in the morning: the promise that planners are given, night by night."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from planster_sync.model.data_types import DataType

TARGET = 0.995
"""Of all data types' nights, so many shall be fresh."""
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a data type was not fresh; `what` is a sentence for a planner."""

    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Night:
    """One integration's night, judged once. It ended on the morning of the local day `date` (ISO-8601), at `at` (UTC).

    What is in neither took no part. `blocked` are those of `missed` that waited for somebody of the organisation.
    """

    organisation: str
    integration: str
    date: str
    at: datetime
    fresh: tuple[DataType, ...] = ()
    missed: dict[DataType, Miss] = field(default_factory=dict)
    blocked: tuple[DataType, ...] = ()

    @property
    def counted(self) -> int:
        return len(self.fresh) + len(self.missed)


@dataclass(frozen=True, slots=True)
class NightWatch:
    """Says which night of an integration is to be judged next, and when (UTC)."""

    organisation: str
    integration: str
    date: str
    check_at: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the nights that count were fresh."""

    fresh: int
    counted: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None where no night counts."""
        return self.fresh / self.counted if self.counted else None


def share(nights: Iterable[Night], data_type: DataType | None = None) -> Share:
    """Of one data type, or of all of them."""
    nights = list(nights)
    wanted = list(DataType) if data_type is None else [data_type]
    fresh = sum(each in night.fresh for night in nights for each in wanted)
    return Share(fresh, fresh + sum(each in night.missed for night in nights for each in wanted))
