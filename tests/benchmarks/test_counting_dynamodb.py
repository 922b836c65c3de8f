"""The counting DynamoDB: conditions hold or refuse as AWS says, and everything costs what AWS says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.dynamodb import DynamoDB, Limit
from benchmarks.serving import Asked
from benchmarks.tables import Usage

TABLE = {
    "TableName": "t",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_due",
            "KeySchema": [
                {"AttributeName": "due_pk", "KeyType": "HASH"},
                {"AttributeName": "due_sk", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
}
ONE = {"pk": {"S": "a"}, "sk": {"S": "1"}}


@pytest.fixture
def dynamodb() -> DynamoDB:
    made = DynamoDB()
    ask(made, "CreateTable", TABLE)
    return made


def ask(dynamodb: DynamoDB, operation: str, request: dict[str, Any]) -> dict[str, Any]:
    reply = dynamodb.handle(operation, Asked("POST", "/", b"", json.dumps(request).encode()))
    return {"status": reply.status, **json.loads(reply.body)}


def put(dynamodb: DynamoDB, item: dict[str, Any], **more: Any) -> dict[str, Any]:
    return ask(dynamodb, "PutItem", {"TableName": "t", "Item": item, **more})


def update(dynamodb: DynamoDB, **request: Any) -> dict[str, Any]:
    return ask(dynamodb, "UpdateItem", {"TableName": "t", "Key": ONE, "ReturnValues": "ALL_NEW", **request})


def write(*items: dict[str, Any]) -> dict[str, Any]:
    return {"RequestItems": {"t": [{"PutRequest": {"Item": item}} for item in items]}}


def usage(dynamodb: DynamoDB) -> Usage:
    dynamodb.settle()
    return dynamodb.tables["t"].usage


def test_a_put_that_must_be_new_is_refused_with_the_item_in_its_place(dynamodb: DynamoDB) -> None:
    condition = {
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    first = put(dynamodb, {**ONE, "n": {"N": "1"}}, **condition)

    second = put(dynamodb, {**ONE, "n": {"N": "2"}}, **condition)

    assert first["status"] == 200
    assert (second["status"], second["__type"].rpartition("#")[2], second["Item"]["n"]) == (
        400,
        "ConditionalCheckFailedException",
        {"N": "1"},
    )


@pytest.mark.parametrize(
    ("condition", "is_met"),
    [
        ("fence = :one AND #owner = :me", True),
        ("fence > :one OR (NOT #owner = :me)", False),
        ("fence BETWEEN :one AND :two", True),
        ("#owner IN (:you, :me)", True),
        ("#owner <> :me", False),
        ("attribute_not_exists(lease) OR lease < :one", True),
        ("tasks.#name.#owner = :me", True),
        ("begins_with(#owner, :start)", True),
        ("fence < :me", False),
        ("lease < :one", False),
    ],
)
def test_conditions_are_evaluated(dynamodb: DynamoDB, condition: str, is_met: bool) -> None:
    tasks = {"M": {"orders": {"M": {"owner": {"S": "me"}}}}}
    put(dynamodb, {**ONE, "fence": {"N": "1"}, "owner": {"S": "me"}, "tasks": tasks})
    values = {":one": {"N": "1"}, ":two": {"N": "2"}, ":me": {"S": "me"}, ":you": {"S": "you"}, ":start": {"S": "m"}}

    answer = update(
        dynamodb,
        UpdateExpression="SET seen = :one",
        ConditionExpression=condition,
        ExpressionAttributeNames={"#owner": "owner", "#name": "orders"},
        ExpressionAttributeValues=values,
    )

    assert (answer["status"] == 200) is is_met


def test_an_update_sets_adds_and_removes_by_what_was_there_before(dynamodb: DynamoDB) -> None:
    put(dynamodb, {**ONE, "fence": {"N": "4"}, "owner": {"S": "me"}, "tasks": {"M": {"a": {"S": "old"}}}})

    answer = update(
        dynamodb,
        UpdateExpression="SET tasks.#a = :new, was = if_not_exists(fence, :one), sum = fence + :one"
        " REMOVE #owner ADD fence :one",
        ExpressionAttributeNames={"#a": "a", "#owner": "owner"},
        ExpressionAttributeValues={":new": {"S": "new"}, ":one": {"N": "1"}},
    )

    assert answer["Attributes"] == {
        **ONE,
        "fence": {"N": "5"},
        "tasks": {"M": {"a": {"S": "new"}}},
        "was": {"N": "4"},
        "sum": {"N": "5"},
    }


def test_a_batch_is_carried_out_before_the_next_read_and_charged_by_the_larger_of_old_and_new(
    dynamodb: DynamoDB,
) -> None:
    ask(dynamodb, "BatchWriteItem", write({**ONE, "text": {"S": "x" * 3000}}))
    ask(dynamodb, "BatchWriteItem", write({**ONE, "text": {"S": "y"}}))

    item = ask(dynamodb, "GetItem", {"TableName": "t", "Key": ONE})["Item"]

    assert item["text"] == {"S": "y"}
    assert (usage(dynamodb).write_units, usage(dynamodb).puts) == (6, 2)


def test_an_index_costs_a_write_where_its_entry_appears_and_two_where_its_key_moves(dynamodb: DynamoDB) -> None:
    costs = []
    for due in ("1", "1", "2"):
        before = usage(dynamodb).index_units
        put(dynamodb, {**ONE, "due_pk": {"S": "shard"}, "due_sk": {"S": due}})
        costs.append(usage(dynamodb).index_units - before)

    assert costs == [1, 0, 2]


def test_a_query_of_an_index_gives_its_entries_in_order_page_by_page(dynamodb: DynamoDB) -> None:
    for place in ("3", "1", "2"):
        due = {"due_pk": {"S": "shard"}, "due_sk": {"S": place}}
        put(dynamodb, {"pk": {"S": "a"}, "sk": {"S": place}, **due, "body": {"S": "not projected"}})
    question: dict[str, Any] = {
        "TableName": "t",
        "IndexName": "by_due",
        "KeyConditionExpression": "due_pk = :shard AND due_sk <= :now",
        "ExpressionAttributeValues": {":shard": {"S": "shard"}, ":now": {"S": "2"}},
        "Limit": 1,
    }

    first = ask(dynamodb, "Query", question)
    second = ask(dynamodb, "Query", {**question, "ExclusiveStartKey": first["LastEvaluatedKey"]})

    assert [answer["Items"][0]["due_sk"]["S"] for answer in (first, second)] == ["1", "2"]
    assert "body" not in first["Items"][0]


def test_past_its_limit_the_table_leaves_writes_unprocessed_and_then_refuses(dynamodb: DynamoDB) -> None:
    dynamodb.limit = Limit(total=2, partition=2)
    items = [{"pk": {"S": "a"}, "sk": {"S": str(place)}, "text": {"S": "x" * 900}} for place in range(3)]

    some = ask(dynamodb, "BatchWriteItem", write(*items))
    none = ask(dynamodb, "BatchWriteItem", write(*items))

    assert some["UnprocessedItems"] == write(items[2])["RequestItems"]
    assert none["__type"].endswith("ProvisionedThroughputExceededException")
    assert usage(dynamodb).puts == 2
