"""Asking SQS, SSM, Secrets Manager and EventBridge: bounded attempts, and which answers mean "later"."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planster_sync.errors import StoreBusy
from planster_sync.ports.platform import Clock
from planster_sync.wire.endpoint import Endpoint, NoAnswer, Refused

BUSY = frozenset(
    {
        "InternalError",
        "InternalException",
        "InternalFailure",
        "InternalServerError",
        "InternalServiceError",
        "KmsThrottled",
        "RequestThrottled",
        "ServiceUnavailable",
        "ThrottlingException",
        "TooManyUpdates",
    }
)


@dataclass(frozen=True, slots=True)
class Retries:
    """Bounded attempts. `random` gives a number in [0, 1)."""

    clock: Clock
    random: Callable[[], float]
    attempts: int = 6
    first: float = 0.1

    def rounds(self, what: str) -> Iterator[int]:
        """Attempt numbers, with a wait before each but the first, 3 s in all; StoreBusy(what) after the last."""
        for attempt in range(self.attempts):
            if attempt:
                self.clock.wait(self.first * 2 ** (attempt - 1) * (0.5 + self.random() / 2))
            yield attempt
        raise StoreBusy(what, detail=f"not done after {self.attempts} attempts")


@dataclass(frozen=True, slots=True)
class Asking:
    """One service; what is asked may be done more than once where an answer was lost. `busy` is a sentence."""

    endpoint: Endpoint
    retries: Retries
    busy: str

    def once(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
        """The answer, or None where it is to be asked again later.

        Raises:
            Refused: asking again would not help.
        """
        try:
            answer = self.endpoint.call(operation, json.dumps(arguments).encode())
        except NoAnswer:
            return None
        except Refused as refused:
            if code_of(refused) in BUSY:
                return None
            raise
        found: dict[str, Any] = json.loads(answer or b"{}")
        return found

    def until_answered(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """As `once`, and StoreBusy past the bounded attempts."""
        answers = (self.once(operation, arguments) for _ in self.retries.rounds(self.busy))
        return next(answer for answer in answers if answer is not None)


def code_of(refused: Refused) -> str:
    """The error's own name, without the service's that some put before it."""
    return refused.code.rpartition(".")[2]
