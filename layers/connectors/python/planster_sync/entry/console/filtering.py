"""The filters of the records browser, as they are typed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from planster_sync.entry.console.desk import Desk
from planster_sync.errors import InvalidRequest


class Filters(NamedTuple):
    """What the form above the list holds; `since` is a wall clock's time."""

    sku: str
    warehouse: str
    status: str
    since: str

    @classmethod
    def asked(cls, desk: Desk) -> Filters:
        return cls(*(desk.query(name).strip() for name in cls._fields))

    def given(self) -> dict[str, str]:
        return {name: value for name, value in self._asdict().items() if value}

    def moment(self, zone: str) -> datetime | None:
        """`since` in the integration's zone; None where nothing was typed.

        Raises:
            InvalidRequest: it is no date.
        """
        if not self.since:
            return None
        try:
            return datetime.fromisoformat(self.since).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise InvalidRequest("“Changed since” is no date.", remedy="Write it like 2026-03-01T08:00.") from error
