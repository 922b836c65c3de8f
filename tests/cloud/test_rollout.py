"""A deploy hands the work over to the new version, step by step where it is watched; everything calls what is live."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from local_cloud.env_file import FUNCTIONS
from tests.cloud.rendering import rendered

pytestmark = pytest.mark.cloud

ENDS = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]
MOST_ALARMS = 10
"""Of a deployment group (AWS: CodeDeploy limits)."""


@functools.cache
def resources(rollout: str) -> dict[str, Any]:
    return rendered({"Rollout": rollout, "Stage": "prod"})


def of(kind: str, rollout: str = "watched") -> dict[str, Any]:
    return {name: each for name, each in resources(rollout).items() if each["Type"] == f"AWS::{kind}"}


def versions(found: dict[str, Any]) -> set[str]:
    return {name for name, each in found.items() if each["Type"] == "AWS::Lambda::Version"}


@pytest.mark.parametrize("rollout", ["watched", "at-once"])
@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("Lambda::EventSourceMapping", "FunctionName"),
        ("Lambda::Permission", "FunctionName"),
        ("ApiGatewayV2::Integration", "IntegrationUri"),
    ],
)
def test_whatever_calls_a_function_calls_its_alias(rollout: str, kind: str, place: str) -> None:
    called = [json.dumps(each["Properties"][place]) for each in of(kind, rollout).values()]

    assert called
    assert [each for each in called if "Aliaslive" not in each and ":live/" not in each] == []


@pytest.mark.parametrize("rollout", ["watched", "at-once"])
def test_the_tick_and_the_api_reach_the_alias_too(rollout: str) -> None:
    (tick,) = of("Events::Rule", rollout)["Tick"]["Properties"]["Targets"]
    variables = of("Lambda::Function", rollout)["ManualSyncApi"]["Properties"]["Environment"]["Variables"]
    statements = of("IAM::Role", rollout)["ApiRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]

    (asks,) = (each for each in statements if each["Action"] == "lambda:InvokeFunction")
    assert tick["Arn"] == {"Ref": "SyncDispatcherAliaslive"}
    assert variables["WORKER_FUNCTION"] == {"Fn::Sub": "${AWS::StackName}-sync-worker:live"}
    assert asks["Resource"] == {"Fn::Sub": "${SyncWorker.Arn}:live"}


def test_watched_deploys_go_back_when_an_alarm_rings() -> None:
    groups = of("CodeDeploy::DeploymentGroup")
    alarms = of("CloudWatch::Alarm")

    assert set(groups) == {f"{name}DeploymentGroup" for name in FUNCTIONS}
    for group in groups.values():
        told = group["Properties"]
        assert told["AutoRollbackConfiguration"] == {"Enabled": True, "Events": ENDS}
        named = json.dumps(told["AlarmConfiguration"]["Alarms"])
        assert 2 <= len(told["AlarmConfiguration"]["Alarms"]) <= MOST_ALARMS
        assert any(f'"{alarm}"' in named for alarm in alarms)
        assert "AllAtOnce" not in json.dumps(told["DeploymentConfigName"])
    for alias in of("Lambda::Alias").values():
        assert "CodeDeployLambdaAliasUpdate" in alias["UpdatePolicy"]


def test_deploys_at_once_need_no_codedeploy() -> None:
    assert [name for name, each in resources("at-once").items() if "CodeDeploy" in each["Type"]] == []
    assert [name for name, each in of("Lambda::Alias", "at-once").items() if "UpdatePolicy" in each] == []


@pytest.mark.parametrize("changed", ["ConnectorsLayer", "SyncWorker"])
def test_new_code_is_a_new_version_wherever_it_lies(changed: str) -> None:
    """Nearly all of it lies in the layer: a version that followed its function's own folder alone would never move."""
    before = versions(resources("watched"))
    after = versions(rendered({"Rollout": "watched", "Stage": "prod"}, {changed: "-new"}))

    moved = len(FUNCTIONS) if changed == "ConnectorsLayer" else 1
    assert len(before - after) == len(after - before) == moved
