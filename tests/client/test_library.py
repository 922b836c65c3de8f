"""The client library against an API that answers from a script: patience, failures, pages, exports."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from planster_client import Organisation, Patience, Problem, Refused, Transport, Unreachable
from tests.client.script import Script, scripted
from tests.client.served import Served, Told
from tests.client.terminal import Terminal

ACCEPTED = json.dumps({"run": "r1", "placement": "started", "message": "m"})
HOME = "/v1/organisations/o/integrations/i"


def page(status: int = 200, **content: Any) -> Told:
    document = {"health": "healthy", "state": "ok", "sentence": "s", "integrations": [], **content}
    return Told(status, json.dumps(document))


def busy(status: int = 503, after: str | None = None) -> Told:
    return Told(status, json.dumps({"code": "store_busy", "detail": "d"}), {"Retry-After": after} if after else {})


def test_a_busy_api_is_asked_again_when_it_says() -> None:
    with scripted(busy(after="3"), busy(429, after="4"), page()) as script:
        script.organisation.status()

    assert script.waits == [3, 4]


def test_without_a_time_the_pauses_grow() -> None:
    with scripted(busy(), busy(502), busy(504), page()) as script:
        script.organisation.status()

    assert script.waits == [1, 2, 4]


def test_patience_ends_with_the_apis_last_word() -> None:
    with scripted(busy(after="1")) as script, pytest.raises(Problem) as failed:
        script.organisation.status()

    assert len(script.asked) == Patience().attempts
    assert (failed.value.status, failed.value.code, failed.value.retryable) == (503, "store_busy", True)


def test_a_long_wait_is_told_to_the_caller_instead_of_waited_for() -> None:
    with scripted(busy(429, after="300")) as script, pytest.raises(Problem) as failed:
        script.organisation.status()

    assert (script.waits, failed.value.retry_after) == ([], 300)


def test_a_date_may_say_when_to_come_back() -> None:
    """By the API's own clock, whatever time it is here."""
    dated = busy(after="Sun, 01 Mar 2026 00:00:07 GMT")
    dated.headers["Date"] = "Sun, 01 Mar 2026 00:00:00 GMT"
    with scripted(dated, page()) as script:
        script.organisation.status()

    assert script.waits == [7]


@pytest.mark.parametrize(
    "act",
    [
        lambda one: one.check(),
        lambda one: one.adjust("products", {"name": "n"}, "r", sku="s"),
        lambda one: one.pause(),
        lambda one: one.change_settings({"name": "n"}),
        lambda one: one.withdraw("products", "p"),
    ],
    ids=["post", "adjust", "pause", "patch", "delete"],
)
def test_what_may_have_acted_is_not_sent_twice(act: Callable[[Any], object]) -> None:
    with scripted(busy(after="1")) as script, pytest.raises(Problem):
        act(script.organisation.integration("i"))

    assert (len(script.asked), script.waits) == (1, [])


def test_a_sync_is_one_request_however_often_it_is_sent() -> None:
    with scripted(busy(after="1"), Told(202, ACCEPTED)) as script:
        script.organisation.integration("i").sync()

    assert len({asked.headers["idempotency-key"] for asked in script.asked}) == 1
    assert len(script.asked) == 2


def test_two_syncs_are_two_requests() -> None:
    with scripted(Told(202, ACCEPTED)) as script:
        script.organisation.integration("i").sync()
        script.organisation.integration("i").sync()

    assert len({asked.headers["idempotency-key"] for asked in script.asked}) == 2


def test_an_api_that_is_not_there_is_unreachable_and_says_where() -> None:
    waits: list[float] = []

    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9 does not answer"):
        Organisation(Transport("http://127.0.0.1:9", wait=waits.append), "o").status()

    assert len(waits) == Patience().attempts - 1


@pytest.mark.parametrize(
    "told",
    [Told(200, "<html>a proxy</html>"), Told(200, "[]"), Told(200, '{"health": 7}')],
    ids=["a page", "a list", "something else"],
)
def test_an_answer_of_somebody_else_is_refused(told: Told) -> None:
    with scripted(told) as script, pytest.raises(Refused):
        script.organisation.status()


@pytest.mark.parametrize("told", [Told(404, "<html>"), Told(500, ""), Told(418, "[]")])
def test_an_error_that_is_no_problem_document_is_still_a_problem(told: Told) -> None:
    with scripted(told) as script, pytest.raises(Problem) as failed:
        script.organisation.integration("i").check()

    assert failed.value.code == f"http_{told.status}"


def test_a_gateway_that_forbids_is_told_as_such() -> None:
    with scripted(Told(403, '{"message":"Forbidden"}')) as script, pytest.raises(Problem) as failed:
        script.organisation.status()

    assert failed.value.code == "forbidden"


def test_words_and_fields_that_came_later_are_let_through() -> None:
    with scripted(page(health="dazzling", more={"a": 1})) as script:
        seen = script.organisation.status()

    assert seen.health == "dazzling"
    assert seen.document["more"] == {"a": 1}


