"""Makes the tables as template.yaml describes them, and the bucket."""

from __future__ import annotations

from contextlib import suppress

import boto3
from botocore.config import Config

from benchmarks import deployment
from tests.contract.stores.tables import create_tables


def create(dynamodb_url: str, s3_url: str) -> None:
    """What is there already stays as it is."""
    session = boto3.Session("bench", "bench", region_name=deployment.REGION)
    dynamodb = session.client("dynamodb", endpoint_url=dynamodb_url)
    s3 = session.client("s3", endpoint_url=s3_url, config=Config(s3={"addressing_style": "path"}))
    with suppress(dynamodb.exceptions.ResourceInUseException):
        create_tables(dynamodb, control=deployment.CONTROL_TABLE, records=deployment.RECORDS_TABLE)
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=deployment.BUCKET, CreateBucketConfiguration={"LocationConstraint": deployment.REGION})
