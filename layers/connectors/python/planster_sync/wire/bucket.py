"""The seam to the objects of one S3 bucket, and the real one: signed requests on kept connections."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol
from urllib.parse import quote
from xml.sax.saxutils import escape, unescape

from planster_sync.ports.platform import Clock
from planster_sync.wire.connection import Answer
from planster_sync.wire.connections import Connections
from planster_sync.wire.endpoint import Refused
from planster_sync.wire.signing import Signer

_CODE = re.compile(rb"<Code>([^<]+)</Code>")
_UPLOAD = re.compile(r"<UploadId>([^<]*)</UploadId>")
_KEY = re.compile(r"<Key>([^<]*)</Key>")
_STATUS_CODES = {404: "NoSuchKey", 409: "ConditionalRequestConflict", 412: "PreconditionFailed", 503: "SlowDown"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of keys in their order; `more` says that others follow."""

    keys: list[str]
    more: bool


class Bucket(Protocol):
    """Every method raises, tried once:

    Refused: S3 said no; `code` is the one that its documentation lists.
    NoAnswer: no whole answer came; the request may have acted.
    """

    def put(self, key: str, content: bytes) -> None: ...

    def put_new(self, key: str, content: bytes) -> None:
        """Refused("PreconditionFailed") where the key is taken."""
        ...

    def get(self, key: str) -> bytes:
        """Refused("NoSuchKey") where there is none."""
        ...

    def list(self, prefix: str, after: str) -> Listed:
        """Up to a thousand keys that begin with `prefix` and come after `after`."""
        ...

    def delete(self, key: str) -> None:
        """Whether it was there or not."""
        ...


class HttpBucket:
    """`root` is the path before the keys: "" where the host names the bucket, else "/" and its name.

    `close` ends idle connections.
    """

    def __init__(self, url: str, root: str, signer: Signer, clock: Clock, tls: ssl.SSLContext | None = None) -> None:
        self._connections = Connections(url, clock, tls)
        self.close = self._connections.close
        self._url = url
        self._root = root
        self._signer = signer
        self._clock = clock

    def put(self, key: str, content: bytes) -> None:
        self.exchange("PUT", key, content)

    def put_new(self, key: str, content: bytes) -> None:
        self.exchange("PUT", key, content, headers={"if-none-match": "*"})

    def get(self, key: str) -> bytes:
        return self.exchange("GET", key)

    def list(self, prefix: str, after: str) -> Listed:
        query = f"list-type=2&prefix={quote(prefix, safe='')}"  # in the order of their names, as they are signed
        query += f"&start-after={quote(after, safe='')}" if after else ""
        answer = self.exchange("GET", "", query=query).decode()
        keys = [unescape(key) for key in _KEY.findall(answer)]
        return Listed(keys, "<IsTruncated>true</IsTruncated>" in answer)

    def delete(self, key: str) -> None:
        self.exchange("DELETE", key)

    def begin_upload(self, key: str) -> str:
        """Of a file that is put part by part; gives the upload's name (AWS: CreateMultipartUpload)."""
        answer = self.exchange("POST", key, query="uploads=").decode()
        return unescape(_UPLOAD.findall(answer)[0])

    def put_part(self, key: str, upload: str, number: int, content: bytes) -> str:
        """Gives the part's tag."""
        query = f"partNumber={number}&uploadId={quote(upload, safe='')}"
        return self.answered("PUT", key, content, query, {}).headers["etag"]

    def end_upload(self, key: str, upload: str, tags: tuple[str, ...]) -> None:
        """Makes the file; Refused("NoSuchUpload") where that was done already. An error may come with status 200."""
        parts = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{escape(tag)}</ETag></Part>"
            for number, tag in enumerate(tags, 1)
        )
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        answer = self.answered("POST", key, body, f"uploadId={quote(upload, safe='')}", {})
        if _CODE.search(answer.content):
            raise _refusal(answer)

    def drop_upload(self, key: str, upload: str) -> None:
        self.exchange("DELETE", key, query=f"uploadId={quote(upload, safe='')}")

    def signed_address(self, key: str, seconds: int, disposition: str) -> str:
        """Where whoever has it can fetch an object for so long, under the name that `disposition` says."""
        path = f"{self._root}/{quote(key, safe='/-._~')}"
        asked = {"response-content-disposition": disposition}
        return f"{self._url}{self._signer.address(path, asked, seconds, self._clock.now())}"

    def exchange(
        self, method: str, key: str, body: bytes = b"", *, query: str = "", headers: Mapping[str, str] | None = None
    ) -> bytes:
        """One request on an object, or with an empty key on the bucket; the answer's body."""
        return self.answered(method, key, body, query, headers or {}).content

    def answered(self, method: str, key: str, body: bytes, query: str, headers: Mapping[str, str]) -> Answer:
        """As `exchange`, with the answer's headers."""
        path = f"{self._root}/{quote(key, safe='/-._~')}"
        digest = sha256(body).hexdigest()
        named = {"x-amz-content-sha256": digest, **headers}
        signed = self._signer.signed(method, path, query, named, digest, self._clock.now())
        answer = self._connections.exchange(method, f"{path}?{query}" if query else path, signed, body)
        if answer.status not in (200, 204):
            raise _refusal(answer)
        return answer


def _refusal(answer: Answer) -> Refused:
    named = _CODE.search(answer.content)
    unnamed = "InternalError" if answer.status >= 500 else f"Http{answer.status}"
    code = named[1].decode() if named else _STATUS_CODES.get(answer.status, unnamed)
    return Refused(code, f"HTTP {answer.status}", answer.content)
