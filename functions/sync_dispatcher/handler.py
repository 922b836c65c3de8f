"""Lambda entry point of sync_dispatcher: see planster_sync.entry.dispatcher."""

from __future__ import annotations

from functools import cache
from typing import Any

from planster_sync.entry import dispatcher_wiring
from planster_sync.entry.dispatcher import DispatcherEntry


@cache
def entry() -> DispatcherEntry:
    return dispatcher_wiring.build_dispatcher()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return entry().handle(event, context.get_remaining_time_in_millis() / 1000)
