"""What is erased when an integration is disconnected, and what is kept as its proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from planster_sync.model.integrations import Disconnection, Integration

Trace = Callable[[Integration, datetime], int]
"""Erases what it finds in one place, until that moment at the latest; gives how much it was. Safe to repeat."""


class Disconnections(Protocol):
    """Proofs, kept for good."""

    def begin(self, disconnection: Disconnection) -> None:
        """Writes it unless it is there."""
        ...

    def note(self, disconnection: Disconnection, place: str, count: int) -> None:
        """Adds what was erased in a place."""
        ...

    def complete(self, disconnection: Disconnection, at: datetime) -> None:
        """Notes when nothing was left; the first time counts."""
        ...

    def of(self, organisation: str) -> Sequence[Disconnection]:
        """Every one of an organisation, by integration and time."""
        ...
