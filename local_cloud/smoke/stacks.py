"""Two stacks: the product as built, with times short enough to watch, and the vendor's; and their end."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local_cloud.cloud import ROOT
from local_cloud.deployment import ARTIFACTS
from local_cloud.permissions import allow_batches
from local_cloud.processes import LocalCloudError
from local_cloud.smoke.place import Place
from local_cloud.smoke.source import described, package

SHORT_TIMES = {
    "FunctionTimeout": "20",
    "Slice": "10",
    "HttpTimeout": "5",
    "ClockSkew": "1",
    "Lease": "30",
    "Visibility": "120",
    "Claim": "60",
    "ShortWait": "2",
    "RetryWait": "2",
    "Unsent": "10",
    "MaxRun": "3600",
}
DELAY = "1.5"
"""Seconds of each answer of the vendor."""


def deploy(place: Place, stack: str, built: Path, parameters: Mapping[str, str]) -> dict[str, str]:
    """The product's stack; gives its outputs."""
    told = {"Stage": "smoke", "TickRate": "rate(24 hours)", "SlotSpreadSeconds": "0", "WorkerConcurrency": "4"}
    wanted = {**told, "VendorNetwork": place.network, **SHORT_TIMES, **parameters}
    if place.cloud:
        wanted["Stage"] = "local"  # without the rules that plain HTTP breaks
    _sam(
        place,
        "deploy",
        *("--template-file", str(built), "--stack-name", stack, *_artifacts(place)),
        *("--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-progressbar"),
        *("--config-file", str(ROOT / "samconfig.toml"), "--config-env", "smoke"),
        *("--parameter-overrides", *(f'ParameterKey={name},ParameterValue="{text}"' for name, text in wanted.items())),
    )
    if place.cloud:
        allow_batches(place.cloud, stack)
        for mapping in place.cloud.functions.list_event_source_mappings()["EventSourceMappings"]:
            place.cloud.functions.update_event_source_mapping(
                UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": 4}
            )
    return outputs(place, stack)


def deploy_source(place: Place, stack: str, built: Mapping[str, Any]) -> str:
    """The vendor's stack; gives its address."""
    name, local = described()
    arguments = [*local["arguments"], "--size", "12", "--accounts", "2"]  # type: ignore[misc]
    variables = {"SIMULATOR": f"simulators.{name}", "ARGUMENTS": " ".join(arguments), "DELAY": DELAY}
    folder = ROOT / "build" / "smoke"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.zip").write_bytes(package())
    (folder / "source.json").write_text(json.dumps(_template(variables, built), indent=2))
    _sam(
        place,
        "deploy",
        *("--template-file", str(folder / "source.json"), "--stack-name", f"{stack}-source", *_artifacts(place)),
        *("--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-progressbar"),
        *("--config-file", str(ROOT / "samconfig.toml"), "--config-env", "smoke"),
    )
    return place.address(outputs(place, f"{stack}-source")["Url"])


def delete(place: Place, stack: str) -> None:
    client = place.client("cloudformation")
    client.delete_stack(StackName=stack)
    client.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 5, "MaxAttempts": 120})


def outputs(place: Place, stack: str) -> dict[str, str]:
    (found,) = place.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}


def _template(variables: Mapping[str, str], built: Mapping[str, Any]) -> dict[str, Any]:
    """An HTTP API in front of one function; every request goes to it by $default."""
    function = {
        "Handler": "handler.handler",
        "CodeUri": "source.zip",
        "MemorySize": 512,
        "Timeout": 29,
        "Environment": {"Variables": dict(variables)},
        **built,
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"Source": {"Type": "AWS::Serverless::Function", "Properties": function}, **_gateway()},
        "Outputs": {"Url": {"Value": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}}},
    }


def _gateway() -> dict[str, Any]:
    uri = (
        "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/arn:${AWS::Partition}:lambda:"
        "${AWS::Region}:${AWS::AccountId}:function:${Source}/invocations"
    )
    kind, api = "AWS::ApiGatewayV2", {"ApiId": {"Ref": "Api"}}
    integration = {"IntegrationType": "AWS_PROXY", "IntegrationUri": {"Fn::Sub": uri}, "PayloadFormatVersion": "2.0"}
    route = {"RouteKey": "$default", "Target": {"Fn::Sub": "integrations/${Integration}"}, "AuthorizationType": "NONE"}
    source_arn = {"Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"}
    allowed = {"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com", "SourceArn": source_arn}
    return {
        "Api": {"Type": f"{kind}::Api", "Properties": {"Name": "smoke-source", "ProtocolType": "HTTP"}},
        "Integration": {"Type": f"{kind}::Integration", "Properties": {**api, **integration}},
        "Route": {"Type": f"{kind}::Route", "Properties": {**api, **route}},
        "Stage": {"Type": f"{kind}::Stage", "Properties": {**api, "StageName": "$default", "AutoDeploy": True}},
        "May": {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": {"Ref": "Source"}, **allowed}},
    }


def _artifacts(place: Place) -> tuple[str, ...]:
    return ("--s3-bucket", ARTIFACTS) if place.cloud else ("--resolve-s3",)


def _sam(place: Place, *command: str) -> None:
    sam = ROOT / ".venv-sam" / "bin" / "sam"
    done = subprocess.run(
        [str(sam), *command], env=place.environment(), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise LocalCloudError(f"sam {command[0]} failed:\n{(done.stdout + done.stderr)[-3000:]}")
