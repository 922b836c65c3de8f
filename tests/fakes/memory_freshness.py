"""Judged nights in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from planster_sync.model.freshness import Night, NightWatch


class MemoryNights:
    def __init__(self) -> None:
        self.watches: dict[tuple[str, str], NightWatch] = {}
        self.nights: dict[tuple[str, str, str], Night] = {}
        self._ended: set[tuple[str, str]] = set()

    def begin_watch(self, watch: NightWatch) -> None:
        self.watches.setdefault((watch.organisation, watch.integration), watch)

    def due_watches(self, now: datetime, limit: int) -> Sequence[NightWatch]:
        due = [each for place, each in self.watches.items() if each.check_at <= now and place not in self._ended]
        return sorted(due, key=lambda each: each.check_at)[:limit]

    def move_watch(self, there: NightWatch, then: NightWatch) -> None:
        place = (there.organisation, there.integration)
        if self.watches.get(place) == there:
            self.watches[place] = then

    def end_watch(self, watch: NightWatch) -> None:
        self._ended.add((watch.organisation, watch.integration))

    def keep(self, night: Night) -> bool:
        place = (night.organisation, night.integration, night.date)
        return self.nights.setdefault(place, night) is night

    def since(self, organisation: str, integrations: Sequence[str], first: date) -> Sequence[Sequence[Night]]:
        kept = sorted(self.nights.items())
        return [
            [night for place, night in kept if place[:2] == (organisation, each) and place[2] >= first.isoformat()]
            for each in integrations
        ]
