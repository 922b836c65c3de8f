"""The dispatcher function's body: one scheduled event is one tick, and its own time is "now"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from planster_sync.engine.dispatch import Dispatcher
from planster_sync.errors import InvalidRequest
from planster_sync.ports.platform import Clock, Journal

SAFETY_SECONDS = 10.0
FURTHEST_REPLAY = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class DispatcherEntry:
    dispatcher: Dispatcher
    clock: Clock
    journal: Journal

    def handle(self, event: Mapping[str, Any], remaining_seconds: float) -> dict[str, Any]:
        """Runs one tick; what does not fit into the time, the next tick does.

        Raises:
            InvalidRequest: the event has no usable `time`; the invocation fails and ends in the dead-letter queue.
        """
        try:
            now = event_time(event, latest=self.clock.now() + FURTHEST_REPLAY)
        except InvalidRequest as error:
            self.journal.event("event_rejected", **error.for_log())
            raise
        until = self.clock.now() + timedelta(seconds=max(remaining_seconds - SAFETY_SECONDS, 0))
        report = self.dispatcher.tick(now, until)
        self.journal.event("tick", time=now.isoformat(), **asdict(report))
        return asdict(report)


def event_time(event: Mapping[str, Any], *, latest: datetime) -> datetime:
    """The nominal time of a scheduled event (AWS: EventBridge event structure, `time` in ISO-8601 UTC).

    One after `latest` is refused: it would put every integration off until then.
    """
    text = event.get("time")
    try:
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError as error:
        raise InvalidRequest("The event's time is missing or is no ISO-8601 time.") from error
    if moment.tzinfo is None:
        raise InvalidRequest("The event's time has no zone.")
    if moment > latest:
        raise InvalidRequest("The event's time is days ahead.")
    return moment.astimezone(UTC)
