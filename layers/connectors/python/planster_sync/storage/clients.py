"""boto3's low-level clients as the stores need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from planster_sync.storage.lanes import LANES

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client


def _config() -> Config:
    # Validation of hand-made requests costs half of the CPU of a batch write and finds nothing that tests do not.
    return Config(
        parameter_validation=False,
        retries={"mode": "standard", "max_attempts": 4},
        connect_timeout=3,
        read_timeout=10,
        max_pool_connections=2 * LANES,
    )


def dynamodb_client() -> DynamoDBClient:
    """Region, credentials and endpoint come from the environment, as boto3 reads it."""
    return boto3.client("dynamodb", config=_config())


def s3_client() -> S3Client:
    return boto3.client("s3", config=_config())
