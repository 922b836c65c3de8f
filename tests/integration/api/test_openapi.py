"""The OpenAPI document says what the routes do."""

from __future__ import annotations

import json
import re
from functools import reduce
from operator import getitem
from typing import Any

import pytest

from planster_sync.entry.api.links import LEADS
from tests.integration.api.caller import Api
from tests.integration.api.openapi_style import findings
from tests.integration.api.write_openapi import DOCUMENT, current


def references(part: Any) -> set[str]:
    return set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(part)))


def test_the_document_in_docs_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == current(), "run: python -m tests.integration.api.write_openapi"


def test_the_api_serves_the_same_document() -> None:
    answer = Api().get("/v1/openapi.json")

    assert (answer.status, answer.body) == (200, json.loads(current()))


def test_every_address_is_described() -> None:
    document = json.loads(current())

    integration = "/v1/organisations/{organisation}/integrations/{integration}"
    webhooks = "/v1/organisations/{organisation}/webhooks"
    assert document["openapi"].startswith("3.1")
    assert {(path, method) for path, operations in document["paths"].items() for method in operations} == {
        ("/v1/health", "get"),
        ("/v1/organisations/{organisation}/status", "get"),
        ("/v1/organisations/{organisation}/integrations", "get"),
        (integration, "get"),
        (f"{integration}/sync", "post"),
        (f"{integration}/sync/expected", "get"),
        (f"{integration}/runs/{{run}}/cancel", "post"),
        (f"{integration}/runs", "get"),
        (f"{integration}/runs/{{run}}", "get"),
        (f"{integration}/settings", "get"),
        (f"{integration}/settings", "patch"),
        (f"{integration}/pause", "post"),
        (f"{integration}/resume", "post"),
        (f"{integration}/disconnect", "post"),
        ("/v1/organisations/{organisation}/disconnections", "get"),
        *((webhooks, method) for method in ("get", "post")),
        *((f"{webhooks}/{{webhook}}", method) for method in ("get", "delete")),
        *((f"{webhooks}/{{webhook}}/{part}", "post") for part in ("rotate", "resume", "test")),
        (f"{webhooks}/{{webhook}}/deliveries", "get"),
        (f"{integration}/diagnose", "get"),
        (f"{integration}/held", "get"),
        (f"{integration}/held/{{data_type}}/approve", "post"),
        (f"{integration}/held/{{data_type}}/reject", "post"),
        (f"{integration}/quarantine/{{data_type}}", "get"),
        (f"{integration}/quarantine/{{data_type}}/retry", "post"),
        ("/v1/organisations/{organisation}/freshness", "get"),
        (f"{integration}/freshness", "get"),
        (f"{integration}/records/{{data_type}}", "get"),
        (f"{integration}/records/{{data_type}}/{{record}}", "get"),
        (f"{integration}/inbound-shipments", "post"),
        (f"{integration}/inbound-shipments/dry-run", "post"),
        (f"{integration}/inbound-shipments/{{shipment}}/dry-run", "post"),
        (f"{integration}/inbound-shipments/{{shipment}}", "patch"),
        (f"{integration}/inbound-shipment-writes/{{reference}}", "get"),
        (f"{integration}/changes/{{data_type}}", "get"),
        (f"{integration}/exports/{{data_type}}", "get"),
        (f"{integration}/export-files", "post"),
        (f"{integration}/export-files/{{export}}", "get"),
        (f"{integration}/adjustments", "post"),
        ("/v1/organisations/{organisation}/connectors", "get"),
        ("/v1/organisations/{organisation}/connect/{connector}/begin", "post"),
        ("/v1/organisations/{organisation}/connect/{connector}/exchange", "post"),
        ("/v1/connect/callback", "get"),
        (integration.rpartition("/")[0], "post"),
        (f"{integration}/reconnect", "post"),
        (f"{integration}/check", "post"),
        (f"{integration}/verify", "post"),
        (f"{integration}/adjustments/bulk", "post"),
        (f"{integration}/adjustments/{{data_type}}", "get"),
        (f"{integration}/adjustments/{{data_type}}/{{record}}", "get"),
        (f"{integration}/adjustments/{{data_type}}/{{record}}", "delete"),
    }


