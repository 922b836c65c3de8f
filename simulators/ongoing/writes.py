"""PUT, PATCH and DELETE of purchase orders: created or updated by number, until the warehouse works on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from simulators.business.lists import Lists
from simulators.business.spec import Record
from simulators.ongoing.articles import OWNER
from simulators.ongoing.asking import Asked, bad_request, require_owner
from simulators.ongoing.receiving import PURCHASE_STATUS
from simulators.ongoing.spelling import status
from simulators.serving.account import Account
from simulators.serving.asking import json_object
from simulators.serving.exchange import Answer, refusal, told
from simulators.serving.simulation import Call

LAST_EDITABLE = 200
HEAD = frozenset(
    {
        "goodsOwnerId",
        "purchaseOrderNumber",
        "supplierOrderNumber",
        "goodsOwnerReference",
        "referenceNumber",
        "inDate",
        "supplierInfo",
        "sellerInfo",
        "purchaseOrderType",
        "purchaseOrderRemark",
        "warehouseId",
        "advanced",
        "customsInfo",
        "freeValues",
        "purchaseOrderLines",
    }
)
LINE = frozenset(
    {
        "rowNumber",
        "articleNumber",
        "numberOfItems",
        "comment",
        "rowPrice",
        "currencyCode",
        "batchNumber",
        "serialNumber",
        "expiryDate",
        "productionDate",
        "externalOrderLineId",
        "inDate",
        "lineType",
        "lineFreeValues",
        "articleItemStatusId",
    }
)
ADVANCED = frozenset(
    {"container", "orderDate", "advisedDate", "purchaseOrderStatusCreated", "purchaseOrderIsReturnType"}
)
"""The schemas are closed: any other name is refused."""


def put_by_number(call: Call[Account]) -> Answer:
    """Creates the purchase order, or updates the one with that number."""
    body = _body(call, HEAD, ("goodsOwnerId", "purchaseOrderNumber"))
    with call.account.lists.alone() as lists:
        there = _numbered(lists, body["purchaseOrderNumber"])
        return _written(call, lists, there, body)


def put_by_id(call: Call[Account]) -> Answer:
    body = _body(call, HEAD, ("goodsOwnerId", "purchaseOrderNumber"))
    with call.account.lists.alone() as lists:
        there = _there(call, lists)
        other = _numbered(lists, body["purchaseOrderNumber"])
        if other is not None and _id(other) != _id(there):
            raise bad_request(f"Inorder with order number {body['purchaseOrderNumber']} exists already.")
        return _written(call, lists, there, body)


def patch_in_date(call: Call[Account]) -> Answer:
    body = _body(call, {"inDate"}, ())
    with call.account.lists.alone() as lists:
        there = _there(call, lists)
        _require_editable(there)
        there["purchaseOrderInfo"]["inDate"] = _day(body.get("inDate"))
        lists["purchase_orders"].put(there, call.now)
        return _said(there, "updated")


def cancel(call: Call[Account]) -> Answer:
    Asked(call, ())
    with call.account.lists.alone() as lists:
        there = _there(call, lists)
        _require_editable(there)
        there["purchaseOrderInfo"]["purchaseOrderStatus"] = status(PURCHASE_STATUS, "cancelled")
        lists["purchase_orders"].put(there, call.now)
        return _said(there, "cancelled")


def _written(call: Call[Account], lists: Lists, there: Record | None, body: Record) -> Answer:
    require_owner(body["goodsOwnerId"])
    if there is not None:
        _require_editable(there)
    info = _info(call, lists, there, body)
    articles = {each["articleNumber"]: each for each in lists["articles"].records()}
    record = {
        "goodsOwner": dict(OWNER),
        "supplierInfo": _supplier(lists, body.get("supplierInfo")),
        "sellerInfo": body.get("sellerInfo"),
        "purchaseOrderInfo": info,
        "purchaseOrderLines": _lines(lists, there, body.get("purchaseOrderLines") or [], articles),
    }
    lists["purchase_orders"].put(record, call.now)
    return _said(record, "created" if there is None else "updated")


def _info(call: Call[Account], lists: Lists, there: Record | None, body: Record) -> Record:
    """What an update does not name is cleared."""
    houses = {each["id"]: each for each in lists["warehouses"].records()}
    house = body.get("warehouseId")
    if house is not None and house not in houses:
        raise bad_request(f"The warehouse {house} does not exist.")
    before = {} if there is None else there["purchaseOrderInfo"]
    named = None if house is None else {name: houses[house][name] for name in ("id", "code", "name")}
    return {
        "purchaseOrderId": before.get("purchaseOrderId") or lists.next_number("purchase_orders"),
        **{name: body.get(name) for name in ("purchaseOrderNumber", "supplierOrderNumber", "goodsOwnerReference")},
        "referenceNumber": body.get("referenceNumber") or "",
        "purchaseOrderStatus": before.get("purchaseOrderStatus") or status(PURCHASE_STATUS, "open"),
        "purchaseOrderType": body.get("purchaseOrderType"),
        "inDate": _day(body.get("inDate")),
        "purchaseOrderRemark": body.get("purchaseOrderRemark") or "",
        "warehouse": named,
        "createdDate": before.get("createdDate") or call.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "advanced": _advanced(body.get("advanced") or {}),
        "freeValues": _free_values(body.get("freeValues")),
    }


def _advanced(given: Record) -> Record:
    """Read and written under different names."""
    _require_names(given, ADVANCED, ())
    return {
        "arrivalDate": given.get("advisedDate"),
        "orderDate": given.get("orderDate"),
        "container": given.get("container") or "",
        "purchaseOrderIsReturnType": given.get("purchaseOrderIsReturnType") or False,
    }


def _free_values(given: Record | None) -> Record | None:
    """`freeBoolean1` is read as `freeBool1`; the name by which it is read is not taken."""
    if given is None:
        return None
    if any(name.startswith("freeBool") and not name.startswith("freeBoolean") for name in given):
        raise bad_request("Could not find member 'freeBool1' on object.")
    return {name.replace("freeBoolean", "freeBool"): value for name, value in given.items()}


def _supplier(lists: Lists, given: Record | None) -> Record | None:
    """As sent; a known number has its name."""
    if given is None:
        return None
    known = {
        each["supplierInfo"]["supplierNumber"]: each["supplierInfo"]["supplierName"]
        for each in lists["purchase_orders"].records()
        if each["supplierInfo"]
    }
    number = given.get("supplierNumber") or ""
    return {"supplierNumber": number, "supplierName": given.get("supplierName") or known.get(number, "")}


def _lines(lists: Lists, there: Record | None, given: list[Record], articles: Mapping[str, Record]) -> list[Record]:
    """The lines as sent: one that is left out is gone."""
    known = {each["rowNumber"]: each["id"] for each in (there or {}).get("purchaseOrderLines", ())}
    times = Counter(line.get("articleNumber") for line in given)
    rows = Counter(line.get("rowNumber") for line in given)
    found = []
    for line in given:
        _require_names(line, LINE, ("rowNumber", "articleNumber"))
        number, row = line["articleNumber"], line["rowNumber"]
        if not isinstance(row, str) or rows[row] > 1:
            raise bad_request(f"The row number {row} must be a text that is used once.")
        if number not in articles:
            raise bad_request(f"The article {number} does not exist. <br/>")
        if times[number] > 1:
            raise bad_request(f"The same article, {number}, is on several lines. <br/>")
        found.append(_line(line, articles[number], known.get(row) or lists.next_number("lines")))
    return found


def _line(line: Record, article: Record, own: int) -> Record:
    quantity = line.get("numberOfItems")
    if not isinstance(quantity, int | float) or isinstance(quantity, bool) or quantity < 0:
        raise bad_request("The numberOfItems is not valid.")
    return {
        "id": own,
        "rowNumber": line["rowNumber"],
        "article": {name: article[name] for name in ("articleSystemId", "articleNumber", "articleName", "productCode")},
        "comment": line.get("comment") or "",
        "rowPrice": line.get("rowPrice"),
        "advisedNumberOfItems": float(quantity),
        "receivedNumberOfItems": 0.0,
        "reportedNumberOfItems": None,
        "articleItems": [],
        "subPurchaseOrderLines": None,
        "externalOrderLineId": line.get("externalOrderLineId") or "",
        "lineType": line.get("lineType"),
        "freeValues": _free_values(line.get("lineFreeValues")),
    }


def _body(call: Call[Account], known: Any, required: tuple[str, ...]) -> Record:
    Asked(call, ())
    body = json_object(call.request, bad_request)
    _require_names(body, known, required)
    return body


def _require_names(given: Any, known: Any, required: tuple[str, ...]) -> None:
    if not isinstance(given, dict):
        raise bad_request("A line is not an object.")
    for name in given:
        if name not in known:
            raise bad_request(f"Could not find member '{name}' on object.")
    for name in required:
        if given.get(name) in (None, ""):
            raise bad_request(f"The {name} field is required.")


def _numbered(lists: Lists, number: str) -> Record | None:
    rows = lists["purchase_orders"].records()
    found: Callable[[Record], bool] = lambda each: each["purchaseOrderInfo"]["purchaseOrderNumber"] == number  # noqa: E731
    key = next((_id(each) for each in rows if found(each)), None)
    return None if key is None else lists["purchase_orders"].get(key)


def _there(call: Call[Account], lists: Lists) -> Record:
    record = lists["purchase_orders"].get(call.ids["id"])
    if record is None:
        raise refusal(404, {"message": "The object was not found."})
    return record


def _require_editable(record: Record) -> None:
    number = record["purchaseOrderInfo"]["purchaseOrderStatus"]["number"]
    if number >= PURCHASE_STATUS["cancelled"][0]:
        raise bad_request("The inorder has been cancelled. <br/>")
    if number > LAST_EDITABLE:
        raise bad_request("The warehouse has already started working on the inorder. <br/>")


def _day(text: Any) -> str | None:
    if text is None:
        return None
    if not isinstance(text, str) or len(text) < 10:
        raise bad_request("The inDate is not a valid date.")
    return text[:10]


def _id(record: Record) -> int:
    found: int = record["purchaseOrderInfo"]["purchaseOrderId"]
    return found


def _said(record: Record, done: str) -> Answer:
    number = record["purchaseOrderInfo"]["purchaseOrderNumber"]
    words = f"Inorder with order number {number} {done}. <br/>"
    return told({"purchaseOrderId": _id(record), "message": words})
