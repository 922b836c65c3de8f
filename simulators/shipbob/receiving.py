"""Receiving orders written: POST as the 2026-01 and 2026-07 pages have it, PATCH as the 2026-07 page has it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulators.business.lists import Lists
from simulators.business.spec import Record
from simulators.serving.exchange import Refusal, Request, refusal
from simulators.shipbob.inflow import BOXES, LABELLED, quantities
from simulators.shipbob.questions import problem
from simulators.shipbob.words import BOX, moment_of

OLD = "2026-01"
MOST_ITEMS = 10_000
_NEW = ("fulfillment_center", "package_type", "box_packaging_type", "expected_arrival_date", "boxes")
_MAY = ("purchase_order_number", "freight", "final_destination_fulfillment_center_id")
_CHANGED = ("fulfillment_center", "expected_arrival_date", "boxes", "purchase_order_number")
_WORDS = {
    "package_type": {"Package", "Pallet", "FloorLoadedContainer"},
    "box_packaging_type": {"EverythingInOneBox", "OneSkuPerBox", "MultipleSkuPerBox"},
}


@dataclass
class Complaints:
    """What is wrong with a body, by field; refused as the version does it."""

    version: str
    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, message: str) -> None:
        self.found.setdefault(name, []).append(message)

    def settle(self) -> None:
        """Raises the refusal where there is anything to complain of."""
        if self.found:
            raise self.refused()

    def refused(self) -> Refusal:
        if self.version == OLD:
            return refusal(400, self.found)
        return problem(422, "One or more validation errors occurred.", "See errors.", self.found)


def create_order(lists: Lists, request: Request, now: datetime, version: str) -> Record:
    """A new order, awaiting arrival."""
    complaints = Complaints(version)
    body = _new(request, complaints)
    centre, arrival = (
        _centre(lists, body["fulfillment_center"]),
        _arrival(body["expected_arrival_date"], now, complaints),
    )
    order_id = lists.next_number("receiving")
    boxes = _boxes(lists, body["boxes"], order_id, complaints)
    complaints.settle()
    stamp = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    order = {
        "id": order_id,
        "status": "Awaiting",
        "purchase_order_number": body.get("purchase_order_number"),
        "package_type": body["package_type"],
        "box_packaging_type": body["box_packaging_type"],
        "expected_arrival_date": arrival,
        "insert_date": stamp,
        "last_updated_date": stamp,
        "external_sync_timestamp": None,
        "box_labels_uri": f"/{version}/receiving/{order_id}/labels",
        "fulfillment_center": centre,
        "inventory_quantities": quantities(boxes, _skus(lists, boxes)),
        "status_history": [{"id": 1, "status": "Awaiting", "timestamp": stamp}],
        BOXES: boxes,
        LABELLED: False,
    }
    lists["receiving"].put(order, now)
    return _again(lists, order_id)


def _new(request: Request, complaints: Complaints) -> dict[str, Any]:
    """A body with everything that a new order must have."""
    body = _body(request, complaints, {*_NEW, *_MAY})
    for name in _NEW:
        if body.get(name) is None:
            complaints.add(name, f"The {name} field is required.")
    for name, known in _WORDS.items():
        if body.get(name) is not None and body[name] not in known:
            complaints.add(name, f"The value '{body[name]}' is not valid.")
    complaints.settle()
    return body


def change_order(lists: Lists, order_id: str, request: Request, now: datetime) -> Record:
    """An order with what the body names changed; boxes are replaced as a whole."""
    complaints = Complaints("")
    body = _body(request, complaints, set(_CHANGED))
    complaints.settle()
    order = lists["receiving"].get(order_id) or {}
    _permit(order, body)
    if body.get("expected_arrival_date") is not None:
        order["expected_arrival_date"] = _arrival(body["expected_arrival_date"], now, complaints)
    if body.get("fulfillment_center") is not None:
        order["fulfillment_center"] = _centre(lists, body["fulfillment_center"])
    if body.get("boxes") is not None:
        order[BOXES] = _boxes(lists, body["boxes"], order["id"], complaints)
        order["inventory_quantities"] = quantities(order[BOXES], _skus(lists, order[BOXES]))
    if "purchase_order_number" in body:
        order["purchase_order_number"] = body["purchase_order_number"]
    complaints.settle()
    lists["receiving"].put(order, now)
    return _again(lists, order["id"])


def _again(lists: Lists, order_id: int) -> Record:
    return lists["receiving"].get(order_id) or {}


def _permit(order: Record, body: Mapping[str, Any]) -> None:
    """Only the number may change once it arrives, nothing once it is complete."""
    later = {name for name in body if name != "purchase_order_number"}
    if order["status"] == "Completed":
        raise problem(422, "Unprocessable Entity", "The receiving order is complete and cannot be changed.")
    if later and (order["status"] != "Awaiting" or any(box["box_status"] != "Awaiting" for box in order[BOXES])):
        raise problem(
            422, "Unprocessable Entity", "The receiving order can only be changed while it is awaiting arrival."
        )
    if later and order[LABELLED]:
        raise problem(422, "Unprocessable Entity", "Shipping labels were generated for this receiving order.")


def _body(request: Request, complaints: Complaints, known: set[str]) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        complaints.add("", "A non-empty request body is required.")
        raise complaints.refused()
    for name in body:
        if name not in known:
            complaints.add(name, f"The property {name} is not allowed.")
    return body


def _centre(lists: Lists, told: Any) -> Record:
    """The centre's own row (404 where it is none of the merchant's)."""
    wanted = told.get("id") if isinstance(told, dict) else None
    found = next((each["centre"] for each in lists["centres"].records() if each["id"] == wanted), None)
    if found is None:
        raise problem(404, "Not Found", f"Fulfillment center {wanted} was not found.")
    return dict(found)


def _arrival(text: Any, now: datetime, complaints: Complaints) -> str:
    name = "expected_arrival_date"
    try:
        moment = moment_of(text) if isinstance(text, str) and "T" in text else None
    except ValueError:
        moment = None
    if moment is None:
        complaints.add(name, "The value is not a valid date-time.")
    elif moment <= now:
        complaints.add(name, "Arrival date must be in the future.")
    return str(text)


def _boxes(lists: Lists, told: Any, order_id: int, complaints: Complaints) -> list[Record]:
    if not isinstance(told, list) or not told:
        complaints.add("boxes", "At least one box is required.")
        return []
    made = [_box(lists, box, order_id, place, complaints) for place, box in enumerate(told)]
    if len({item["inventory_id"] for box in made for item in box["box_items"]}) > MOST_ITEMS:
        raise problem(422, "Unprocessable Entity", "WRO_UNIQUE_SKU_LIMIT_EXCEEDED")
    return made


def _box(lists: Lists, told: Any, order_id: int, place: int, complaints: Complaints) -> Record:
    box = told if isinstance(told, dict) else {}
    if not box.get("tracking_number"):
        complaints.add(f"boxes[{place}].tracking_number", "The tracking_number field is required.")
    items = box.get("box_items") or []
    if not items:
        complaints.add(f"boxes[{place}].box_items", "At least one item is required.")
    return {
        "box_id": BOX + order_id * 10 + place,
        "box_number": place + 1,
        "box_status": "Awaiting",
        "tracking_number": box.get("tracking_number"),
        "arrived_date": None,
        "received_date": None,
        "counting_started_date": None,
        "box_items": [
            _item(lists, item, f"boxes[{place}].box_items[{at}]", complaints) for at, item in enumerate(items)
        ],
    }


def _item(lists: Lists, told: Mapping[str, Any], path: str, complaints: Complaints) -> Record:
    by_sku = {record["sku"]: record["inventory_id"] for record in lists["stock"].records() if record["sku"]}
    item = told.get("inventory_id")
    if item is None and complaints.version != OLD:
        item = by_sku.get(told.get("sku"))
    if item is None or lists["stock"].get(item) is None:
        complaints.add(f"{path}.inventory_id", "The inventory item does not exist.")
    quantity = told.get("quantity")
    if not isinstance(quantity, int) or quantity < 1:
        complaints.add(f"{path}.quantity", "The field quantity must be at least 1.")
    for name in told.keys() - {"inventory_id", "sku", "quantity", "lot_number", "lot_date"}:
        complaints.add(f"{path}.{name}", f"The property {name} is not allowed.")
    lot = {"lot_number": told.get("lot_number"), "lot_date": told.get("lot_date")}
    return {"inventory_id": item, "quantity": quantity, "received_quantity": 0, "stowed_quantity": 0, **lot}


def _skus(lists: Lists, boxes: Sequence[Record]) -> dict[int, str | None]:
    wanted = {item["inventory_id"] for box in boxes for item in box["box_items"] if item["inventory_id"] is not None}
    found = {item: lists["stock"].get(item) for item in wanted}
    return {item: record["sku"] for item, record in found.items() if record is not None}
