"""Which answers of SQS, SSM, Secrets Manager and EventBridge mean "later"; all others pass through unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as ConnectionLost

from planster_sync.errors import StoreBusy
from planster_sync.ports.platform import Clock

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


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def busy_as_store_busy(what: str) -> Iterator[None]:
    """Turns throttling and lost connections, past boto3's own bounded retries, into StoreBusy saying `what`."""
    try:
        yield
    except ClientError as error:
        if code_of(error) not in BUSY:
            raise
        raise StoreBusy(what, detail=code_of(error)) from error
    except (ConnectionLost, HTTPClientError) as error:
        raise StoreBusy(what, detail=type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class PartialRetries:
    """Bounded attempts for batches that AWS accepts in part. `random` gives a number in [0, 1)."""

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
