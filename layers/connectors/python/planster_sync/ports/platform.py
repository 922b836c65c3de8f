"""Time, identity, queues, budgets, events, metrics and the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Lane, TaskMessage


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment in UTC."""
        ...

    def wait(self, seconds: float) -> None: ...


class Identity(Protocol):
    def new_id(self) -> str:
        """A fresh, short, URL-safe id."""
        ...


class TaskQueue(Protocol):
    def send(self, messages: Sequence[TaskMessage], *, lane: Lane, delay_seconds: float = 0) -> None:
        """Sends every message or raises; a message may arrive more than once.

        Raises:
            StoreBusy: the queue refused some of them past the bounded retries.
        """
        ...


class RateBudget(Protocol):
    """The account's allowance, shared by all workers of one integration."""

    def take(self, deadline: datetime | None) -> None:
        """Waits, briefly, for the right to send one request.

        Raises:
            Throttled: the wait would pass a short bound or the deadline.
        """
        ...

    def learned(self, until: datetime) -> None:
        """The vendor itself said to wait until then; every worker of the account obeys."""
        ...


class Events(Protocol):
    def publish(self, kind: str, detail: Mapping[str, Any]) -> None: ...


class Metrics(Protocol):
    """Counts for dashboards, by data type and by connector and data type: never by integration or organisation."""

    def count(self, connector: str, data_type: DataType, values: Mapping[str, int]) -> None: ...


class Journal(Protocol):
    """The structured log: an allow-list of fields, no bodies, no secrets."""

    def event(self, name: str, **fields: Any) -> None: ...

    def failure(self, name: str, error: BaseException, **fields: Any) -> None:
        """Logs an unknown failure with its traceback, redacted."""
        ...
