"""The environment in which the product's functions find the counting endpoints, as the template would give it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

CONTROL_TABLE: Final = "control"
RECORDS_TABLE: Final = "records"
BUCKET: Final = "indexes"
PREFIX: Final = "/planster/bench/integrations"
NIGHT_QUEUE: Final = "night"
REGION: Final = "eu-central-1"
ORGANISATION: Final = "bench"
INTEGRATION: Final = "main"


def environment(*, dynamodb: str, s3: str, platform: str) -> dict[str, str]:
    """Credentials are none; what the caller's environment says of AWS otherwise stays."""
    return {
        "AWS_ENDPOINT_URL_DYNAMODB": dynamodb,
        "AWS_ENDPOINT_URL_S3": s3,
        "AWS_ENDPOINT_URL_SQS": platform,
        "AWS_ENDPOINT_URL_SSM": platform,
        "AWS_ENDPOINT_URL_EVENTBRIDGE": platform,
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "CONTROL_TABLE": CONTROL_TABLE,
        "RECORDS_TABLE": RECORDS_TABLE,
        "INDEX_BUCKET": BUCKET,
        "NIGHT_QUEUE_URL": f"{platform}/queues/{NIGHT_QUEUE}",
        "MANUAL_QUEUE_URL": f"{platform}/queues/manual",
        "EVENT_BUS": "default",
        "WORKER_FUNCTION": "sync-worker",
        "SECRET_PREFIX": PREFIX,
        "WEBHOOK_SECRET_PREFIX": "/planster/bench/webhooks",
        "VENDOR_NETWORK": "loopback",
        "SLOT_SPREAD_SECONDS": "0",
        "POWERTOOLS_SERVICE_NAME": "planster-sync",
        "POWERTOOLS_LOG_LEVEL": "WARNING",
    }


def inherited(given: Mapping[str, str]) -> dict[str, str]:
    """A child's environment: this one's, apart from every AWS setting in it, and `given`."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("AWS_")}, **given}