def test_ids_are_quoted_whatever_they_hold() -> None:
    with scripted(Told(200, "{}")) as script:
        Organisation(Transport(script.url), "o/1?").integration("i 2").record("orders", "a/b#é")

    assert script.asked[0].path == "/v1/organisations/o%2F1%3F/integrations/i%202/records/orders/a%2Fb%23%C3%A9"


def test_pages_are_asked_for_as_they_are_needed_and_an_empty_one_is_no_end() -> None:
    pages = [
        Told(200, json.dumps({"records": [{"id": "a"}], "after": "1"})),
        Told(200, json.dumps({"records": [], "after": "2"})),
        Told(200, json.dumps({"records": [{"id": "b"}], "after": None})),
    ]
    with scripted(*pages) as script:
        records = script.organisation.integration("i").records("orders", sku="S")
        first = next(records)
        asked_for_first = len(script.asked)
        rest = list(records)

    assert (first["id"], asked_for_first, [each["id"] for each in rest]) == ("a", 1, ["b"])
    assert [asked.path.partition("?")[2] for asked in script.asked] == [
        "limit=100&sku=S",
        "limit=100&sku=S&after=1",
        "limit=100&sku=S&after=2",
    ]


def exported(script: Script) -> str:
    return b"".join(part.content for part in script.organisation.integration("i").export("orders", "csv")).decode()


def test_an_export_is_the_parts_behind_each_other() -> None:
    first = Told(200, "id\na\n", {"Link": f'<{HOME}/exports/orders?format=csv&after=1>; rel="next"', "X-Records": "1"})
    with scripted(first, Told(200, "b\n", {"X-Records": "1"})) as script:
        text = exported(script)

    assert text == "id\na\nb\n"
    assert script.asked[1].path == f"{HOME}/exports/orders?format=csv&after=1"


def test_an_api_may_be_behind_a_path_of_its_own() -> None:
    """As one with a stage is, or the local cloud's; its own addresses do not tell."""
    first = Told(200, "id\na\n", {"Link": f'<{HOME}/exports/orders?after=1>; rel="next"'})
    with scripted(first, Told(200, "b\n")) as script:
        one = Organisation(Transport(f"{script.url}/stage/"), "o").integration("i")
        text = b"".join(part.content for part in one.export("orders", "csv"))

    assert text == b"id\na\nb\n"
    assert [asked.path.partition("?")[0] for asked in script.asked] == [f"/stage{HOME}/exports/orders"] * 2


@pytest.mark.parametrize("status", [302, 303, 307])
def test_an_export_may_be_a_file_elsewhere_and_no_token_goes_there(status: int) -> None:
    with (
        scripted(Told(200, "id\na\n")) as elsewhere,
        scripted(Told(status, "", {"Location": f"{elsewhere.url}/file?signature=s"})) as script,
    ):
        text = exported(script)

    assert text == "id\na\n"
    assert "authorization" not in elsewhere.asked[0].headers
    assert elsewhere.asked[0].path == "/file?signature=s"


def test_an_export_that_is_still_being_made_is_looked_for_again() -> None:
    making = Told(202, "", {"Location": f"{HOME}/exports/7", "Retry-After": "5"})
    with scripted(making, making, Told(200, "id\n")) as script:
        text = exported(script)

    assert (text, script.waits) == ("id\n", [5, 5])
    assert script.asked[-1].path == f"{HOME}/exports/7"


def test_an_export_that_goes_on_at_another_host_is_refused() -> None:
    part = Told(200, "id\n", {"Link": '<https://elsewhere.test/next>; rel="next"'})
    with scripted(part) as script, pytest.raises(Refused, match="another host"):
        exported(script)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Told(404, '{"code":"not_found","detail":"d","remedy":"r"}'), 4),
        (Told(409, '{"code":"conflict","detail":"d","remedy":"r"}'), 4),
        (Told(401, '{"message":"Unauthorized"}'), 3),
        (Told(403, '{"message":"Forbidden"}'), 4),
        (Told(500, '{"code":"internal","detail":"d","request":"req-1"}'), 5),
        (Told(503, "{}"), 5),
        (Told(200, "[]"), 4),
    ],
    ids=["unknown", "conflict", "no-token", "no-scope", "bug", "busy", "foreign"],
)
def test_each_failure_has_its_exit_code(told: Told, code: int, terminal: Terminal) -> None:
    with scripted(told) as script:
        terminal.target(script.url)

        assert terminal.run("check", "i") == code
        assert terminal.err.startswith("planster: ")


def test_a_fault_of_ours_names_the_request_to_ask_about(terminal: Terminal) -> None:
    with scripted(Told(500, '{"code":"internal","detail":"d","request":"req-1"}')) as script:
        terminal.target(script.url)
        terminal.run("check", "i")

    assert "Request req-1" in terminal.err


def test_answers_are_the_same_as_those_of_the_real_api(served: Served) -> None:
    """Every kind of answer that the commands do not look at themselves."""
    served.world.source.fill(3)
    served.world.night()
    one = Organisation(Transport(served.url), "org1").integration("int1")

    ids = sorted(each["id"] for each in one.records("orders", page=2))
    found = one.record("orders", ids[0])

    assert len(ids) == 3
    assert found["id"] == ids[0]
    assert one.expected("snapshot").calls is not None
    assert one.settings().zone == "UTC"
