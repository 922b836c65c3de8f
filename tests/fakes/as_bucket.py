"""A boto3 client of S3, or what looks like one, behind the seam that the index objects speak to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as ConnectionLost

from planster_sync.wire.bucket import Listed
from planster_sync.wire.endpoint import NoAnswer, Refused


class AsBucket:
    """What botocore raises becomes what the seam raises; a listing is one page, however long."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def put(self, key: str, content: bytes) -> None:
        with _told():
            self._client.put_object(Bucket=self._name, Key=key, Body=content)

    def put_new(self, key: str, content: bytes) -> None:
        with _told():
            self._client.put_object(Bucket=self._name, Key=key, Body=content, IfNoneMatch="*")

    def get(self, key: str) -> bytes:
        with _told():
            content: bytes = self._client.get_object(Bucket=self._name, Key=key)["Body"].read()
            return content

    def list(self, prefix: str, after: str) -> Listed:
        with _told():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=prefix)
            keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        return Listed(sorted(key for key in keys if key > after), more=False)

    def delete(self, key: str) -> None:
        with _told():
            self._client.delete_objects(Bucket=self._name, Delete={"Objects": [{"Key": key}], "Quiet": True})


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        told = error.response.get("Error", {})
        raise Refused(str(told.get("Code")), str(told.get("Message")), b"") from error
    except (ConnectionLost, HTTPClientError) as error:
        raise NoAnswer(type(error).__name__) from error
