"""boto3's low-level clients as the platform ports need them; region, credentials and endpoint as boto3 reads them.

boto3 is loaded by the first of them and not before: a function that needs none does not pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient


def sqs_client() -> SQSClient:
    client: SQSClient = _client("sqs")
    return client


def ssm_client() -> SSMClient:
    client: SSMClient = _client("ssm")
    return client


def events_client() -> EventBridgeClient:
    client: EventBridgeClient = _client("events")
    return client


def _client(service: str) -> Any:
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    config = Config(retries={"mode": "standard", "max_attempts": 4}, connect_timeout=3, read_timeout=10)
    made: Any = boto3
    return made.client(service, config=config)
