"""What the simulated Extensiv promises: tokens, shapes, filters, pages, versions, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from simulators.extensiv.vendor import Extensiv
from simulators.serving.limits import Windows
from simulators.serving.server import serve
from simulators.serving.simulation import Simulation

BASE = datetime(2026, 3, 1, tzinfo=UTC)
CREDENTIALS = {"client_id": "client", "client_secret": "secret", "user_login": "planster"}
RELS = "http://api.3plCentral.com/rels/"
HAL = "application/hal+json"


class Client:
    """Speaks HTTP to a server, as the account's own client."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers["accept"] = HAL

    def token(self, user: str = "planster", secret: str | None = None, **body: Any) -> requests.Response:
        told = {"grant_type": "client_credentials", "user_login": user, **body}
        auth = (CREDENTIALS["client_id"], secret or CREDENTIALS["client_secret"])
        return self.session.post(f"{self.url}/AuthServer/api/Token", json=told, auth=auth, timeout=10)

    def get(self, path: str, **parameters: str) -> requests.Response:
        return self.session.get(self.url + path, params=parameters, timeout=10)

    def send(self, method: str, path: str, body: Any, **headers: str) -> requests.Response:
        return self.session.request(method, self.url + path, json=body, headers=headers, timeout=10)

    def ids(self, path: str, rel: str, name: str, **parameters: str) -> list[int]:
        answer = self.get(path, **parameters)
        assert answer.status_code == 200, answer.text
        return [each["readOnly"][name] for each in answer.json()["_embedded"][RELS + rel]]


@pytest.fixture
def client() -> Iterator[Client]:
    account = {"connection_id": "con-1", "credentials": CREDENTIALS, "size": 40}
    with serve(Simulation(Extensiv(), BASE, lambda: BASE), [account]) as server:
        made = Client(server.url)
        made.session.headers["authorization"] = f"Bearer {made.token().json()['access_token']}"
        yield made
        made.session.close()


def order_ids(client: Client, **parameters: str) -> list[int]:
    return client.ids("/orders", "orders/order", "orderId", **parameters)


def test_a_token_needs_client_and_user_and_is_the_only_way_in(client: Client) -> None:
    assert client.token().json()["expires_in"] == 3600
    assert client.token(secret="other").json() == {"Message": "invalid_client: client not registered"}
    assert client.token(user="other").status_code == 401
    assert client.token(user_login=None, user_login_id="planster").status_code == 200
    assert client.get("/AuthServer/api/Token").status_code == 405
    assert requests.get(f"{client.url}/orders", timeout=10).status_code == 401


def test_children_and_contacts_come_only_when_asked_for(client: Client) -> None:
    bare = client.get("/orders", pgsiz="1").json()["_embedded"][f"{RELS}orders/order"][0]
    full = client.get("/orders", pgsiz="1", detail="All").json()["_embedded"][f"{RELS}orders/order"][0]

    assert "_embedded" not in bare
    assert "shipTo" not in bare
    assert f"{RELS}orders/item" in full["_embedded"]
    assert client.get("/orders", detail="Everything").status_code == 400


def test_without_hal_names_are_in_pascal_case_and_children_lie_beside(client: Client) -> None:
    client.session.headers["accept"] = "application/json"

    orders = client.get("/orders", detail="OrderItems", pgsiz="1").json()
    stock = client.get("/inventory/stocksummaries").json()

    assert orders["ResourceList"][0]["ReadOnly"]["OrderId"]
    assert orders["ResourceList"][0]["OrderItems"][0]["Qty"] > 0
    assert set(stock) == {"TotalResults", "Summaries", "_links"}


def test_pages_are_counted_and_bounded(client: Client) -> None:
    first, second = order_ids(client, pgsiz="50"), order_ids(client, pgsiz="50", pgnum="2")

    assert len(first) == 50
    assert client.get("/orders").json()["totalResults"] == len(first) + len(second) == 80
    assert not set(first) & set(second)
    assert client.get("/orders", pgsiz="1001").status_code == 400
    assert client.get("/inventory/stocksummaries", pgsiz="501").json()["ErrorCode"] == "NotParsable"


