"""Errors as boto3's clients raise them."""

from __future__ import annotations

from botocore.exceptions import ClientError


def client_error(operation: str, code: str, message: str, status: int = 400) -> ClientError:
    """For the simulated clients, and for hooks that let one fail."""
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, operation)  # type: ignore[arg-type]  # the rest of the metadata has no reader
