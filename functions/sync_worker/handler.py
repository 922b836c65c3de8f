"""Lambda entry point of sync_worker: see planster_sync.entry.worker."""

from __future__ import annotations

from functools import cache
from typing import Any

from planster_sync.entry import worker_wiring
from planster_sync.entry.worker import WorkerEntry


@cache
def entry() -> WorkerEntry:
    return worker_wiring.build_worker()


def handler(event: dict[str, Any], context: Any) -> Any:
    return entry().handle(event, context.get_remaining_time_in_millis() / 1000)
