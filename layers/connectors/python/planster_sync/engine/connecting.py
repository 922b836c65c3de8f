"""Which id an integration gets that is being connected, and when its first night is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from itertools import count

from planster_sync.engine import nights
from planster_sync.model.integrations import Integration


def integration_id(connector: str, word: str, gone: Collection[str]) -> str:
    """The same for the same word, so that a repeated request finds what the first one made.

    Never one of `gone`: late messages and readers of an integration that was erased must not meet another one.
    """
    name = f"{connector}-{blake2b(word.encode(), digest_size=5).hexdigest()}"
    return next(each for number in count(1) if (each := name if number == 1 else f"{name}-{number}") not in gone)


def first_due(integration: Integration, now: datetime, spread_seconds: int) -> Integration:
    """Due at its next hour: what is missing now, the first load included, is started by hand."""
    latest = nights.latest_slot(integration.schedule, now)
    return replace(integration, due_at=nights.next_due(integration, latest.at, spread_seconds))
