"""Requests under callers' own keys, in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from planster_sync.ports.stores import AskedSync


class MemoryAskedSyncs:
    def __init__(self) -> None:
        self._asked: dict[tuple[str, str, str], AskedSync] = {}

    def note(self, organisation: str, integration: str, asked: AskedSync) -> AskedSync | None:
        place = (organisation, integration, asked.key)
        there = self._asked.get(place)
        if there is not None and asked.at - there.at < timedelta(days=1):
            return there
        self._asked[place] = asked
        return None

    def note_joined(self, organisation: str, integration: str, asked: AskedSync, run: str) -> None:
        place = (organisation, integration, asked.key)
        self._asked[place] = replace(self._asked[place], joined=run)
