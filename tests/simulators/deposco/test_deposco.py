"""What the simulated Deposco promises: two APIs, searches, cut-off collections, upserts, one business behind it all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from simulators.business.articles import articles
from simulators.business.business import Business
from simulators.business.spec import BusinessSpec
from simulators.deposco.__main__ import credentials
from simulators.deposco.vendor import Deposco
from simulators.serving.limits import Unlimited
from simulators.serving.server import RunningServer, serve
from simulators.serving.simulation import Simulation

BASE = datetime(2026, 3, 1, tzinfo=UTC)
KNOWN = dict(credentials(1))


class Client:
    """An account's view of the server, with both kinds of credentials."""

    def __init__(self, server: RunningServer[Any]) -> None:
        self.server = server
        self.session = requests.Session()
        self.token = self.grant().json()["access_token"]

    def grant(self, **changes: str) -> requests.Response:
        names = ("client_id", "client_secret", "refresh_token")
        form = {"grant_type": "refresh_token", **{name: KNOWN[name] for name in names}, **changes}
        return self.session.post(f"{self.server.url}/oauth2/token", data=form, timeout=10)

    def first(self, path: str, **parameters: str) -> requests.Response:
        """A request to V1."""
        who = (KNOWN["username"], KNOWN["password"])
        return self.session.get(f"{self.server.url}/integration/SIM{path}", params=parameters, auth=who, timeout=10)

    def second(self, path: str, **parameters: str) -> requests.Response:
        """A request to V2."""
        return self.session.get(
            f"{self.server.url}/latest{path}", params=parameters, headers=self._bearer(), timeout=10
        )

    def write(self, body: Any) -> requests.Response:
        address = f"{self.server.url}/latest/orders/purchaseOrders"
        return self.session.post(address, json=body, headers=self._bearer(), timeout=10)

    def walked(self, path: str, **parameters: str) -> list[dict[str, Any]]:
        """The bodies of every page of a search, by its links."""
        pages = [self.second(path, **parameters).json()]
        while not pages[-1]["complete"]:
            (link,) = pages[-1]["links"]
            pages.append(self.second(path, searchId=link["href"].partition("searchId=")[2]).json())
        return pages

    def control(self, path: str, body: Any) -> None:
        self.session.post(f"{self.server.url}/_sim/{path}", json=body, timeout=10).raise_for_status()

    def _bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


@pytest.fixture
def client() -> Iterator[Client]:
    account = {"connection_id": "con-1", "credentials": KNOWN, "size": 60, "settings": {"nested_rows": 2}}
    simulation = Simulation(Deposco(Unlimited()), BASE, lambda: BASE + timedelta(days=1, hours=3))
    with serve(simulation, [account]) as server:
        made = Client(server)
        yield made
        made.session.close()


