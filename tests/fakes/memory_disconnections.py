"""Proofs of disconnections, and what is erased, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime

from planster_sync.model.integrations import Disconnection


class MemoryDisconnections:
    def __init__(self) -> None:
        self._proofs: dict[tuple[str, str, datetime], Disconnection] = {}

    def begin(self, disconnection: Disconnection) -> None:
        self._proofs.setdefault(_place(disconnection), deepcopy(disconnection))

    def note(self, disconnection: Disconnection, place: str, count: int) -> None:
        there = self._proofs[_place(disconnection)]
        erased = {**there.erased, place: there.erased.get(place, 0) + count}
        self._proofs[_place(disconnection)] = replace(there, erased=erased)

    def complete(self, disconnection: Disconnection, at: datetime) -> None:
        there = self._proofs[_place(disconnection)]
        self._proofs[_place(disconnection)] = replace(there, completed_at=there.completed_at or at)

    def of(self, organisation: str) -> Sequence[Disconnection]:
        return [deepcopy(self._proofs[place]) for place in sorted(self._proofs) if place[0] == organisation]


def _place(disconnection: Disconnection) -> tuple[str, str, datetime]:
    return disconnection.organisation, disconnection.integration, disconnection.requested_at
