"""S3: a name is taken once, lists are in order and come in pages, deleting twice does no harm."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.aws.backends import Objects
from tests.contract.aws.deviations import on


def put(objects: Objects, key: str, content: bytes = b"x", **more: Any) -> None:
    objects.client.put_object(Bucket=objects.bucket, Key=key, Body=content, **more)


def content(objects: Objects, key: str) -> bytes:
    return objects.client.get_object(Bucket=objects.bucket, Key=key)["Body"].read()


def refusal(ask: Callable[[], object]) -> tuple[str, int] | None:
    """Code and HTTP status."""
    try:
        ask()
    except ClientError as error:
        answer: Any = error.response
        return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]
    return None


def listed(objects: Objects, prefix: str) -> list[str]:
    pages = objects.client.get_paginator("list_objects_v2").paginate(Bucket=objects.bucket, Prefix=prefix)
    return [entry["Key"] for entry in chain.from_iterable(page.get("Contents", []) for page in pages)]


def test_an_object_comes_back_byte_for_byte(objects: Objects) -> None:
    put(objects, "a/b", b"\x00\xff" * 1000)

    assert content(objects, "a/b") == b"\x00\xff" * 1000


def test_a_plain_put_replaces(objects: Objects) -> None:
    put(objects, "a", b"old")

    put(objects, "a", b"new")

    assert content(objects, "a") == b"new"


def test_a_name_that_must_be_free_is_given_once(objects: Objects) -> None:
    put(objects, "a", b"first", IfNoneMatch="*")

    second = refusal(lambda: put(objects, "a", b"second", IfNoneMatch="*"))

    assert second == ("PreconditionFailed", 412)
    assert content(objects, "a") == b"first"


def test_a_name_is_free_again_when_its_object_was_deleted(objects: Objects) -> None:
    put(objects, "a", b"first", IfNoneMatch="*")
    objects.client.delete_objects(Bucket=objects.bucket, Delete={"Objects": [{"Key": "a"}]})

    put(objects, "a", b"second", IfNoneMatch="*")

    assert content(objects, "a") == b"second"


def test_a_missing_object_has_a_code_of_its_own(objects: Objects) -> None:
    assert refusal(lambda: content(objects, "gone")) == ("NoSuchKey", 404)


def test_a_missing_bucket_has_a_code_of_its_own(objects: Objects) -> None:
    elsewhere = Objects(objects.backend, "no-such-bucket-anywhere", objects.client)

    assert refusal(lambda: content(elsewhere, "a")) == ("NoSuchBucket", 404)
    assert refusal(lambda: put(elsewhere, "a")) == ("NoSuchBucket", 404)
    assert refusal(lambda: listed(elsewhere, "")) == ("NoSuchBucket", 404)


def test_a_list_holds_the_keys_of_a_prefix_in_the_order_of_their_bytes(objects: Objects) -> None:
    for key in ("p/b", "p/a/1", "q/a", "p/a", "p/é", "p/B", "p"):
        put(objects, key)

    assert listed(objects, "p/") == ["p/B", "p/a", "p/a/1", "p/b", "p/é"]


def test_a_list_of_nothing_has_no_contents(objects: Objects) -> None:
    answer = objects.client.list_objects_v2(Bucket=objects.bucket, Prefix="none/")

    assert (answer["KeyCount"], answer["IsTruncated"], "Contents" in answer) == (0, False, False)


@pytest.mark.parametrize("most", [1, 2, 5])
def test_pages_of_a_list_join_to_the_whole(objects: Objects, most: int) -> None:
    for number in range(5):
        put(objects, f"p/{number}")
    found: list[list[str]] = []
    more: Any = {}

    for _ in range(10):
        page = objects.client.list_objects_v2(Bucket=objects.bucket, Prefix="p/", MaxKeys=most, **more)
        found.append([entry["Key"] for entry in page.get("Contents", [])])
        if not page["IsTruncated"]:
            break
        more = {"ContinuationToken": page["NextContinuationToken"]}

    assert list(chain.from_iterable(found)) == [f"p/{number}" for number in range(5)]
    assert all(0 < len(page) <= most for page in found)


@pytest.mark.parametrize(("after", "rest"), [("p/1", ["p/2"]), ("p/11", ["p/2"]), ("a", ["p/1", "p/2"]), ("q", [])])
def test_a_list_may_begin_behind_a_key_whether_it_is_there_or_not(
    objects: Objects, after: str, rest: list[str]
) -> None:
    for key in ("p/1", "p/2", "q/1"):
        put(objects, key)

    answer = objects.client.list_objects_v2(Bucket=objects.bucket, Prefix="p/", StartAfter=after)

    assert [entry["Key"] for entry in answer.get("Contents", [])] == rest


def test_deleting_one_that_is_not_there_is_accepted(objects: Objects) -> None:
    put(objects, "a")

    objects.client.delete_object(Bucket=objects.bucket, Key="a")
    objects.client.delete_object(Bucket=objects.bucket, Key="a")

    assert listed(objects, "") == []


def test_deleting_many_passes_over_what_is_not_there(objects: Objects) -> None:
    put(objects, "a")
    put(objects, "b")
    keys: Any = [{"Key": "a"}, {"Key": "gone"}]

    answer = objects.client.delete_objects(Bucket=objects.bucket, Delete={"Objects": keys, "Quiet": True})

    assert "Errors" not in answer
    assert listed(objects, "") == ["b"]


def test_no_more_than_a_thousand_are_deleted_at_once(objects: Objects) -> None:
    keys: Any = [{"Key": str(number)} for number in range(1001)]

    refused = refusal(lambda: objects.client.delete_objects(Bucket=objects.bucket, Delete={"Objects": keys}))

    assert (refused or ("accepted",))[0] == on(objects.backend, "1001 deletions are refused", "MalformedXML")
