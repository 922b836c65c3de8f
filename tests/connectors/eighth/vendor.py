"""The eighth vendor: two lists, by page number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from simulators.business.articles import articles
from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.business.view import TextStamp, View, by_id
from simulators.serving.account import Account, opened
from simulators.serving.asking import known_parameters
from simulators.serving.exchange import Answer, Refusal, Request, refusal, told
from simulators.serving.limits import Unlimited
from simulators.serving.routing import Limit, Route, in_order
from simulators.serving.simulation import Call, Simulation

PAGE_SIZE = 10


def _items(business: Business) -> Iterator[Record]:
    for article in articles(business):
        stock = article.stock.values()
        yield {
            "id": 1000 + article.number,
            "code": article.code,
            "stock": sum(each["onhand"] for each in stock),
            "reserved": sum(each["committed"] for each in stock),
            "maker": {"id": article.number % 3, "name": f"Maker {article.number % 3}"},
            "changed": max(each["updated_at"] for each in (article.item, article.product) if each is not None),
        }


def _depots(business: Business) -> Iterator[Record]:
    for record in business.records("warehouses"):
        yield {"id": record["number"], "name": record["name"], "country": record["address"]["country"]}


VIEWS: Mapping[str, View] = {"items": View(_items, by_id, TextStamp("changed")), "depots": View(_depots, by_id)}


def _list(name: str) -> Route[Account]:
    def answer(call: Call[Account]) -> Answer:
        asked = known_parameters(call.request, {"page"}, lambda field: refusal(400, {"unknown": field}))
        rows, start = call.account.lists[name].records(), PAGE_SIZE * (int(asked.get("page", "1")) - 1)
        pages = max(1, -(-len(rows) // PAGE_SIZE))
        return told({"rows": list(rows[start : start + PAGE_SIZE]), "pages": pages, "count": len(rows)})

    return Route("GET", f"/{name}", answer, scope=name)


def _single(name: str) -> Route[Account]:
    def answer(call: Call[Account]) -> Answer:
        row = call.account.lists[name].get(call.ids["id"])
        if row is None:
            raise refusal(404, {"unknown": call.ids["id"]})
        return told({"row": row})

    return Route("GET", f"/{name}/{{id}}", answer, scope=name)


ROUTES = (_list("items"), _single("items"), _list("depots"), _single("depots"))


class Eighth:
    name = "eighth"

    def opened(self, told: Record, base: datetime) -> Account:
        return opened(told, VIEWS, base)

    def holder(self, request: Request, simulation: Simulation[Account]) -> Account | None:
        return simulation.with_credentials(key=request.headers.get("x-key"))

    def label(self, request: Request) -> str:
        return request.path

    def answer(self, call: Call[Account]) -> Answer:
        limit = Limit(Unlimited(), lambda _: {}, lambda _: _refused(429))
        return in_order(call, ROUTES, lambda _: _refused(404), _admit, limit)

    def failed(self, status: int) -> Answer:
        return told({"problem": status}, status)


def _admit(call: Call[Account], route: Route[Account]) -> None:
    if route.scope and (call.holder is None or call.holder.revoked):
        raise _refused(401)


def _refused(status: int) -> Refusal:
    return refusal(status, {"problem": status})
