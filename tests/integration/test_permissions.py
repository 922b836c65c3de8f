"""What each function asks of AWS, in a night and for a planner, is what its role in the template allows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from cfnlint.decode.cfn_yaml import load

from functions.manual_sync_api import handler as api
from functions.sync_dispatcher import handler as dispatcher
from functions.sync_worker import handler as worker
from planster_sync.connectors import registry
from planster_sync.wire.bucket import HttpBucket
from planster_sync.wire.connection import Answer
from planster_sync.wire.posting import HttpEndpoint
from simulators.trackstar.config import AccountSpec
from tests.architecture.repository import ROOT
from tests.integration.api.caller import http_event
from tests.integration.deployment import Deployment, deployment
from tests.integration.linking import installed
from tests.integration.worker_over_http import worker_over_http

pytestmark = pytest.mark.moto

MAIN = "/v1/organisations/acme/integrations/main"
ASKED = (
    "",
    "/runs",
    "/held",
    "/sync/expected",
    "/quarantine/products",
    "/diagnose",
    "/records/products",
    "/records/products?updated_since=2020-01-01T00:00:00Z",
)
OPERATED = (
    ("POST", "/runs/{run}/cancel", None),
    ("POST", "/held/products/approve", '{"run": "r"}'),
    ("PATCH", "/settings", '{"name": "Main"}'),
    ("POST", "/pause", None),
    ("POST", "/resume", None),
    ("POST", "/disconnect", '{"integration": "main"}'),
)
RESOURCES = {
    "control": "ControlTable",
    "records": "RecordsTable",
    "indexes": "IndexBucket",
    "exports": "IndexBucket/exports",
}
QUEUES = {"night": "NightQueue", "manual": "ManualQueue"}
ACTIONS = {"SendMessageBatch": "SendMessage", "ListObjectsV2": "ListBucket", "PostObject": "PutObject"}
"""AWS: Service Authorization Reference, where an operation needs an action of another name."""

Need = tuple[str, str]


def _need(service: str, operation: str, params: dict[str, Any]) -> Need:
    named = params.get("TableName") or params.get("Bucket") or next(iter(params.get("RequestItems", {})), "")
    queue = str(params.get("QueueUrl", "")).rpartition("/")[2]
    resource = RESOURCES.get(named) or QUEUES.get(queue) or ""
    index = params.get("IndexName")
    return f"{service}:{ACTIONS.get(operation, operation)}", f"{resource}/index/{index}" if index else resource


def _parts(operation: str, asked: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """AWS: a transaction needs the permissions of its parts."""
    if "TransactItems" not in asked:
        return [(operation, asked)]
    return [(f"{verb}Item", params) for part in asked["TransactItems"] for verb, params in part.items()]


def _allowed(role: str) -> set[Need]:
    """Actions with the resources of this template that they are allowed on; "" stands for those of AWS itself."""
    template: Any = load(str(ROOT / "template.yaml"))
    found = set()
    for statement in template["Resources"][role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]:
        actions, resources = statement["Action"], statement["Resource"]
        for action in [actions] if isinstance(actions, str) else actions:
            for resource in resources if isinstance(resources, list) else [resources]:
                found.add((str(action), _resource(resource)))
    return found


def _resource(value: Any) -> str:
    inner = value if isinstance(value, str) else next(iter(value.values()))
    text = ".".join(inner) if isinstance(inner, list) else str(inner)
    text = text.replace("${", "").replace("}", "").replace(".Arn", "").removesuffix("/*")
    return text if text.split("/")[0] in (*RESOURCES.values(), *QUEUES.values()) else ""


@contextmanager
def _recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, set[Need]]]:
    needs: dict[str, set[Need]] = {"DispatcherRole": set(), "WorkerRole": set(), "ApiRole": set()}
    running: list[str] = []
    by_operation, by_object, by_address = HttpEndpoint.call, HttpBucket.answered, HttpBucket.signed_address

    def note(service: str, operation: str, params: dict[str, Any]) -> None:
        if running:
            needs[running[-1]].add(_need(service, operation, params))

    def record_operation(self: HttpEndpoint, operation: str, body: bytes) -> bytes:
        for name, params in _parts(operation, json.loads(body)):
            note(self.service, name, params)
        return by_operation(self, operation, body)

    def record_address(self: HttpBucket, *asked: Any) -> str:
        note("s3", "GetObject", {"Bucket": "exports"})
        return by_address(self, *asked)

    def record_object(self: HttpBucket, method: str, key: str, *rest: Any, **named: Any) -> Answer:
        note("s3", f"{method.title()}Object" if key else "ListObjectsV2", {"Bucket": "indexes"})
        return by_object(self, method, key, *rest, **named)

    def under(role: str, function: ModuleType) -> None:
        handler = function.handler

        def handle(event: Any, context: Any) -> Any:
            running.append(role)
            try:
                return handler(event, context)
            finally:
                running.pop()

        monkeypatch.setattr(function, "handler", handle)

    monkeypatch.setattr(HttpEndpoint, "call", record_operation)
    monkeypatch.setattr(HttpBucket, "answered", record_object)
    monkeypatch.setattr(HttpBucket, "signed_address", record_address)
    for role, function in (("DispatcherRole", dispatcher), ("WorkerRole", worker), ("ApiRole", api)):
        under(role, function)
    yield needs


def ask_for_writes(system: Deployment) -> None:
    """A shipment and a change of another, and one whose message was lost, so that a tick takes it up."""
    line = {"sku": "NO-SUCH-SKU", "quantity": 1}
    for reference in ("PO-1", "PO-lost"):
        body = json.dumps({"reference": reference, "lines": [line]})
        assert api.handler(http_event("POST", f"{MAIN}/inbound-shipments", body), LambdaContext())["statusCode"] == 202
    body = json.dumps({"reference": "CHG-1", "tracking_numbers": ["1Z"]})
    asked = api.handler(http_event("PATCH", f"{MAIN}/inbound-shipments/asn-1", body), LambdaContext())
    assert asked["statusCode"] == 202
    shown = api.handler(http_event("GET", f"{MAIN}/inbound-shipment-writes/PO-1"), LambdaContext())
    assert shown["statusCode"] == 200
    lost = system.made.writes.get("acme", "main", "PO-lost")
    assert lost is not None
    system.made.writes.change(lost, replace(lost, check_at=lost.requested_at))
    system.tick()


def ask_for_webhooks() -> None:
    """All that can be done with one; what is then sent to it reaches nobody."""
    hooks = "/v1/organisations/acme/webhooks"
    body = json.dumps({"url": "http://127.0.0.1:9/hook"})
    answer = api.handler(http_event("POST", hooks, body), LambdaContext())
    made, kept = json.loads(answer["body"])["id"], ["/rotate", "/rotate", "/resume", "/test"]
    for part in kept:
        assert api.handler(http_event("POST", f"{hooks}/{made}{part}"), LambdaContext())["statusCode"] in (200, 202)
    for address in (hooks, f"{hooks}/{made}", f"{hooks}/{made}/deliveries"):
        assert api.handler(http_event("GET", address), LambdaContext())["statusCode"] == 200
    removed = json.loads(api.handler(http_event("POST", hooks, body), LambdaContext())["body"])["id"]
    assert api.handler(http_event("DELETE", f"{hooks}/{removed}"), LambdaContext())["statusCode"] == 200


def connect_others(system: Deployment) -> None:
    """A second account by a form, with new credentials after that, and a third by the vendor's dialogue."""
    organisation, url = MAIN.rpartition("/integrations")[0], system.simulator.url
    boto3.client("ssm").put_parameter(
        Name="/planster/test/apps/trackstar",
        Value=json.dumps({"api_key": "sim-api-key", "base_url": url}),
        Type="SecureString",
    )

    def ask(address: str, body: Any) -> Any:
        answer = api.handler(http_event("POST", organisation + address, json.dumps(body)), LambdaContext())
        assert answer["statusCode"] in (200, 201), answer["body"]
        return json.loads(answer["body"])

    off = {each.value: False for each in registry.capabilities("trackstar").data_types}
    credentials = {"api_key": "sim-api-key", "access_token": "token-con-1"}
    form = {"connector": "trackstar", "name": "Second", "credentials": credentials, "data_types": off}
    second = ask("/integrations", {**form, "settings": {"base_url": url}})["integration"]
    ask(f"/integrations/{second}/reconnect", {"credentials": credentials})
    begun = ask("/connect/trackstar/begin", {"name": "Third", "data_types": off})
    ask("/connect/trackstar/exchange", {"state": begun["state"], "auth_code": installed(url, begun["link_token"])})


