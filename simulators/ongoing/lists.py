"""GET of lists and of single records: filters, and pages by ascending id."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from simulators.business.spec import Record
from simulators.ongoing.articles import BESIDE
from simulators.ongoing.asking import OWNED, Asked
from simulators.ongoing.places import contracts, zones
from simulators.serving.account import Account
from simulators.serving.exchange import Answer, PageFault, refusal, told
from simulators.serving.simulation import Call

Filter = Callable[[Asked, Record], bool]
STOCK_KEPT = timedelta(hours=24)
UPDATES_KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class _Page:
    """A bare list, which cannot say whether more follows. `forgetful` makes what it holds on a bad day."""

    forgetful: Callable[[], Sequence[Any]]
    wrapped: str = ""

    def faulty(self, fault: PageFault) -> Answer:
        rows = [] if fault.startswith("empty") else self.forgetful()
        return told({self.wrapped: rows} if self.wrapped else rows)


def _whole(rows: list[Any], wrapped: str = "") -> Answer:
    """An answer without pages; its faulty one holds everything twice."""
    return told({wrapped: rows} if wrapped else rows, page=_Page(lambda: [*rows, *rows], wrapped))


def _since(asked: Asked, name: str, text: str | None, oldest: timedelta | None = None) -> bool:
    moment = asked.moment(name, oldest)
    return moment is None or (text is not None and _moment(text) >= moment)


def _until(asked: Asked, name: str, text: str | None) -> bool:
    moment = asked.moment(name)
    return moment is None or (text is not None and _moment(text) <= moment)


def _between(asked: Asked, low: str, high: str, number: int) -> bool:
    least, most = asked.number(low), asked.number(high)
    return (least is None or number >= least) and (most is None or number <= most)


def _among(wanted: Sequence[str] | None, value: str) -> bool:
    return wanted is None or value in wanted


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else datetime.fromisoformat(f"{text}T00:00:00Z")


def _article(asked: Asked, record: Record) -> bool:
    stock = record["inventoryInfo"]["numberOfItems"]
    return (
        _since(asked, "articleDataLastUpdatedFrom", record["articleDataLastUpdated"])
        and _since(asked, "stockInfoChangedFrom", record["_changed"], STOCK_KEPT)
        and _among(asked.texts("articleNumber", "articleNumbers"), record["articleNumber"])
        and (stock > 0 or not asked.flag("onlyArticlesInStock"))
    )


def _order(asked: Asked, record: Record) -> bool:
    info = record["orderInfo"]
    return (
        _since(asked, "orderUpdatedTimeFrom", record["_changed"], UPDATES_KEPT)
        and _since(asked, "orderStatusChangedTimeFrom", record["_changed"])
        and _since(asked, "orderCreatedTimeFrom", info["createdDate"])
        and _until(asked, "orderCreatedTimeTo", info["createdDate"])
        and _since(asked, "shippedTimeFrom", info["shippedTime"])
        and _until(asked, "shippedTimeTo", info["shippedTime"])
        and _between(asked, "orderStatusFrom", "orderStatusTo", info["orderStatus"]["number"])
        and _among(asked.texts("orderNumber", "orderNumbers"), info["orderNumber"])
    )


def _purchase_order(asked: Asked, record: Record) -> bool:
    info = record["purchaseOrderInfo"]
    return (
        _since(asked, "purchaseOrderStatusChangedTimeFrom", record["_changed"])
        and _since(asked, "inDateFrom", info["inDate"])
        and _until(asked, "inDateTo", info["inDate"])
        and _between(asked, "purchaseOrderStatusFrom", "purchaseOrderStatusTo", info["purchaseOrderStatus"]["number"])
        and _among(asked.texts("purchaseOrderNumber", "purchaseOrderNumbers"), info["purchaseOrderNumber"])
    )


def _return_order(asked: Asked, record: Record) -> bool:
    info = record["returnOrderInfo"]
    return _between(
        asked, "returnOrderStatusFrom", "returnOrderStatusTo", info["returnOrderStatus"]["number"]
    ) and _among(asked.texts("returnOrderNumbers"), info["returnOrderNumber"])


def _shown(record: Record) -> Record:
    """A record as the vendor shows it: without what is kept beside it."""
    return {name: value for name, value in record.items() if name not in BESIDE and not name.startswith("_")}


def _beside(member: str) -> Callable[[Record], Record]:
    """Another list of articles: number, id and one member; what has none is left out."""

    def shown(record: Record) -> Record:
        return {name: record[name] for name in ("articleSystemId", "articleNumber", member)}

    return shown


@dataclass(frozen=True, slots=True)
class List:
    """One of the vendor's lists: `first` and `most` ask for ids from a number on and for so many; empty: no pages."""

    collection: str
    first: str
    most: str
    filters: Filter
    known: frozenset[str]
    shown: Callable[[Record], Record] = _shown
    member: str = ""

    def answer(self, call: Call[Account]) -> Answer:
        asked = Asked(call, self.known | {OWNED, self.first, self.most}).of_owner()
        if not self.most:
            return _whole(self._page(call, asked, None, None))
        least, most = asked.number(self.first), asked.number(self.most)
        return told(self._page(call, asked, least, most), page=_Page(lambda: self._page(call, asked, None, most)))

    def _page(self, call: Call[Account], asked: Asked, least: int | None, most: int | None) -> list[Record]:
        listing = call.account.lists[self.collection]
        rows = listing.records()
        start = 0 if least is None else bisect_left(rows, least, key=lambda record: int(listing.view.key(record)))
        fitting = (
            record
            for record in islice(rows, start, None)
            if (not self.member or record.get(self.member)) and self.filters(asked, record)
        )
        return [self.shown(record) for record in islice(fitting, most)]


