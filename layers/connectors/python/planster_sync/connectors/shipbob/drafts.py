"""What a receiving order must look like: bodies of POST and PATCH /receiving. Pure; no HTTP.

A box and its contents are what ShipBob knows: a draft without boxes becomes one box that holds every line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planster_sync.connectors.shipbob.refusals import because
from planster_sync.model.record import Quantity
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft

Box = dict[str, Any]

PACKAGE_TYPE = "Package"
PACKING = "EverythingInOneBox"
"""How a draft without boxes is announced (assumption: pallets and containers are not told apart)."""

_KEPT = ("inventory_id", "sku", "quantity", "lot_number", "lot_date")
"""What a box's item keeps when the boxes are sent anew; the rest is what the warehouse found."""


def new_order(draft: InboundShipmentDraft) -> dict[str, Any]:
    """The body of a new order. Its one box carries the tracking number, or else our reference.

    Raises:
        WriteRefused: something that ShipBob does not take.
    """
    if "," in draft.reference:
        raise because("a purchase order's number must hold no comma, or it could not be found again")
    if len(draft.tracking_numbers) > 1:
        raise because("each of several tracking numbers needs a box of its own, with what is in it")
    tracking = next(iter(draft.tracking_numbers), draft.reference)
    return {
        "fulfillment_center": {"id": _number(draft.warehouse_id, "the warehouse is not one of ShipBob's")},
        "package_type": PACKAGE_TYPE,
        "box_packaging_type": PACKING,
        "expected_arrival_date": draft.expected_at,
        "purchase_order_number": draft.reference,
        "boxes": [{"tracking_number": tracking, "box_items": [_item(line) for line in draft.lines]}],
    }


def changed_order(change: InboundShipmentChange, boxes: Sequence[Mapping[str, Any]], skus: Mapping[str, int]) -> Box:
    """The body of a change, of which only what is named changes; boxes are sent whole.

    `skus` are the order's stock items by SKU.

    Raises:
        WriteRefused: something that ShipBob does not take.
    """
    body: dict[str, Any] = {}
    if change.expected_at is not None:
        body["expected_arrival_date"] = change.expected_at
    if change.lines is not None or change.tracking_numbers is not None:
        kept = [_kept(box) for box in boxes]
        for line in change.lines or ():
            _place(line, kept, skus)
        if change.tracking_numbers is not None:
            _track(change.tracking_numbers, kept)
        body["boxes"] = kept
    return body


def _kept(box: Mapping[str, Any]) -> Box:
    items = [{name: item[name] for name in _KEPT if item.get(name) is not None} for item in box["box_items"] or ()]
    return {"tracking_number": box["tracking_number"], "box_items": items}


def _place(line: DraftLine, boxes: list[Box], skus: Mapping[str, int]) -> None:
    """Gives a line its new quantity where it lies, or adds it to the first box."""
    item = _item(line)
    if "inventory_id" not in item and item["sku"] in skus:
        item = {"inventory_id": skus[item["sku"]], "quantity": item["quantity"]}
    found = [each for box in boxes for each in box["box_items"] if _same(each, item)]
    if len(found) > 1:
        raise because("an item lies in several boxes, so that it is not clear which of them changes")
    if found:
        found[0]["quantity"] = item["quantity"]
    elif boxes:
        boxes[0]["box_items"].append(item)
    else:
        raise because("it has no box to which an item could be added")


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    name = "inventory_id" if "inventory_id" in other else "sku"
    return bool(one.get(name) == other[name])


def _track(numbers: Sequence[str], boxes: list[Box]) -> None:
    if len(numbers) != len(boxes):
        raise because(f"it has {len(boxes)} boxes, each with one tracking number")
    for number, box in zip(numbers, boxes, strict=True):
        box["tracking_number"] = number


def _item(line: DraftLine) -> dict[str, Any]:
    quantity = _pieces(line.quantity)
    if line.inventory_item_id is not None:
        return {
            "inventory_id": _number(line.inventory_item_id, "an item is not one of ShipBob's"),
            "quantity": quantity,
        }
    if line.sku is None:
        raise because("a line names no item")
    return {"sku": line.sku, "quantity": quantity}


def _pieces(quantity: Quantity) -> int:
    if quantity != int(quantity) or quantity < 1:
        raise because("a quantity is not a whole number of at least one")
    return int(quantity)


def _number(text: str | None, reason: str) -> int:
    if text is None or not (text.isascii() and text.isdecimal()):
        raise because(reason)
    return int(text)
