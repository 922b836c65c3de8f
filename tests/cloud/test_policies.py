"""The local cloud holds functions to their roles: the other tests here run with the permissions of the template."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from typing import Any

import pytest

from local_cloud.deployment import STACK, Deployment

pytestmark = pytest.mark.cloud

NAME = "role-probe"
HANDLER = """
import boto3
from botocore.exceptions import ClientError


def tried(service, operation, arguments):
    try:
        getattr(boto3.client(service), operation)(**arguments)
    except ClientError as refused:
        return refused.response["Error"]["Code"]
    return "done"


def handler(event, context):
    return [tried(*call) for call in event["calls"]]
"""


def _answers(deployment: Deployment, role: str, calls: list[tuple[str, str, dict[str, Any]]]) -> list[str]:
    """What becomes of calls of a function that has this role of the stack."""
    cloud = deployment.cloud
    found = cloud.cloudformation.describe_stack_resource(StackName=STACK, LogicalResourceId=role)
    name = found["StackResourceDetail"]["PhysicalResourceId"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("handler.py", HANDLER)
    runtime: Any = f"python{sys.version_info.major}.{sys.version_info.minor}"
    cloud.functions.create_function(
        FunctionName=NAME,
        Runtime=runtime,
        Role=f"arn:aws:iam::000000000000:role/{name}",
        Handler="handler.handler",
        Code={"ZipFile": packed.getvalue()},
        Timeout=30,
    )
    try:
        answer = cloud.functions.invoke(FunctionName=NAME, Payload=json.dumps({"calls": calls}).encode())
        told: list[str] = json.loads(answer["Payload"].read())
    finally:
        cloud.functions.delete_function(FunctionName=NAME)
    return told


def test_a_role_may_do_what_the_template_says_and_nothing_else(deployment: Deployment) -> None:
    outputs = deployment.outputs
    key = {"pk": {"S": "ORG#nobody"}, "sk": {"S": "INT#none"}}

    control, records, secret, queue = _answers(
        deployment,
        "DispatcherRole",
        [
            ("dynamodb", "get_item", {"TableName": outputs["ControlTable"], "Key": key}),
            ("dynamodb", "get_item", {"TableName": outputs["RecordsTable"], "Key": key}),
            ("ssm", "get_parameter", {"Name": f"{outputs['SecretPrefix']}/nobody/none", "WithDecryption": True}),
            ("sqs", "receive_message", {"QueueUrl": outputs["NightQueueUrl"]}),
        ],
    )

    assert control == "done"
    assert {records, secret, queue} <= {"AccessDeniedException", "AccessDenied"}
