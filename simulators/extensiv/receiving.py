"""Creating, changing and cancelling receivers: what the vendor demands, and how it refuses."""

from __future__ import annotations

from typing import Any

from simulators.business.lists import Lists
from simulators.business.spec import Record
from simulators.extensiv.errors import bad_model, bad_operation, message
from simulators.extensiv.hal import etag, single
from simulators.extensiv.lists import known
from simulators.extensiv.rql import moment
from simulators.extensiv.shapes import CANCELED, CLOSED, EACH, LOCAL, MODIFIED, OPEN, RECEIVE_ITEM, ZONE
from simulators.serving.account import Account
from simulators.serving.asking import json_object
from simulators.serving.exchange import Answer, Refusal
from simulators.serving.simulation import Call

_HEADER = ("poNum", "externalId", "notes", "carrier", "scacCode", "trackingNumber", "trailerNumber")
_DATES = ("expectedDate", "arrivalDate")


def create(call: Call[Account]) -> Answer:
    """201 with the receiver: an announcement (type 2), where the customer receives against those."""
    body = _body(call)
    with call.account.lists.alone() as lists:
        number = lists.next_number("receivers")
        model = _model(lists, body, None, number)
        now = call.now.astimezone(ZONE)
        model["readOnly"] |= {
            "receiverId": number,
            "receiverType": call.account.spec.settings.get("receiver_type", 2),
            "creationDate": now.strftime(LOCAL),
            "lastModifiedDate": now.strftime(MODIFIED),
            "status": OPEN,
            "chargesPending": False,
        }
        lists["receivers"].put(model, call.now)
        stored = lists["receivers"].get(number) or model
    return single(call.request, stored, stored, 201)


def update(call: Call[Account]) -> Answer:
    """The whole model replaces the one that If-Match names; a line that is missing in it is gone (assumption)."""
    with call.account.lists.alone() as lists:
        present = _present(call)
        model = _model(lists, _body(call), present, present["readOnly"]["receiverId"])
        model["readOnly"] = {**present["readOnly"], **model["readOnly"]}
        if "billing" in present:
            model["billing"] = present["billing"]
        lists["receivers"].put(model, call.now)
        stored = known(call, "receivers", call.ids["id"])
    return single(call.request, stored, stored)


def cancel(call: Call[Account]) -> Answer:
    with call.account.lists.alone() as lists:
        present = _present(call, action="canceler")
        present["readOnly"]["status"] = CANCELED
        lists["receivers"].put(present, call.now)
    return Answer(204, b"")


def _present(call: Call[Account], action: str = "edit") -> Record:
    """The receiver that a change is made to.

    Raises:
        Refusal: 404; 428 without If-Match; 412 for another version; 403 where its life is over.
    """
    present = known(call, "receivers", call.ids["id"])
    given = call.request.headers.get("if-match")
    if given is None:
        raise message(428, "The If-Match header is required.")
    if given.removeprefix("W/") != etag(present):
        raise message(412, "The resource was changed by somebody else.")
    status = present["readOnly"]["status"]
    if status != OPEN:
        raise bad_operation({CLOSED: "OrderConfirmed"}.get(status, "OrderCanceled"), action)
    return present


def _body(call: Call[Account]) -> Record:
    return json_object(call.request, lambda _: bad_model("NotParsable", "Receiver"))


def _model(lists: Lists, body: Record, present: Record | None, number: int) -> Record:
    """The receiver that a body stands for.

    Raises:
        Refusal: 400 for what is missing, unknown, or no date, and for a reference that the customer has already.
    """
    owners = present["readOnly"] if present is not None else body
    customer = _identified(lists, "customers", owners.get("customerIdentifier"), "CustomerIdentifier")
    facility = _identified(lists, "facilities", owners.get("facilityIdentifier"), "FacilityIdentifier")
    reference = body.get("referenceNum")
    if not isinstance(reference, str) or not reference:
        raise bad_model("Required", "ReferenceNum")
    _refuse_twice(lists, reference, customer["id"], number)
    lines = body.get("receiveItems")
    if not isinstance(lines, list) or not lines:
        raise bad_model("Required", "ReceiveItems")
    return {
        "readOnly": {"customerIdentifier": customer, "facilityIdentifier": facility},
        "referenceNum": reference,
        **{name: body[name] for name in _HEADER if body.get(name) is not None},
        **{name: _date(body[name], name) for name in _DATES if body.get(name) is not None},
        "_embedded": {RECEIVE_ITEM: [_line(lists, each, number * 1000 + place) for place, each in enumerate(lines)]},
    }


def _identified(lists: Lists, collection: str, identifier: Any, name: str) -> Record:
    key = identifier.get("id") if isinstance(identifier, dict) else None
    if key is None:
        raise bad_model("Required", name)
    found = lists[collection].get(key)
    if found is None:
        raise bad_model("DoesNotExist", name, value=key)
    told: str | None = found.get("name") or found.get("companyInfo", {}).get("companyName")
    return {"name": told, "id": key}


def _refuse_twice(lists: Lists, reference: str, customer: int, number: int) -> None:
    for each in lists["receivers"].records():
        own = each["readOnly"]
        same = each["referenceNum"] == reference and own["customerIdentifier"]["id"] == customer
        if same and own["receiverId"] != number:
            raise bad_model("Duplicate", "ReferenceNum", value=reference)


def _date(text: Any, name: str) -> str:
    try:
        moment(str(text))
    except (Refusal, ValueError) as problem:
        raise bad_model("NotParsable", name[:1].upper() + name[1:]) from problem
    return str(text)


def _line(lists: Lists, line: Any, line_id: int) -> Record:
    told: Record = line if isinstance(line, dict) else {}
    quantity = told.get("qty")
    if isinstance(quantity, bool) or not isinstance(quantity, int | float):
        raise bad_model("Required", "ReceiveItems.Qty")
    if quantity <= 0:
        raise bad_model("ValueNotSupported", "ReceiveItems.Qty", value=quantity)
    own = {"receiveItemId": line_id, "unitIdentifier": EACH, **(told.get("readOnly") or {})}
    kept: Record = {name: told[name] for name in ("externalId", "lotNumber", "expirationDate", "cost") if name in told}
    supplier = told.get("supplierIdentifier")
    return {
        "readOnly": own,
        "itemIdentifier": _item(lists, told.get("itemIdentifier")),
        "qualifier": told.get("qualifier") or "",
        "qty": float(quantity),
        **kept,
        **({"supplierIdentifier": supplier} if supplier else {}),
    }


def _item(lists: Lists, identifier: Any) -> Record:
    """The item by its id, which wins, or by its SKU."""
    told: Record = identifier if isinstance(identifier, dict) else {}
    if told.get("id") is not None:
        name, field, value = "Id", "itemId", told["id"]
    elif told.get("sku") is not None:
        name, field, value = "Sku", "sku", told["sku"]
    else:
        raise bad_model("Required", "ReceiveItems.ItemIdentifier")
    found = next((item for item in lists["items"].records() if item[field] == value), None)
    if found is None:
        raise bad_model("DoesNotExist", f"ReceiveItems.ItemIdentifier.{name}", value=value)
    return {"sku": found["sku"], "id": found["itemId"]}
