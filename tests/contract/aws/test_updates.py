"""Updates: what they write, in which order they read, what they refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.aws.backends import Dynamo
from tests.contract.aws.deviations import on

KEY = {"pk": {"S": "p"}, "sk": {"S": "s"}}
ONE = {"N": "1"}
MAP = {"M": {"x": ONE, "list": {"L": [{"S": "a"}, {"S": "b"}]}}}


def updated(dynamo: Dynamo, expression: str, values: dict[str, Any] | None = None, **more: Any) -> Any:
    """The item after an update of the one item, without its key."""
    given: Any = {"ExpressionAttributeValues": values} if values else {}
    answer = dynamo.do("UpdateItem", Key=KEY, UpdateExpression=expression, ReturnValues="ALL_NEW", **given, **more)
    assert answer["Attributes"] == dynamo.get()
    return {name: value for name, value in answer["Attributes"].items() if name not in KEY}


def test_one_update_sets_removes_and_adds(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, a=ONE, b=ONE, n=ONE)

    after = updated(dynamo, "SET a = :two REMOVE b ADD n :two, m :two", {":two": {"N": "2"}})

    assert after == {"a": {"N": "2"}, "n": {"N": "3"}, "m": {"N": "2"}}


def test_an_update_of_nothing_makes_the_item(dynamo: Dynamo) -> None:
    assert updated(dynamo, "SET a = :a", {":a": ONE}) == {"a": ONE}


def test_every_operand_is_read_before_anything_is_written(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, a={"S": "left"}, b={"S": "right"}, n=ONE)

    after = updated(dynamo, "SET a = b, b = a, was = if_not_exists(n, :no) REMOVE n", {":no": {"NULL": True}})

    assert after == {"a": {"S": "right"}, "b": {"S": "left"}, "was": ONE}


def test_a_default_stands_in_for_what_is_missing(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, a=ONE)

    after = updated(dynamo, "SET b = if_not_exists(b, :no), a = if_not_exists(a, :no)", {":no": {"NULL": True}})

    assert after == {"a": ONE, "b": {"NULL": True}}


def test_numbers_are_added_and_taken_away_exactly(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, a={"N": "0.1"}, b={"N": "5"}, big={"N": "1772330400123456"})

    after = updated(
        dynamo, "SET a = a + :fifth, b = b - :ten ADD big :ten", {":fifth": {"N": "0.2"}, ":ten": {"N": "10"}}
    )

    assert after == {"a": {"N": "0.3"}, "b": {"N": "-5"}, "big": {"N": "1772330400123466"}}


def test_lists_are_appended(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, l={"L": [ONE]})

    after = updated(dynamo, "SET l = list_append(l, :more)", {":more": {"L": [{"N": "2"}]}})

    assert after == {"l": {"L": [ONE, {"N": "2"}]}}


def test_parts_of_maps_and_lists_are_set_and_removed(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, m=MAP)

    after = updated(
        dynamo,
        "SET m.y = :v, #m.#list[1] = :v, m.z = m.x REMOVE m.x",
        {":v": {"S": "new"}},
        ExpressionAttributeNames={"#m": "m", "#list": "list"},
    )

    list_after = {"L": [{"S": "a"}, {"S": "new"}]}
    assert after == {"m": {"M": {"y": {"S": "new"}, "z": ONE, "list": list_after}}}


def test_a_name_is_replaced_whole_dots_and_all(dynamo: Dynamo) -> None:
    after = updated(dynamo, "SET #odd = :v", {":v": ONE}, ExpressionAttributeNames={"#odd": "a.b #c"})

    assert after == {"a.b #c": ONE}


def test_removing_what_is_not_there_changes_nothing(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, a=ONE)

    assert updated(dynamo, "REMOVE b, c") == {"a": ONE}


def test_a_failed_condition_leaves_the_item_and_shows_it(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, a=ONE)

    refused = dynamo.refusal(
        "UpdateItem",
        Key=KEY,
        UpdateExpression="SET a = :two",
        ConditionExpression="a = :two",
        ExpressionAttributeValues={":two": {"N": "2"}},
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )

    assert refused is not None
    assert refused.code == "ConditionalCheckFailedException"
    assert json.loads(refused.body)["Item"] == {**KEY, "a": ONE} == dynamo.get()


def test_an_update_that_makes_an_item_too_large_is_refused(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, a={"S": "x" * 300_000})

    outcome = dynamo.outcome(
        "UpdateItem",
        Key=KEY,
        UpdateExpression="SET b = :b",
        ExpressionAttributeValues={":b": {"S": "x" * 150_000}},
    )

    assert outcome == on(dynamo.backend, "an update may not pass 400 KB", "ValidationException")


FLAWS: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "a part of a map that is missing": ("SET gone.x = :v", {}, {":v": ONE}),
    "a part of what is no map": ("SET n.x = :v", {}, {":v": ONE}),
    "an operand that is missing": ("SET a = gone", {}, {}),
    "adding to text": ("ADD t :v", {}, {":v": ONE}),
    "a sum with text": ("SET a = t + :v", {}, {":v": ONE}),
    "a changed key": ("SET sk = :v", {}, {":v": {"S": "x"}}),
    "a removed key": ("REMOVE sk", {}, {}),
    "the same path twice": ("SET a = :v, a = :v", {}, {":v": ONE}),
    "a path within a path": ("SET m = :v REMOVE m.x", {}, {":v": ONE}),
    "the same clause twice": ("SET a = :v SET b = :v", {}, {":v": ONE}),
    "an unused value": ("SET a = :v", {}, {":v": ONE, ":w": ONE}),
    "an unused name": ("SET a = :v", {"#w": "w"}, {":v": ONE}),
    "an undefined value": ("SET a = :w", {}, {":v": ONE}),
    "an undefined name": ("SET #a = :v", {}, {":v": ONE}),
    "a bare name that begins with an underscore": ("SET _a = :v", {}, {":v": ONE}),
    "a reserved word": ("SET name = :v", {}, {":v": ONE}),
    "a clause without an end": ("SET a = ", {}, {}),
    "an unknown clause": ("PUT a = :v", {}, {":v": ONE}),
    "an empty expression": ("", {}, {}),
    "an empty key of an index": ("SET #s = :v", {"#s": "_sku_pk"}, {":v": {"S": ""}}),
    "a number as a key of an index": ("SET #s = :v", {"#s": "_sku_pk"}, {":v": ONE}),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_an_update_with_a_flaw_is_refused_and_writes_nothing(dynamo: Dynamo, flaw: str) -> None:
    expression, names, values = FLAWS[flaw]
    before = {**KEY, "n": ONE, "t": {"S": "text"}, "m": MAP}
    dynamo.put(**before)

    given: Any = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
    given = {name: what for name, what in given.items() if what}
    outcome = dynamo.outcome("UpdateItem", Key=KEY, UpdateExpression=expression, **given)

    assert outcome == on(dynamo.backend, f"an update with {flaw} is refused", "ValidationException")
    assert outcome == "accepted" or dynamo.get() == before
