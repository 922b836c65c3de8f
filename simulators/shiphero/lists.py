"""What each query reads: whose list, narrowed by which arguments; and single records by id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from simulators.business.spec import Record
from simulators.serving.account import Account
from simulators.shiphero.ids import uid
from simulators.shiphero.problems import not_found

Arguments = Mapping[str, Any]
Keeps = Callable[[Account, Record, Any], bool]


def moment_of(text: str) -> datetime:
    """A moment as the vendor takes and gives it: UTC where no offset says otherwise."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _at(name: str, keeps: Callable[[datetime, datetime], bool]) -> Keeps:
    """Bounds are inclusive; what has no such date is in no range."""
    return lambda _, record, bound: bool(record.get(name)) and keeps(moment_of(record[name]), moment_of(bound))


def _range(prefix: str, name: str) -> dict[str, Keeps]:
    return {
        f"{prefix}_from": _at(name, lambda at, bound: at >= bound),
        f"{prefix}_to": _at(name, lambda at, bound: at <= bound),
    }


def _same(name: str) -> Keeps:
    return lambda _, record, wanted: bool(record.get(name) == wanted)


def _alike(name: str) -> Keeps:
    """SKUs and statuses are compared without regard to case and blanks."""
    return lambda _, record, wanted: str(record.get(name)).strip().lower() == wanted.strip().lower()


def _is_among(_: Account, record: Record, wanted: Sequence[str]) -> bool:
    return record["id"] in wanted


def _is_none_of(_: Account, record: Record, wanted: Sequence[str]) -> bool:
    return record["fulfillment_status"] not in wanted


def _changed(lines: bool, *, since: bool) -> Keeps:
    def keeps(_: Account, record: Record, bound: str) -> bool:
        stamps = [line["updated_at"] for line in record["line_items"]] if lines else [record["updated_at"]]
        return bool(stamps) and (moment_of(max(stamps)) >= moment_of(bound)) is since

    return keeps


_OWNER = {"customer_account_id": _same("account_id")}
_HOUSE = {"warehouse_id": _same("warehouse_id")}


@dataclass(frozen=True, slots=True)
class Query:
    """A list with the records behind it, the arguments that narrow it, and the scope that it takes."""

    records: Callable[[Account], Sequence[Record]]
    scope: str
    filters: Mapping[str, Keeps]


def _of(name: str) -> Callable[[Account], Sequence[Record]]:
    return lambda account: account.lists[name].records()


def _inside(name: str, inner: str) -> Callable[[Account], Sequence[Record]]:
    return lambda account: [each for record in account.lists[name].records() for each in record[inner]]


QUERIES: Mapping[str, Query] = MappingProxyType(
    {
        "products": Query(
            _of("products"),
            "view:products",
            {
                "sku": _alike("sku"),
                "has_kits": _same("kit"),
                **_OWNER,
                **_range("created", "created_at"),
                **_range("updated", "updated_at"),
            },
        ),
        "warehouse_products": Query(
            _inside("products", "warehouse_products"),
            "view:products",
            {
                "ids": _is_among,
                "active": _same("active"),
                "sku": _alike("sku"),
                **_OWNER,
                **_HOUSE,
                **_range("created", "created_at"),
                **_range("updated", "updated_at"),
            },
        ),
        "orders": Query(
            _of("orders"),
            "view:orders",
            {
                "ids": _is_among,
                "shop_name": _same("shop_name"),
                "partner_order_id": _same("partner_order_id"),
                "order_number": _same("order_number"),
                "fulfillment_status": _alike("fulfillment_status"),
                "fulfillment_status_not_in": _is_none_of,
                **_OWNER,
                **_range("created", "created_at"),
                **_range("updated", "updated_at"),
                **_range("order_date", "order_date"),
            },
        ),
        "shipments": Query(
            _inside("orders", "shipments"),
            "view:shipments",
            {"ids": _is_among, "order_id": _same("order_id"), **_range("date", "created_date")},
        ),
        "purchase_orders": Query(
            _of("purchase_orders"),
            "view:purchase_orders",
            {
                "po_number": _same("po_number"),
                "fulfillment_status": _alike("fulfillment_status"),
                "updated_from": _changed(lines=True, since=True),
                "updated_to": _changed(lines=True, since=False),
                **_OWNER,
                **_HOUSE,
                **_range("created", "created_at"),
                **_range("date_closed", "date_closed"),
            },
        ),
        "vendors": Query(_of("vendors"), "view:vendors", {}),
        "returns": Query(
            _of("returns"),
            "view:returns",
            {
                "order_id": _same("order_id"),
                "updated_from": _changed(lines=True, since=True),
                "updated_to": _changed(lines=True, since=False),
                **_OWNER,
                **_range("date", "created_at"),
            },
        ),
        "bills": Query(
            _of("bills"),
            "view:billing",
            {
                "status": _same("status"),
                "from_date": _at("created_at", lambda at, bound: at >= bound),
                "to_date": _at("created_at", lambda at, bound: at <= bound),
            },
        ),
        "locations": Query(
            _of("locations"),
            "view:locations",
            {
                "ids": _is_among,
                "name": _same("name"),
                "pickable": _same("pickable"),
                "sellable": _same("sellable"),
                **_HOUSE,
            },
        ),
    }
)

SINGLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "product": ("products", "Product"),
        "order": ("orders", "Order"),
        "shipment": ("shipments", "Shipment"),
        "purchase_order": ("purchase_orders", "Purchase order"),
        "return": ("returns", "Return"),
        "bill": ("bills", "Bill"),
    }
)
"""Query for one record -> the list that it is in, and what the vendor calls it."""

_UUIDS = {"Product": "ProductInfo"}


def listed(account: Account, query: str, arguments: Arguments) -> Sequence[Record]:
    """The records of a list that pass every argument; an argument that is null narrows nothing."""
    told = _given(arguments)
    filters = QUERIES[query].filters
    if not told:
        return QUERIES[query].records(account)
    return [
        record
        for record in QUERIES[query].records(account)
        if all(filters[name](account, record, value) for name, value in told.items())
    ]


def single(account: Account, query: str, arguments: Arguments) -> Record:
    """The one record with this id, or with this SKU, barcode or number.

    Raises:
        OperationFailed: there is none.
    """
    told = _given(arguments)
    name, what = SINGLES[query]
    if told.keys() == {"id"} and name in account.collections:
        found = account.lists[name].get(told["id"])
        candidates: Sequence[Record] = [found] if found else []
    else:
        candidates = QUERIES[name].records(account)
    for record in candidates:
        if told and all(record.get(each) == value for each, value in told.items()):
            return record
    raise not_found(what)


def _given(arguments: Arguments) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not None and name != "analyze"}


def own(account: Account) -> Record:
    """The account behind the token, with its merchants and warehouses."""
    number = 6_000 + account.spec.seed
    is_3pl = bool(account.spec.settings.get("is_3pl", True))
    return {
        "id": uid("Account", number),
        "legacy_id": number,
        "email": "owner@warehouse.example.test",
        "username": "invented-logistics",
        "status": "active",
        "is_3pl": is_3pl,
        "is_multi_warehouse": True,
        "dynamic_slotting": True,
        "customers": account.lists["customers"].records() if is_3pl else [],
        "warehouses": account.lists["warehouses"].records(),
    }


def uuid(arguments: Arguments) -> Record:
    """A legacy id in its new form."""
    kind = str(arguments["entity"])
    return {"id": uid(_UUIDS.get(kind, kind), arguments["legacy_id"]), "legacy_id": arguments["legacy_id"]}
