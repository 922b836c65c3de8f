"""What DynamoDB makes sure of before it writes an item, and how it says no."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import msgspec

from planster_sync.wire.endpoint import Refused
from tests.fakes.simulated_plans import Plan, plan_of
from tests.fakes.simulated_reader import Malformed
from tests.fakes.simulated_tables import LONGEST_PARTITION_KEY, LONGEST_SORT_KEY, Place, Table, TableLayout
from tests.fakes.simulated_values import Item, size

LARGEST_ITEM = 400 * 1024

Request = dict[str, Any]

_PREFIX = "com.amazonaws.dynamodb.v20120810#"
encode = msgspec.json.Encoder().encode


class Call(NamedTuple):
    request: Request
    length: int
    left: Collection[int]


class Unmet(Exception):
    """A condition that does not hold; `item` is what is there."""

    def __init__(self, item: Item | None) -> None:
        super().__init__("The conditional request failed")
        self.item = item


def refusal(code: str, message: str, **more: Any) -> Refused:
    """What the service answers when it says no; for hooks too."""
    return Refused(code, message, encode({"__type": _PREFIX + code, "message": message, **more}))


def unmet(request: Request, error: Unmet) -> Refused:
    wanted = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and error.item is not None
    return refusal("ConditionalCheckFailedException", str(error), **({"Item": error.item} if wanted else {}))


def cancelled(outcomes: list[tuple[Request, Any]]) -> Refused:
    reasons: list[dict[str, Any]] = []
    for action, outcome in outcomes:
        if not isinstance(outcome, Unmet):
            reasons.append({"Code": "None"})
            continue
        wanted = action.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and outcome.item is not None
        there = {"Item": outcome.item} if wanted else {}
        reasons.append({"Code": "ConditionalCheckFailed", "Message": str(outcome), **there})
    codes = ", ".join(reason["Code"] for reason in reasons)
    message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return refusal("TransactionCanceledException", message, CancellationReasons=reasons)


def prepared(kind: str, action: Request, table: Table, key: Place, length: int) -> Any:
    """What one action of a transaction would do: (item, bound), "delete", "nothing", or the condition it fails."""
    old = table.get(key)
    try:
        if kind == "Update":
            return updated(table, key, old, Call(action, length, ()))
        require(plan_of(action), action, old)
    except Unmet as unmet:
        return unmet
    if kind == "Put":
        check_item(table.layout, action["Item"])
        return action["Item"], bound_of(action["Item"], length)
    return "delete" if kind == "Delete" else "nothing"


def updated(table: Table, key: Place, old: Item | None, call: Call) -> tuple[Item, int]:
    request, layout = call.request, table.layout
    plan = plan_of(request)
    require(plan, request, old)
    base = old if old is not None else {layout.hash_key: {"S": key[0]}, layout.range_key: {"S": key[1]}}
    if plan.update is None:
        return base, table.bound(key) or call.length
    touched = plan.update.touched
    for name in (layout.hash_key, layout.range_key):
        if name in touched:
            raise Malformed(
                "One or more parameter values were invalid: "
                f"Cannot update attribute {name}. This attribute is part of the key"
            )
    new = plan.update.apply(base, request.get("ExpressionAttributeValues", {}))
    if not touched.isdisjoint(layout.index_keys):
        check_item(layout, new)
    # What is copied from another attribute is not in the request: twice the old size bounds it.
    bound = table.bound(key) * (2 if plan.update.copies else 1)
    return new, bound_of(new, bound + call.length)


def require(plan: Plan, request: Request, old: Item | None) -> None:
    condition = plan.condition
    if condition is not None and not condition(old or {}, request.get("ExpressionAttributeValues", {})):
        raise Unmet(old)


def returned(request: Request, old: Item | None, new: Item | None) -> dict[str, Any]:
    wanted = request.get("ReturnValues", "NONE")
    if wanted == "NONE":
        return {}
    if wanted not in ("ALL_NEW", "ALL_OLD"):
        raise NotImplementedError(f"the simulated DynamoDB returns no {wanted}")
    item = new if wanted == "ALL_NEW" else old
    return {} if item is None else {"Attributes": item}


def key_of(layout: TableLayout, attributes: Item, *, exact: bool) -> Place:
    """The key among attributes, or attributes that are the key and nothing else (`exact`)."""
    partition, sort = attributes.get(layout.hash_key), attributes.get(layout.range_key)
    if partition is None or sort is None or (exact and len(attributes) != 2):
        raise Malformed("The provided key element does not match the schema")
    texts = partition.get("S"), sort.get("S")
    if texts[0] is None or texts[1] is None:
        raise Malformed("One or more parameter values were invalid: Type mismatch for key")
    _check_key(layout.hash_key, texts[0], LONGEST_PARTITION_KEY)
    _check_key(layout.range_key, texts[1], LONGEST_SORT_KEY)
    return texts[0], texts[1]


def _check_key(name: str, text: str, longest: int) -> None:
    if text and len(text) * 4 <= longest:
        return
    if not text:
        raise Malformed(
            "One or more parameter values are not valid. "
            f"The AttributeValue for a key attribute cannot contain an empty string value. Key: {name}"
        )
    if len(text.encode()) > longest:
        raise Malformed(f"One or more parameter values were invalid: Size of {name} has exceeded {longest} bytes")


def check_item(layout: TableLayout, item: Item) -> None:
    """The keys of indexes, where the item has them: a sparse index does without."""
    for name, longest in layout.index_keys.items():
        value = item.get(name)
        if value is None:
            continue
        text = value.get("S")
        if text is None:
            raise Malformed(f"One or more parameter values were invalid: Type mismatch for Index Key {name}")
        _check_key(name, text, longest)


def bound_of(item: Item, at_most: int) -> int:
    """A number of bytes that the item surely does not pass. An item is never larger than the JSON that brought it."""
    if at_most <= LARGEST_ITEM:
        return at_most
    exact = size(item)
    if exact > LARGEST_ITEM:
        raise Malformed("Item size has exceeded the maximum allowed size")
    return exact


def entry_key(layout: TableLayout, entry: dict[str, Any]) -> Place:
    if "PutRequest" in entry:
        check_item(layout, entry["PutRequest"]["Item"])
        return key_of(layout, entry["PutRequest"]["Item"], exact=False)
    return key_of(layout, entry["DeleteRequest"]["Key"], exact=True)


def entry_bound(entry: dict[str, Any], length: int) -> int:
    return bound_of(entry["PutRequest"]["Item"], length) if "PutRequest" in entry else 0


def refuse_doubles(keys: list[tuple[str, Place]]) -> None:
    if len(set(keys)) < len(keys):
        raise Malformed("Provided list of item keys contains duplicates")
