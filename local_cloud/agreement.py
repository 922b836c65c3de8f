"""When a stored value agrees with what the source implies, however the store spells numbers and moments."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

Step = tuple[str, object, object]
"""A place where they differ: dotted path, what was wanted, what is stored."""

Source = Mapping[str, Any]
"""A live record of a simulated source, parsed."""

Fields = dict[str, object]
Expected = Iterator[tuple[str, Fields]]
"""Id and wanted fields of each stored record that a source record stands for."""


@dataclass(frozen=True, slots=True)
class Readings:
    """A vendor's side of the judgement: `READINGS` in simulators/<vendor>/readings.

    `of` says per data type which of the simulator's collections it comes from, and how one source record is read.
    `source_id` names a collection's record as the quarantine does; `personal_texts` is what it must not leave behind.
    """

    of: Mapping[str, tuple[str, Callable[[Source], Expected]]]
    source_id: Callable[[str, Source], str]
    personal_texts: Callable[[Source], frozenset[str]]

    @property
    def collections(self) -> list[str]:
        """The simulator's collections that are read, each once."""
        return sorted({collection for collection, _ in self.of.values()})


MISSING: tuple[object, ...] = (None, "", [], {}, ())
TOLERANCE = Decimal("0.000001")


class Wanted(ABC):
    """An expectation that is more than one plain value."""

    __slots__ = ()

    @abstractmethod
    def agrees(self, stored: object) -> bool:
        """Whether a stored value, None where there is none, meets it."""


@dataclass(frozen=True, slots=True)
class Moment(Wanted):
    """A moment, to the millisecond, which is what is stored; the store may spell UTC otherwise."""

    text: str

    def agrees(self, stored: object) -> bool:
        return isinstance(stored, str) and _utc(stored) == _utc(self.text)


@dataclass(frozen=True, slots=True)
class Day(Wanted):
    """A calendar day, out of a date or a moment."""

    text: str

    def agrees(self, stored: object) -> bool:
        return isinstance(stored, str) and stored[:10] == self.text[:10]


@dataclass(frozen=True, slots=True)
class Cash(Wanted):
    """An amount, and its currency where the source names one."""

    amount: object
    currency: str | None = None

    def agrees(self, stored: object) -> bool:
        if not isinstance(stored, Mapping) or not isinstance(stored.get("amount"), str):
            return False
        if self.currency is not None and stored.get("currency") != self.currency:
            return False
        return number(stored["amount"]) == number(self.amount)


@dataclass(frozen=True, slots=True)
class Placed(Wanted):
    """A word of our vocabulary, with one of the source's own words beside it."""

    value: str
    vendor: frozenset[str]

    def agrees(self, stored: object) -> bool:
        if not isinstance(stored, Mapping) or stored.get("value") != self.value:
            return False
        return not self.vendor or stored.get("vendor") in self.vendor


@dataclass(frozen=True, slots=True)
class Roughly(Wanted):
    """A converted measure: equal but for rounding in the seventh digit."""

    value: Decimal

    def agrees(self, stored: object) -> bool:
        found = number(stored)
        return found is not None and abs(found - self.value) <= TOLERANCE * max(Decimal(1), abs(self.value))


@dataclass(frozen=True, slots=True)
class AnyOf(Wanted):
    """One of several values, where the source leaves room."""

    options: tuple[object, ...]

    def agrees(self, stored: object) -> bool:
        return any(not list(differences(option, stored)) for option in self.options)


@dataclass(frozen=True, slots=True)
class Holding(Wanted):
    """A list in which each of these is found, in any order and perhaps among others."""

    parts: tuple[object, ...]

    def agrees(self, stored: object) -> bool:
        found = stored if isinstance(stored, Sequence) else ()
        return all(any(not list(differences(part, each)) for each in found) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Told(Wanted):
    """Anything but nothing."""

    def agrees(self, stored: object) -> bool:
        return stored not in MISSING


def number(value: object) -> Decimal | None:
    """An exact number, or None for what is none; a boolean is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def differences(wanted: object, stored: object, path: str = "") -> Iterator[Step]:
    """Every place in which a stored value departs from the wanted one; fields that are not wanted are not looked at."""
    if isinstance(wanted, dict):
        inner = stored if isinstance(stored, Mapping) else {}
        for name, value in wanted.items():
            found = inner.get(name)
            if isinstance(value, dict | list) or not _agrees(value, found):
                yield from differences(value, found, f"{path}.{name}".removeprefix("."))
    elif isinstance(wanted, list):
        yield from _listed(wanted, stored, path)
    elif not _agrees(wanted, stored):
        yield path, wanted, stored


def _listed(wanted: list[Any], stored: object, path: str) -> Iterator[Step]:
    found = list(stored) if isinstance(stored, Sequence) and not isinstance(stored, str) else []
    if len(found) != len(wanted):
        yield f"{path} (length)", len(wanted), len(found)
        return
    for place, (value, other) in enumerate(zip(wanted, found, strict=True)):
        yield from differences(value, other, f"{path}.{place}")


def _agrees(wanted: object, stored: object) -> bool:
    if isinstance(wanted, Wanted):
        return wanted.agrees(stored)
    if wanted is None:
        return stored in MISSING
    if isinstance(wanted, bool) or isinstance(stored, bool):
        return wanted is stored
    if isinstance(wanted, str) or isinstance(stored, str) or type(wanted) is type(stored):
        return wanted == stored
    return number(stored) is not None and number(stored) == number(wanted)


def _utc(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000) if moment.tzinfo else None
