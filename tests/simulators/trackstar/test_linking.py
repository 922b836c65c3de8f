"""The simulated link: a token for the dialogue, a code out of it, and what the code is exchanged for."""

from __future__ import annotations

from typing import Any

from tests.simulators.trackstar.conftest import Client, HandClock, Starter, account


def code_of(client: Client, connection: str = "con-1", **link: str) -> str:
    opened = client.post("/link/token", link)["link_token"]
    return str(client.post("/link/install", {"link_token": opened, "connection_id": connection})["auth_code"])


def exchange(client: Client, code: str) -> Any:
    return client.send("POST", "/link/exchange", {"auth_code": code})


def test_a_code_is_exchanged_for_the_connection_s_token(start: Starter) -> None:
    client = start()

    linked = exchange(client, code_of(client)).json()

    assert (linked["access_token"], linked["connection_id"], linked["integration_name"]) == (
        "token-1",
        "con-1",
        "sandbox",
    )
    assert "get_orders" in linked["available_actions"]


def test_a_code_is_good_for_one_use_and_for_minutes(start: Starter, clock: HandClock) -> None:
    client = start()
    code, late = code_of(client), code_of(client)

    assert [exchange(client, code).status_code for _ in range(2)] == [200, 400]
    clock.forward(minutes=10)
    assert exchange(client, late).status_code == 400


def test_a_link_for_one_connection_installs_no_other(start: Starter) -> None:
    client = start(account(), account(connection_id="con-2", access_token="token-2"))
    opened = client.post("/link/token", {"connection_id": "con-1"})["link_token"]

    answer = client.send("POST", "/link/install", {"link_token": opened, "connection_id": "con-2"})

    assert answer.status_code == 400


def test_a_link_needs_the_organisation_s_key_and_knows_its_fields(start: Starter) -> None:
    client = start()

    assert client.send("POST", "/link/token", {"colour": "red"}).status_code == 422
    assert client.send("POST", "/link/token", {"connection_id": "con-9"}).status_code == 404
    assert client.send("POST", "/link/token", {}, **{"x-trackstar-api-key": "wrong"}).status_code == 401
