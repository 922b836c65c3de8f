"""Which answers of DynamoDB and S3 mean "later"; all others are mistakes of ours and pass through unchanged."""

from __future__ import annotations

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
