"""Tokens in SSM: each write a version, none in plain text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from planster_sync.aws.failures import Retries
from planster_sync.aws.token_vault import SsmTokenVault
from planster_sync.errors import StoreBusy
from planster_sync.ports.tokens import Token
from tests.fakes.as_endpoint import AsEndpoint
from tests.fakes.clock import ManualClock

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOKEN = Token("access", NOON, NOON + timedelta(hours=1), "origin", 3, refresh="refresh", previous=None)
NAME = "/planster/dev/integrations/acme/warehouse-1/token"


@pytest.fixture
def ssm() -> Iterator[SSMClient]:
    with mock_aws():
        session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-central-1")
        yield session.client("ssm")


def vault_on(ssm: SSMClient) -> SsmTokenVault:
    retries = Retries(ManualClock(), lambda: 0.5)
    return SsmTokenVault(AsEndpoint(ssm), "/planster/dev/integrations/", "acme", "warehouse-1", retries)


def test_at_first_there_is_none(ssm: SSMClient) -> None:
    vault = vault_on(ssm)

    assert vault.newest() is None
    assert vault.at(1) is None


def test_a_token_comes_back_as_it_was_written(ssm: SSMClient) -> None:
    vault = vault_on(ssm)

    version = vault.write(TOKEN)

    assert vault.at(version) == TOKEN
    assert vault.newest() == (version, TOKEN)


def test_an_older_version_stays_beside_the_newest(ssm: SSMClient) -> None:
    vault = vault_on(ssm)
    newer = Token("access-2", NOON, NOON + timedelta(hours=2), "origin", 4)

    first, second = vault.write(TOKEN), vault.write(newer)

    assert (vault.at(first), vault.at(second)) == (TOKEN, newer)
    assert vault.newest() == (second, newer)


def test_a_token_lies_beside_its_integrations_secret_and_encrypted(ssm: SSMClient) -> None:
    vault_on(ssm).write(TOKEN)

    assert ssm.get_parameter(Name=NAME)["Parameter"]["Type"] == "SecureString"


@pytest.mark.parametrize("text", ["no json", "{}", '{"access": 5}'])
def test_a_text_that_is_no_token_counts_as_none(ssm: SSMClient, text: str) -> None:
    ssm.put_parameter(Name=NAME, Value=text, Type="SecureString")

    assert vault_on(ssm).newest() is None


def test_a_throttled_vault_is_store_busy(ssm: SSMClient) -> None:
    http = SimpleNamespace(status_code=400, headers={})

    def refuse(**_: Any) -> Any:
        return http, {"Error": {"Code": "ThrottlingException", "Message": "slow down"}, "ResponseMetadata": {}}

    ssm.meta.events.register("before-call.ssm", refuse)

    with pytest.raises(StoreBusy):
        vault_on(ssm).write(TOKEN)
