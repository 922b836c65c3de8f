"""Signing secrets of webhooks in SSM."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from planster_sync.aws.failures import Retries
from planster_sync.aws.webhook_secrets import SsmWebhookSecrets, new_secret
from planster_sync.errors import NotFound
from tests.fakes.as_endpoint import AsEndpoint
from tests.fakes.clock import ManualClock

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

PREFIX = "/planster/dev/webhooks"


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator[SSMClient]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield boto3.client("ssm", region_name="eu-central-1")


def secrets_on(ssm: SSMClient, clock: ManualClock | None = None) -> SsmWebhookSecrets:
    clock = clock or ManualClock()
    return SsmWebhookSecrets(AsEndpoint(ssm), PREFIX, clock, Retries(clock, lambda: 0.5))


def test_a_secret_is_256_bits_and_no_two_are_alike() -> None:
    made = {new_secret() for _ in range(50)}

    assert len(made) == 50
    assert {len(b64decode(secret.removeprefix("whsec_"), validate=True)) for secret in made} == {32}


def test_each_secret_is_a_secure_string_of_its_own(ssm: SSMClient) -> None:
    secrets = secrets_on(ssm)

    secrets.put("target-1", 1, "whsec_YQ==")
    secrets.put("target-1", 2, "whsec_Yg==")

    stored = ssm.get_parameter(Name=f"{PREFIX}/target-1/1", WithDecryption=True)["Parameter"]
    assert (stored["Type"], stored["Value"]) == ("SecureString", "whsec_YQ==")
    assert [secrets.read("target-1", number) for number in (1, 2)] == ["whsec_YQ==", "whsec_Yg=="]


def test_what_was_erased_is_not_there_and_may_be_erased_again(ssm: SSMClient) -> None:
    secrets = secrets_on(ssm)
    secrets.put("target-1", 1, "whsec_YQ==")

    for _ in range(2):
        secrets.erase("target-1", [1, 2])

    with pytest.raises(NotFound):
        secrets.read("target-1", 1)


def test_a_secret_that_was_read_is_kept_for_five_minutes(ssm: SSMClient) -> None:
    clock = ManualClock()
    secrets = secrets_on(ssm, clock)
    secrets.put("target-1", 1, "whsec_YQ==")
    secrets.read("target-1", 1)
    ssm.delete_parameter(Name=f"{PREFIX}/target-1/1")

    assert secrets.read("target-1", 1) == "whsec_YQ=="
    clock.advance(301)
    with pytest.raises(NotFound):
        secrets.read("target-1", 1)