_CHANGED = {"articleDataLastUpdatedFrom", "stockInfoChangedFrom"}
_STOCKED = frozenset({"articleNumbers", "onlyArticlesInStock", "stockInfoChangedFrom"})

ARTICLES = List(
    "articles",
    "articleSystemIdFrom",
    "maxArticlesToGet",
    _article,
    frozenset({"articleNumber", "articleNumbers", "onlyArticlesInStock", *_CHANGED}),
)
PER_WAREHOUSE = List(
    "articles",
    "articleSystemIdFrom",
    "maxArticlesToGet",
    _article,
    _STOCKED,
    _beside("inventoryPerWarehouse"),
    "inventoryPerWarehouse",
)
ITEMS = List(
    "articles",
    "articleSystemIdFrom",
    "maxArticlesToGet",
    _article,
    frozenset({"articleNumber", "articleNumbers"}),
    _beside("items"),
    "items",
)
DEFINITIONS = List(
    "articles",
    "",
    "",
    _article,
    frozenset({"articleNumbers", "articleKind"}),
    lambda record: dict(record["structureDefinition"]),
    "structureDefinition",
)
ORDERS = List(
    "orders",
    "orderIdFrom",
    "maxOrdersToGet",
    _order,
    frozenset(
        {
            "orderUpdatedTimeFrom",
            "orderStatusChangedTimeFrom",
            "orderCreatedTimeFrom",
            "orderCreatedTimeTo",
            "shippedTimeFrom",
            "shippedTimeTo",
            "orderStatusFrom",
            "orderStatusTo",
            "orderNumber",
            "orderNumbers",
        }
    ),
)
PURCHASE_ORDERS = List(
    "purchase_orders",
    "purchaseOrderIdFrom",
    "maxPurchaseOrdersToGet",
    _purchase_order,
    frozenset(
        {
            "purchaseOrderStatusChangedTimeFrom",
            "inDateFrom",
            "inDateTo",
            "purchaseOrderStatusFrom",
            "purchaseOrderStatusTo",
            "purchaseOrderNumber",
            "purchaseOrderNumbers",
        }
    ),
)
RETURN_ORDERS = List(
    "return_orders",
    "",
    "",
    _return_order,
    frozenset({"returnOrderStatusFrom", "returnOrderStatusTo", "returnOrderNumbers"}),
)


def single(collection: str) -> Callable[[Call[Account]], Answer]:
    """GET of one record by its id."""

    def answer(call: Call[Account]) -> Answer:
        Asked(call, ())
        return told(_shown(_found(call, collection)))

    return answer


def structure_definition(call: Call[Account]) -> Answer:
    Asked(call, ())
    definition = _found(call, "articles").get("structureDefinition")
    if definition is None:
        raise refusal(404, {"message": "The article has no structure definition."})
    return told(definition)


def _found(call: Call[Account], collection: str) -> Record:
    key = call.ids["id"]
    record = call.account.lists[collection].get(key) if key.isdecimal() else None
    if record is None:
        raise refusal(404, {"message": "The object was not found."})
    return record


def warehouses(call: Call[Account]) -> Answer:
    Asked(call, ())
    rows = [_shown(each) for each in call.account.lists["warehouses"].records()]
    return _whole(rows)


def zones_of(call: Call[Account]) -> Answer:
    Asked(call, ())
    house = _found(call, "warehouses")["id"]
    rows = zones([each for each in call.account.lists["locations"].records() if each["warehouseId"] == house])
    return _whole(rows)


def ways_of_delivery(call: Call[Account]) -> Answer:
    Asked(call, {OWNED}).of_owner()
    return _whole(_methods(call, "way"), "wayOfDeliveryTypes")


def transporters(call: Call[Account]) -> Answer:
    Asked(call, {OWNED}).of_owner()
    rows = contracts(_methods(call, "transporter"))
    return _whole(rows)


def _methods(call: Call[Account], name: str) -> list[Record]:
    found = call.account.lists["shipping_methods"].records()
    return [_shown(each) for each in found if each["_list"] == name]


def statuses(name: str, words: Iterable[Mapping[str, tuple[int, str]]]) -> Callable[[Call[Account]], Answer]:
    """The status numbers of one kind of order with their texts."""

    def answer(call: Call[Account]) -> Answer:
        Asked(call, ())
        rows = [{"number": number, "text": text} for table in words for number, text in sorted(table.values())]
        return told({name: rows})

    return answer
