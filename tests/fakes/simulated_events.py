"""EventBridge's PutEvents, as boto3's client: keeps what was put and refuses what its hook says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

Before = Callable[[Sequence[Mapping[str, Any]]], Collection[int]]
"""Hears of each request before it acts. Gives the places of entries to refuse; may raise instead."""


def _all_taken(_entries: Sequence[Mapping[str, Any]]) -> Collection[int]:
    return ()


class SimulatedEvents:
    def __init__(self, before: Before = _all_taken) -> None:
        self._before = before
        self.published: list[Mapping[str, Any]] = []

    def put_events(self, *, Entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: N803
        failed = self._before(Entries)
        outcomes: list[dict[str, str]] = []
        for place, entry in enumerate(Entries):
            if place in failed:
                outcomes.append({"ErrorCode": "InternalException", "ErrorMessage": "Unexpected error"})
            else:
                self.published.append(entry)
                outcomes.append({"EventId": f"event-{len(self.published)}"})
        return {"FailedEntryCount": sum("ErrorCode" in outcome for outcome in outcomes), "Entries": outcomes}
