"""SQS: a message is hidden while somebody has it, comes back, and is dead after too many receives.

Nothing here waits for a time that might pass too early: what must stay hidden stays so for minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.aws.backends import Answer, Clients, Queues, queues_on
from tests.contract.aws.deviations import on


def send(queues: Queues, *bodies: str, **more: Any) -> Any:
    entries: Any = [{"Id": str(place), "MessageBody": body, **more} for place, body in enumerate(bodies)]
    return queues.client.send_message_batch(QueueUrl=queues.url, Entries=entries)


def outcome_of(ask: Callable[[], object]) -> str:
    """ "accepted", or the code of the refusal."""
    try:
        ask()
    except ClientError as error:
        return error.response["Error"]["Code"].rpartition(".")[2]
    return "accepted"


def hide(queues: Queues, receipt: str, seconds: int) -> str:
    return outcome_of(
        lambda: queues.client.change_message_visibility(
            QueueUrl=queues.url, ReceiptHandle=receipt, VisibilityTimeout=seconds
        )
    )


def taken(record: Answer | None) -> Answer:
    assert record is not None
    return record


def test_a_message_is_received_with_what_lambda_shows_of_it(queues: Queues) -> None:
    answer = send(queues, "hello", MessageGroupId="acme")

    record = taken(queues.receive())

    assert record["body"] == "hello"
    assert record["messageId"] == answer["Successful"][0]["MessageId"]
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["attributes"]["MessageGroupId"] == "acme"
    assert int(record["attributes"]["SentTimestamp"]) <= int(record["attributes"]["ApproximateFirstReceiveTimestamp"])


def test_every_message_of_a_batch_is_received_once(queues: Queues) -> None:
    send(queues, *(f"message {number}" for number in range(10)))

    found = {taken(queues.receive())["body"] for _ in range(10)}

    assert found == {f"message {number}" for number in range(10)}
    assert queues.receive() is None


def test_a_received_message_is_hidden_until_it_is_given_back(queues: Queues) -> None:
    send(queues, "a")
    first = taken(queues.receive())
    hidden = queues.receive()

    given_back = hide(queues, first["receiptHandle"], 0)
    second = taken(queues.receive())

    assert (hidden, given_back) == (None, "accepted")
    assert second["messageId"] == first["messageId"]
    assert second["receiptHandle"] != first["receiptHandle"]
    assert second["attributes"]["ApproximateReceiveCount"] == "2"


def test_a_message_comes_back_by_itself_when_its_time_is_over(backend: str, clients: Clients) -> None:
    queues = queues_on(backend, clients, visibility=1, max_receives=5)
    send(queues, "a")
    taken(queues.receive())

    again = taken(queues.wait_for_one())

    assert again["body"] == "a"
    assert int(again["attributes"]["ApproximateReceiveCount"]) > 1


def test_a_deleted_message_is_gone_and_may_be_deleted_again(queues: Queues) -> None:
    send(queues, "a")
    record = taken(queues.receive())

    queues.delete(record["receiptHandle"])
    again = outcome_of(lambda: queues.delete(record["receiptHandle"]))

    assert again == on(queues.backend, "a message may be deleted again", "accepted")
    assert queues.receive() is None
    assert queues.receive_dead() is None


def test_a_message_may_be_deleted_after_its_time_is_over(queues: Queues) -> None:
    send(queues, "a")
    record = taken(queues.receive())
    hide(queues, record["receiptHandle"], 0)

    queues.delete(record["receiptHandle"])

    assert queues.receive() is None


def test_a_delayed_message_is_hidden_first_and_comes_then(queues: Queues) -> None:
    send(queues, "late", DelaySeconds=900)
    at_once = queues.receive()
    send(queues, "soon", DelaySeconds=1)

    later = taken(queues.wait_for_one())

    assert at_once is None
    assert later["body"] == "soon"


def test_a_message_that_was_received_too_often_is_dead(queues: Queues) -> None:
    send(queues, "poison")
    for _ in range(2):
        hide(queues, taken(queues.receive())["receiptHandle"], 0)
    dead_before_it_is_asked_for = queues.receive_dead()

    third = queues.receive()
    dead = taken(queues.receive_dead())

    assert third is None
    assert dead["body"] == "poison"
    assert dead_before_it_is_asked_for == on(queues.backend, "a message dies when it is asked for once more", None)
    where_from = "DeadLetterQueueSourceArn" in dead["attributes"]
    assert where_from == on(queues.backend, "a dead message says where it came from", True)


BATCHES: dict[str, list[dict[str, Any]]] = {
    "TooManyEntriesInBatchRequest": [{"Id": str(number), "MessageBody": "a"} for number in range(11)],
    "EmptyBatchRequest": [],
    "BatchEntryIdsNotDistinct": [{"Id": "a", "MessageBody": "a"}, {"Id": "a", "MessageBody": "b"}],
    "BatchRequestTooLong": [{"Id": str(number), "MessageBody": "a" * 600_000} for number in range(2)],
}


@pytest.mark.parametrize("flaw", BATCHES)
def test_a_batch_with_a_flaw_is_refused_whole(queues: Queues, flaw: str) -> None:
    entries: Any = BATCHES[flaw]

    outcome = outcome_of(lambda: queues.client.send_message_batch(QueueUrl=queues.url, Entries=entries))

    assert outcome == on(queues.backend, f"a batch is refused as {flaw}", flaw)
    assert outcome == "accepted" or queues.receive() is None


def test_one_bad_entry_fails_alone(queues: Queues) -> None:
    entries: Any = [{"Id": "good", "MessageBody": "a"}, {"Id": "bad", "MessageBody": "b", "DelaySeconds": 901}]

    answer = queues.client.send_message_batch(QueueUrl=queues.url, Entries=entries)

    failed = [entry["Id"] for entry in answer.get("Failed", [])]
    assert failed == on(queues.backend, "one bad entry fails alone", ["bad"])
    assert sorted([entry["Id"] for entry in answer["Successful"]] + failed) == ["bad", "good"]


def test_what_cannot_be_hidden_says_why(queues: Queues) -> None:
    send(queues, "a")
    record = taken(queues.receive())
    too_long = hide(queues, record["receiptHandle"], 43_201)
    unknown = hide(queues, "AQEB-no-such-receipt", 10)
    hide(queues, record["receiptHandle"], 0)
    visible = hide(queues, record["receiptHandle"], 10)
    queues.delete(record["receiptHandle"])
    gone = hide(queues, record["receiptHandle"], 10)

    assert too_long == on(queues.backend, "nothing is hidden for longer than 12 hours", "InvalidParameterValue")
    assert unknown == on(queues.backend, "an unknown receipt cannot be hidden", "ReceiptHandleIsInvalid")
    assert visible == on(queues.backend, "a visible message cannot be hidden", "MessageNotInflight")
    assert gone == on(queues.backend, "a deleted message cannot be hidden", "InvalidParameterValue")


def test_a_purged_queue_is_empty_whoever_holds_its_messages(queues: Queues) -> None:
    send(queues, "a", "b")
    held = taken(queues.receive())

    queues.purge()

    assert queues.receive() is None
    assert hide(queues, held["receiptHandle"], 0) != "accepted" or queues.receive() is None


def test_an_unknown_queue_has_a_code_of_its_own(queues: Queues) -> None:
    elsewhere = queues.url.rpartition("/")[0] + "/nowhere"

    outcome = outcome_of(
        lambda: queues.client.send_message_batch(QueueUrl=elsewhere, Entries=[{"Id": "a", "MessageBody": "a"}])
    )

    assert outcome == "NonExistentQueue"
