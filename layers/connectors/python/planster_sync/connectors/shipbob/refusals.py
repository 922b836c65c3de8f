"""Why ShipBob did not take a receiving order, in a planner's words.

Its error bodies have several shapes (errors page): problem documents, objects of lists by field, lists, bare texts.
Field names, codes and sentences in them are searched for what is known; nothing of them is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from planster_sync.errors import WriteRefused

_REASONS: tuple[tuple[str, str], ...] = (
    (r"UNIQUE_SKU_LIMIT|10,?000", "more than 10,000 different items are on it"),
    (r"labels?\b", "shipping labels have been made for it at ShipBob"),
    (r"awaiting|no longer|already|started|cannot be (changed|edited|updated)", "it is no longer awaiting arrival"),
    (r"arrival.?date", "the arrival date must lie in the future"),
    (r"fulfillment.?center", "ShipBob does not know the warehouse, or it takes no deliveries"),
    (r"lot.?(number|date)|\blots?\b", "an item that is tracked by lot needs its lot's number and date"),
    (r"quantity", "a quantity is not a whole number of at least one"),
    (r"tracking", "a tracking number is missing or not accepted"),
    (r"inventory|sku|bundle|product", "ShipBob does not know an item, or cannot receive it"),
    (r"purchase.?order", "the purchase order's number is not accepted"),
    (r"box", "its boxes are not accepted"),
)
"""The most telling first (assumption: the vendor lists its codes and messages nowhere)."""

_UNTOLD = frozenset({"type", "title", "status", "statuscode", "instance", "traceid", "stacktrace"})
UNKNOWN = "it gave no reason that we know"


def refused(body: bytes) -> WriteRefused:
    """The refusal that an error body stands for."""
    told = "\n".join(_texts(_read(body)))
    return because(next((ours for theirs, ours in _REASONS if re.search(theirs, told, re.IGNORECASE)), UNKNOWN))


def because(reason: str) -> WriteRefused:
    return WriteRefused(f"ShipBob does not take the inbound shipment: {reason}.")


def _read(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return body.decode("utf-8", "replace")


def _texts(node: Any) -> Iterator[str]:
    """Every text, and the names of fields that are complained of."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        for name, each in node.items():
            if name.lower() not in _UNTOLD:
                yield name
                yield from _texts(each)
