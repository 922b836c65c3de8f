"""A made-up vendor, as small as one can be: a token route, one list by page number, one write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from simulators.business.articles import articles
from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.business.view import TextStamp, View, by_id
from simulators.serving.account import Account, opened
from simulators.serving.asking import basic, bearer, json_object, known_parameters
from simulators.serving.exchange import Answer, PageFault, Refusal, Request, refusal, told
from simulators.serving.limits import Allowance, Limiter, Windows
from simulators.serving.routing import Limit, Route, in_order
from simulators.serving.simulation import Call, Simulation

PAGE_SIZE = 10


def _articles(business: Business) -> Iterator[Record]:
    for article in articles(business):
        yield {
            "id": 1000 + article.number,
            "sku": article.code,
            "onHand": sum(stock["onhand"] for stock in article.stock.values()),
            "changed": max(record["updated_at"] for record in (article.item, article.product) if record is not None),
        }


VIEWS: Mapping[str, View] = {"articles": View(_articles, by_id, TextStamp("changed"))}


def _refused(status: int, words: str) -> Refusal:
    return refusal(status, {"problem": words})


@dataclass(frozen=True, slots=True)
class _Page:
    rows: list[Record]
    more: bool

    def answer(self) -> Answer:
        return told({"rows": self.rows, "more": self.more}, page=self)

    def faulty(self, fault: PageFault) -> Answer:
        rows = self.rows if fault in {"repeat_token", "endless_page"} else []
        return _Page(rows, fault != "empty_page").answer()


def _list(call: Call[Account]) -> Answer:
    asked = known_parameters(call.request, {"page"}, lambda name: _refused(400, f"{name} is unknown"))
    start = PAGE_SIZE * int(asked.get("page", "0"))
    rows = call.account.lists["articles"].records()
    return _Page(list(rows[start : start + PAGE_SIZE]), start + PAGE_SIZE < len(rows)).answer()


def _create(call: Call[Account]) -> Answer:
    body = json_object(call.request, lambda problem: _refused(400, problem))
    with call.account.lists.alone() as lists:
        number = lists.next_number("articles")
        lists["articles"].put({"id": number, "sku": body["sku"], "onHand": 0}, call.now)
    return told({"id": number}, status=201)


def _token(call: Call[Account]) -> Answer:
    user, password = basic(call.request) or ("", "")
    account = call.simulation.with_credentials(client_id=user, client_secret=password)
    if account is None or account.revoked:
        raise _refused(401, "invalid_client")
    return told({"access_token": call.simulation.grants.issue(account.name, life_seconds=600).access_token})


ROUTES = (
    Route("POST", "/token", _token),
    Route("GET", "/articles", _list, scope="articles:read"),
    Route("POST", "/articles", _create, scope="articles:write"),
)


class Corner:
    """The vendor's object."""

    name = "corner"

    def __init__(self, limiter: Limiter | None = None) -> None:
        self.limit = Limit(limiter or Windows(1000, 1), _headers, _too_many)

    def opened(self, told: Record, base: datetime) -> Account:
        return opened(told, VIEWS, base)

    def holder(self, request: Request, simulation: Simulation[Account]) -> Account | None:
        return simulation.account(simulation.grants.holder(bearer(request)))

    def label(self, request: Request) -> str:
        return request.path

    def answer(self, call: Call[Account]) -> Answer:
        return in_order(call, ROUTES, lambda request: _refused(404, request.path), _admit, self.limit)

    def failed(self, status: int) -> Answer:
        return told({"problem": f"status {status}"}, status)


def _admit(call: Call[Account], route: Route[Account]) -> None:
    if not route.scope:
        return
    if call.holder is None or call.holder.revoked:
        raise _refused(401, "unknown or expired token")
    if route.scope in call.holder.forbidden:
        raise _refused(403, route.scope)


def _headers(left: Allowance) -> Mapping[str, str]:
    return {"x-left": f"{left.remaining:g}"}


def _too_many(left: Allowance) -> Refusal:
    return refusal(429, {"problem": "slow down"}, {"retry-after": f"{left.wait_seconds:.0f}"})
