"""The worker as the API asks it: one call of Lambda, and every way in which no answer comes."""

from __future__ import annotations

import json

import pytest

from planster_sync.aws.clock import SystemClock
from planster_sync.aws.worker_function import WorkerFunction
from planster_sync.errors import StoreBusy, SyncError, Unexpected
from planster_sync.model.runs import Problem
from planster_sync.ports.questions import CheckAnswer, CheckQuestion, LookUpQuestion, Sighting
from planster_sync.wire.connecting import functions_from
from tests.unit.wire.scripted_service import After, Reply, answer, service

CHECK = CheckQuestion("acme", "main")


def worker(url: str) -> WorkerFunction:
    environment = {
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL_LAMBDA": url,
    }
    return WorkerFunction(functions_from(environment, SystemClock(), 5.0), "dev-sync-worker")


def test_a_question_is_one_signed_call_and_its_answer_is_read() -> None:
    problem = {"code": "throttled", "what": "Busy.", "remedy": "Wait.", "retryable": True}
    content = json.dumps({"problem": None, "reads": {"orders": problem, "products": None}}).encode()

    with service(answer(content)) as there:
        found = worker(there.url).check(CHECK)
        ((_, head, body),) = there.asked

    assert found == CheckAnswer(
        None, {"orders": Problem("throttled", "Busy.", "Wait.", retryable=True), "products": None}
    )
    assert head.startswith("POST /2015-03-31/functions/dev-sync-worker/invocations HTTP/1.1")
    assert "/eu-central-1/lambda/aws4_request" in head
    assert json.loads(body) == {"ask": "check", "organisation": "acme", "integration": "main"}


def test_what_the_source_says_is_read() -> None:
    sighting = {"source": "o1", "is_there": True, "records": [{"id": "o1", "data_type": "orders"}], "problem": None}
    content = json.dumps({"read_at": "2026-03-01T02:00:00Z", "sightings": [sighting], "problem": None}).encode()

    with service(answer(content)) as there:
        found = worker(there.url).look_up(LookUpQuestion("acme", "main", "orders", ("o1",)))

    assert found.sightings == (Sighting("o1", is_there=True, records=({"id": "o1", "data_type": "orders"},)),)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer(b"{}", "429 Too Many Requests"), StoreBusy),
        (answer(b"{}", "502 Bad Gateway"), StoreBusy),
        (Reply([b"HTTP/1.1 200 OK\r\n"], After.CLOSE), StoreBusy),
        (answer(b"{}", "403 Forbidden"), Unexpected),
        (answer(b'{"errorMessage":"secret"}', X_Amz_Function_Error="Unhandled"), Unexpected),
    ],
)
def test_no_answer_is_told_without_what_the_worker_said(reply: Reply, error: type[SyncError]) -> None:
    with service(reply) as there, pytest.raises(error) as raised:
        worker(there.url).check(CHECK)

    assert "secret" not in raised.value.what + raised.value.detail
