"""Where the smoke test runs: the account that boto3 finds, or the local cloud."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from local_cloud.cloud import Cloud
from local_cloud.processes import LocalCloudError


@dataclass(frozen=True)
class Place:
    """`cloud` is the local one; None in a real account."""

    session: boto3.Session
    variables: Mapping[str, str]
    cloud: Cloud | None = None

    def environment(self) -> dict[str, str]:
        """With which other programs, and the stores, reach it."""
        return dict(self.variables)

    def client(self, service: str) -> Any:
        endpoint = self.cloud.endpoint if self.cloud else None
        config = self.cloud.config if self.cloud else Config(retries={"mode": "standard"}, read_timeout=330)
        make: Any = self.session.client  # the types know services by their names alone
        return make(service, endpoint_url=endpoint, config=config)

    @property
    def network(self) -> str:
        return "loopback" if self.cloud else "public"

    def address(self, api: str) -> str:
        """Of an HTTP API, by its own endpoint."""
        if self.cloud is None:
            return api
        return f"{self.cloud.endpoint}/_aws/execute-api/{api.split('//', 1)[-1].split('.', 1)[0]}"


def real_account() -> Place:
    """The account and region of the AWS profile.

    Raises:
        LocalCloudError: there are no credentials, or there is no region.
    """
    session = boto3.Session()
    found = session.get_credentials()
    if found is None or session.region_name is None:
        raise LocalCloudError("There are no AWS credentials, or there is no region. Set AWS_PROFILE and AWS_REGION.")
    frozen = found.get_frozen_credentials()
    keys = {"AWS_ACCESS_KEY_ID": str(frozen.access_key), "AWS_SECRET_ACCESS_KEY": str(frozen.secret_key)}
    token = {"AWS_SESSION_TOKEN": str(frozen.token)} if frozen.token else {}
    region = {"AWS_REGION": session.region_name, "AWS_DEFAULT_REGION": session.region_name}
    return Place(session, {**os.environ, **keys, **token, **region})


def on_local_cloud(cloud: Cloud) -> Place:
    return Place(cloud.session, cloud.environment(), cloud)
