"""The part of S3 that fingerprint indexes live on, as boto3's client: strongly consistent, without faults of its own.

Held to the same assertions as moto and the emulator, in tests/contract/aws.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from tests.fakes.simulated_errors import client_error

LARGEST_PAGE = 1000
_BEHIND_ALL = "\U0010ffff"

Before = Callable[[str, Mapping[str, Any]], None]
"""Hears of each request before it acts. Raises what it wants the caller to see: then nothing is done."""

After = Callable[[str, Mapping[str, Any]], None]
"""Hears of each request that has acted, and of each page of a list. Raises to lose the answer."""


class Exceptions:
    """As the attribute `exceptions` of boto3's client."""

    ClientError = ClientError


class Stored(NamedTuple):
    """One accepted change of an object; `content` is None where it was deleted."""

    bucket: str
    key: str
    content: bytes | None


def _unheard(_operation: str, _request: Mapping[str, Any]) -> None:
    return None


class SimulatedS3:
    """boto3's client, as far as it is known here. `accepted` hears of each change.

    `page` is how many keys a list gives at once, for small buckets with pages.

    Two puts with IfNoneMatch never meet here; let `before` raise a ConditionalRequestConflict for that.
    """

    exceptions = Exceptions

    def __init__(
        self,
        *buckets: str,
        before: Before = _unheard,
        after: After = _unheard,
        accepted: Callable[[Stored], None] | None = None,
        page: int = LARGEST_PAGE,
    ) -> None:
        self._before = before
        self._after = after
        self._accepted = accepted
        self._page = page
        self._objects: dict[str, dict[str, bytes]] = {}
        self._keys: dict[str, list[str]] = {}
        for bucket in buckets:
            self.create(bucket)

    def create(self, bucket: str) -> None:
        self._objects[bucket], self._keys[bucket] = {}, []

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, IfNoneMatch: str | None = None) -> dict[str, Any]:  # noqa: N803
        request = {"Bucket": Bucket, "Key": Key, "Body": Body, "IfNoneMatch": IfNoneMatch}
        self._before("PutObject", request)
        objects = self._bucket("PutObject", Bucket)
        if IfNoneMatch == "*" and Key in objects:
            message = "At least one of the pre-conditions you specified did not hold"
            raise client_error("PutObject", "PreconditionFailed", message, 412)
        if Key not in objects:
            insort(self._keys[Bucket], Key)
        objects[Key] = bytes(Body)
        self._tell(Bucket, Key, objects[Key])
        self._after("PutObject", request)
        return {}

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        request = {"Bucket": Bucket, "Key": Key}
        self._before("GetObject", request)
        objects = self._bucket("GetObject", Bucket)
        if Key not in objects:
            raise client_error("GetObject", "NoSuchKey", "The specified key does not exist.", 404)
        self._after("GetObject", request)
        return {"Body": BytesIO(objects[Key]), "ContentLength": len(objects[Key])}

    def delete_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        self.delete_objects(Bucket=Bucket, Delete={"Objects": [{"Key": Key}]})
        return {}

    def delete_objects(self, *, Bucket: str, Delete: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N803
        """A key that is not there is deleted too."""
        request = {"Bucket": Bucket, "Delete": Delete}
        self._before("DeleteObjects", request)
        objects = self._bucket("DeleteObjects", Bucket)
        asked = [entry["Key"] for entry in Delete["Objects"]]
        if not 0 < len(asked) <= LARGEST_PAGE:
            raise client_error("DeleteObjects", "MalformedXML", "The XML you provided was not well-formed")
        for key in asked:
            if objects.pop(key, None) is not None:
                del self._keys[Bucket][bisect_left(self._keys[Bucket], key)]
                self._tell(Bucket, key, None)
        self._after("DeleteObjects", request)
        return {} if Delete.get("Quiet") else {"Deleted": [{"Key": key} for key in asked]}

    def list_objects_v2(
        self,
        *,
        Bucket: str,  # noqa: N803
        Prefix: str = "",  # noqa: N803
        MaxKeys: int = LARGEST_PAGE,  # noqa: N803
        ContinuationToken: str | None = None,  # noqa: N803
        StartAfter: str | None = None,  # noqa: N803
    ) -> dict[str, Any]:
        """Keys in the order of their UTF-8 bytes; the token is the last key of the page before."""
        behind = ContinuationToken or StartAfter
        request = {"Bucket": Bucket, "Prefix": Prefix, "StartAfter": behind}
        self._before("ListObjectsV2", request)
        objects, keys = self._bucket("ListObjectsV2", Bucket), self._keys[Bucket]
        first = max(bisect_left(keys, Prefix), 0 if behind is None else bisect_right(keys, behind))
        last = bisect_left(keys, Prefix + _BEHIND_ALL)
        found = keys[first:last][: min(self._page, MaxKeys)]
        answer: dict[str, Any] = {"KeyCount": len(found), "IsTruncated": first + len(found) < last}
        if found:
            answer["Contents"] = [{"Key": key, "Size": len(objects[key])} for key in found]
        if answer["IsTruncated"]:
            answer["NextContinuationToken"] = found[-1]
        self._after("ListObjectsV2", request)
        return answer

    def get_paginator(self, operation: str) -> SimulatedLists:
        if operation != "list_objects_v2":
            raise NotImplementedError(f"the simulated S3 pages no {operation}")
        return SimulatedLists(self)

    def objects(self, bucket: str) -> Mapping[str, bytes]:
        """A copy of what the bucket holds."""
        return dict(self._objects[bucket])

    def _bucket(self, operation: str, bucket: str) -> dict[str, bytes]:
        if bucket not in self._objects:
            raise client_error(operation, "NoSuchBucket", "The specified bucket does not exist", 404)
        return self._objects[bucket]

    def _tell(self, bucket: str, key: str, content: bytes | None) -> None:
        if self._accepted is not None:
            self._accepted(Stored(bucket, key, content))


class SimulatedLists:
    """Each page is one request, made when it is asked for."""

    def __init__(self, s3: SimulatedS3) -> None:
        self._s3 = s3

    def paginate(self, **arguments: Any) -> Iterator[dict[str, Any]]:
        answer = self._s3.list_objects_v2(**arguments)
        yield answer
        while answer["IsTruncated"]:
            answer = self._s3.list_objects_v2(**arguments, ContinuationToken=answer["NextContinuationToken"])
            yield answer
