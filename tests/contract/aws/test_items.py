"""Single items: what is kept, what is refused, what a failed condition says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.aws.backends import Dynamo
from tests.contract.aws.deviations import on

KEY = {"pk": {"S": "p"}, "sk": {"S": "s"}}
MANY = 410_000


def test_an_item_comes_back_as_it_was_put(dynamo: Dynamo) -> None:
    item = {
        **KEY,
        "text": {"S": "grün 🌲"},
        "empty": {"S": ""},
        "nothing": {"NULL": True},
        "yes": {"BOOL": True},
        "list": {"L": [{"S": "a"}, {"N": "1"}, {"L": []}]},
        "map": {"M": {"inner": {"M": {"deep": {"N": "-12"}}}, "none": {"M": {}}}},
    }

    dynamo.put(**item)

    assert dynamo.get() == item


def test_a_missing_item_is_an_answer_without_one(dynamo: Dynamo) -> None:
    assert dynamo.get() is None


def test_a_second_put_replaces_the_whole_item(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, a={"N": "1"}, b={"N": "2"})

    dynamo.put(**KEY, a={"N": "3"})

    assert dynamo.get() == {**KEY, "a": {"N": "3"}}


NUMBERS = {"2.50": "2.5", "1E3": "1000", "0.0": "0", "-0": "0", "007": "7", "12E-4": "0.0012", "-5": "-5"}


def test_numbers_come_back_without_what_says_nothing(dynamo: Dynamo) -> None:
    for place, number in enumerate(NUMBERS):
        dynamo.put(pk={"S": "p"}, sk={"S": str(place)}, n={"N": number})

    found = [(dynamo.get(sk=str(place)) or {})["n"]["N"] for place in range(len(NUMBERS))]

    assert found == on(dynamo.backend, "numbers are trimmed", list(NUMBERS.values()))


NO_NUMBERS = ["1" * 39, "1E126", "1E-131", "NaN", "Infinity", "one", ""]


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_a_number_that_cannot_be_held_is_refused(dynamo: Dynamo, number: str) -> None:
    outcome = dynamo.outcome("PutItem", Item={**KEY, "n": {"N": number}})

    assert outcome == on(dynamo.backend, f"the number {number[:6]} is refused", "ValidationException")


FLAWS: dict[str, dict[str, Any]] = {
    "an empty partition key": {"pk": {"S": ""}, "sk": {"S": "s"}},
    "an empty sort key": {"pk": {"S": "p"}, "sk": {"S": ""}},
    "no sort key": {"pk": {"S": "p"}},
    "a number as a key": {"pk": {"N": "1"}, "sk": {"S": "s"}},
    "a partition key of 2049 bytes": {"pk": {"S": "p" * 2049}, "sk": {"S": "s"}},
    "a sort key of 1025 bytes": {"pk": {"S": "p"}, "sk": {"S": "s" * 1025}},
    "an empty key of an index": {**KEY, "_sku_pk": {"S": ""}},
    "a number as a key of an index": {**KEY, "_sku_pk": {"N": "1"}},
    "more than 400 KB": {**KEY, "a": {"S": "x" * MANY}},
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_an_item_with_a_flaw_is_refused(dynamo: Dynamo, flaw: str) -> None:
    item = FLAWS[flaw]

    one = dynamo.outcome("PutItem", Item=item)
    batch = dynamo.batch_outcome("BatchWriteItem", {dynamo.records: [{"PutRequest": {"Item": item}}]})

    assert one == on(dynamo.backend, f"{flaw} is refused", "ValidationException")
    assert batch == on(dynamo.backend, f"{flaw} is refused in a batch", "ValidationException")


def test_keys_may_be_as_long_as_the_limits(dynamo: Dynamo) -> None:
    assert dynamo.outcome("PutItem", Item={"pk": {"S": "p" * 2048}, "sk": {"S": "s" * 1024}}) == "accepted"


def test_an_item_of_400_kb_is_kept(dynamo: Dynamo) -> None:
    outcome = dynamo.outcome("PutItem", Item={**KEY, "a": {"S": "x" * (400 * 1024 - 7)}})

    assert outcome == on(dynamo.backend, "400 KB are kept", "accepted")


def test_the_measure_of_an_item_is_bytes_and_names_count(dynamo: Dynamo) -> None:
    outcome = dynamo.outcome("PutItem", Item={**KEY, "a": {"S": "ü" * 200 * 1024}})

    assert outcome == on(dynamo.backend, "size counts bytes of UTF-8", "ValidationException")


def test_a_put_on_condition_that_there_is_none_is_refused_with_the_item_that_is_there(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, a={"N": "1"})

    refused = dynamo.refusal(
        "PutItem",
        Item={**KEY, "a": {"N": "2"}},
        ConditionExpression="attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )

    assert refused is not None
    assert refused.code == "ConditionalCheckFailedException"
    assert json.loads(refused.body)["Item"] == {**KEY, "a": {"N": "1"}}
    assert dynamo.get() == {**KEY, "a": {"N": "1"}}


def test_a_failed_condition_shows_the_item_only_where_it_was_asked_for(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, a={"N": "1"})

    refused = dynamo.refusal("PutItem", Item=KEY, ConditionExpression="attribute_not_exists(pk)")

    assert refused is not None
    assert "Item" not in json.loads(refused.body)


def test_a_failed_condition_on_nothing_shows_no_item(dynamo: Dynamo) -> None:
    refused = dynamo.refusal(
        "PutItem",
        Item=KEY,
        ConditionExpression="attribute_exists(pk)",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )

    assert refused is not None
    assert refused.code == "ConditionalCheckFailedException"
    assert "Item" not in json.loads(refused.body)


def test_a_put_gives_back_the_old_item_where_it_was_asked_for(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, a={"N": "1"})

    answer = dynamo.do("PutItem", Item={**KEY, "a": {"N": "2"}}, ReturnValues="ALL_OLD")

    assert answer["Attributes"] == {**KEY, "a": {"N": "1"}}


def test_a_delete_on_condition_leaves_another_version_alone(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, a={"N": "1"})
    condition: Any = {"ConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": {"N": "2"}}}

    refused = dynamo.outcome("DeleteItem", Key=KEY, **condition)
    left = dynamo.get()
    dynamo.do("DeleteItem", Key=KEY)

    assert refused == "ConditionalCheckFailedException"
    assert left is not None
    assert dynamo.get() is None


def test_deleting_what_is_not_there_is_accepted(dynamo: Dynamo) -> None:
    assert dynamo.outcome("DeleteItem", Key=KEY) == "accepted"


def test_a_read_can_ask_for_parts_of_an_item(dynamo: Dynamo) -> None:
    dynamo.put(**KEY, a={"N": "1"}, m={"M": {"x": {"N": "2"}, "y": {"N": "3"}}})

    answer = dynamo.do("GetItem", Key=KEY, ProjectionExpression="a, m.y, gone")

    assert answer["Item"] == {"a": {"N": "1"}, "m": {"M": {"y": {"N": "3"}}}}


def test_a_key_with_more_than_the_key_is_refused(dynamo: Dynamo) -> None:
    outcome = dynamo.outcome("GetItem", Key={**KEY, "a": {"S": "x"}})

    assert outcome == on(dynamo.backend, "a key is the key and nothing else", "ValidationException")


def test_an_unknown_table_is_a_resource_that_is_not_found(dynamo: Dynamo) -> None:
    assert dynamo.outcome("GetItem", "nowhere", Key=KEY) == "ResourceNotFoundException"
    assert dynamo.batch_outcome("BatchGetItem", {"nowhere": {"Keys": [KEY]}}) == "ResourceNotFoundException"


def test_a_table_tells_when_it_was_made(dynamo: Dynamo) -> None:
    first = dynamo.do("DescribeTable")["Table"]
    again = dynamo.do("DescribeTable")["Table"]

    assert first["TableName"] == dynamo.records
    assert first["CreationDateTime"] == again["CreationDateTime"]
