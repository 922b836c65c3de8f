"""Batches and transactions: what they take, what they refuse, and that a transaction is whole or nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planster_sync.wire.endpoint import Refused
from tests.contract.aws.backends import Dynamo
from tests.contract.aws.deviations import on


def key(number: int) -> dict[str, Any]:
    return {"pk": {"S": "p"}, "sk": {"S": f"{number:03d}"}}


def put(number: int, **attributes: Any) -> dict[str, Any]:
    return {"PutRequest": {"Item": {**key(number), **attributes}}}


def stored(dynamo: Dynamo) -> list[int]:
    found = dynamo.do(
        "Query", KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": "p"}}, ConsistentRead=True
    )
    return [int(item["sk"]["S"]) for item in found["Items"]]


def test_a_batch_of_25_is_written_and_deletes_beside_puts(dynamo: Dynamo) -> None:
    dynamo.put(**key(99))
    requests = [put(number) for number in range(24)] + [{"DeleteRequest": {"Key": key(99)}}]

    answer = dynamo.call("BatchWriteItem", {"RequestItems": {dynamo.records: requests}})

    assert answer["UnprocessedItems"] == {}
    assert stored(dynamo) == list(range(24))


def test_a_batch_may_write_to_two_tables(dynamo: Dynamo) -> None:
    dynamo.call("BatchWriteItem", {"RequestItems": {dynamo.records: [put(1)], dynamo.control: [put(2)]}})

    assert stored(dynamo) == [1]
    assert "Item" in dynamo.do("GetItem", dynamo.control, Key=key(2))


BATCHES: dict[str, list[Any]] = {
    "26 writes": [put(number) for number in range(26)],
    "the same key twice": [put(1), put(2), put(1)],
    "a put and a delete of the same key": [put(1), {"DeleteRequest": {"Key": key(1)}}],
    "no writes": [],
}


@pytest.mark.parametrize("flaw", BATCHES)
def test_a_batch_with_a_flaw_is_refused_whole(dynamo: Dynamo, flaw: str) -> None:
    outcome = dynamo.batch_outcome("BatchWriteItem", {dynamo.records: BATCHES[flaw]})

    assert outcome == on(dynamo.backend, f"a batch with {flaw} is refused", "ValidationException")
    assert outcome == "accepted" or stored(dynamo) == []


def test_one_bad_item_refuses_its_whole_batch(dynamo: Dynamo) -> None:
    outcome = dynamo.batch_outcome("BatchWriteItem", {dynamo.records: [put(1), put(2, a={"S": "x" * 410_000})]})

    assert outcome == "ValidationException"
    assert stored(dynamo) == on(dynamo.backend, "a refused batch writes nothing", list[int]())


def test_a_batch_read_gives_those_that_are_there_in_any_order(dynamo: Dynamo) -> None:
    dynamo.call("BatchWriteItem", {"RequestItems": {dynamo.records: [put(1), put(2)]}})

    keys = {"Keys": [key(2), key(3), key(1)], "ConsistentRead": True}
    answer = dynamo.call("BatchGetItem", {"RequestItems": {dynamo.records: keys}})

    assert sorted(item["sk"]["S"] for item in answer["Responses"][dynamo.records]) == ["001", "002"]
    assert answer["UnprocessedKeys"] == {}


READS: dict[str, list[Any]] = {
    "101 keys": [key(number) for number in range(101)],
    "the same key twice": [key(1), key(1)],
}


@pytest.mark.parametrize("flaw", READS)
def test_a_batch_read_with_a_flaw_is_refused(dynamo: Dynamo, flaw: str) -> None:
    outcome = dynamo.batch_outcome("BatchGetItem", {dynamo.records: {"Keys": READS[flaw]}})

    assert outcome == on(dynamo.backend, f"a batch read with {flaw} is refused", "ValidationException")


def transact(dynamo: Dynamo, *actions: dict[str, Any]) -> Refused | None:
    items = [{kind: {"TableName": dynamo.records, **action} for kind, action in each.items()} for each in actions]
    try:
        dynamo.call("TransactWriteItems", {"TransactItems": items})
    except Refused as refused:
        return refused
    return None


def test_a_transaction_does_all_that_it_says(dynamo: Dynamo) -> None:
    dynamo.put(**key(1), n={"N": "1"})
    dynamo.put(**key(2))
    dynamo.put(**key(3))
    added = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}

    refused = transact(
        dynamo,
        {"Update": {"Key": key(1), **added}},
        {"Delete": {"Key": key(2), "ConditionExpression": "attribute_exists(pk)"}},
        {"ConditionCheck": {"Key": key(3), "ConditionExpression": "attribute_exists(pk)"}},
        {"Put": {"Item": key(4), "ConditionExpression": "attribute_not_exists(pk)"}},
    )

    assert refused is None
    assert stored(dynamo) == [1, 3, 4]
    assert (dynamo.get(sk="001") or {})["n"] == {"N": "2"}


def test_one_failed_condition_cancels_a_transaction_and_says_which(dynamo: Dynamo) -> None:
    dynamo.put(**key(1), n={"N": "1"})

    refused = transact(
        dynamo,
        {"Put": {"Item": key(2)}},
        {
            "Delete": {
                "Key": key(1),
                "ConditionExpression": "n = :n",
                "ExpressionAttributeValues": {":n": {"N": "2"}},
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        },
    )

    assert refused is not None
    assert refused.code == "TransactionCanceledException"
    reasons = json.loads(refused.body)["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert reasons[1]["Item"] == {**key(1), "n": {"N": "1"}}
    assert stored(dynamo) == [1]


def test_a_transaction_names_each_item_once(dynamo: Dynamo) -> None:
    refused = transact(dynamo, {"Put": {"Item": key(1)}}, {"Delete": {"Key": key(1)}})

    assert refused is not None
    assert refused.code == on(dynamo.backend, "a transaction names each item once", "ValidationException")
    assert stored(dynamo) == []