@pytest.mark.parametrize(
    ("rql", "keeps"),
    [
        ("readonly.isclosed==false", lambda own: own["isClosed"] is False),
        ("ReadOnly.OrderId=in=(880001,880002)", lambda own: own["orderId"] in {880001, 880002}),
        (
            "readonly.orderid=ge=880070;readonly.orderid!=880071",
            lambda own: own["orderId"] in {880070, *range(880072, 880080)},
        ),
        ("readonly.orderid==880001,readonly.orderid==880002", lambda own: own["orderId"] in {880001, 880002}),
        (
            "(readonly.orderid=lt=880003,readonly.orderid=gt=880076);readonly.isclosed==true",
            lambda own: own["isClosed"] and (own["orderId"] < 880003 or own["orderId"] > 880076),
        ),
        ("readonly.lastmodifieddate=ge=2026-02-01", lambda own: own["lastModifiedDate"] >= "2026-02-01"),
        ("readonly.lastmodifieddate=ge=2026-02-01T05:00:00Z", lambda own: own["lastModifiedDate"] >= "2026-02-01"),
        ("readonly.creationdate=lt=2025-12-01T12:00:00", lambda own: own["creationDate"] < "2025-12-01T12:00:00"),
    ],
)
def test_rql_filters(client: Client, rql: str, keeps: Any) -> None:
    everything = client.get("/orders", pgsiz="1000").json()["_embedded"][f"{RELS}orders/order"]
    wanted = [each["readOnly"]["orderId"] for each in everything if keeps(each["readOnly"])]

    assert order_ids(client, rql=rql, pgsiz="1000") == wanted
    assert 0 < len(wanted) < len(everything)


def test_texts_in_rql_have_wildcards_and_escaped_signs(client: Client) -> None:
    assert order_ids(client, rql="referenceNum==#1001") == [880001]
    assert len(order_ids(client, rql="referenceNum==#100*")) == 10
    assert order_ids(client, rql="referenceNum==%231001") == [880001]


@pytest.mark.parametrize(
    "rql", ["colour==red", "readonly.orderid=", "readonly.lastmodifieddate=ge=01.02.2026", "(a==b", "a==b;"]
)
def test_what_rql_cannot_be_understood_is_refused_and_says_why(client: Client, rql: str) -> None:
    answer = client.get("/orders", rql=rql)

    assert answer.status_code == 400
    assert "QueryParameterException" in answer.json()["$type"]
    assert answer.json()["Hint"]


def test_unknown_parameters_are_ignored_and_unknown_routes_are_not(client: Client) -> None:
    assert client.get("/customers", facilityId="3").json()["totalResults"] == 3
    assert client.get("/orders", sort="ReadOnly.Colour").status_code == 400
    assert client.get("/inventory/stocksummaries", sort="facilityId").status_code == 400
    assert client.get("/properties/facilities/locations").status_code == 400
    assert client.get("/nothing").status_code == 404


def test_receivers_are_listed_by_type(client: Client) -> None:
    found = {
        kind: client.ids("/inventory/receivers", "inventory/receiver", "receiverType", receivertype=kind)
        for kind in "012"
    }

    assert all(set(types) == {int(kind)} for kind, types in found.items())
    assert client.get("/inventory/receivers", receivertype="9").status_code == 400


def test_stock_is_one_row_for_each_item_and_facility(client: Client) -> None:
    rows = client.get("/inventory/stocksummaries", pgsiz="500").json()["summaries"]
    keys = {(row["itemIdentifier"]["id"], row["qualifier"], row["facilityId"]) for row in rows}
    of_one = client.get("/inventory/stocksummaries", rql="facilityId==1", pgsiz="500").json()["summaries"]

    assert len(keys) == len(rows)
    assert {row["facilityId"] for row in of_one} == {1}
    assert all(row["totalReceived"] >= row["onHand"] for row in rows)


NEW = {
    "customerIdentifier": {"id": 41},
    "facilityIdentifier": {"id": 1},
    "referenceNum": "IN-1",
    "receiveItems": [{"itemIdentifier": {"id": 5000}, "qty": 5}],
}


