"""Accounts connected through the deployed handlers: secrets on moto's SSM, codes exchanged with simulated vendors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import boto3
import pytest
import requests
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.manual_sync_api import handler as api
from planster_sync.connectors import registry
from planster_sync.model.data_types import DataType
from simulators.serving.server import RunningServer
from simulators.serving.server import serve as serve_business
from simulators.serving.simulation import Simulation
from simulators.shipbob.vendor import ShipBob
from simulators.trackstar.config import AccountSpec
from tests.integration.api.caller import Answer, http_event, token
from tests.integration.deployment import Deployment, deployment
from tests.integration.linking import installed
from tests.integration.worker_over_http import worker_over_http

pytestmark = pytest.mark.moto

ORGANISATION = "/v1/organisations/acme"
TOKEN = "token-con-1-canary"
ACCOUNT = AccountSpec("con-1", TOKEN, seed=5, size=6)
BACK = "http://127.0.0.1:9/v1/connect/callback"


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    api.app.cache_clear()
    with deployment(monkeypatch, ACCOUNT) as running, worker_over_http() as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", url)
        yield running
    api.app.cache_clear()


@pytest.fixture
def consenting(system: Deployment) -> Iterator[RunningServer[Any]]:
    """A second vendor, where the deployment is registered for consents."""
    account = {"connection_id": "con-1", "credentials": {"token": "sim-pat-1"}, "size": "6"}
    with serve_business(Simulation(ShipBob(0)), [account]) as server:
        register(
            "shipbob",
            client_id="sim-app",
            client_secret="sim-app-secret",
            redirect_uri=BACK,
            consent_url=f"{server.url}/connect/authorize",
            exchange_url=f"{server.url}/connect/token",
        )
        yield server


def register(connector: str, **app: str) -> None:
    boto3.client("ssm").put_parameter(
        Name=f"/planster/test/apps/{connector}", Value=json.dumps(app), Type="SecureString"
    )


def little(connector: str, url: str = "") -> dict[str, Any]:
    """Two lists that are short, and where they are."""
    served = registry.capabilities(connector).data_types
    off = {each.value: False for each in served if each not in (DataType.WAREHOUSES, DataType.SHIPPING_METHODS)}
    return {"data_types": off, "settings": {"base_url": url} if url else {}}


def ask(method: str, address: str, body: Any = None) -> Answer:
    event = http_event(
        method, ORGANISATION + address, None if body is None else json.dumps(body), authorizer=token("acme")
    )
    answer = api.handler(event, LambdaContext())
    return Answer(answer["statusCode"], answer["headers"], json.loads(answer["body"]))


def kept(organisation: str, integration: str) -> dict[str, Any]:
    name = f"/planster/test/integrations/{organisation}/{integration}"
    value = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    found: dict[str, Any] = json.loads(value)
    return found


def consented(address: str) -> str:
    """The merchant consents; the query with which the vendor sends the browser back."""
    answer = requests.get(f"{address}&account=con-1", allow_redirects=False, timeout=10)
    assert answer.headers["location"].startswith(f"{BACK}?")
    return urlsplit(answer.headers["location"]).query


def called_back(query: str) -> dict[str, Any]:
    found: dict[str, Any] = api.handler(http_event("GET", f"/v1/connect/callback?{query}"), LambdaContext())
    return found


def rows() -> str:
    """Every item of both tables, to be searched."""
    dynamodb = boto3.client("dynamodb")
    pages = [dynamodb.get_paginator("scan").paginate(TableName=name) for name in ("control", "records")]
    return repr([page["Items"] for each in pages for page in each])


FORM = {
    "connector": "trackstar",
    "name": "Main",
    "credentials": {"api_key": "sim-api-key", "access_token": TOKEN},
}


def test_a_form_is_stored_checked_and_loaded(system: Deployment) -> None:
    answer = ask("POST", "/integrations", {**FORM, **little("trackstar", system.simulator.url)})
    system.work()

    made = answer.body["integration"]
    assert (answer.status, answer.body["check"]["works"]) == (201, True)
    assert kept("acme", made) == FORM["credentials"]
    assert system.last_run(made).status == "succeeded"
    assert system.stored(made)["warehouses"]


def test_a_refused_form_is_mended_by_a_reconnection_that_syncs_at_once(system: Deployment) -> None:
    wrong = {"api_key": "sim-api-key", "access_token": "not-the-token"}
    form = {**FORM, **little("trackstar", system.simulator.url), "credentials": wrong}
    made = ask("POST", "/integrations", form).body
    assert (made["status"], made["run"]) == ("needs_reauth", None)

    answer = ask("POST", f"/integrations/{made['integration']}/reconnect", {"credentials": FORM["credentials"]})
    system.work()

    assert (answer.status, answer.body["status"], answer.body["check"]["works"]) == (200, "active", True)
    assert system.last_run(made["integration"]).status == "succeeded"


def test_a_link_is_exchanged_for_a_connection_that_syncs_with_planster_s_own_key(system: Deployment) -> None:
    register("trackstar", api_key="sim-api-key", base_url=system.simulator.url)
    begun = ask("POST", "/connect/trackstar/begin", {"name": "Linked", **little("trackstar")}).body
    code = installed(system.simulator.url, begun["link_token"])

    answer = ask("POST", "/connect/trackstar/exchange", {"state": begun["state"], "auth_code": code})
    system.work()

    made = answer.body["integration"]
    assert (answer.status, answer.body["check"]["works"]) == (200, True)
    assert kept("acme", made) == {"access_token": TOKEN, "connection_id": "con-1"}
    assert system.last_run(made).status == "succeeded"


def test_a_link_is_installed_again_for_the_same_connection(system: Deployment) -> None:
    register("trackstar", api_key="sim-api-key", base_url=system.simulator.url)
    begun = ask("POST", "/connect/trackstar/begin", {"name": "Linked", **little("trackstar")}).body
    code = installed(system.simulator.url, begun["link_token"])
    made = ask("POST", "/connect/trackstar/exchange", {"state": begun["state"], "auth_code": code}).body["integration"]

    again = ask("POST", "/connect/trackstar/begin", {"integration": made}).body
    code = installed(system.simulator.url, again["link_token"])
    answer = ask("POST", "/connect/trackstar/exchange", {"state": again["state"], "auth_code": code})

    assert (answer.status, answer.body["integration"]) == (200, made)
    assert len(ask("GET", "/integrations").body["integrations"]) == 1


def test_a_wrong_code_of_a_link_is_told(system: Deployment) -> None:
    register("trackstar", api_key="sim-api-key", base_url=system.simulator.url)
    begun = ask("POST", "/connect/trackstar/begin", {"name": "Linked", **little("trackstar")}).body

    answer = ask("POST", "/connect/trackstar/exchange", {"state": begun["state"], "auth_code": "made-up"})

    assert (answer.status, answer.body["code"]) == (409, "conflict")
    assert "does not accept the code" in answer.body["detail"]


def test_planster_s_own_key_is_never_sent_to_an_address_of_a_tenant(system: Deployment) -> None:
    register("trackstar", api_key="sim-api-key", base_url=system.simulator.url)
    elsewhere = {"name": "Linked", "settings": {"base_url": "http://127.0.0.1:9"}}
    begun = ask("POST", "/connect/trackstar/begin", elsewhere).body
    code = installed(system.simulator.url, begun["link_token"])

    answer = ask("POST", "/connect/trackstar/exchange", {"state": begun["state"], "auth_code": code})

    assert answer.body["check"]["works"] is True


def test_a_consent_becomes_an_integration_whose_tokens_are_renewed(
    system: Deployment, consenting: RunningServer[Any]
) -> None:
    ask_for = {"name": "Network", **little("shipbob", consenting.url)}
    begun = ask("POST", "/connect/shipbob/begin", ask_for).body

    answer = called_back(consented(begun["address"]))
    system.work()

    (integration,) = ask("GET", "/integrations").body["integrations"]
    assert (answer["statusCode"], integration["status"]) == (200, "active")
    assert system.last_run(integration["id"]).status == "succeeded"
    assert set(kept("acme", integration["id"])) == {"refresh_token"}
    renewed = kept("acme", f"{integration['id']}/token")
    assert renewed["refresh"] != kept("acme", integration["id"])["refresh_token"]


def test_a_code_is_bound_to_the_state_that_asked_for_it(system: Deployment, consenting: RunningServer[Any]) -> None:
    first, second = (ask("POST", "/connect/shipbob/begin", {"name": name}).body for name in ("A", "B"))
    theirs, own = (dict(parse_qsl(consented(each["address"]))) for each in (first, second))

    answer = called_back(f"state={own['state']}&code={theirs['code']}")

    assert answer["statusCode"] == 409
    assert [each["status"] for each in ask("GET", "/integrations").body["integrations"]] == ["needs_reauth"]


def test_a_deployment_that_is_registered_nowhere_says_so(system: Deployment) -> None:
    answer = ask("POST", "/connect/shipbob/begin", {"name": "Network"})

    assert (answer.status, answer.body["code"]) == (409, "conflict")
    assert "not registered" in answer.body["detail"]


def test_no_secret_is_in_an_answer_a_log_or_a_row(
    system: Deployment, consenting: RunningServer[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    register("trackstar", api_key="sim-api-key", base_url=system.simulator.url)
    form = {**FORM, **little("trackstar", system.simulator.url)}
    answers = [ask("POST", "/integrations", form).body]
    begun = ask("POST", "/connect/trackstar/begin", {"name": "Linked", **little("trackstar")}).body
    code = installed(system.simulator.url, begun["link_token"])
    exchange = {"state": begun["state"], "auth_code": code}
    answers += [ask("POST", "/connect/trackstar/exchange", exchange).body for _ in range(2)]
    consent = ask("POST", "/connect/shipbob/begin", {"name": "N", **little("shipbob", consenting.url)}).body
    query = consented(consent["address"])
    answers += [called_back(query)["body"] for _ in range(2)]
    system.work()

    integrations = [each["id"] for each in ask("GET", "/integrations").body["integrations"]]
    secrets = {value for each in integrations for value in kept("acme", each).values() if value != "con-1"}
    secrets |= {code, dict(parse_qsl(query))["code"], "sim-app-secret", "sim-api-key"}
    states = {begun["state"], dict(parse_qsl(query))["state"]}
    told, logged, stored = json.dumps(answers), "".join(capsys.readouterr()), rows()
    assert len(integrations) == 3
    assert [secret for secret in secrets | states if secret in told + logged + stored] == []


def test_begun_consents_are_erased_with_their_integration(system: Deployment) -> None:
    register("trackstar", api_key="sim-api-key", base_url=system.simulator.url)
    form = {**FORM, **little("trackstar", system.simulator.url)}
    made = ask("POST", "/integrations", form).body["integration"]
    system.work()
    ask("POST", "/connect/trackstar/begin", {"integration": made})
    assert f"CONSENT#acme#{made}" in rows()

    assert ask("POST", f"/integrations/{made}/disconnect", {"integration": made}).status == 202
    system.erase(made)

    left = rows()
    assert f"CONSENT#acme#{made}" not in left
    with pytest.raises(boto3.client("ssm").exceptions.ParameterNotFound):
        kept("acme", made)
