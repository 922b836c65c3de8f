"""The API's questions through Lambda to the worker and on to a simulated vendor, as deployed: handlers, moto, HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.manual_sync_api import handler as api
from simulators.trackstar.config import AccountSpec
from tests.integration.api.caller import Answer, http_event
from tests.integration.deployment import Deployment, deployment
from tests.integration.worker_over_http import worker_over_http

pytestmark = pytest.mark.moto

ACCOUNT = AccountSpec("con-1", "token-con-1", seed=5, size=6, forbidden=frozenset({"get_returns"}))
MAIN = "/v1/organisations/acme/integrations/main"


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    api.app.cache_clear()
    with deployment(monkeypatch, ACCOUNT) as running, worker_over_http() as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", url)
        running.register("main", "con-1")
        yield running
    api.app.cache_clear()


def post(address: str, body: Any = None) -> Answer:
    event = http_event("POST", MAIN + address, None if body is None else json.dumps(body))
    answer = api.handler(event, LambdaContext())
    return Answer(answer["statusCode"], {}, json.loads(answer["body"]))


def listed(data_type: str) -> list[dict[str, Any]]:
    answer = api.handler(http_event("GET", f"{MAIN}/records/{data_type}"), LambdaContext())
    found: list[dict[str, Any]] = json.loads(answer["body"])["records"]
    return found


def test_a_check_tells_a_missing_permission_from_working_credentials(system: Deployment) -> None:
    answer = post("/check")

    verdicts = {finding["data_type"]: finding["verdict"] for finding in answer.body["data_types"]}
    assert answer.status == 200
    assert answer.body["credentials"]["verdict"] == "works"
    assert verdicts["returns"] == "forbidden"
    assert verdicts["inventory_levels"] == verdicts["orders"] == verdicts["products"] == "works"
    assert "not_tried" not in verdicts.values()


def test_a_check_tells_refused_credentials(system: Deployment) -> None:
    system.register("main", "con-1", token="not-the-token")

    answer = post("/check")

    assert (answer.body["works"], answer.body["credentials"]["verdict"]) == (False, "refused")
    assert "not-the-token" not in json.dumps(answer.body)


def test_every_data_type_that_was_just_read_verifies_as_the_same(system: Deployment) -> None:
    system.night()

    outcomes = {}
    for data_type in ("inventory_levels", "products", "orders", "warehouses", "inbound_shipments"):
        answer = post("/verify", {"data_type": data_type, "sample": 3})
        assert answer.status == 200, answer.body
        outcomes[data_type] = {(each["outcome"], len(each["differences"])) for each in answer.body["records"]}

    assert set.union(*outcomes.values()) == {("same", 0)}, outcomes


def test_a_correction_is_in_force_until_the_next_night(system: Deployment) -> None:
    system.night()
    level = next(each for each in listed("inventory_levels") if each.get("on_hand"))
    fields = {"on_hand": level["on_hand"] + 1000}
    ask = {"data_type": "inventory_levels", "record": level["id"], "fields": fields, "reason": "counted"}
    if level.get("warehouses"):
        ask["warehouse_id"] = level["warehouses"][0]["warehouse_id"]
        ask["fields"] = {"on_hand": level["warehouses"][0]["on_hand"] + 1000}

    made = post("/adjustments", ask)
    verified = post("/verify", {"data_type": "inventory_levels", "record": level["id"]}).body["records"][0]

    assert made.status == 201, made.body
    assert made.body["record"]["on_hand"] == level["on_hand"] + 1000
    assert (verified["outcome"], verified["differences"]) == ("same", [])
    assert verified["last_change"]["adjusted_by"] == "back end"

    system.night_later()
    after = next(each for each in listed("inventory_levels") if each["id"] == level["id"])
    assert (after["on_hand"], "adjustment" in after) == (level["on_hand"], False)


def test_files_hold_every_record(system: Deployment) -> None:
    system.night()

    answer = api.handler(http_event("GET", f"{MAIN}/exports/products?format=ndjson"), LambdaContext())

    stored = system.stored()["products"]
    ids = sorted(json.loads(line)["id"] for line in answer["body"].splitlines())
    assert ids == sorted(item["id"] for item in stored)
