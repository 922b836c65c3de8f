"""V2's searches: filters, page sizes, and result sets that are frozen when first asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from threading import Lock
from types import MappingProxyType
from typing import Any

from simulators.business.spec import Record
from simulators.deposco.answers import NESTED_ROWS, SearchPage, shown, wrong
from simulators.deposco.names import UNIT
from simulators.serving.account import Account
from simulators.serving.asking import parameters
from simulators.serving.exchange import Answer
from simulators.serving.simulation import Call

Matches = Callable[[Record, str], bool]
KEPT_SEARCHES = 2_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One list: where it is, which parameters filter it, and its page sizes. Other parameters are ignored."""

    path: str
    name: str
    filters: Mapping[str, Matches] = field(default_factory=dict)
    default: int = 50
    most: int = 100
    newest_first: bool = False


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise wrong(400, f"Invalid date: {text}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _after(name: str) -> Matches:
    """Strictly after: the moment itself is not among it."""

    def matches(record: Record, given: str) -> bool:
        told = record.get(name)
        return told is not None and _moment(told) > _moment(given)

    return matches


def same(name: str) -> Matches:
    return lambda record, given: str(record.get(name)) == given


def keyed(name: str, key: str) -> Matches:
    return lambda record, given: ((record.get(name) or {}).get("businessKey") or {}).get(key) == given


def _of_order(record: Record, given: str) -> bool:
    return any(each["businessKey"].get("number") == given for each in record["orderHeaders"]["data"])


def _of_unit(record: Record, given: str) -> bool:
    if given != UNIT:
        raise wrong(400, f"Invalid business unit id {given}")
    return bool(record["businessUnit"]["businessKey"]["code"] == given)


DATES: Mapping[str, Matches] = MappingProxyType(
    {"createdAfter": _after("createdDate"), "updatedAfter": _after("updatedDate")}
)
_OWNED: Mapping[str, Matches] = MappingProxyType({**DATES, "businessUnit": _of_unit})
_ORDERS: Mapping[str, Matches] = MappingProxyType(
    {**_OWNED, "number": same("number"), "orderStatus": same("orderStatus")}
)

KINDS = (
    Kind("items", "items", {**_OWNED, "number": same("number"), "name": same("name")}),
    Kind("orders/salesOrders", "salesOrders", _ORDERS, 25, 50, newest_first=True),
    Kind(
        "orders/customerOrders",
        "customerOrders",
        {**_OWNED, "externalOrderNumber": same("externalOrderNumber")},
        25,
        50,
        newest_first=True,
    ),
    Kind("orders/purchaseOrders", "purchaseOrders", _ORDERS, 25, 50, newest_first=True),
    Kind("orders/customerReturns", "customerReturns", _ORDERS, 25, 50, newest_first=True),
    Kind(
        "shipments/outboundShipments",
        "outboundShipments",
        {**_OWNED, "shipmentNumber": same("number"), "orderNumber": _of_order},
    ),
    Kind("tradingPartners", "tradingPartners", {**_OWNED, "code": same("code"), "name": same("name")}),
    Kind("facilities", "facilities", {**_OWNED, "number": same("number"), "name": same("name")}),
    Kind(
        "locations",
        "locations",
        {**_OWNED, "locator": same("locator"), "facilityNumber": keyed("facility", "number")},
    ),
    Kind("companies", "companies", {**DATES, "code": same("code")}),
    Kind("billing/transactions", "transactions", {**_OWNED, "status": same("status")}),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A frozen result: whose it is, of which path, in pages of which size."""

    account: str
    path: str
    rows: Sequence[Record]
    size: int

    @property
    def pages(self) -> int:
        return -(-len(self.rows) // self.size)


class Searches:
    """The result sets that links lead into. Each link names one page of one of them; old ones are forgotten."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, tuple[Found, int]] = OrderedDict()
        self._numbers = count(1)
        self._lock = Lock()

    def listed(self, call: Call[Account], kind: Kind) -> Answer:
        """The first page of a new search, or the page that a `searchId` names, whatever else is asked."""
        asked = parameters(call.request)
        path = call.request.path
        if "searchId" in asked:
            found, number = self._resumed(call.account.name, path, asked["searchId"])
            return self._page(found, number, asked["searchId"], _nested_rows(call.account))
        rows = [row for row in call.account.lists[kind.name].records() if _fits(kind, asked, row)]
        if kind.newest_first:
            rows.reverse()
        found = Found(call.account.name, path, rows, _size(asked, kind.default, kind.most))
        return self._page(found, 1, self._kept(found, 1), _nested_rows(call.account))

    def rows(self, call: Call[Account], rows: Sequence[Record]) -> Answer:
        """A record's own collection at its own address, 25 rows to a page."""
        asked = parameters(call.request)
        if "searchId" in asked:
            found, number = self._resumed(call.account.name, call.request.path, asked["searchId"])
            return self._page(found, number, asked["searchId"], NESTED_ROWS)
        found = Found(call.account.name, call.request.path, rows, _size(asked, 25, 50))
        return self._page(found, 1, self._kept(found, 1), NESTED_ROWS)

    def _page(self, found: Found, number: int, own: str, nested: int) -> Answer:
        start = (number - 1) * found.size
        rows = [shown(row, nested) for row in found.rows[start : start + found.size]]
        coming = self._link(found, self._kept(found, number + 1)) if number < found.pages else None
        return SearchPage(rows, self._link(found, own), coming, found.pages).answer()

    def _link(self, found: Found, search: str) -> str:
        return f"https://api.deposco.com{found.path}?searchId={search}"

    def _kept(self, found: Found, number: int) -> str:
        with self._lock:
            name = f"s{next(self._numbers)}"
            self._found[name] = (found, number)
            while len(self._found) > KEPT_SEARCHES:
                self._found.popitem(last=False)
            return name

    def _resumed(self, account: str, path: str, search: str) -> tuple[Found, int]:
        with self._lock:
            kept = self._found.get(search)
        if kept is None or (kept[0].account, kept[0].path) != (account, path):
            raise wrong(400, f"Search {search} was not found or is over")
        return kept

    def forget(self) -> None:
        """Ends every search, as time does."""
        with self._lock:
            self._found.clear()


def _fits(kind: Kind, asked: Mapping[str, str], row: Record) -> bool:
    return all(matches(row, asked[name]) for name, matches in kind.filters.items() if name in asked)


def _size(asked: Mapping[str, str], default: int, most: int) -> int:
    given = asked.get("pageSize", str(default))
    if not given.isdigit() or not 1 <= int(given) <= most:
        raise wrong(400, f"pageSize must be between 1 and {most}")
    return int(given)


def _nested_rows(account: Account) -> int:
    told: Any = account.spec.settings.get("nested_rows", NESTED_ROWS)
    return int(told)
