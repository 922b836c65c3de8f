"""How the simulated account changes: days, tampering, faults; and how the program starts and ends."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from typing import Any

import pytest
import requests

from simulators.business.business import COLLECTIONS, Business
from simulators.business.spec import BusinessSpec
from simulators.trackstar.config import AccountSpec, ServerConfig
from simulators.trackstar.server import serve
from simulators.trackstar.spelling import spelled
from tests.simulators.trackstar.conftest import BASE, HandClock, Starter, account

MAJOR = ("inventory", "products", "inbound_shipments", "orders", "returns", "bills")


def _by_id(records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in records}


@pytest.mark.parametrize("collection", MAJOR)
def test_day_changes_creates_and_deletes_a_little(start: Starter, collection: str) -> None:
    client = start(account(size=400))
    before = _by_id(client.truth(collection))

    told = client.post("/_sim/day/advance", {})
    after = _by_id(client.truth(collection))

    changed = [each for each in before.keys() & after.keys() if before[each] != after[each]]
    gone = before.keys() - after.keys()
    assert 1 <= len(changed) <= max(1, len(before) // 50)
    assert after.keys() - before.keys()
    assert bool(gone) == (collection in {"inventory", "products", "inbound_shipments"})
    assert {after[each]["trackstar_updated_date"] for each in changed} == {told["stamp"]}


def test_incremental_reader_sees_exactly_what_a_day_changed(start: Starter, clock: HandClock) -> None:
    client = start(account(size=400))
    before = _by_id(client.truth("orders"))
    last_run = clock().strftime("%Y-%m-%dT%H:%M:%SZ")
    clock.forward(hours=1)

    client.post("/_sim/day/advance", {})
    found = client.ids("/wms/orders", **{"trackstar_updated_date[gte]": last_run})

    expected = [order["id"] for order in client.truth("orders") if before.get(order["id"]) != order]
    assert found == expected


def test_days_are_the_same_whether_or_not_anybody_looked_before(start: Starter) -> None:
    watched, unwatched = start(), start()
    watched.ids("/wms/orders")

    for client in (watched, unwatched):
        client.post("/_sim/day/advance", {"days": 3})

    assert watched.truth("orders") == unwatched.truth("orders")
    assert watched.get("/_sim/state").json()["connections"][0]["day"] == 3


def test_one_connection_advances_alone(start: Starter) -> None:
    client = start(account(), account(connection_id="con-2", access_token="token-2"))

    client.post("/_sim/day/advance", {"connection": "con-2"})

    assert [each["day"] for each in client.get("/_sim/state").json()["connections"]] == [0, 1]


def test_mutations_show_at_once_and_move_the_change_stamp(start: Starter) -> None:
    client = start()
    first, second = client.ids("/wms/products")[:2]
    place = {"connection": "con-1", "collection": "products"}

    client.post("/_sim/mutate", {**place, "id": first, "set": {"name": "Renamed"}, "unset": ["gtin"]})
    client.post("/_sim/mutate", {**place, "id": second, "delete": True})
    client.post("/_sim/mutate", {**place, "create": {"id": "prd-new", "name": "New"}})
    made = client.post("/_sim/mutate", {**place, "create": True})

    products = _by_id(client.truth("products"))
    assert products[first]["name"] == "Renamed"
    assert products[first]["trackstar_updated_date"] == "2026-03-02T03:00:00Z"
    assert "gtin" not in products[first]
    assert second not in products
    assert {"prd-new", made["key"]} <= products.keys()


def test_connection_registered_while_running_is_served(start: Starter) -> None:
    client = start()
    client.post("/_sim/connections", {"connection_id": "con-7", "access_token": "token-7", "seed": 7, "size": "tiny"})

    client.session.headers["x-trackstar-access-token"] = "token-7"

    assert len(client.ids("/wms/inventory")) == 25
    again = client.send("POST", "/_sim/connections", {"connection_id": "con-7", "access_token": "x"})
    assert again.status_code == 400


STATUSES = {"status_500": 500, "status_503": 503, "status_429": 429, "html_502": 502, "html_200": 200}


@pytest.mark.parametrize(("kind", "status"), STATUSES.items(), ids=STATUSES.keys())
def test_error_fault_strikes_as_often_as_told(start: Starter, kind: str, status: int) -> None:
    client = start()
    client.post("/_sim/faults", [{"match": "/wms/orders", "kind": kind, "times": 2, "after_requests": 1}])

    answers = [client.get("/wms/orders") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, status, status, 200]
    assert ("text/html" in answers[1].headers["Content-Type"]) == kind.startswith("html")
    assert client.get("/wms/inventory").status_code == 200


def test_fault_for_another_connection_or_after_its_time_does_not_strike(start: Starter, clock: HandClock) -> None:
    client = start()
    client.post("/_sim/faults", [{"match": "/wms", "kind": "status_500", "seconds": 5, "retry_after": 3}])
    client.post("/_sim/faults", {"faults": [{"match": "/wms", "kind": "status_503", "connection": "con-2"}]})

    during = client.get("/wms/orders")
    clock.forward(seconds=6)
    afterwards = client.get("/wms/orders")

    assert (during.status_code, during.headers["retry-after"]) == (500, "3")
    assert afterwards.status_code == 200


def test_page_faults_lie_about_the_end_and_the_position(start: Starter) -> None:
    client = start()
    kinds = ("empty_page", "empty_with_token", "repeat_token", "oversize")
    honest = client.get("/wms/inventory", limit="20").json()
    client.post("/_sim/faults", [{"kind": kind, "size_bytes": 5000} for kind in kinds])

    token = honest["next_token"]
    empty, stutter, repeat, large = (client.get("/wms/inventory", limit="20", page_token=token) for _ in kinds)

    assert (empty.json()["data"], empty.json()["next_token"]) == ([], None)
    assert (stutter.json()["data"], stutter.json()["next_token"]) == ([], token)
    assert len(repeat.json()["data"]) == 20
    assert repeat.json()["next_token"] == token
    assert len(large.content) > 5000
    assert large.json()["data"] == repeat.json()["data"]


def test_broken_bodies_are_cut_reset_or_late(start: Starter) -> None:
    client = start()
    client.post(
        "/_sim/faults", [{"kind": "truncated_json"}, {"kind": "reset"}, {"kind": "slow", "delay_seconds": 0.05}]
    )

    cut = client.get("/wms/orders")
    with pytest.raises(requests.exceptions.RequestException):
        client.get("/wms/orders")
    began = time.monotonic()
    late = client.get("/wms/orders")

    with pytest.raises(ValueError, match=r"Unterminated|delimiter|Expecting"):
        cut.json()
    assert late.status_code == 200
    assert time.monotonic() - began >= 0.05


def test_cleared_and_unknown_faults(start: Starter) -> None:
    client = start()
    client.post("/_sim/faults", [{"kind": "status_500", "times": 9}])

    cleared = client.send("DELETE", "/_sim/faults", None)
    unknown = client.send("POST", "/_sim/faults", [{"kind": "meteor"}])

    assert cleared.json() == {"faults": []}
    assert client.get("/wms/orders").status_code == 200
    assert unknown.status_code == 400


def test_request_log_counts_without_header_values(start: Starter) -> None:
    client = start()
    client.get("/wms/orders", limit="5")
    client.get("/wms/orders")

    log = client.get("/_sim/requests")

    assert log.json()["counts"] == {"con-1 GET /wms/orders": 2}
    assert log.json()["last"][0]["query"] == "limit=5"
    assert "token-1" not in log.text


def test_program_says_ready_and_ends_on_a_signal() -> None:
    command = [sys.executable, "-m", "simulators.trackstar", "--port", "0", "--size", "tiny"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        ready = program.stdout.readline()
        url = ready.split()[1]
        listed = requests.get(url + "/connections", headers={"x-trackstar-api-key": "sim-api-key"}, timeout=10)
        program.terminate()

        assert ready.startswith("READY http://127.0.0.1:")
        assert listed.json()["total_count"] == 1
        assert program.wait(timeout=10) == 0


def test_taken_port_is_one_line_and_exit_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "simulators.trackstar", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_stopping_ends_idle_connections() -> None:
    spec = AccountSpec("con-1", "token-1", size=25)
    server = serve(ServerConfig((spec,), base_date=BASE))
    with socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1]))) as idle:
        idle.sendall(b"GET /connections HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(65_536).startswith(b"HTTP/1.1 401")

        server.stop()

        assert idle.recv(10) == b""


def test_connection_shows_the_same_business_as_any_vendor(start: Starter, clock: HandClock) -> None:
    client = start(account(size=200))
    business = Business(BusinessSpec(1, 200), BASE)
    for _ in range(3):
        client.post("/_sim/day/advance", {})
        business.advance(clock())

    for collection in COLLECTIONS:
        assert client.truth(collection) == [spelled(record) for record in business.records(collection)], collection
