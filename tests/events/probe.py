"""A function on the local cloud that says what it is called with, behind every kind of trigger of the template."""

from __future__ import annotations

import io
import json
import sys
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from local_cloud.cloud import Cloud
from local_cloud.scene import wait_until

NAME = "probe"
LOG = f"/aws/lambda/{NAME}"
HANDLER = """
import json


def handler(event, context):
    print("EVENT " + json.dumps(event))
    return {"statusCode": 200, "body": json.dumps(event)}
"""
_ASSUMES = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
_RECEIVES = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["sqs:*", "logs:*"], "Resource": "*"}],
    }
)


@dataclass(frozen=True, slots=True)
class Probe:
    cloud: Cloud
    function: str

    def told(self, sign: str) -> dict[str, Any]:
        """The first event that holds `sign`, once the function has been called with it."""
        return wait_until(lambda: self._find(sign), seconds=100)

    def _find(self, sign: str) -> dict[str, Any] | None:
        pages = self.cloud.logs.get_paginator("filter_log_events").paginate(logGroupName=LOG)
        for line in (event["message"] for page in pages for event in page["events"]):
            if line.startswith("EVENT ") and sign in line:
                return dict(json.loads(line.removeprefix("EVENT ")))
        return None

    def by_queue(self, body: str) -> dict[str, Any]:
        """A message, by an event source mapping."""
        queue = self.cloud.sqs.create_queue(QueueName=f"{NAME}-messages")["QueueUrl"]
        self._listen(queue)
        self.cloud.sqs.send_message(QueueUrl=queue, MessageBody=body, MessageGroupId="group")
        return self.told(f"{NAME}-messages")

    def by_bus(self, kind: str, detail: Mapping[str, Any]) -> dict[str, Any]:
        """An event of ours, by a rule with a queue behind it, and an event source mapping."""
        queue = self.cloud.sqs.create_queue(QueueName=f"{NAME}-events")["QueueUrl"]
        self._listen(queue)
        pattern = json.dumps({"source": ["planster.sync"], "detail-type": [kind]})
        self.cloud.events.put_rule(Name=f"{NAME}-events", EventPattern=pattern)
        self.cloud.events.put_targets(Rule=f"{NAME}-events", Targets=[{"Id": "queue", "Arn": self._arn(queue)}])
        self.cloud.events.put_events(
            Entries=[{"Source": "planster.sync", "DetailType": kind, "Detail": json.dumps(dict(detail))}]
        )
        return self.told(f"{NAME}-events")

    def by_clock(self) -> dict[str, Any]:
        """A rule's own event; the local cloud waits for a minute before the first."""
        self.cloud.events.put_rule(Name=f"{NAME}-tick", ScheduleExpression="rate(1 minute)")
        self.cloud.events.put_targets(Rule=f"{NAME}-tick", Targets=[{"Id": "probe", "Arn": self.function}])
        return self.told(f"{NAME}-tick")

    def by_http(self, route: str, method: str, path: str, body: str | None) -> dict[str, Any]:
        """A request to an HTTP API, payload version 2."""
        gateway = self.cloud.session.client("apigatewayv2", endpoint_url=self.cloud.endpoint, config=self.cloud.config)
        api = gateway.create_api(Name=NAME, ProtocolType="HTTP")["ApiId"]
        integration = gateway.create_integration(
            ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=self.function, PayloadFormatVersion="2.0"
        )["IntegrationId"]
        gateway.create_route(ApiId=api, RouteKey=route, Target=f"integrations/{integration}")
        gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        address = f"{self.cloud.endpoint}/_aws/execute-api/{api}{path}"
        headers = {"accept": "*/*", "user-agent": "example", **({"content-type": "application/json"} if body else {})}
        request = urllib.request.Request(address, body.encode() if body else None, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return dict(json.load(answer))

    def _listen(self, queue: str) -> None:
        self.cloud.functions.create_event_source_mapping(
            EventSourceArn=self._arn(queue), FunctionName=NAME, BatchSize=1
        )

    def _arn(self, queue: str) -> str:
        answer = self.cloud.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        return answer["Attributes"]["QueueArn"]


@contextmanager
def probe(cloud: Cloud) -> Iterator[Probe]:
    """A probe of its own queues, rules and addresses, none of which outlive it."""
    iam = cloud.session.client("iam", endpoint_url=cloud.endpoint, config=cloud.config)
    role = iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=_ASSUMES)["Role"]["Arn"]
    iam.put_role_policy(RoleName=NAME, PolicyName=NAME, PolicyDocument=_RECEIVES)
    cloud.logs.create_log_group(logGroupName=LOG)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("handler.py", HANDLER)
    runtime: Any = f"python{sys.version_info.major}.{sys.version_info.minor}"
    made = cloud.functions.create_function(
        FunctionName=NAME, Runtime=runtime, Role=role, Handler="handler.handler", Code={"ZipFile": packed.getvalue()}
    )
    try:
        yield Probe(cloud, made["FunctionArn"])
    finally:
        _remove(cloud)


def _remove(cloud: Cloud) -> None:
    for mapping in cloud.functions.list_event_source_mappings(FunctionName=NAME)["EventSourceMappings"]:
        cloud.functions.delete_event_source_mapping(UUID=mapping["UUID"])
    for rule in cloud.events.list_rules(NamePrefix=NAME)["Rules"]:
        targets = cloud.events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        cloud.events.remove_targets(Rule=rule["Name"], Ids=[each["Id"] for each in targets])
        cloud.events.delete_rule(Name=rule["Name"])
    for queue in cloud.sqs.list_queues(QueueNamePrefix=NAME).get("QueueUrls", ()):
        cloud.sqs.delete_queue(QueueUrl=queue)
    cloud.functions.delete_function(FunctionName=NAME)
    cloud.logs.delete_log_group(logGroupName=LOG)
