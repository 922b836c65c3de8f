"""Makes the tables as template.yaml describes them, and the bucket, on the endpoints that the environment names.

.venv/bin/python -m benchmarks.stores --endpoint URL
"""

from __future__ import annotations

import argparse
import os

import boto3
from botocore.config import Config

from benchmarks import deployment
from tests.contract.stores.tables import create_tables


def create() -> None:
    create_tables(boto3.client("dynamodb"), control=deployment.CONTROL_TABLE, records=deployment.RECORDS_TABLE)
    path_style = Config(s3={"addressing_style": "path"})
    boto3.client("s3", config=path_style).create_bucket(
        Bucket=deployment.BUCKET, CreateBucketConfiguration={"LocationConstraint": deployment.REGION}
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the tables and the bucket of a measurement.")
    parser.add_argument("--endpoint", required=True)
    endpoint = parser.parse_args().endpoint
    os.environ.update(deployment.environment(dynamodb=endpoint, s3=endpoint, platform=endpoint))
    create()


if __name__ == "__main__":
    main()
