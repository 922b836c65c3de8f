"""The bodies are those of the published schemas, and the published way to verify them is right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from planster_sync.entry.webhooks.bodies import BODIES
from planster_sync.errors import CredentialsRejected
from planster_sync.http.webhooks import sign
from planster_sync.model.webhooks import Kind
from tests.architecture.repository import ROOT
from tests.engine.world import World
from tests.fakes.webhook_office import Office
from tests.unit.entry.webhooks.write_schemas import FOLDER, current, path_of

DOCUMENT = ROOT / "docs" / "webhooks.md"
SECRET, OTHER = "whsec_b25lLXNlY3JldC1vZi1vdXJz", "whsec_YW5vdGhlci1zZWNyZXQ="
BODY = '{"type":"test","name":"Käse"}'.encode()
SENT_AT = 1_772_330_400


def verifier() -> Callable[..., bool]:
    """The function that docs/webhooks.md gives to receivers."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), flags=re.DOTALL)
    assert len(code.splitlines()) <= 15
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102  our own document
    verify: Callable[..., bool] = names["verify"]
    return verify


def headers(*secrets: str, sent_at: int = SENT_AT) -> dict[str, str]:
    return {
        "webhook-id": "20260301T020000Z-n",
        "webhook-timestamp": str(sent_at),
        "webhook-signature": " ".join(sign(secret, "20260301T020000Z-n", sent_at, BODY) for secret in secrets),
    }


def refuse() -> None:
    raise CredentialsRejected("The warehouse system refuses the credentials.")


def every_notice() -> dict[Kind, dict[str, Any]]:
    """One of each kind, as they were sent."""
    world = World()
    world.source.fill(12)
    world.source.order("wrong", broken=True)
    office = Office(world)
    target = office.register()
    world.night()
    office.look()
    orders = dict(world.source.orders)
    world.source.orders.clear()
    world.night()
    office.look()
    world.source.orders = orders
    world.connecting = refuse
    world.night()
    office.look()
    office.desk.test("org1", target.id)
    office.work()
    return {each.kind: json.loads(each.body) for each in office.post.sent}


@pytest.mark.parametrize("kind", list(Kind))
def test_the_schema_in_docs_is_up_to_date(kind: Kind) -> None:
    assert path_of(kind).read_text(encoding="utf-8") == current(kind), (
        "run: python -m tests.unit.entry.webhooks.write_schemas"
    )


def test_every_kind_has_a_schema_and_no_other_is_there() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {path_of(kind).name for kind in Kind}


def test_what_is_sent_is_what_the_schemas_say() -> None:
    sent = every_notice()

    assert set(sent) == set(Kind)
    for kind, body in sent.items():
        assert (body["type"], body["version"]) == (kind.value, 1)
        assert json.loads(BODIES[kind].model_validate(body).model_dump_json()) == body
        assert set(json.loads(current(kind))["required"]) <= {*body}


def test_no_name_that_people_have_given_is_sent() -> None:
    assert "Main warehouse" not in json.dumps(every_notice())


def test_the_documents_verifier_takes_what_we_sign_with_either_secret() -> None:
    verify = verifier()

    assert verify(SECRET, headers(SECRET), BODY, SENT_AT + 10)
    assert verify(SECRET, headers(OTHER, SECRET), BODY, SENT_AT + 10)


@pytest.mark.parametrize(
    ("secret", "body", "now"),
    [
        (OTHER, BODY, SENT_AT),
        (SECRET, BODY + b" ", SENT_AT),
        (SECRET, BODY, SENT_AT + 301),
        (SECRET, BODY, SENT_AT - 301),
    ],
)
def test_the_documents_verifier_refuses_another_secret_another_body_and_what_is_played_back(
    secret: str, body: bytes, now: float
) -> None:
    assert not verifier()(secret, headers(SECRET), body, now)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_the_documents_verifier_refuses_a_header_that_was_changed(name: str) -> None:
    changed = {**headers(SECRET), name: {"webhook-timestamp": str(SENT_AT + 1)}.get(name, "v1,AAAA")}

    assert not verifier()(SECRET, changed, BODY, SENT_AT)
