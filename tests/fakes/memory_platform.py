"""Queue, budget, events, metrics, log and identity in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from planster_sync.errors import Throttled
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Lane, TaskMessage
from planster_sync.ports.platform import Clock


@dataclass(frozen=True, slots=True)
class Sent:
    message: TaskMessage
    lane: Lane
    delay_seconds: float


class MemoryQueue:
    """Keeps what was sent, in order; `drain` hands it over and forgets it."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []

    def send(self, messages: Sequence[TaskMessage], *, lane: Lane, delay_seconds: float = 0) -> None:
        self.sent.extend(Sent(message, lane, delay_seconds) for message in messages)

    def drain(self) -> list[Sent]:
        waiting, self.sent = self.sent, []
        return waiting


class FreeBudget:
    """Grants every request at once, until the vendor said otherwise."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.taken = 0
        self.until: datetime | None = None

    def take(self, deadline: datetime | None) -> None:
        if self.until is not None and self.until > self._clock.now():
            raise Throttled("The connected system asked to wait.", until=self.until)
        self.taken += 1

    def learned(self, until: datetime) -> None:
        self.until = until if self.until is None else max(self.until, until)


class MemoryEvents:
    def __init__(self) -> None:
        self.published: list[tuple[str, dict[str, Any]]] = []

    def publish(self, kind: str, detail: Mapping[str, Any]) -> None:
        self.published.append((kind, deepcopy(dict(detail))))


class MemoryMetrics:
    """Keeps what was counted, in order."""

    def __init__(self) -> None:
        self.counted: list[tuple[str, DataType, dict[str, int]]] = []

    def count(self, connector: str, data_type: DataType, values: Mapping[str, int]) -> None:
        self.counted.append((connector, data_type, dict(values)))


class MemoryJournal:
    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []

    def event(self, name: str, **fields: Any) -> None:
        self.events.append((name, dict(fields)))

    def failure(self, name: str, error: BaseException, **fields: Any) -> None:
        self.events.append((name, {**fields, "error": repr(error)}))

    def named(self, name: str) -> list[dict[str, Any]]:
        return [fields for known, fields in self.events if known == name]


class CountedIdentity:
    """id-000001, id-000002, ...: the same in every run of a test."""

    def __init__(self, prefix: str = "id") -> None:
        self._prefix = prefix
        self._count = 0

    def new_id(self) -> str:
        self._count += 1
        return f"{self._prefix}-{self._count:06d}"
