"""Credentials from SSM and Secrets Manager."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from planster_sync.aws.failures import Retries
from planster_sync.aws.secrets import AwsSecrets
from planster_sync.errors import CredentialsRejected, StoreBusy
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from tests.fakes.as_endpoint import AsEndpoint
from tests.fakes.clock import ManualClock

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

PREFIX = "/planster/dev/integrations"
INTEGRATION = Integration(
    organisation="acme",
    id="warehouse-1",
    connector="example",
    name="Main warehouse",
    status=IntegrationStatus.ACTIVE,
    schedule=Schedule(),
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator[SSMClient]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield boto3.client("ssm", region_name="eu-central-1")


def secrets_on(ssm: SSMClient, clock: ManualClock | None = None) -> AwsSecrets:
    clock = clock or ManualClock()

    def secrets_in(region: str) -> AsEndpoint:
        return AsEndpoint(boto3.Session().client("secretsmanager", region_name=region))

    return AwsSecrets(AsEndpoint(ssm), secrets_in, PREFIX, clock, Retries(clock, lambda: 0.5))


def keep(ssm: SSMClient, path: str, text: str) -> None:
    ssm.put_parameter(Name=path, Value=text, Type="SecureString", Overwrite=True)


def test_credentials_lie_under_organisation_and_integration(ssm: SSMClient) -> None:
    keep(ssm, f"{PREFIX}/acme/warehouse-1", '{"token": "t-1", "scopes": ["a"]}')

    credentials = secrets_on(ssm).read(INTEGRATION)

    assert credentials == {"token": "t-1", "scopes": ["a"]}


def test_an_integration_may_name_another_place_of_its_organisation(ssm: SSMClient) -> None:
    keep(ssm, f"{PREFIX}/acme/shared", '{"token": "t-2"}')

    named = replace(INTEGRATION, secret=f"{PREFIX}/acme/shared")

    assert secrets_on(ssm).read(named) == {"token": "t-2"}


@pytest.mark.parametrize(
    "path",
    [
        f"{PREFIX}/other/warehouse-1",
        "/elsewhere/acme/x",
        f"{PREFIX}/acme-2/x",
        f"arn:aws:secretsmanager:eu-central-1:123456789012:secret:{PREFIX.lstrip('/')}/other/x-abcdef",
    ],
)
def test_another_tenants_secret_is_never_read(ssm: SSMClient, path: str) -> None:
    if path.startswith("/"):
        keep(ssm, path, '{"token": "theirs"}')

    with pytest.raises(CredentialsRejected):
        secrets_on(ssm).read(replace(INTEGRATION, secret=path))


def test_a_secrets_manager_arn_is_accepted(ssm: SSMClient) -> None:
    made = boto3.client("secretsmanager", region_name="eu-central-1").create_secret(
        Name=f"{PREFIX.lstrip('/')}/acme/warehouse", SecretString='{"token": "t-3"}'
    )

    credentials = secrets_on(ssm).read(replace(INTEGRATION, secret=made["ARN"]))

    assert credentials == {"token": "t-3"}


@pytest.mark.parametrize(
    "secret", [None, f"arn:aws:secretsmanager:eu-central-1:123456789012:secret:{PREFIX.lstrip('/')}/acme/none-abcdef"]
)
def test_missing_credentials_are_for_the_customer_to_supply(ssm: SSMClient, secret: str | None) -> None:
    with pytest.raises(CredentialsRejected):
        secrets_on(ssm).read(replace(INTEGRATION, secret=secret))


@pytest.mark.parametrize("text", ["not json: s3cr3t", '["s3cr3t"]', '"s3cr3t"'])
def test_malformed_credentials_are_refused_without_showing_them(ssm: SSMClient, text: str) -> None:
    keep(ssm, f"{PREFIX}/acme/warehouse-1", text)

    with pytest.raises(CredentialsRejected) as refused:
        secrets_on(ssm).read(INTEGRATION)

    shown = refused.getrepr(style="short")
    assert "s3cr3t" not in f"{refused.value.what} {refused.value.remedy} {refused.value.detail}"
    assert "JSONDecodeError" not in str(shown)


def test_a_secret_is_kept_for_five_minutes_and_copied_for_each_reader(ssm: SSMClient) -> None:
    clock = ManualClock()
    secrets = secrets_on(ssm, clock)
    keep(ssm, f"{PREFIX}/acme/warehouse-1", '{"token": "old"}')
    dict(secrets.read(INTEGRATION)).clear()
    keep(ssm, f"{PREFIX}/acme/warehouse-1", '{"token": "new"}')

    clock.advance(299)
    kept = secrets.read(INTEGRATION)
    clock.advance(1)
    fresh = secrets.read(INTEGRATION)

    assert (kept, fresh) == ({"token": "old"}, {"token": "new"})


def test_credentials_that_were_replaced_are_found_before_the_five_minutes_are_over(ssm: SSMClient) -> None:
    secrets = secrets_on(ssm)
    keep(ssm, f"{PREFIX}/acme/warehouse-1", '{"token": "old"}')
    used = secrets.read(INTEGRATION)
    before = secrets.were_replaced(INTEGRATION, used)
    keep(ssm, f"{PREFIX}/acme/warehouse-1", '{"token": "new"}')

    after = secrets.were_replaced(INTEGRATION, used)

    assert (before, after) == (False, True)
    assert secrets.read(INTEGRATION) == {"token": "new"}


def test_a_throttled_secret_store_is_busy(ssm: SSMClient) -> None:
    def throttled(**_: Any) -> Any:
        answer = type("Answer", (), {"status_code": 400, "headers": {}})()
        return answer, {"Error": {"Code": "ThrottlingException", "Message": "slow down"}, "ResponseMetadata": {}}

    ssm.meta.events.register("before-call.ssm.GetParameter", throttled)

    with pytest.raises(StoreBusy):
        secrets_on(ssm).read(INTEGRATION)


def names(ssm: SSMClient) -> list[str]:
    return sorted(each["Name"] for each in ssm.describe_parameters()["Parameters"])


def test_erasing_removes_credentials_and_token_and_nobody_elses(ssm: SSMClient) -> None:
    for path in ("acme/warehouse-1", "acme/warehouse-1/token", "acme/warehouse-10", "acme2/warehouse-1"):
        keep(ssm, f"{PREFIX}/{path}", '{"token": "t"}')
    secrets = secrets_on(ssm)
    secrets.read(INTEGRATION)

    found = [secrets.erase(INTEGRATION, set()) for _ in range(2)]

    assert found == [2, 0]
    assert names(ssm) == [f"{PREFIX}/acme/warehouse-10", f"{PREFIX}/acme2/warehouse-1"]
    with pytest.raises(CredentialsRejected):
        secrets.read(INTEGRATION)


@pytest.mark.parametrize(("kept", "left"), [(set(), []), ({f"{PREFIX}/acme/shared", None}, [f"{PREFIX}/acme/shared"])])
def test_erasing_spares_a_secret_that_another_integration_uses(
    ssm: SSMClient, kept: set[str | None], left: list[str]
) -> None:
    keep(ssm, f"{PREFIX}/acme/shared", '{"token": "t"}')

    secrets_on(ssm).erase(replace(INTEGRATION, secret=f"{PREFIX}/acme/shared"), kept)

    assert names(ssm) == left


def test_erasing_leaves_another_tenants_secret_alone(ssm: SSMClient) -> None:
    keep(ssm, f"{PREFIX}/acme2/theirs", '{"token": "t"}')

    found = secrets_on(ssm).erase(replace(INTEGRATION, secret=f"{PREFIX}/acme2/theirs"), set())

    assert (found, names(ssm)) == (0, [f"{PREFIX}/acme2/theirs"])


def test_erasing_removes_a_secret_of_secrets_manager_at_once(ssm: SSMClient) -> None:
    manager = boto3.client("secretsmanager", region_name="eu-central-1")
    name = f"{PREFIX.lstrip('/')}/acme/warehouse-1"
    arn = manager.create_secret(Name=name, SecretString='{"token": "t"}')["ARN"]

    found = secrets_on(ssm).erase(replace(INTEGRATION, secret=arn), set())

    assert (found, manager.list_secrets()["SecretList"]) == (1, [])
