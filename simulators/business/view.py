"""A vendor's view on the business: how its whole list is made of the neutral records, and where a change shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from simulators.business.business import Business
from simulators.business.spec import Record

Key = str | int


class Stamp(Protocol):
    """How a vendor's record tells when it was last modified."""

    def write(self, record: Record, moment: datetime) -> None: ...

    def read(self, record: Record) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class TextStamp:
    """A modification moment as text under a dotted path, in one spelling and one zone (local times have no offset)."""

    path: str
    spelling: str = "%Y-%m-%dT%H:%M:%SZ"
    zone: tzinfo = UTC

    def write(self, record: Record, moment: datetime) -> None:
        *above, name = self.path.split(".")
        for each in above:
            record = record.setdefault(each, {})
        record[name] = moment.astimezone(self.zone).strftime(self.spelling)

    def read(self, record: Record) -> datetime | None:
        value: object = record
        for each in self.path.split("."):
            value = value.get(each) if isinstance(value, dict) else None
        if not isinstance(value, str):
            return None
        moment = datetime.strptime(value, self.spelling)  # noqa: DTZ007 - the zone is given below
        return moment.replace(tzinfo=moment.tzinfo or self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Unstamped:
    """A list whose records do not tell when they were modified."""

    def write(self, record: Record, moment: datetime) -> None:
        """Nothing to write."""

    def read(self, record: Record) -> datetime | None:  # noqa: ARG002 - the protocol's shape
        return None


def forgotten(record: Record) -> Record | None:  # noqa: ARG001 - the hook's shape
    """What most vendors do with a record that vanishes: nothing is left of it."""
    return None


@dataclass(frozen=True, slots=True)
class View:
    """One list of a vendor's.

    `render` makes the whole list out of the business as it stands; the same business gives equal records. `key` names a
    record within the list; lists are in the order of their keys. `gone` says what stays of a record whose neutral one
    vanished: None, or the record marked inactive.
    """

    render: Callable[[Business], Iterable[Record]]
    key: Callable[[Record], Key]
    stamp: Stamp = Unstamped()
    gone: Callable[[Record], Record | None] = forgotten


def by_id(record: Record) -> Key:
    """The key of records that carry an `id`."""
    key: Key = record["id"]
    return key
