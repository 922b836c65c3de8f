"""boto3's low-level client as the index objects need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planster_sync.storage.lanes import LANES

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def s3_client() -> S3Client:
    """Region, credentials and endpoint come from the environment, as boto3 reads it."""
    # Here and not above: what needs no S3 does not load boto3.
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        retries={"mode": "standard", "max_attempts": 4},
        connect_timeout=3,
        read_timeout=10,
        max_pool_connections=2 * LANES,
    )
    return boto3.client("s3", config=config)
