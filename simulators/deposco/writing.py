"""POST /orders/purchaseOrders: creates an unknown number, changes a known one, and leaves unnamed lines alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from simulators.business.lists import Lists
from simulators.business.spec import Record
from simulators.business.world import iso
from simulators.deposco.answers import NESTED_ROWS, shown, wrong
from simulators.deposco.names import CASE, UNIT, collection, pack_ref, ref, unit
from simulators.serving.account import Account
from simulators.serving.asking import json_object
from simulators.serving.exchange import Answer, told
from simulators.serving.simulation import Call

MOST_LINES = 100
LONGEST_NUMBER = 50
CHANGEABLE = ("Arrived", "Hold", "Draft", "New", "In-Transit", "Receiving", "Received")
PARTIES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "shipToFacility": ("facilities", "number", "Facility"),
        "consigneePartner": ("tradingPartners", "code", "TradingPartner"),
    }
)
TAKEN = ("placedDate", "plannedArrivalDate", "currencyCode", "otherReferenceNumber", "orderSource", "contractNumber")
"""Header fields that are taken as they are; unknown ones are ignored without a word."""


def purchase_order(call: Call[Account]) -> Answer:
    body = json_object(call.request, lambda problem: wrong(400, problem))
    with call.account.lists.alone() as lists:
        number = _checked_head(body)
        present = next((each for each in lists["purchaseOrders"].records() if each["number"] == number), None)
        record = _new(lists, number, iso(call.now)) if present is None else _changeable(body, present)
        record = {**record, **_head(lists, body)}
        lines = {line["lineNumber"]: line for line in record["orderLines"]["data"]}
        for given in _lines(body):
            made = _line(lists, given, lines.get(given["lineNumber"]))
            lines[made["lineNumber"]] = made
        record["orderLines"] = collection(list(lines.values()))
        lists["purchaseOrders"].put(record, call.now)
        stored = lists["purchaseOrders"].get(record["self"]["id"])
    return told(shown(stored or record, NESTED_ROWS))


def _checked_head(body: Record) -> str:
    if _key(body.get("businessUnit"), "code") != UNIT:
        raise wrong(400, "Invalid business unit id")
    number = body.get("number")
    if not isinstance(number, str) or not 0 < len(number) <= LONGEST_NUMBER:
        raise wrong(400, f"number is required and has at most {LONGEST_NUMBER} characters")
    return number


def _key(reference: Any, name: str) -> Any:
    return ((reference or {}).get("businessKey") or {}).get(name)


def _new(lists: Lists, number: str, now: str) -> Record:
    own = lists.next_number("purchaseOrders")
    return {
        "self": ref(own, number=number, businessUnit__code=UNIT),
        "businessUnit": unit(),
        "number": number,
        "type": "Purchase Order",
        "orderStatus": "New",
        "shipToFacility": None,
        "consigneePartner": None,
        "orderLines": collection([]),
        "createdDate": now,
    }


def _changeable(body: Record, present: Record) -> Record:
    status = present["orderStatus"]
    if status not in CHANGEABLE:
        allowed = ", ".join(each.lower() for each in CHANGEABLE)
        raise wrong(
            400,
            f"Purchase Order {present['number']} cannot be updated while in the status of [{status}]. "
            f"Updates can be made when in the following statuses: {allowed}",
        )
    if "orderStatus" in body:
        raise wrong(400, "Order status updates are not accepted for order at this API Endpoint")
    return present


def _head(lists: Lists, body: Record) -> Record:
    made: Record = {name: body[name] for name in TAKEN if name in body}
    if body.get("orderStatus") not in {None, "New", "Hold"}:
        raise wrong(400, "orderStatus of a new order must be New or Hold")
    if body.get("orderStatus"):
        made["orderStatus"] = body["orderStatus"]
    for name, (where, key, kind) in PARTIES.items():
        if name in body:
            made[name] = _existing(lists, where, key, kind, _key(body[name], key))
    return made


def _existing(lists: Lists, where: str, key: str, kind: str, value: Any) -> Record:
    found = next((each for each in lists[where].records() if each[key] == value), None)
    if found is None:
        raise wrong(404, f"{kind} with business key {key} = [{value}] does not exist")
    return ref(found["self"]["id"], **{key: value})


def _lines(body: Record) -> list[Record]:
    given = (body.get("orderLines") or {}).get("data", [])
    if not isinstance(given, list) or len(given) > MOST_LINES:
        raise wrong(400, f"orderLines must be a list of at most {MOST_LINES}")
    for line in given:
        for name in ("lineNumber", "item", "pack", "orderPackQuantity"):
            if not line.get(name):
                raise wrong(400, f"{name} is required")
    return given


def _line(lists: Lists, given: Record, present: Record | None) -> Record:
    item, packs = _item(lists, given["item"]), given["orderPackQuantity"]
    size = _key(given["pack"], "quantity")
    if _key(given["pack"], "item.number") != item["businessKey"]["number"] or size not in {1, CASE}:
        raise wrong(404, f"Pack with business key item.number = [{item['businessKey']['number']}] does not exist")
    if type(packs) is not int or packs <= 0:
        raise wrong(400, "orderPackQuantity must be a positive value: quantity")
    if present is not None and packs < present["receivedPackQuantity"]:
        raise wrong(400, "The quantity of an order line cannot be less than what was received")
    before = present or {
        "self": ref(lists.next_number("orderLines")),
        "receivedPackQuantity": 0,
        "receivedDamagedPackQuantity": 0,
        "canceledPackQuantity": 0,
        "orderLineStatus": "New",
        "unitCost": None,
    }
    named = {"lineNumber": given["lineNumber"], "item": item, "pack": pack_ref(item, size), "orderPackQuantity": packs}
    cost = {"unitCost": given["unitCost"]} if "unitCost" in given else {}
    return {**before, **named, **cost}


def _item(lists: Lists, given: Any) -> Record:
    number = _key(given, "number")
    found = next((each for each in lists["items"].records() if each["number"] == number), None)
    if found is None:
        raise wrong(404, f"Item with business key number = [{number}], businessUnit.code = [{UNIT}] does not exist")
    own: Record = found["self"]
    return own
