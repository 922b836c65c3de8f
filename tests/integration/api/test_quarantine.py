"""What was set aside over HTTP: each with its reason, page by page, and looked at anew on request."""

from __future__ import annotations

from typing import Any

from tests.engine.world import World
from tests.integration.api.caller import HOME, Api

QUARANTINE = f"{HOME}/int1/quarantine/orders"


def spoiled(count: int = 1) -> World:
    world = World()
    for number in range(count):
        world.source.order(f"o{number}", broken=True, buyer="Ann Example")
    world.source.order("good")
    world.night()
    world.clock.advance(60)
    return world


def mended(world: World) -> None:
    for row in world.source.orders.values():
        row["broken"] = False


def pages(api: Api, limit: int) -> list[dict[str, Any]]:
    found = [api.get(f"{QUARANTINE}?limit={limit}").body]
    while found[-1]["after"]:
        found.append(api.get(f"{QUARANTINE}?limit={limit}&after={found[-1]['after']}").body)
    return found


def test_each_entry_says_what_is_wrong_where_and_what_to_do() -> None:
    answer = Api(spoiled()).get(QUARANTINE)

    (entry,) = answer.body["entries"]
    assert (answer.status, answer.body["read"], answer.body["after"]) == (200, "orders", None)
    assert (entry["source"], entry["code"], entry["path"]) == ("o0", "record_invalid", "lines.0.quantity")
    assert entry["what"] == "The record has no quantity."
    assert entry["remedy"] == "Correct the record in the warehouse system."


def test_no_text_of_the_record_is_shown() -> None:
    (entry,) = Api(spoiled()).get(QUARANTINE).body["entries"]

    assert "Ann" not in str(entry)
    assert "buyer" in entry["excerpt"]


def test_pages_follow_each_other_without_gap_or_double() -> None:
    found = pages(Api(spoiled(7)), 3)

    assert [len(page["entries"]) for page in found] == [3, 3, 1]
    assert sorted(each["source"] for page in found for each in page["entries"]) == [f"o{n}" for n in range(7)]


def test_data_types_of_one_read_share_the_list() -> None:
    api = Api(spoiled())

    assert api.get(f"{HOME}/int1/quarantine/order_shipments").body == api.get(QUARANTINE).body


def test_a_cursor_of_another_read_is_refused() -> None:
    api = Api(spoiled(7))
    cursor = api.get(f"{QUARANTINE}?limit=3").body["after"]

    answer = api.get(f"{HOME}/int1/quarantine/warehouses?after={cursor}")

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")


def test_a_retry_is_noted_and_the_next_sync_looks_anew() -> None:
    world = spoiled()
    api = Api(world)

    answer = api.post(f"{QUARANTINE}/retry")
    noted = api.get(QUARANTINE).body["look_again_at"]
    looked_at = api.get(QUARANTINE).body["entries"][0]["at"]
    world.night()
    again = api.get(QUARANTINE).body["entries"][0]["at"]
    mended(world)
    world.night()

    assert (answer.status, answer.body["read"]) == (200, "orders")
    assert noted == answer.body["look_again_at"]
    assert again > looked_at
    assert api.get(QUARANTINE).body["entries"] == []


def test_what_the_connector_does_not_serve_has_no_quarantine() -> None:
    api = Api(spoiled())

    answers = [api.get(f"{HOME}/int1/quarantine/bills"), api.post(f"{HOME}/int1/quarantine/bills/retry")]

    assert [(answer.status, answer.body["code"]) for answer in answers] == [(422, "unsupported")] * 2


def test_an_unknown_integration_has_no_quarantine() -> None:
    answer = Api(spoiled()).get(f"{HOME}/int9/quarantine/orders")

    assert (answer.status, answer.body["code"]) == (404, "not_found")
