"""What the emulator's check of policies (ministack 1.5.33 with AUTH=true) needs beside the template.

It asks whoever sends messages in one request for `sqs:SendMessageBatch`, an action that IAM does not know: on AWS
`sqs:SendMessage` covers it (AWS: Service Authorization Reference, Amazon SQS). So every role gets it on the very
resources on which the template lets it send, and on no other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local_cloud.cloud import Cloud

SEND, BATCH = "sqs:SendMessage", "sqs:SendMessageBatch"
NAME = "batches-on-the-emulator"


def allow_batches(cloud: Cloud, stack: str) -> None:
    iam = cloud.session.client("iam", endpoint_url=cloud.endpoint, config=cloud.config)
    for role in _roles(cloud, stack):
        names = iam.list_role_policies(RoleName=role)["PolicyNames"]
        documents = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names]
        added = [each for document in documents for each in _batches(document)]
        if added:
            policy = json.dumps({"Version": "2012-10-17", "Statement": added})
            iam.put_role_policy(RoleName=role, PolicyName=NAME, PolicyDocument=policy)


def _roles(cloud: Cloud, stack: str) -> list[str]:
    resources = cloud.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    return [each["PhysicalResourceId"] for each in resources if each["ResourceType"] == "AWS::IAM::Role"]


def _batches(document: str | Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    held = json.loads(document) if isinstance(document, str) else document
    for statement in held["Statement"]:
        actions = statement["Action"]
        if SEND in ([actions] if isinstance(actions, str) else actions):
            yield {**statement, "Sid": f"{statement['Sid']}InOneRequest", "Action": BATCH}