def ask_for_export(more: dict[str, str]) -> str:
    body = json.dumps({"data_type": "products", **more})
    answer = api.handler(http_event("POST", f"{MAIN}/export-files", body), LambdaContext())
    return str(json.loads(answer["body"])["id"])


def _first_product() -> dict[str, str]:
    answer = api.handler(http_event("GET", f"{MAIN}/records/products"), LambdaContext())
    return {"data_type": "products", "record": json.loads(answer["body"])["records"][0]["id"]}


def test_roles_allow_what_functions_ask_for(monkeypatch: pytest.MonkeyPatch) -> None:
    api.app.cache_clear()
    account = AccountSpec("con-1", "token-con-1", seed=5, size=2)
    with deployment(monkeypatch, account) as system, _recorded(monkeypatch) as needs, worker_over_http() as functions:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", functions)
        system.register("main", "con-1")
        system.night()
        connect_others(system)
        for address in ASKED:
            assert api.handler(http_event("GET", MAIN + address), LambdaContext())["statusCode"] == 200
        keyed = http_event("POST", f"{MAIN}/sync", "{}", {"idempotency-key": "key-1"})
        assert api.handler(keyed, LambdaContext())["statusCode"] == 202
        assert (
            api.handler(http_event("POST", f"{MAIN}/quarantine/products/retry"), LambdaContext())["statusCode"] == 200
        )
        ask_for_webhooks()
        ask_for_writes(system)
        product = _first_product()
        for name in ("A", "B"):
            correction = {**product, "fields": {"brand": name}, "reason": "misspelt"}
            made = api.handler(http_event("POST", f"{MAIN}/adjustments", json.dumps(correction)), LambdaContext())
            assert made["statusCode"] == 201
        exports = [ask_for_export(more) for more in ({}, {"updated_since": "2020-01-01T00:00:00Z"})]
        system.work()
        for export in exports:
            shown = api.handler(http_event("GET", f"{MAIN}/export-files/{export}"), LambdaContext())
            assert json.loads(shown["body"])["state"] == "ready"
        run = system.last_run().id
        for method, address, body in OPERATED:
            event = http_event(method, MAIN + address.format(run=run), body)
            assert api.handler(event, LambdaContext())["statusCode"] in (200, 202, 409), address
        system.erase()
        assert system.stored() == {}
    api.app.cache_clear()

    assert {role: sorted(asked - _allowed(role)) for role, asked in needs.items()} == {role: [] for role in needs}
    assert ("dynamodb:UpdateItem", "ControlTable") in needs["WorkerRole"]
    assert ("sqs:SendMessage", "ManualQueue") in needs["DispatcherRole"]
    assert ("dynamodb:DeleteItem", "RecordsTable") in needs["WorkerRole"]
    assert ("dynamodb:PutItem", "RecordsTable") in needs["ApiRole"]
    assert {("ssm:PutParameter", ""), ("ssm:DeleteParameter", "")} <= needs["ApiRole"]
    assert ("s3:GetObject", "IndexBucket/exports") in needs["ApiRole"]
