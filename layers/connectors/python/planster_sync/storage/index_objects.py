"""Fingerprint indexes and their journals as S3 objects that are never changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from planster_sync.errors import Conflict, StoreBusy
from planster_sync.model.runs import StreamKey
from planster_sync.storage import keys as layout
from planster_sync.storage.failures import busy_as_store_busy, code_of
from planster_sync.storage.lanes import LANES, Lanes

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_TAKEN = frozenset({"PreconditionFailed", "412"})
_MISSING = frozenset({"NoSuchKey", "404"})
_DELETE_BATCH = 1000


class S3IndexObjects:
    def __init__(self, client: S3Client, bucket: str, lanes: Lanes) -> None:
        self._client = client
        self._bucket = bucket
        self._lanes = lanes

    def put_index(self, stream: StreamKey, name: str, content: bytes) -> None:
        """Raises Conflict where another content has the name; the same content again is a repeated request."""
        key = layout.index_object(stream, name)
        try:
            with busy_as_store_busy():
                self._client.put_object(Bucket=self._bucket, Key=key, Body=content, IfNoneMatch="*")
        except self._client.exceptions.ClientError as error:
            if code_of(error) not in _TAKEN:
                raise
            if self._get(key) != content:
                raise Conflict("Another index is stored under this name.", detail=key) from error

    def get_index(self, stream: StreamKey, name: str) -> bytes | None:
        return self._get(layout.index_object(stream, name))

    def put_chunk(self, stream: StreamKey, base: str, fence: int, number: int, content: bytes) -> None:
        key = layout.journal_object(stream, base, fence, number)
        with busy_as_store_busy():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content)

    def chunks(self, stream: StreamKey, base: str) -> Iterator[tuple[int, int, bytes]]:
        """Fetches a few chunks at a time, in parallel."""
        found = self._listed(layout.journal_prefix(stream, base))
        for start in range(0, len(found), LANES):
            window = found[start : start + LANES]
            for key, content in zip(window, self._lanes(self._get, window), strict=True):
                if content is None:
                    raise StoreBusy("The journal was removed while it was read.", detail=key)
                yield (*layout.journal_position(key), content)

    def forget(self, stream: StreamKey, base: str) -> None:
        keys = self._listed(layout.journal_prefix(stream, base))
        if base:
            keys.append(layout.index_object(stream, base))
        for start in range(0, len(keys), _DELETE_BATCH):
            batch = keys[start : start + _DELETE_BATCH]
            with busy_as_store_busy():
                self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in batch], "Quiet": True}
                )

    def _get(self, key: str) -> bytes | None:
        try:
            with busy_as_store_busy():
                return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except self._client.exceptions.ClientError as error:
            if code_of(error) not in _MISSING:
                raise
            return None

    def _listed(self, prefix: str) -> list[str]:
        keys: list[str] = []
        with busy_as_store_busy():
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                keys += [entry["Key"] for entry in page.get("Contents", [])]
        return sorted(keys)
