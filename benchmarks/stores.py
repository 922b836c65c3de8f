"""Makes the tables as template.yaml describes them, and the bucket, on the endpoints that the environment names.

.venv/bin/python -m benchmarks.stores --endpoint URL
"""

from __future__ import annotations

import argparse
import os
from contextlib import suppress

import boto3
from botocore.config import Config

from benchmarks import deployment
from tests.contract.stores.tables import create_tables


def create() -> None:
    """What is there already stays as it is."""
    dynamodb, s3 = boto3.client("dynamodb"), boto3.client("s3", config=Config(s3={"addressing_style": "path"}))
    with suppress(dynamodb.exceptions.ResourceInUseException):
        create_tables(dynamodb, control=deployment.CONTROL_TABLE, records=deployment.RECORDS_TABLE)
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=deployment.BUCKET, CreateBucketConfiguration={"LocationConstraint": deployment.REGION})


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the tables and the bucket of a measurement.")
    parser.add_argument("--endpoint", required=True)
    endpoint = parser.parse_args().endpoint
    os.environ.update(deployment.environment(dynamodb=endpoint, s3=endpoint, platform=endpoint))
    create()


if __name__ == "__main__":
    main()
