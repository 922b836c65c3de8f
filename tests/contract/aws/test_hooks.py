"""What the simulated services let others do to them: the places where faults and observers are hung in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from planster_sync.wire.endpoint import NoAnswer, Refused
from tests.contract.stores.tables import described
from tests.fakes.clock import ManualClock
from tests.fakes.simulated_dynamodb import SimulatedDynamoDB
from tests.fakes.simulated_errors import client_error
from tests.fakes.simulated_events import SimulatedEvents
from tests.fakes.simulated_rules import refusal
from tests.fakes.simulated_s3 import SimulatedS3, Stored
from tests.fakes.simulated_sqs import QueueLayout, SimulatedSQS
from tests.fakes.simulated_tables import Write, table_layout

TABLES = [table_layout(name, what) for name, what in described(control="control", records="records")]


def item(sort: str, **more: Any) -> dict[str, Any]:
    return {"pk": {"S": "p"}, "sk": {"S": sort}, **more}


def ask(dynamo: SimulatedDynamoDB, operation: str, **request: Any) -> Any:
    return json.loads(dynamo.call(operation, json.dumps(request).encode()))


def sorts(dynamo: SimulatedDynamoDB) -> list[str]:
    return sorted(key[1] for key, _ in dynamo.items("records"))


def test_what_is_refused_before_it_acts_is_not_done() -> None:
    def before(operation: str, request: Any) -> list[int]:
        raise refusal("ThrottlingException", "slow down")

    dynamo = SimulatedDynamoDB(TABLES, before=before)

    with pytest.raises(Refused, match="ThrottlingException"):
        ask(dynamo, "PutItem", TableName="records", Item=item("1"))

    assert sorts(dynamo) == []


def test_an_answer_that_is_lost_afterwards_was_acted_on() -> None:
    def after(operation: str, request: Any, answer: Any) -> None:
        raise NoAnswer("TimeoutError")

    dynamo = SimulatedDynamoDB(TABLES, after=after)

    with pytest.raises(NoAnswer):
        ask(dynamo, "PutItem", TableName="records", Item=item("1"))

    assert sorts(dynamo) == ["1"]


def test_entries_of_a_batch_are_left_unprocessed_on_demand() -> None:
    dynamo = SimulatedDynamoDB(TABLES, before=lambda operation, request: [0, 2] if "Batch" in operation else [])
    puts = [{"PutRequest": {"Item": item(sort)}} for sort in "123"]

    written = ask(dynamo, "BatchWriteItem", RequestItems={"records": puts})
    keys = {"Keys": [item("2"), item("1"), item("3")], "ConsistentRead": True}
    read = ask(dynamo, "BatchGetItem", RequestItems={"records": keys})

    assert written["UnprocessedItems"] == {"records": [puts[0], puts[2]]}
    assert sorts(dynamo) == ["2"]
    assert read["UnprocessedKeys"]["records"] == {"Keys": [item("2"), item("3")], "ConsistentRead": True}
    assert read["Responses"] == {"records": []}


def test_every_accepted_write_is_observed_with_old_and_new_and_no_refused_one() -> None:
    seen: list[Write] = []
    dynamo = SimulatedDynamoDB(TABLES, accepted=seen.append)

    ask(dynamo, "PutItem", TableName="records", Item=item("1"))
    with pytest.raises(Refused):
        ask(dynamo, "PutItem", TableName="records", Item=item("1"), ConditionExpression="attribute_not_exists(pk)")
    values = {":n": {"N": "1"}}
    key = {"TableName": "records", "Key": item("1")}
    ask(dynamo, "UpdateItem", **key, UpdateExpression="SET n = :n", ExpressionAttributeValues=values)
    ask(dynamo, "DeleteItem", **key)
    ask(dynamo, "DeleteItem", **key)

    new = item("1", n={"N": "1"})
    place = ("p", "1")
    assert seen == [
        Write("records", place, None, item("1")),
        Write("records", place, item("1"), new),
        Write("records", place, new, None),
    ]


def by_sku(dynamo: SimulatedDynamoDB, sku: str) -> list[str]:
    found = ask(
        dynamo,
        "Query",
        TableName="records",
        IndexName="by_sku",
        KeyConditionExpression="#sku = :sku",
        ExpressionAttributeNames={"#sku": "_sku_pk"},
        ExpressionAttributeValues={":sku": {"S": sku}},
    )
    return [entry["sk"]["S"] for entry in found["Items"]]


def test_an_index_lags_as_far_as_it_is_told_and_catches_up() -> None:
    behind = [0]
    dynamo = SimulatedDynamoDB(TABLES, lag=lambda table, index: behind[0])
    for sort in "123":
        ask(dynamo, "PutItem", TableName="records", Item=item(sort, _sku_pk={"S": "red"}))

    behind[0] = 2
    early = by_sku(dynamo, "red")
    behind[0] = 0
    late = by_sku(dynamo, "red")

    assert (early, late) == (["1"], ["1", "2", "3"])


def test_a_lagging_index_shows_a_moved_item_in_its_old_place_then_in_both_then_in_the_new_one() -> None:
    behind = [0]
    dynamo = SimulatedDynamoDB(TABLES, lag=lambda table, index: behind[0])
    ask(dynamo, "PutItem", TableName="records", Item=item("1", _sku_pk={"S": "red"}))
    by_sku(dynamo, "red")
    ask(dynamo, "PutItem", TableName="records", Item=item("1", _sku_pk={"S": "blue"}))
    shown: list[tuple[list[str], list[str]]] = []

    for steps in (2, 1, 0):
        behind[0] = steps
        shown.append((by_sku(dynamo, "red"), by_sku(dynamo, "blue")))

    assert shown == [(["1"], []), (["1"], ["1"]), ([], ["1"])]


def test_small_tables_have_pages_where_a_page_is_made_small() -> None:
    dynamo = SimulatedDynamoDB(TABLES, most_per_page=2)
    for sort in "123":
        ask(dynamo, "PutItem", TableName="records", Item=item(sort))

    question = {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "p"}}}
    page = ask(dynamo, "Query", TableName="records", **question)

    assert page["Count"] == 2
    assert page["LastEvaluatedKey"] == item("2")


def test_a_restored_table_holds_what_the_backup_held_and_tells_another_birth() -> None:
    seen: list[Write] = []
    dynamo = SimulatedDynamoDB(TABLES, created_at=1.0, accepted=seen.append)
    ask(dynamo, "PutItem", TableName="records", Item=item("1"))
    backup = list(dynamo.items("records"))
    ask(dynamo, "PutItem", TableName="records", Item=item("2"))

    dynamo.restore("records", backup, created_at=2.0)
    ask(dynamo, "PutItem", TableName="records", Item=item("3"))

    assert sorts(dynamo) == ["1", "3"]
    assert ask(dynamo, "DescribeTable", TableName="records")["Table"]["CreationDateTime"] == 2.0
    assert [write.key[1] for write in seen] == ["1", "2", "3"]


@pytest.mark.parametrize("operation", ["Scan", "ExecuteStatement"])
def test_what_is_not_simulated_says_so(operation: str) -> None:
    with pytest.raises(NotImplementedError):
        ask(SimulatedDynamoDB(TABLES), operation, TableName="records")


def test_objects_meet_conflicts_before_and_lose_answers_after() -> None:
    def before(operation: str, request: Any) -> None:
        if request["Key"] == "conflict":
            raise client_error(operation, "ConditionalRequestConflict", "at the same time", 409)

    def after(operation: str, request: Any) -> None:
        if request["Key"] == "lost":
            raise TimeoutError

    seen: list[Stored] = []
    s3 = SimulatedS3("index", before=before, after=after, accepted=seen.append)

    with pytest.raises(ClientError, match="ConditionalRequestConflict"):
        s3.put_object(Bucket="index", Key="conflict", Body=b"x", IfNoneMatch="*")
    with pytest.raises(TimeoutError):
        s3.put_object(Bucket="index", Key="lost", Body=b"x", IfNoneMatch="*")

    assert s3.objects("index") == {"lost": b"x"}
    assert seen == [Stored("index", "lost", b"x")]


def test_small_buckets_have_pages_where_a_page_is_made_small() -> None:
    s3 = SimulatedS3("index", page=2)
    for key in ("a", "b", "c"):
        s3.put_object(Bucket="index", Key=key, Body=b"")

    pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket="index", Prefix=""))

    assert [[entry["Key"] for entry in page["Contents"]] for page in pages] == [["a", "b"], ["c"]]


def entries(*bodies: str) -> list[dict[str, Any]]:
    return [{"Id": str(place), "MessageBody": body} for place, body in enumerate(bodies)]


def queues(clock: ManualClock, **hooks: Any) -> SimulatedSQS:
    return SimulatedSQS(QueueLayout("tasks", 60, 2, "dead"), QueueLayout("dead", 60), clock=clock, **hooks)


def taken(sqs: SimulatedSQS, queue: str = "tasks") -> dict[str, Any]:
    record = sqs.take(queue)
    assert record is not None
    return record


def test_messages_are_taken_in_the_order_that_is_chosen() -> None:
    sqs = queues(ManualClock(), choose=lambda visible: len(visible) - 1)
    sqs.send_message_batch(QueueUrl=sqs.url("tasks"), Entries=entries("a", "b", "c"))

    assert [taken(sqs)["body"] for _ in range(3)] == ["c", "b", "a"]


def test_entries_of_a_batch_fail_on_demand_and_the_others_are_sent() -> None:
    sqs = queues(ManualClock(), before=lambda operation, request: [1])

    answer = sqs.send_message_batch(QueueUrl=sqs.url("tasks"), Entries=entries("a", "b"))

    assert [entry["Id"] for entry in answer["Failed"]] == ["1"]
    assert [message.body for message in sqs.waiting("tasks")] == ["a"]


def test_a_second_delivery_outlives_the_deletion_of_the_first() -> None:
    sqs = queues(ManualClock())
    sqs.send_message_batch(QueueUrl=sqs.url("tasks"), Entries=entries("a"))
    first = taken(sqs)

    sqs.deliver_again(first["receiptHandle"])
    sqs.succeed(first["receiptHandle"])
    second = taken(sqs)
    sqs.succeed(second["receiptHandle"])

    assert second["messageId"] == first["messageId"]
    assert sqs.waiting("tasks") == ()


def test_only_the_newest_receipt_deletes() -> None:
    clock = ManualClock()
    sqs = queues(clock)
    sqs.send_message_batch(QueueUrl=sqs.url("tasks"), Entries=entries("a"))
    old = taken(sqs)["receiptHandle"]
    clock.advance(60)
    new = taken(sqs)["receiptHandle"]

    sqs.succeed(old)
    left = len(sqs.waiting("tasks"))
    sqs.succeed(new)

    assert (left, sqs.waiting("tasks")) == (1, ())


def test_the_next_moment_at_which_something_can_be_taken_is_known() -> None:
    clock = ManualClock()
    sqs = queues(clock)
    nothing = sqs.next_visible("tasks")
    sqs.send_message_batch(QueueUrl=sqs.url("tasks"), Entries=[{**entries("a")[0], "DelaySeconds": 30}])

    moment = sqs.next_visible("tasks")

    assert nothing is None
    assert moment is not None
    assert (moment - clock.now()).total_seconds() == 30


def test_dead_letters_are_redriven_as_new_messages() -> None:
    clock = ManualClock()
    sqs = queues(clock)
    sqs.send_message_batch(QueueUrl=sqs.url("tasks"), Entries=entries("a"))
    for _ in range(2):
        first = taken(sqs)
        clock.advance(60)
    assert sqs.take("tasks") is None

    moved = sqs.redrive("dead")
    again = taken(sqs)

    assert moved == 1
    assert sqs.waiting("dead") == ()
    assert again["messageId"] != first["messageId"]
    assert again["attributes"]["ApproximateReceiveCount"] == "1"


def test_events_are_kept_and_refused_on_demand() -> None:
    events = SimulatedEvents(before=lambda entries: [0])

    answer = events.put_events(Entries=[{"Detail": "a"}, {"Detail": "b"}])

    assert answer["FailedEntryCount"] == 1
    assert events.published == [{"Detail": "b"}]