def test_a_receiver_is_changed_only_under_its_present_version(client: Client) -> None:
    made = client.send("POST", "/inventory/receivers", NEW)
    path = f"/inventory/receivers/{made.json()['readOnly']['receiverId']}"
    change = {**NEW, "poNum": "PO-9"}

    assert made.status_code == 201
    assert client.send("PUT", path, change).status_code == 428
    changed = client.send("PUT", path, change, **{"if-match": f"W/{made.headers['etag']}"})
    assert (changed.status_code, changed.json()["poNum"]) == (200, "PO-9")
    assert client.send("PUT", path, change, **{"if-match": made.headers["etag"]}).status_code == 412
    assert client.get(path, detail="All").headers["etag"] == changed.headers["etag"]


def test_a_cancelled_receiver_stays_as_it_is(client: Client) -> None:
    made = client.send("POST", "/inventory/receivers", NEW)
    path = f"/inventory/receivers/{made.json()['readOnly']['receiverId']}"

    cancelled = client.send("POST", f"{path}/canceler", {"reason": "x"}, **{"if-match": made.headers["etag"]})
    etag = client.get(path).headers["etag"]

    assert cancelled.status_code == 204
    assert client.send("PUT", path, NEW, **{"if-match": etag}).json()["ErrorCode"] == "OrderCanceled"


@pytest.mark.parametrize(
    ("change", "code", "name"),
    [
        ({"referenceNum": None}, "Required", "ReferenceNum"),
        ({"customerIdentifier": {"id": 999}}, "DoesNotExist", "CustomerIdentifier"),
        ({"facilityIdentifier": None}, "Required", "FacilityIdentifier"),
        ({"receiveItems": []}, "Required", "ReceiveItems"),
        (
            {"receiveItems": [{"itemIdentifier": {"sku": "?"}, "qty": 1}]},
            "DoesNotExist",
            "ReceiveItems.ItemIdentifier.Sku",
        ),
        ({"receiveItems": [{"itemIdentifier": {"id": 5000}, "qty": 0}]}, "ValueNotSupported", "ReceiveItems.Qty"),
        ({"expectedDate": "5 March"}, "NotParsable", "ExpectedDate"),
    ],
)
def test_a_model_that_does_not_fit_is_refused_by_property(
    client: Client, change: dict[str, Any], code: str, name: str
) -> None:
    answer = client.send("POST", "/inventory/receivers", {**NEW, **change})

    assert (answer.status_code, answer.json()["ErrorCode"]) == (400, code)
    assert answer.json()["Properties"][0]["Name"] == name


def test_a_reference_is_taken_once_for_each_customer(client: Client) -> None:
    answers = [client.send("POST", "/inventory/receivers", NEW) for _ in range(2)]
    another = client.send("POST", "/inventory/receivers", {**NEW, "customerIdentifier": {"id": 42}})

    assert [answer.status_code for answer in answers] == [201, 400]
    assert answers[1].json()["ErrorCode"] == "Duplicate"
    assert another.status_code == 201


def test_a_missing_role_is_told_in_the_vendors_own_type(client: Client) -> None:
    client.send("POST", "/_sim/connections/con-1/forbid", {"scope": "OrderView"})

    answer = client.get("/orders")

    assert answer.status_code == 403
    assert "AuthorizationException" in answer.json()["$type"]


def test_failures_are_plain_text_and_a_limit_says_how_long(client: Client) -> None:
    client.send("POST", "/_sim/faults", [{"match": "/orders", "kind": "status_500"}])
    account = {"connection_id": "con-1", "credentials": CREDENTIALS, "size": 20}

    assert client.get("/orders").headers["content-type"] == "text/plain"
    with serve(Simulation(Extensiv(Windows(1)), BASE, lambda: BASE), [account]) as server:
        other = Client(server.url)
        assert [other.token().status_code for _ in range(2)] == [200, 429]
        assert other.token().headers["retry-after"] == "1"
        other.session.close()


def test_a_day_moves_what_it_changed_and_nothing_else(client: Client) -> None:
    before = client.get("/orders", pgsiz="1000", detail="All").json()["_embedded"][f"{RELS}orders/order"]
    client.send("POST", "/_sim/day/advance", {})
    after = client.get("/orders", pgsiz="1000", detail="All").json()["_embedded"][f"{RELS}orders/order"]

    changed = [each for each in after if each not in before]
    assert 0 < len(changed) < 10
    assert {each["readOnly"]["lastModifiedDate"] for each in changed} == {"2026-02-28T19:00:00.0000000"}
