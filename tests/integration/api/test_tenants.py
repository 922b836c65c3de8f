"""Every address, asked for with another tenant's ids: nothing is told, nothing is changed."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from tests.engine.world import World
from tests.integration.api.caller import Api, http_event, token
from tests.integration.api.write_openapi import current

PATHS = {
    (path, method.upper())
    for path, operations in json.loads(current())["paths"].items()
    for method in operations
    if "{organisation}" in path
}
BODIES: dict[str, Any] = {
    "approve": {"run": "r"},
    "reject": {"run": "r"},
    "adjustments": {"data_type": "orders", "record": "o000", "fields": {"number": "x"}, "reason": "theirs"},
    "bulk": {"data_type": "orders", "effect": "apply", "csv": "id,number\no000,x", "reason": "theirs"},
    "verify": {"data_type": "orders", "record": "o000"},
    "settings": {"name": "Theirs"},
    "disconnect": {"integration": "int1"},
    "inbound-shipments": {"reference": "PO-1", "lines": [{"sku": "A", "quantity": 1}]},
    "dry-run": {"reference": "PO-1", "lines": [{"sku": "A", "quantity": 1}]},
    "{shipment}": {"reference": "PO-1", "lines": [{"sku": "A", "quantity": 1}]},
}
INSIDE = sorted(each for each in PATHS if "{integration}" in each[0])


def world() -> World:
    made = World()
    made.source.fill(12)
    made.source.order("wrong", broken=True)
    made.night()
    return made


def address(path: str, organisation: str, run: str) -> str:
    named = {"organisation": organisation, "integration": "int1", "run": run, "data_type": "orders", "record": "o000"}
    for name, value in {**named, "shipment": "s1", "reference": "PO-1"}.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def event(path: str, method: str, organisation: str, run: str, caller: str) -> dict[str, Any]:
    body = BODIES.get(path.rpartition("/")[2]) if method in ("POST", "PATCH") else None
    text = None if body is None else json.dumps(body)
    return http_event(method, address(path, organisation, run), text, authorizer=token(caller))


def kept(made: World) -> Any:
    return deepcopy((made.integration, made.stores.streams.all(), made.stores.records.rows, made.last_run()))


@pytest.mark.parametrize(("path", "method"), sorted(PATHS))
def test_another_tenants_token_is_told_that_there_is_nothing(path: str, method: str) -> None:
    made = world()
    before, run = kept(made), made.last_run().id

    answer = Api(made).send(event(path, method, "org1", run, caller="org2"))

    assert (answer.status, answer.body["detail"]) == (404, "There is no such organisation.")
    assert (kept(made), made.queue.drain()) == (before, [])


@pytest.mark.parametrize(("path", "method"), INSIDE)
def test_another_tenants_ids_below_ones_own_organisation_lead_nowhere(path: str, method: str) -> None:
    made = world()
    before, run = kept(made), made.last_run().id

    answer = Api(made).send(event(path, method, "org2", run, caller="org2"))

    assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert (kept(made), made.queue.drain()) == (before, [])