def order(number: str, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    head = {"businessUnit": {"businessKey": {"code": "MERCH"}}, "number": number}
    return {**head, "orderLines": {"data": list(lines)}, **more}


def line(number: str, item: str, packs: int = 5, size: int = 1) -> dict[str, Any]:
    pack = {"item.number": item, "quantity": size, "item.businessUnit.code": "MERCH"}
    return {
        "lineNumber": number,
        "item": {"businessKey": {"number": item}},
        "pack": {"businessKey": pack},
        "orderPackQuantity": packs,
    }


def test_stock_is_the_businesses_own(client: Client) -> None:
    measures = "totalOnHandQty,openOrderLineQty,atpQty,qtyOnPO"
    business = Business(BusinessSpec(1, 60), BASE)

    told = client.first("/enterpriseinventory/MERCH/availability", measures=measures).json()["enterpriseInventory"]

    wanted = {
        each.code: (each.item["onhand"], each.item["committed"], each.item["fulfillable"], each.item["awaiting"])
        for each in articles(business)
        if each.item is not None
    }
    assert {item["itemNumber"]: tuple(item[name] for name in measures.split(",")) for item in told} == wanted


def test_the_first_api_tells_only_measures_asked_for_and_numbers_its_pages(client: Client) -> None:
    path = "/enterpriseinventory/MERCH/availability"
    sizes = [
        len(client.first(path, measures="atpQty", pageNumber=str(page), pageSize="25").json()["enterpriseInventory"])
        for page in range(1, 6)
    ]
    named = client.first(path, measures="atpQty", itemNumbers="SOAP-00000,NONE")

    assert sizes == [25, 25, 10, 0, 0]
    assert named.headers["content-type"] == "application/xml"
    assert [item.keys() for item in named.json()[0]["enterpriseInventory"]] == [
        {"itemId", "itemNumber", "atpQty", "facilities"}
    ]


def test_the_first_api_refuses_what_it_does_not_know(client: Client) -> None:
    path = "/enterpriseinventory/MERCH/availability"

    answers = [
        client.first(path, measures="weight"),
        client.first(path, measures="atpQty", colour="red"),
        client.first("/enterpriseinventory/OTHER/availability", measures="atpQty"),
        client.first("/orders/Sales Order/1"),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400, 404]


def test_a_search_is_frozen_and_its_links_can_be_followed_twice(client: Client) -> None:
    first = client.second("/items", pageSize="40").json()
    search = first["links"][0]["href"].partition("searchId=")[2]
    client.control("day/advance", {})

    again = [client.second("/items", searchId=search, number="ignored").json() for _ in range(2)]

    assert (first["complete"], first["pages"]) == (False, 2)
    assert again[0]["data"] == again[1]["data"]
    assert {row["updatedDate"] for row in again[0]["data"]} != {"2026-03-02T03:00:00Z"}
    assert client.second("/items", searchId="s999").status_code == 400


def test_filters_that_are_known_narrow_and_others_are_ignored(client: Client) -> None:
    whole = client.walked("/items")
    number = whole[0]["data"][3]["number"]

    narrowed = client.walked("/items", number=number)
    ignored = client.walked("/items", upc=number)

    assert [row["number"] for row in narrowed[0]["data"]] == [number]
    assert sum(len(page["data"]) for page in ignored) == sum(len(page["data"]) for page in whole)
    assert client.second("/items", businessUnit="OTHER").json()["errors"][0]["errorMessage"].startswith("Invalid")
    assert client.second("/orders/salesOrders", pageSize="51").status_code == 400


def test_a_changed_order_is_found_after_a_moment_but_not_at_it(client: Client) -> None:
    client.control("day/advance", {})

    before = client.walked("/orders/salesOrders", updatedAfter="2026-03-02T02:59:59Z")
    at = client.walked("/orders/salesOrders", updatedAfter="2026-03-02T03:00:00Z")

    assert {row["updatedDate"] for page in before for row in page["data"]} == {"2026-03-02T03:00:00Z"}
    assert [row for page in at for row in page["data"]] == []


def test_lines_beyond_the_shown_ones_are_at_their_own_address(client: Client) -> None:
    orders = [row for page in client.walked("/orders/salesOrders", pageSize="50") for row in page["data"]]
    cut_off = [row for row in orders if not row["orderLines"]["complete"]]

    own = client.walked(f"/orders/salesOrders/{cut_off[0]['self']['id']}/orderLines", pageSize="1")

    assert len(cut_off[0]["orderLines"]["data"]) == 2
    assert cut_off[0]["orderLines"]["pages"] == 2
    assert len(own) == sum(len(page["data"]) for page in own) > 2
    assert [orders[place]["self"]["id"] for place in (0, -1)] == [30119, 30000]


def test_credentials_of_one_api_open_only_that_one(client: Client) -> None:
    refused = client.grant(refresh_token="another"), client.grant(client_secret="another")
    client.token = "another"

    assert [(answer.status_code, answer.json()["error"]) for answer in refused] == [
        (400, "invalid_grant"),
        (401, "invalid_client"),
    ]
    assert client.second("/items").status_code == 401
    assert client.first("/inventory/full").status_code == 200


def test_a_throttled_request_gets_an_empty_answer() -> None:
    account = {"connection_id": "con-1", "credentials": KNOWN, "size": 25}
    with serve(Simulation(Deposco(), BASE, lambda: BASE), [account]) as server:
        client = Client(server)
        answers = [client.second("/facilities") for _ in range(4)]
        client.session.close()

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].content == b""


def test_a_purchase_order_is_created_once_and_then_changed_line_by_line(client: Client) -> None:
    item, other = (row["number"] for row in client.second("/items").json()["data"][:2])
    created = client.write(order("PLN-9", line("1", item), orderStatus="New")).json()

    changed = client.write(order("PLN-9", line("2", other, 2, 12), plannedArrivalDate="2026-04-01T00:00:00Z")).json()

    assert created["self"]["id"] == changed["self"]["id"]
    assert [(row["lineNumber"], row["orderPackQuantity"]) for row in changed["orderLines"]["data"]] == [
        ("1", 5),
        ("2", 2),
    ]
    assert changed["plannedArrivalDate"] == "2026-04-01T00:00:00Z"


def test_a_purchase_order_is_refused_as_the_vendor_does(client: Client) -> None:
    (item,) = (row["number"] for row in client.second("/items").json()["data"][:1])
    client.write(order("PLN-9", line("1", item)))
    bodies = [
        order("PLN-9", orderStatus="New"),
        order("PLN-8", line("1", "NONE")),
        order("PLN-8", line("1", item, 1, 7)),
        order("PLN-8", line("1", item, 0)),
        order("PLN-8", shipToFacility={"businessKey": {"number": "NONE"}}),
        order("PLN-8", *(line(str(place), item) for place in range(101))),
        {**order("PLN-8"), "businessUnit": None},
    ]

    answers = [client.write(body) for body in bodies]

    assert [answer.status_code for answer in answers] == [400, 404, 404, 400, 404, 400, 400]
    assert all(json.loads(answer.content)["errors"] for answer in answers)
    assert client.second("/orders/purchaseOrders", number="PLN-8").json()["data"] == []


def test_an_item_that_vanishes_is_no_longer_active(client: Client) -> None:
    before = {row["self"]["id"]: row["active"] for page in client.walked("/items") for row in page["data"]}
    client.control("day/advance", {"days": 5})

    after = {row["self"]["id"]: row["active"] for page in client.walked("/items") for row in page["data"]}

    assert before.keys() <= after.keys()
    assert any(before[key] and not after[key] for key in before)
