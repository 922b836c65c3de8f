"""Objects of a bucket: requests are signed as botocore signs them, and every kind of answer is told apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from unittest.mock import patch
from urllib.parse import quote

import botocore.auth
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.wire.bucket import HttpBucket, Listed
from planster_sync.wire.connecting import bucket_from, url_of
from planster_sync.wire.endpoint import NoAnswer, Refused
from planster_sync.wire.signing import EVENTS, S3, SECRETS, SQS, Credentials, Service, Signer
from tests.fakes.clock import ManualClock
from tests.unit.wire.scripted_service import After, Reply, answer, service

ENVIRONMENT = {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)


@contextmanager
def _bucket(*replies: Reply) -> Iterator[tuple[HttpBucket, list[tuple[int, str, bytes]]]]:
    with service(*replies) as there:
        bucket = bucket_from({**ENVIRONMENT, "AWS_ENDPOINT_URL_S3": there.url}, ManualClock(), "index")
        try:
            yield bucket, there.asked
        finally:
            bucket.close()


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60), st.binary(max_size=200))
def test_a_request_is_signed_as_botocore_signs_it(key: str, body: bytes) -> None:
    path, host, digest = f"/{quote(key, safe='/-._~')}", "index.s3.eu-central-1.amazonaws.com", sha256(body).hexdigest()
    named = {"if-none-match": "*", "x-amz-content-sha256": digest}
    request = AWSRequest("PUT", f"https://{host}{path}", data=body)
    request.headers["if-none-match"] = "*"

    ours = Signer(lambda: Credentials("key", "secret"), "eu-central-1", host, S3)
    signed = ours.signed("PUT", path, "", named, digest, NOW)
    with patch.object(botocore.auth, "get_current_datetime", lambda: NOW.replace(tzinfo=None)):
        S3SigV4Auth(BotocoreCredentials("key", "secret"), "s3", "eu-central-1").add_auth(request)

    assert signed["authorization"] == request.headers["Authorization"]


def test_a_new_object_is_written_only_where_there_is_none() -> None:
    with _bucket(answer(), answer(b"<Error><Code>PreconditionFailed</Code></Error>", "412 Precondition Failed")) as (
        bucket,
        asked,
    ):
        bucket.put_new("index/a", b"content")
        with pytest.raises(Refused) as refused:
            bucket.put_new("index/a", b"content")

    ((_, head, body), _) = asked
    assert refused.value.code == "PreconditionFailed"
    assert head.startswith("PUT /index/index/a HTTP/1.1\r\n")
    assert "\r\nif-none-match: *\r\n" in head
    assert body == b"content"


def test_a_key_is_sent_in_the_encoding_in_which_it_is_signed() -> None:
    with _bucket(answer(b"it")) as (bucket, asked):
        assert bucket.get("index/a%2Fb/c d+é") == b"it"

    ((_, head, _),) = asked
    assert head.startswith("GET /index/index/a%252Fb/c%20d%2B%C3%A9 HTTP/1.1\r\n")


def test_a_listing_is_read_in_pages_and_its_keys_are_unescaped() -> None:
    page = b"<R><IsTruncated>true</IsTruncated><Contents><Key>a&amp;b</Key></Contents></R>"
    with _bucket(answer(page)) as (bucket, asked):
        listed = bucket.list("journal/x/", "journal/x/1")

    ((_, head, _),) = asked
    assert listed == Listed(["a&b"], more=True)
    assert head.startswith("GET /index/?list-type=2&prefix=journal%2Fx%2F&start-after=journal%2Fx%2F1 HTTP/1.1\r\n")


def test_an_answer_in_chunks_is_whole() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<R/>\r\na;x=y\r\n0123456789\r\n0\r\n\r\n"
    with _bucket(Reply([chunked[:60], chunked[60:71], chunked[71:]]), answer(b"next")) as (bucket, asked):
        assert bucket.get("a") == b"<R/>0123456789"
        assert bucket.get("b") == b"next"

    assert [number for number, _, _ in asked] == [1, 1]


@pytest.mark.parametrize("chunks", [b"x\r\n", b"-4\r\nabcd\r\n", b"4\r\nabcdef\r\n", b"\r\n", b"4\r\nab", b"4"])
def test_broken_chunks_are_no_answer(chunks: bytes) -> None:
    reply = Reply([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks], After.CLOSE)
    with _bucket(reply) as (bucket, _), pytest.raises(NoAnswer):
        bucket.get("a")


def test_a_deletion_is_answered_without_a_body() -> None:
    with _bucket(Reply([b"HTTP/1.1 204 No Content\r\n\r\n"]), answer(b"next")) as (bucket, asked):
        bucket.delete("a")
        assert bucket.get("b") == b"next"

    assert [number for number, _, _ in asked] == [1, 1]


@pytest.mark.parametrize(
    ("status", "content", "code"),
    [
        ("404 Not Found", b"<Error><Code>NoSuchKey</Code></Error>", "NoSuchKey"),
        ("404 Not Found", b"", "NoSuchKey"),
        ("503 Slow Down", b"<html/>", "SlowDown"),
        ("500 Internal Server Error", b"", "InternalError"),
        ("409 Conflict", b"", "ConditionalRequestConflict"),
        ("403 Forbidden", b"<Error><Code>AccessDenied</Code></Error>", "AccessDenied"),
        ("400 Bad Request", b"", "Http400"),
    ],
)
def test_a_refusal_has_the_code_that_s3_gives_or_its_status_means(status: str, content: bytes, code: str) -> None:
    with _bucket(answer(content, status)) as (bucket, _), pytest.raises(Refused) as refused:
        bucket.get("a")

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("wanted", "url"),
    [
        (SQS, "https://sqs.eu-central-1.amazonaws.com"),
        (EVENTS, "https://events.eu-central-1.amazonaws.com"),
        (SECRETS, "https://secretsmanager.eu-central-1.amazonaws.com"),
        (S3, "https://s3.eu-central-1.amazonaws.com"),
    ],
)
def test_each_service_has_its_own_address(wanted: Service, url: str) -> None:
    assert url_of({}, "eu-central-1", wanted) == url


def test_each_service_can_be_elsewhere_by_its_own_variable() -> None:
    elsewhere = {"AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://127.0.0.1:1", "AWS_ENDPOINT_URL": "http://127.0.0.1:2"}

    assert url_of(elsewhere, "eu-central-1", SECRETS) == "http://127.0.0.1:1"
    assert url_of(elsewhere, "eu-central-1", SQS) == "http://127.0.0.1:2"
