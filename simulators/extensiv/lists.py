"""The vendor's lists: what they can be filtered and sorted by, how large their pages may be, and where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from simulators.business.spec import Record
from simulators.extensiv import rql
from simulators.extensiv.errors import bad_parameter, message
from simulators.extensiv.hal import NOTHING, ORDER_DETAILS, RECEIVER_DETAILS, Details, ListPage, single
from simulators.extensiv.shapes import RELS
from simulators.serving.account import Account
from simulators.serving.asking import parameters
from simulators.serving.exchange import Answer
from simulators.serving.simulation import Call

_STAMPS = {"readOnly.creationDate": datetime, "readOnly.lastModifiedDate": datetime}
_OWNERS = {"readOnly.customerIdentifier.id": int, "readOnly.facilityIdentifier.id": int}
_TYPES: Mapping[str, frozenset[int]] = {
    "0": frozenset({0}),
    "1": frozenset({1}),
    "2": frozenset({2}),
    "3": frozenset({0, 2}),
    "4": frozenset({0, 1}),
    "Return": frozenset({1}),
}
"""`receivertype`; without it normal receivers are listed (assumption)."""

Chosen = Callable[[Call[Account], Mapping[str, str]], Iterable[Record]]


@dataclass(frozen=True, slots=True)
class ListOf:
    """One list. `largest` and `usual` are sizes of a page; `rows` are its records in order, before any filter."""

    rel: str | None
    rows: Chosen
    largest: int
    usual: int
    kinds: Mapping[str, type] = field(default_factory=dict)
    details: Details = NOTHING

    def serve(self, call: Call[Account]) -> Answer:
        """A page. Parameters that are not known are ignored, in silence."""
        asked = {name.lower(): value for name, value in parameters(call.request).items()}
        size = _number(asked, "pgsiz", self.usual, most=self.largest)
        start = size * (_number(asked, "pgnum", 1) - 1)
        words = self.details.asked(asked.get("detail", ""))
        rows = self._sorted(self._matching(self.rows(call, asked), asked.get("rql", "")), asked.get("sort", ""))
        shown = [self.details.shown(each, words) for each in rows[start : start + size]]
        first = [self.details.shown(each, words) for each in rows[:size]]
        return ListPage(call.request, self.rel, shown, first, len(rows)).answer()

    def _matching(self, rows: Iterable[Record], expression: str) -> Sequence[Record]:
        if not expression:
            return list(rows)
        test = rql.test_of(expression, self.kinds)
        return [record for record in rows if test(record)]

    def _sorted(self, rows: Sequence[Record], order: str) -> Sequence[Record]:
        """By several fields, the first deciding; a minus before one turns it around."""
        if order and self.rel is None:
            raise bad_parameter("sort", "This list cannot be sorted")
        found = list(rows)
        for name in reversed(order.split(",") if order else []):
            known = rql.spelt(name.lstrip("-"), self.kinds)
            if known is None:
                raise bad_parameter("sort", f"Known are {', '.join(sorted(self.kinds))}")
            found.sort(key=partial(_comparable, known), reverse=name.startswith("-"))
        return found


def _comparable(name: str, record: Record) -> tuple[bool, Any]:
    value = rql.value_at(record, name)
    return value is not None, value if value is not None else 0


def _number(asked: Mapping[str, str], name: str, otherwise: int, most: int | None = None) -> int:
    text = asked.get(name, str(otherwise))
    if not text.isdigit() or int(text) < 1 or (most is not None and int(text) > most):
        raise bad_parameter(name, f"A number from 1{'' if most is None else f' to {most}'}")
    return int(text)


def _all(collection: str) -> Chosen:
    return lambda call, _: call.account.lists[collection].records()


def _stock(call: Call[Account], _: Mapping[str, str]) -> Iterable[Record]:
    return [row for record in call.account.lists["stock"].records() for row in record["rows"]]


def _receivers(call: Call[Account], asked: Mapping[str, str]) -> Iterable[Record]:
    wanted = _TYPES.get(asked.get("receivertype", "0"))
    if wanted is None:
        raise bad_parameter("receivertype", "0 to 4")
    rows = call.account.lists["receivers"].records()
    return [record for record in rows if record["readOnly"]["receiverType"] in wanted]


def _items(call: Call[Account], _: Mapping[str, str]) -> Iterable[Record]:
    owner = known(call, "customers", call.ids["id"])["readOnly"]["customerId"]
    rows = call.account.lists["items"].records()
    return [record for record in rows if record["readOnly"]["customerIdentifier"]["id"] == owner]


def _places(call: Call[Account], _: Mapping[str, str]) -> Iterable[Record]:
    facility = known(call, "facilities", call.ids["id"])["facilityId"]
    rows = call.account.lists["locations"].records()
    return [record for record in rows if record["facilityIdentifier"]["id"] == facility]


def known(call: Call[Account], collection: str, key: str) -> Record:
    """A record by its number.

    Raises:
        Refusal: 404 where there is none.
    """
    found = call.account.lists[collection].get(key)
    if found is None:
        raise message(404, "No resource was found that matches the request URI.")
    return found


LISTS: Mapping[str, ListOf] = {
    "stock": ListOf(None, _stock, 500, 100, {"facilityId": int}),
    "orders": ListOf(
        f"{RELS}orders/order",
        _all("orders"),
        1000,
        100,
        {
            **_STAMPS,
            **_OWNERS,
            "readOnly.orderId": int,
            "readOnly.isClosed": bool,
            "readOnly.status": int,
            "referenceNum": str,
            "poNum": str,
        },
        ORDER_DETAILS,
    ),
    "receivers": ListOf(
        f"{RELS}inventory/receiver",
        _receivers,
        500,
        100,
        {**_STAMPS, **_OWNERS, "readOnly.receiverId": int, "readOnly.status": int, "referenceNum": str, "poNum": str},
        RECEIVER_DETAILS,
    ),
    "customers": ListOf(
        f"{RELS}customers/customer",
        _all("customers"),
        100,
        20,
        {"readOnly.customerId": int, "readOnly.creationDate": datetime, "readOnly.deactivated": bool},
    ),
    "items": ListOf(
        f"{RELS}customers/item", _items, 100, 10, {**_STAMPS, "itemId": int, "sku": str, "readOnly.deactivated": bool}
    ),
    "facilities": ListOf(f"{RELS}properties/facility", _all("facilities"), 100, 100, {"facilityId": int, "name": str}),
    "places": ListOf(f"{RELS}properties/location", _places, 200, 100, {"locationId": int, "name": str}),
    "carriers": ListOf(f"{RELS}properties/carrier", _all("carriers"), 100, 100, {"name": str}),
}


def one(collection: str, name: str) -> Callable[[Call[Account]], Answer]:
    """A single record of a list, in the detail that is asked for."""

    def serve(call: Call[Account]) -> Answer:
        details = LISTS[name].details
        asked = {key.lower(): value for key, value in parameters(call.request).items()}
        record = known(call, collection, call.ids["id"])
        return single(call.request, record, details.shown(record, details.asked(asked.get("detail", ""))))

    return serve
