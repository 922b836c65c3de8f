"""Conditions: which ones hold for one and the same item."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.contract.aws.backends import Dynamo
from tests.contract.aws.deviations import on

KEY = {"pk": {"S": "p"}, "sk": {"S": "s"}}
ITEM: dict[str, Any] = {
    **KEY,
    "one": {"N": "1"},
    "ten": {"N": "10"},
    "half": {"N": "0.5"},
    "word": {"S": "wort"},
    "digits": {"S": "10"},
    "yes": {"BOOL": True},
    "nothing": {"NULL": True},
    "seq": {"L": [{"N": "1"}, {"S": "b"}]},
    "part": {"M": {"n": {"N": "7"}, "deep": {"M": {"t": {"S": "x"}}}}},
}
VALUES: dict[str, Any] = {
    ":one": {"N": "1"},
    ":two": {"N": "2"},
    ":ten": {"N": "10"},
    ":text_ten": {"S": "10"},
    ":w": {"S": "w"},
    ":wort": {"S": "wort"},
    ":x": {"S": "x"},
    ":b": {"S": "b"},
    ":yes": {"BOOL": True},
    ":null": {"NULL": True},
    ":seven": {"N": "7"},
    ":seq": {"L": [{"N": "1"}, {"S": "b"}]},
    ":S": {"S": "S"},
}
HOLDS = [
    "one = :one",
    "one <> :two",
    "one < ten",
    "ten > one",
    "ten >= :ten AND ten <= :ten",
    "half < one",
    "word > :w",
    "one <> :text_ten",
    "gone <> :one",
    "NOT gone = :one",
    "yes = :yes",
    "nothing = :null",
    "seq = :seq",
    "seq[0] = :one",
    "part.n = :seven",
    "part.deep.t = :x",
    "attribute_exists(one)",
    "attribute_exists(nothing)",
    "attribute_exists(part.deep)",
    "attribute_not_exists(part.gone)",
    "attribute_not_exists(gone.n)",
    "attribute_type(word, :S)",
    "begins_with(word, :w)",
    "contains(word, :w)",
    "contains(seq, :b)",
    "size(word) > :two",
    "size(seq) = :two",
    "one BETWEEN :one AND :two",
    "one IN (:two, :one)",
    "NOT one IN (:two, :ten)",
    "gone = :one OR one = :one",
    "one = :one OR gone = :one AND gone = :two",
    "(one = :one OR gone = :one) AND ten = :ten",
    "NOT (one = :two OR ten = :two)",
    "attribute_not_exists(gone) OR gone < :one",
]
FAILS = [
    "one = :two",
    "one <> :one",
    "ten < one",
    "digits = :ten",
    "digits > :one",
    "gone = :one",
    "gone < :one",
    "gone = :null",
    "gone <> gone AND one = :two",
    "NOT one = :one",
    "seq[5] = :one",
    "part.gone = :one",
    "attribute_exists(gone)",
    "attribute_not_exists(nothing)",
    "attribute_not_exists(part.n)",
    "attribute_type(one, :S)",
    "begins_with(one, :w)",
    "begins_with(gone, :w)",
    "contains(seq, :x)",
    "size(gone) = :one",
    "ten BETWEEN :one AND :two",
    "gone BETWEEN :one AND :two",
    "gone IN (:one)",
    "one = :one AND ten = :two",
    "(one = :one OR gone = :one) AND ten = :two",
]
FLAWED = [
    "one",
    "one =",
    "one = :one AND",
    "one == :one",
    "one = :one one = :one",
    "(one = :one",
    "_one = :one",
    "unknown_function(one)",
    "attribute_exists(:one)",
    "one IN ()",
    "AND one = :one",
]


def outcome(dynamo: Dynamo, condition: str) -> str:
    dynamo.put(**ITEM)
    used = {name: VALUES[name] for name in re.findall(r":\w+", condition)}
    given: Any = {"ExpressionAttributeValues": used} if used else {}
    return dynamo.outcome("DeleteItem", Key=KEY, ConditionExpression=condition, **given)


@pytest.mark.parametrize("condition", HOLDS)
def test_a_condition_holds(dynamo: Dynamo, condition: str) -> None:
    assert outcome(dynamo, condition) == on(dynamo.backend, condition, "accepted")


@pytest.mark.parametrize("condition", FAILS)
def test_a_condition_fails(dynamo: Dynamo, condition: str) -> None:
    assert outcome(dynamo, condition) == on(dynamo.backend, condition, "ConditionalCheckFailedException")


@pytest.mark.parametrize("condition", FLAWED)
def test_a_condition_that_cannot_be_read_is_refused(dynamo: Dynamo, condition: str) -> None:
    assert outcome(dynamo, condition) == on(dynamo.backend, condition, "ValidationException")


def test_on_an_item_that_is_not_there_every_attribute_is_missing(dynamo: Dynamo) -> None:
    missing = dynamo.outcome("DeleteItem", Key=KEY, ConditionExpression="attribute_not_exists(pk)")
    there = dynamo.outcome("DeleteItem", Key=KEY, ConditionExpression="attribute_exists(pk)")

    assert (missing, there) == ("accepted", "ConditionalCheckFailedException")
