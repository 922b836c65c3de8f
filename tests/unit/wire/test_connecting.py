"""Where DynamoDB is found, and with whose credentials, by what the environment says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from planster_sync.errors import SettingsInvalid
from planster_sync.wire.connecting import endpoint_from, url_of
from tests.fakes.clock import ManualClock
from tests.unit.wire.scripted_service import Service, service

LAMBDA = {
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "lambda-key",
    "AWS_SECRET_ACCESS_KEY": "lambda-secret",
    "AWS_SESSION_TOKEN": "lambda-token",
}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What botocore itself looks at: nothing but an empty configuration."""
    for name in (*LAMBDA, "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


@contextmanager
def _asked(environment: Mapping[str, str], variable: str) -> Iterator[str]:
    """The head of a call to the service that `variable` names."""
    with service() as there:
        endpoint = endpoint_from({**environment, variable: there.url}, ManualClock())
        endpoint.call("GetItem", b"{}")
        endpoint.close()
        yield _head(there)


def _head(there: Service) -> str:
    ((_, head, _),) = there.asked
    return head


@pytest.mark.parametrize(
    ("region", "url"),
    [
        ("eu-central-1", "https://dynamodb.eu-central-1.amazonaws.com"),
        ("cn-north-1", "https://dynamodb.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_aws_itself_is_asked_where_nothing_else_is_named(region: str, url: str) -> None:
    assert url_of({}, region) == url


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"])
def test_another_endpoint_is_asked_where_one_is_named(variable: str) -> None:
    with _asked(LAMBDA, variable) as head:
        assert "Credential=lambda-key/20260301/eu-central-1/" in head
        assert "x-amz-security-token: lambda-token" in head


def test_dynamodbs_own_endpoint_goes_before_the_general_one() -> None:
    with _asked({**LAMBDA, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "AWS_ENDPOINT_URL_DYNAMODB") as head:
        assert "lambda-key" in head


def test_credentials_that_are_not_in_the_environment_come_from_where_boto3_finds_them(tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("[default]\naws_access_key_id=file-key\naws_secret_access_key=file-secret\n")
    (tmp_path / "config").write_text("[default]\nregion=eu-west-3\n")

    with _asked({}, "AWS_ENDPOINT_URL") as head:
        assert "Credential=file-key/20260301/eu-west-3/" in head
        assert "security-token" not in head


def test_no_region_is_a_setting_to_correct() -> None:
    without = {name: value for name, value in LAMBDA.items() if name != "AWS_REGION"}

    with pytest.raises(SettingsInvalid, match="region"):
        endpoint_from(without, ManualClock())


def test_no_credentials_are_a_setting_to_correct() -> None:
    with pytest.raises(SettingsInvalid, match="credentials"):
        endpoint_from({"AWS_REGION": "eu-central-1"}, ManualClock())
