"""What the API asks the worker, which alone reads secrets and speaks to vendors, and what it answers: as JSON."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec

from planster_sync.model.runs import Problem
from planster_sync.ports.connecting import BeginAnswer, BeginQuestion, ExchangeAnswer, ExchangeQuestion

SECONDS = 8.0
"""For one question, the worker's start aside: a planner waits for the answer."""
VENDOR_SECONDS = 5.0
"""For one answer of the vendor: a token and the first answer fit into ten."""


class CheckQuestion(msgspec.Struct, frozen=True, tag="check", tag_field="ask"):
    """Do the credentials work, and for which reads?"""

    organisation: str
    integration: str


class LookUpQuestion(msgspec.Struct, frozen=True, tag="look_up", tag_field="ask"):
    """What does the source say of these source records now?"""

    organisation: str
    integration: str
    read: str
    sources: tuple[str, ...]


Question = CheckQuestion | LookUpQuestion | BeginQuestion | ExchangeQuestion


class CheckAnswer(msgspec.Struct, frozen=True):
    """`problem` is that of the credentials. `reads` holds each read that was tried, with its problem if it has one."""

    problem: Problem | None = None
    reads: dict[str, Problem | None] = {}


class Sighting(msgspec.Struct, frozen=True):
    """One source record now: gone where `is_there` is false; `records` are what it maps to, unless it has a problem."""

    source: str
    is_there: bool
    records: tuple[dict[str, Any], ...] = ()
    problem: Problem | None = None


class LookUpAnswer(msgspec.Struct, frozen=True):
    """`problem` says why not every record has a sighting. `read_at` is the moment before the source was first asked."""

    read_at: str = ""
    sightings: tuple[Sighting, ...] = ()
    problem: Problem | None = None


class AsksWorker(Protocol):
    def check(self, question: CheckQuestion) -> CheckAnswer:
        """Raises StoreBusy where the worker gives no answer."""
        ...

    def look_up(self, question: LookUpQuestion) -> LookUpAnswer:
        """Raises StoreBusy where the worker gives no answer."""
        ...

    def begin(self, question: BeginQuestion) -> BeginAnswer:
        """Raises StoreBusy where the worker gives no answer."""
        ...

    def exchange(self, question: ExchangeQuestion) -> ExchangeAnswer:
        """Raises StoreBusy where the worker gives no answer."""
        ...
