"""A cursor leads on in the list that gave it, and nowhere else: not to another tenant, filter or kind of list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.manual_sync_api import handler as api
from planster_sync.entry.api.cursors import sealed
from planster_sync.model.data_types import DataType
from simulators.trackstar.config import AccountSpec
from tests.engine.world import World
from tests.integration.api.caller import Api, http_event, token
from tests.integration.deployment import Deployment, deployment

HOME = "/v1/organisations/{organisation}/integrations/{integration}"
LISTS = {
    "runs": "runs?limit=1",
    "runs in a state": "runs?limit=1&state=succeeded_with_warnings",
    "runs of a trigger": "runs?limit=1&trigger=schedule",
    "records": "records/orders?limit=1",
    "records of another data type": "records/order_shipments?limit=1",
    "records since": "records/orders?limit=1&updated_since=2020-01-01T00:00:00Z",
    "records since another moment": "records/orders?limit=1&updated_since=2021-01-01T00:00:00Z",
    "records of a warehouse": "records/orders?limit=1&warehouse=w1",
    "changes": "changes/orders?limit=1",
    "changes of another data type": "changes/order_shipments?limit=1",
    "what was set aside": "quarantine/orders?limit=1",
    "corrections": "adjustments/orders?limit=1",
}
EXPORT = "exports/orders?format=ndjson"


def address(of: str, integration: str = "int1", organisation: str = "org1") -> str:
    return f"{HOME.format(organisation=organisation, integration=integration)}/{of}"


def stocked() -> World:
    world = World()
    world.source.fill(12)
    for name in ("wrong1", "wrong2"):
        world.source.order(name, broken=True)
    world.night()
    world.night()
    for place, row in world.stores.records.rows.items():
        if place[2] is DataType.ORDERS:
            world.stores.records.rows[place] = replace(row, attributes={**row.attributes, "warehouse_id": "w1"})
    for organisation, integration in (("org1", "int2"), ("org2", "int1")):
        world.stores.integrations.put(replace(world.integration, organisation=organisation, id=integration))
    return world


@pytest.fixture(scope="module")
def asked() -> Api:
    return Api(stocked())


def cursor_of(asked: Api, name: str) -> str:
    cursor = asked.get(address(LISTS[name])).body["after"]
    assert cursor, name
    return str(cursor)


def refused(asked: Api, place: str, cursor: str, caller: str = "org1") -> bool:
    answer = asked.get(f"{place}&after={quote(cursor)}", authorizer=token(caller))
    return (answer.status, answer.body.get("code")) == (422, "invalid_request")


GIVEN = [name for name in LISTS if name not in ("corrections",)]
"""Lists that have a second page here."""


@pytest.mark.parametrize("name", GIVEN)
def test_a_cursor_leads_on_where_it_was_given(asked: Api, name: str) -> None:
    cursor = cursor_of(asked, name)

    assert asked.get(f"{address(LISTS[name])}&after={cursor}").status == 200


@pytest.mark.parametrize("name", GIVEN)
def test_a_cursor_is_refused_by_every_other_list(asked: Api, name: str) -> None:
    cursor = cursor_of(asked, name)

    assert [other for other in LISTS if other != name and not refused(asked, address(LISTS[other]), cursor)] == []
    assert refused(asked, address(EXPORT), cursor)


@pytest.mark.parametrize("name", GIVEN)
def test_a_cursor_is_refused_by_the_same_list_of_another_integration_and_tenant(asked: Api, name: str) -> None:
    cursor = cursor_of(asked, name)

    assert refused(asked, address(LISTS[name], integration="int2"), cursor)
    assert refused(asked, address(LISTS[name], organisation="org2"), cursor, caller="org2")


FORGED = ["", " ", "\x00", "x" * 1025, "zzz", "￿", "ä" * 600, "orders", "1 2 3", "2020-01-01 2020-01-01 x"]


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    api.app.cache_clear()
    with deployment(monkeypatch, AccountSpec("con-1", "token-con-1", seed=5, size=3)) as running:
        running.register("main", "con-1")
        yield running
    api.app.cache_clear()


@pytest.mark.moto
def test_a_position_that_somebody_made_up_breaks_nothing(system: Deployment) -> None:
    """The seal is no signature: whoever knows how it is made can seal any position of his own lists."""
    place, kind = ("acme", "main"), "orders"
    scopes = {
        "runs?": ("runs", *place, "", ""),
        f"records/{kind}?": ("records", *place, kind, "", "", "", ""),
        f"changes/{kind}?": ("changes", *place, kind),
        f"quarantine/{kind}?": ("quarantine", *place, kind),
        f"adjustments/{kind}?": ("adjustments", *place, kind),
    }

    answers: dict[tuple[str, str], Any] = {}
    for of, scope in scopes.items():
        for position in FORGED:
            query = f"{address(of, 'main', 'acme')}after={quote(sealed(scope, position)[:2048])}"
            answers[of, position] = api.handler(http_event("GET", query), LambdaContext())["statusCode"]

    assert {place: status for place, status in answers.items() if status not in (200, 422)} == {}