def test_every_address_says_which_scope_it_needs_reading_one_and_changing_another() -> None:
    document = json.loads(current())
    operations = [(method, each) for path in document["paths"].values() for method, each in path.items()]

    needs = {
        each["operationId"]: (method, each["security"][0]["token"]) for method, each in operations if each["security"]
    }

    assert {each["operationId"] for _, each in operations} - set(needs) == {"endConsent"}
    assert list(document["components"]["securitySchemes"]) == ["token"]
    assert needs.pop("health") == ("get", [])
    webhooks = {name for name in needs if "Webhook" in name}  # an address of one may be as good as a secret
    assert {tuple(needs.pop(name)[1]) for name in webhooks} == {("planster/admin",)}
    assert {tuple(scopes) for method, scopes in needs.values() if method == "get"} == {("planster/read",)}
    assert needs.pop("askForExport") == ("post", ["planster/read"]), "a file tells what the lists tell"
    changing = {name: scopes for name, (method, scopes) in needs.items() if method != "get"}
    administered = {name for name, scopes in changing.items() if scopes == ["planster/admin"]}
    assert administered == {
        "changeSettings",
        "pauseIntegration",
        "resumeIntegration",
        "disconnect",
        "connect",
        "reconnect",
        "beginConsent",
        "exchangeCode",
    }
    assert {tuple(changing[name]) for name in changing.keys() - administered} == {("planster/operate",)}


def test_every_error_is_described_as_a_problem_document() -> None:
    document = json.loads(current())
    operations = [part for path in document["paths"].values() for part in path.values()]
    shared = document["components"]["responses"]

    for operation in operations:
        for status in ("401", "403", "4XX", "5XX"):
            name = operation["responses"][status]["$ref"].rpartition("/")[2]
            assert references(shared[name]["content"]["application/problem+json"]) == {"ProblemDocument"}


def test_every_lead_of_an_answer_is_to_an_operation_that_takes_it() -> None:
    operations = {
        part["operationId"]: part for path in json.loads(current())["paths"].values() for part in path.values()
    }

    assert set(LEADS) <= set(operations)
    for name, operation in operations.items():
        answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        for link in (link for answer in answers for link in answer.get("links", {}).values()):
            target = operations[link["operationId"]]
            taken = {parameter["name"] for parameter in target.get("parameters", ())}
            needed = {each["name"] for each in target.get("parameters", ()) if each["in"] == "path"}
            assert needed <= set(link["parameters"]) <= taken, (name, link)


def test_every_reference_leads_somewhere_and_nothing_is_left_over() -> None:
    document = json.loads(current())

    assert references(document) == set(document["components"]["schemas"])


def test_a_sync_s_answer_is_described_with_its_location() -> None:
    operations = json.loads(current())["paths"]

    answers = operations["/v1/organisations/{organisation}/integrations/{integration}/sync"]["post"]["responses"]
    assert set(answers) == {"202", "401", "403", "4XX", "5XX"}
    assert set(answers["202"]["headers"]) == {"Location"}
    assert set(answers["202"]["links"]) == {"getRun", "cancelRun"}
    assert references(answers["202"]["content"]) == {"SyncAccepted"}


def test_the_document_keeps_its_style() -> None:
    assert findings(json.loads(current())) == []


INTEGRATION = "/v1/organisations/{organisation}/integrations/{integration}"


@pytest.mark.parametrize(
    ("place", "broken"),
    [
        (("openapi",), "3.0.3"),
        (("info", "description"), ""),
        (("paths", f"{INTEGRATION}/sync", "post", "operationId"), "getRun"),
        (("paths", f"{INTEGRATION}/sync", "post", "operationId"), "sync-now"),
        (("paths", f"{INTEGRATION}/sync", "post", "summary"), ""),
        (("paths", f"{INTEGRATION}/sync", "post", "tags"), ["Nobody described it"]),
        (("paths", f"{INTEGRATION}/sync", "post", "parameters", 0, "description"), ""),
        (
            ("paths", f"{INTEGRATION}/sync", "post", "requestBody", "content", "application/json", "example"),
            {"mode": 1},
        ),
        (("paths", f"{INTEGRATION}/sync", "post", "responses", "202", "content"), {}),
        (("paths", f"{INTEGRATION}/sync", "post", "responses", "4XX"), {"description": "Wrong."}),
        (("paths", f"{INTEGRATION}/sync", "post", "security"), []),
        (("components", "schemas", "SyncRequest", "description"), ""),
    ],
)
def test_a_breach_of_style_is_told(place: tuple[Any, ...], broken: Any) -> None:
    document = json.loads(current())
    *way, last = place
    reduce(getitem, way, document)[last] = broken

    assert findings(document)
