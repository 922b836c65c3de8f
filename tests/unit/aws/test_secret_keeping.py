"""Storing credentials without reading any, and reading what the deployment is registered as."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from planster_sync.aws.failures import Retries
from planster_sync.aws.registrations import SsmRegistrations
from planster_sync.aws.secret_keeping import SsmSecretKeeper
from planster_sync.errors import InvalidRequest, SettingsInvalid
from tests.fakes.as_endpoint import AsEndpoint
from tests.fakes.clock import ManualClock

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

PREFIX = "/planster/dev/integrations"
NAME = f"{PREFIX}/acme/warehouse-1"


@pytest.fixture
def ssm() -> Iterator[SSMClient]:
    with mock_aws():
        session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-central-1")
        yield session.client("ssm")


class OnlyWrites:
    """Refuses to be asked for anything but a write, as the API's role does."""

    def __init__(self, ssm: SSMClient) -> None:
        self._endpoint = AsEndpoint(ssm)

    def call(self, operation: str, body: bytes) -> bytes:
        assert operation == "PutParameter"
        return self._endpoint.call(operation, body)


def keeper(ssm: SSMClient) -> SsmSecretKeeper:
    return SsmSecretKeeper(OnlyWrites(ssm), PREFIX, Retries(ManualClock(), lambda: 0.5))


def registrations(ssm: SSMClient, clock: ManualClock | None = None) -> SsmRegistrations:
    clock = clock or ManualClock()
    return SsmRegistrations(AsEndpoint(ssm), "/planster/dev/apps", clock, Retries(clock, lambda: 0.5))


def test_credentials_are_stored_encrypted_and_replaced(ssm: SSMClient) -> None:
    for token in ("first", "second"):
        keeper(ssm).keep("acme", "warehouse-1", {"token": token})

    kept = ssm.get_parameter(Name=NAME, WithDecryption=True)["Parameter"]
    assert (kept["Type"], json.loads(kept["Value"])) == ("SecureString", {"token": "second"})


@pytest.mark.parametrize(("organisation", "integration"), [("a/b", "x"), ("acme", "x/y"), ("", "x"), ("a b", "x")])
def test_no_name_leads_out_of_its_own_place(ssm: SSMClient, organisation: str, integration: str) -> None:
    with pytest.raises(InvalidRequest):
        keeper(ssm).keep(organisation, integration, {"token": "t"})

    assert ssm.describe_parameters()["Parameters"] == []


def test_a_registration_is_read_and_kept_for_five_minutes(ssm: SSMClient) -> None:
    clock = ManualClock()
    found = registrations(ssm, clock)
    ssm.put_parameter(Name="/planster/dev/apps/toy", Value='{"client_id": "a"}', Type="SecureString")
    first = found.read("toy")
    ssm.put_parameter(Name="/planster/dev/apps/toy", Value='{"client_id": "b"}', Type="SecureString", Overwrite=True)

    second = found.read("toy")
    clock.advance(300)

    assert (first, second, found.read("toy")) == ({"client_id": "a"}, {"client_id": "a"}, {"client_id": "b"})


@pytest.mark.parametrize("text", [None, "no json s3cr3t", '["s3cr3t"]'])
def test_a_registration_that_is_missing_or_broken_is_named_without_being_shown(
    ssm: SSMClient, text: str | None
) -> None:
    if text is not None:
        ssm.put_parameter(Name="/planster/dev/apps/toy", Value=text, Type="SecureString")

    with pytest.raises(SettingsInvalid) as failed:
        registrations(ssm).read("toy")

    assert "s3cr3t" not in f"{failed.value.what} {failed.value.remedy} {failed.value.detail}"
