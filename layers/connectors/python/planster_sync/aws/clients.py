"""boto3's low-level clients as the platform ports need them; region, credentials and endpoint as boto3 reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

_CONFIG = Config(retries={"mode": "standard", "max_attempts": 4}, connect_timeout=3, read_timeout=10)


def sqs_client() -> SQSClient:
    return boto3.client("sqs", config=_CONFIG)


def ssm_client() -> SSMClient:
    return boto3.client("ssm", config=_CONFIG)


def events_client() -> EventBridgeClient:
    return boto3.client("events", config=_CONFIG)
