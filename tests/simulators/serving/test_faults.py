"""Faults on demand: what the client sees, how often, and what has happened all the same."""

from __future__ import annotations

import time

import pytest
import requests

from tests.simulators.serving.conftest import HandClock, Starter

STATUSES = {"status_500": 500, "status_503": 503, "status_429": 429, "html_502": 502, "html_200": 200}


@pytest.mark.parametrize(("kind", "status"), STATUSES.items(), ids=STATUSES.keys())
def test_error_strikes_as_often_as_told(start: Starter, kind: str, status: int) -> None:
    client = start()
    client.told("POST", "/_sim/faults", [{"match": "/articles", "kind": kind, "times": 2, "after_requests": 1}])

    answers = [client.get("/articles") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, status, status, 200]
    if kind.startswith("html"):
        assert answers[1].headers["Content-Type"] == "text/html"
    else:
        assert answers[1].json() == {"problem": f"status {status}"}
    assert answers[1].headers.get("retry-after") == ("1" if status == 429 else None)


def test_fault_for_another_account_or_after_its_time_does_not_strike(start: Starter, clock: HandClock) -> None:
    client = start()
    client.told("POST", "/_sim/faults", {"faults": [{"kind": "status_500", "seconds": 5, "retry_after": 3}]})
    client.told("POST", "/_sim/faults", [{"kind": "status_503", "connection": "con-2"}])

    during = client.get("/articles")
    clock.forward(seconds=6)

    assert (during.status_code, during.headers["retry-after"]) == (500, "3")
    assert client.get("/articles").status_code == 200


def test_page_lies_about_the_end_and_the_position(start: Starter) -> None:
    client = start()
    kinds = ("empty_page", "empty_with_token", "repeat_token", "endless_page")
    honest = client.get("/articles", page="5").json()["rows"]
    client.told("POST", "/_sim/faults", [{"kind": kind} for kind in kinds])

    seen = [client.get("/articles", page="5").json() for _ in kinds]

    assert [(page["rows"], page["more"]) for page in seen] == [([], False), ([], True), (honest, True), (honest, True)]


def test_page_fault_leaves_other_answers_and_refusals_alone(start: Starter) -> None:
    client = start()
    client.told("POST", "/_sim/faults", [{"kind": "empty_page", "times": 2}])

    written, refused = client.send("POST", "/articles", {"sku": "A"}), client.get("/articles", colour="red")

    assert (written.status_code, refused.status_code) == (201, 400)


def test_oversize_answer_says_the_same_at_length(start: Starter) -> None:
    client = start()
    honest = client.get("/articles").json()
    client.told("POST", "/_sim/faults", [{"kind": "oversize", "size_bytes": 5000}])

    large = client.get("/articles")

    assert len(large.content) > 5000
    assert large.json() == honest


@pytest.mark.parametrize("kind", ["truncated_json", "reset"])
def test_write_takes_effect_and_its_answer_is_lost(start: Starter, kind: str) -> None:
    client = start()
    client.told("POST", "/_sim/faults", [{"match": "/articles", "kind": kind}])

    with pytest.raises(requests.exceptions.RequestException):
        client.send("POST", "/articles", {"sku": "LOST"}).json()

    assert [row["sku"] for row in client.truth()].count("LOST") == 1


def test_slow_answer_is_right_and_late(start: Starter) -> None:
    client = start()
    client.told("POST", "/_sim/faults", [{"kind": "slow", "delay_seconds": 0.05}])

    began = time.monotonic()
    late = client.get("/articles")

    assert late.status_code == 200
    assert time.monotonic() - began >= 0.05


def test_cleared_and_unknown_faults(start: Starter) -> None:
    client = start()
    client.told("POST", "/_sim/faults", [{"kind": "status_500", "times": 9}])

    assert client.told("DELETE", "/_sim/faults") == {"faults": []}
    assert client.get("/articles").status_code == 200
    for wrong in ({"kind": "meteor"}, {"kind": "slow", "colour": 1}):
        assert client.send("POST", "/_sim/faults", [wrong]).status_code == 400
