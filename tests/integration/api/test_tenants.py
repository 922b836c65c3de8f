"""Every address, tried by those who must not: nothing is told, nothing is changed.

`python -m tests.integration.api.tenants_table` prints what each attempt is answered.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest

from tests.engine.world import World
from tests.fakes.memory_records import MemoryCorrections
from tests.integration.api.caller import EVERY_SCOPE, Api, http_event, token
from tests.integration.api.write_openapi import current

PATHS: dict[tuple[str, str], str] = {
    (path, method.upper()): operation["security"][0]["token"][0]
    for path, operations in json.loads(current())["paths"].items()
    for method, operation in operations.items()
    if "{organisation}" in path
}
"""Every address about an organisation, with the scope that it needs."""
BODIES: dict[str, Any] = {
    "approve": {"run": "r"},
    "reject": {"run": "r"},
    "adjustments": {"data_type": "orders", "record": "o000", "fields": {"number": "x"}, "reason": "theirs"},
    "bulk": {"data_type": "orders", "effect": "apply", "csv": "id,number\no000,x", "reason": "theirs"},
    "export-files": {"data_type": "orders"},
    "verify": {"data_type": "orders", "record": "o000"},
    "settings": {"name": "Theirs"},
    "disconnect": {"integration": "int1"},
    "webhooks": {"url": "https://hooks.example.com/theirs"},
    "integrations": {"connector": "scripted", "name": "Theirs", "credentials": {}},
    "reconnect": {"credentials": {}},
    "begin": {"name": "Theirs"},
    "exchange": {"state": "s", "auth_code": "c"},
    "inbound-shipments": {"reference": "PO-1", "lines": [{"sku": "A", "quantity": 1}]},
    "{shipment}": {"reference": "PO-1", "lines": [{"sku": "A", "quantity": 1}]},
}
INSIDE = sorted(each for each in PATHS if "{integration}" in each[0])
OWNER, STRANGER = "org1", "org2"
NO_ORGANISATION = "There is no such organisation."


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody's try at the owner's integration: with which token, below which organisation, and how it must end."""

    name: str
    status: int
    code: str
    detail: str = ""
    bearer: str | None = OWNER
    below: str = OWNER
    scopes: Callable[[str], str] = lambda _needed: EVERY_SCOPE
    has_token: bool = True

    def context(self, needed: str) -> dict[str, Any]:
        """What the gateway tells of the caller."""
        return {"authorizer": token(self.bearer, scope=self.scopes(needed))} if self.has_token else {}


def all_but(needed: str) -> str:
    return " ".join(scope for scope in EVERY_SCOPE.split() if scope != needed)


ATTEMPTS = [
    Attempt("another tenant's token", 404, "not_found", NO_ORGANISATION, bearer=STRANGER),
    Attempt("another tenant's ids below one's own", 404, "not_found", bearer=STRANGER, below=STRANGER),
    Attempt("token without the claim", 404, "not_found", NO_ORGANISATION, bearer=None),
    Attempt("token without the scope", 403, "scope_missing", scopes=all_but),
    Attempt("token without any scope", 403, "scope_missing", scopes=lambda _: ""),
    Attempt("no token", 401, "unauthenticated", has_token=False),
]


def tries() -> list[tuple[Attempt, str, str]]:
    """Each attempt at each address that it can be made at."""
    return [
        (attempt, path, method)
        for attempt in ATTEMPTS
        for path, method in (sorted(PATHS) if attempt.below == OWNER else INSIDE)
    ]


def world() -> World:
    made = World()
    made.source.fill(12)
    made.source.order("wrong", broken=True)
    made.night()
    return made


def address(path: str, organisation: str, run: str) -> str:
    named = {"organisation": organisation, "integration": "int1", "run": run, "data_type": "orders", "record": "o000"}
    for name, value in {
        **named,
        "shipment": "s1",
        "reference": "PO-1",
        "webhook": "w1",
        "connector": "scripted",
    }.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def event(path: str, method: str, organisation: str, run: str, context: dict[str, Any]) -> dict[str, Any]:
    body = BODIES.get(path.rpartition("/")[2]) if method in ("POST", "PATCH", "PUT") else None
    text = None if body is None else json.dumps(body)
    return http_event(method, address(path, organisation, run), text, **context)


def raw(made: World, attempt: Attempt, path: str, method: str) -> dict[str, Any]:
    context = attempt.context(PATHS[path, method])
    return Api(made, {"anonymous": None}).raw(event(path, method, attempt.below, made.last_run().id, context))


def tried(made: World, attempt: Attempt, path: str, method: str) -> tuple[int, Any]:
    """Status and problem document."""
    answer = raw(made, attempt, path, method)
    return answer["statusCode"], json.loads(answer["body"])


def kept(made: World) -> Any:
    """Everything that any of them could have left behind: in the stores of both organisations, and in the queues."""
    ids = [row.key for row in made.stores.records.rows.values()]
    return deepcopy(
        (
            [made.stores.integrations.status_page(organisation) for organisation in (OWNER, STRANGER)],
            made.stores.consents.begun,
            made.stores.streams.all(),
            made.stores.records.rows,
            [MemoryCorrections(made.stores.adjustments).find(OWNER, "int1", key) for key in ids],
            [made.stores.disconnections.of(organisation) for organisation in (OWNER, STRANGER)],
            [made.stores.writes.get(OWNER, "int1", reference) for reference in ("PO-1", "r")],
            made.last_run(),
            made.queue.sent,
            made.write_queue.sent,
        )
    )


@pytest.mark.parametrize(
    ("attempt", "path", "method"), [pytest.param(*each, id=f"{each[0].name}: {each[2]} {each[1]}") for each in tries()]
)
def test_an_attempt_is_told_nothing_and_changes_nothing(attempt: Attempt, path: str, method: str) -> None:
    made = world()
    before = kept(made)

    status, problem = tried(made, attempt, path, method)

    assert (status, problem["code"]) == (attempt.status, attempt.code)
    assert attempt.detail in problem["detail"]
    assert kept(made) == before


@pytest.mark.parametrize(("path", "method"), sorted(PATHS))
def test_the_owner_with_the_scope_is_let_in_at_the_same_address(path: str, method: str) -> None:
    made = world()
    owner = Attempt("owner", 200, "", scopes=lambda needed: needed)

    answer = raw(made, owner, path, method)

    assert answer["statusCode"] not in (401, 403)
    assert NO_ORGANISATION not in answer["body"]
