"""Who keeps the judged nights, and which is to be judged next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from planster_sync.model.freshness import Night, NightWatch


class Nights(Protocol):
    """Rows of judged nights, kept for 90 days. Each method may raise StoreBusy, after which it may have acted."""

    def begin_watch(self, watch: NightWatch) -> None:
        """Does nothing where the integration is watched already."""
        ...

    def due_watches(self, now: datetime, limit: int) -> Sequence[NightWatch]:
        """Oldest first, found by index."""
        ...

    def move_watch(self, there: NightWatch, then: NightWatch) -> None:
        """Does nothing where somebody has moved it meanwhile, or it is gone."""
        ...

    def end_watch(self, watch: NightWatch) -> None: ...

    def keep(self, night: Night) -> bool:
        """Writes a night that was not judged before; False where it was, and what was written then stays."""
        ...

    def since(self, organisation: str, integrations: Sequence[str], first: date) -> Sequence[Sequence[Night]]:
        """Of each integration its judged nights from a local date on, oldest first; one Query each, in parallel."""
        ...
