"""Which answers of DynamoDB and S3 mean "later"; all others are mistakes of ours and pass through unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from planster_sync.errors import StoreBusy

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

BUSY = frozenset(
    {
        "ConditionalRequestConflict",
        "InternalError",
        "InternalServerError",
        "LimitExceededException",
        "OperationAborted",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
CONDITION = "ConditionalCheckFailedException"
CANCELLED = "TransactionCanceledException"


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def busy_as_store_busy() -> Iterator[None]:
    """Turns throttling and lost connections of S3, past boto3's own bounded retries, into StoreBusy."""
    # Here and not above: what asks DynamoDB only need not load boto3.
    from botocore.exceptions import ClientError, HTTPClientError  # noqa: PLC0415
    from botocore.exceptions import ConnectionError as ConnectionLost  # noqa: PLC0415

    try:
        yield
    except ClientError as error:
        if code_of(error) not in BUSY:
            raise
        raise StoreBusy("The store is busy.", detail=code_of(error)) from error
    except (ConnectionLost, HTTPClientError) as error:
        raise StoreBusy("The store did not answer.", detail=type(error).__name__) from error
