"""Webhooks over HTTP: registered with a secret that is shown once, rotated, tested, resumed and removed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from planster_sync.engine.announcing import MOST_TARGETS
from planster_sync.model.runs import Problem
from planster_sync.model.webhooks import LookMessage, Reply
from tests.engine.world import World
from tests.fakes.webhook_office import URL, Office
from tests.integration.api.caller import Answer, Api, token

HOOKS = "/v1/organisations/org1/webhooks"
DOWN = Reply(500, Problem("webhook_refused", "The receiver answered 500.", "Mend the receiver.", retryable=True))


def opened() -> tuple[Api, Office]:
    office = Office(World())
    return Api(office.world, {"webhooks": office.desk}), office


def register(api: Api, **body: Any) -> Answer:
    return api.post(HOOKS, {"url": URL, **body}, authorizer=token(subject="user-7"))


def test_a_webhook_is_registered_with_a_secret_that_is_shown_once() -> None:
    api, office = opened()

    answer = register(api)

    body = answer.body
    assert (answer.status, answer.headers["Location"]) == (201, f"{HOOKS}/{body['id']}")
    assert (body["url"], body["state"], body["created_by"]) == (URL, "active", "user-7")
    assert body["kinds"] == ["run.completed", "state.changed", "action.needed", "deletion.held"]
    assert body["secret"] == office.secrets.there[body["id"], 1]
    listed, shown = api.get(HOOKS), api.get(f"{HOOKS}/{body['id']}")
    assert listed.body["webhooks"] == [shown.body]
    assert body["secret"] not in json.dumps([listed.body, shown.body])


@pytest.mark.parametrize(
    "body",
    [
        {"url": "http://hooks.example.com/x"},
        {"url": "https://169.254.169.254/latest/meta-data/"},
        {"url": ""},
        {"url": "https://hooks.example.com/" + "x" * 1024},
        {"kinds": []},
        {"kinds": ["test"]},
        {"kinds": ["run.completed", "run.completed"]},
        {"kinds": ["run.began"]},
        {"secret": "mine"},
    ],
)
def test_what_cannot_be_registered_is_refused_with_its_reason(body: dict[str, Any]) -> None:
    api, office = opened()

    answer = register(api, **body)

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")
    assert (office.secrets.there, office.queue.sent) == ({}, [])


def test_an_organisation_has_so_many_webhooks_and_no_more() -> None:
    api, _ = opened()

    statuses = [register(api).status for _ in range(MOST_TARGETS + 1)]

    assert statuses == [201] * MOST_TARGETS + [409]


def test_during_a_day_after_a_rotation_both_secrets_are_valid() -> None:
    api, office = opened()
    first = register(api).body

    rotated = api.post(f"{HOOKS}/{first['id']}/rotate")

    assert (rotated.status, rotated.body["secret"] != first["secret"]) == (200, True)
    now = office.world.clock.now()
    target = office.desk.target("org1", first["id"])
    assert [each.number for each in target.valid_secrets(now)] == [2, 1]
    assert [each.number for each in target.valid_secrets(now + timedelta(hours=24))] == [2]


def test_a_second_rotation_ends_the_oldest_secret_at_once() -> None:
    api, office = opened()
    first = register(api).body

    for _ in range(2):
        api.post(f"{HOOKS}/{first['id']}/rotate")

    assert sorted(number for _, number in office.secrets.there) == [2, 3]
    assert [each["number"] for each in api.get(f"{HOOKS}/{first['id']}").body["secrets"]] == [3, 2]


def test_a_test_is_on_its_way_and_the_deliveries_say_what_became_of_it() -> None:
    api, office = opened()
    webhook = register(api).body["id"]
    office.work()

    answer = api.post(f"{HOOKS}/{webhook}/test")
    before = api.get(answer.headers["Location"]).body["deliveries"]
    office.work()
    (after,) = api.get(answer.headers["Location"]).body["deliveries"]

    assert (answer.status, before) == (202, [answer.body])
    assert (after["kind"], after["state"], after["status"], after["attempt"]) == ("test", "delivered", 204, 1)
    assert json.loads(office.post.sent[0].body)["type"] == "test"


def test_deliveries_come_page_by_page_with_what_was_wrong() -> None:
    api, office = opened()
    webhook = register(api).body["id"]
    office.post.replies = [DOWN]
    for _ in range(3):
        api.post(f"{HOOKS}/{webhook}/test")
        office.work()
        office.world.clock.advance(1)

    first = api.get(f"{HOOKS}/{webhook}/deliveries?limit=2").body
    rest = api.get(f"{HOOKS}/{webhook}/deliveries?limit=2&after={first['after']}").body

    assert ([len(each["deliveries"]) for each in (first, rest)], rest["after"]) == ([2, 1], None)
    assert first["deliveries"][0]["problem"]["code"] == "webhook_refused"
    assert {each["state"] for each in first["deliveries"]} == {"failed"}


def test_a_cursor_of_another_webhook_is_refused() -> None:
    api, office = opened()
    webhook, other = (register(api).body["id"] for _ in range(2))
    for _ in range(2):
        api.post(f"{HOOKS}/{webhook}/test")
        office.world.clock.advance(1)
    after = api.get(f"{HOOKS}/{webhook}/deliveries?limit=1").body["after"]

    assert api.get(f"{HOOKS}/{other}/deliveries?after={after}").status == 422


def test_a_webhook_that_fails_says_so_and_since_when() -> None:
    api, office = opened()
    office.world.source.fill(3)
    office.world.clock.advance(1)
    webhook = register(api, kinds=["run.completed"]).body["id"]
    office.work()
    office.world.night()
    office.post.replies = [DOWN]

    office.announcer.handle(LookMessage("org1"))
    office.handle(office.queue.drain()[0].message)

    shown = api.get(f"{HOOKS}/{webhook}").body
    assert (shown["state"], shown["problem"]["code"]) == ("active", "webhook_refused")
    assert shown["sentence"].startswith("Nothing has arrived since 2026-03-01")


def test_a_webhook_that_was_switched_off_is_resumed() -> None:
    api, office = opened()
    webhook = register(api).body["id"]
    _switch_off(office)
    off = api.get(f"{HOOKS}/{webhook}").body

    on = api.post(f"{HOOKS}/{webhook}/resume").body

    assert (off["state"], "switched off" in off["sentence"], off["problem"]["code"]) == (
        "switched_off",
        True,
        "webhook_switched_off",
    )
    assert (on["state"], on["problem"], on["failing_since"]) == ("active", None, None)


def test_a_webhook_that_was_removed_is_not_there_any_more_and_its_secrets_are_erased() -> None:
    api, office = opened()
    webhook = register(api).body["id"]

    removed = api.delete(f"{HOOKS}/{webhook}")

    assert (removed.status, removed.body["id"]) == (200, webhook)
    assert (api.get(HOOKS).body, office.secrets.there) == ({"webhooks": []}, {})
    for method, part in (("GET", ""), ("DELETE", ""), ("POST", "/test"), ("POST", "/rotate"), ("GET", "/deliveries")):
        call = {"GET": api.get, "DELETE": api.delete, "POST": api.post}[method]
        assert call(f"{HOOKS}/{webhook}{part}").status == 404
    assert office.tick() == 0


def test_another_organisations_webhooks_are_not_found_and_not_listed() -> None:
    api, _ = opened()
    webhook = register(api).body["id"]
    theirs = "/v1/organisations/org2/webhooks"

    assert api.get(theirs, authorizer=token("org2")).body == {"webhooks": []}
    assert api.get(f"{theirs}/{webhook}", authorizer=token("org2")).status == 404
    assert api.delete(f"{theirs}/{webhook}", authorizer=token("org2")).status == 404
    assert api.get(f"{HOOKS}/{webhook}").status == 200


def _switch_off(office: Office) -> None:
    """As three days of failures do."""
    office.post.replies = [DOWN]
    office.world.source.fill(3)
    office.world.clock.advance(1)
    for _ in range(5):
        office.world.night()
        office.announcer.handle(LookMessage("org1"))
        office.work()
        for _ in range(92):
            office.world.clock.advance(900)
            office.tick()
