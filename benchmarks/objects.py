"""S3 for measuring: objects of buckets in memory, path style, with If-None-Match and If-Match, listed and counted."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import md5
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape, unescape

from benchmarks.serving import Asked, Reply

_XML = (("Content-Type", "application/xml"),)
_KEY = re.compile(r"<Key>(.*?)</Key>", re.DOTALL)
_PAGE = 1000


class Objects:
    def __init__(self) -> None:
        self.buckets: dict[str, dict[str, bytes]] = {}
        self.requests: Counter[str] = Counter()
        self.bytes_in = self.bytes_out = 0
        self.latency = 0.0

    def handle(self, asked: Asked) -> Reply:
        path, _, query = asked.target.partition("?")
        bucket, _, key = path.lstrip("/").partition("/")
        self.bytes_in += len(asked.body)
        if asked.header("content-encoding") == "aws-chunked":
            return _error(501, "NotImplemented")
        if key:
            reply = self._object(asked, bucket, unquote(key))
        else:
            reply = self._bucket(asked, bucket, parse_qs(query, keep_blank_values=True))
        self.bytes_out += len(reply.body)
        return Reply(reply.body, reply.status, reply.headers, self.latency) if self.latency else reply

    def _object(self, asked: Asked, bucket: str, key: str) -> Reply:
        self.requests[f"{asked.method.title()}Object"] += 1
        objects = self.buckets.get(bucket)
        if objects is None:
            return _error(404, "NoSuchBucket")
        there = objects.get(key)
        if asked.method == "PUT":
            if (there is not None and asked.header("if-none-match") == "*") or not _matches(asked, there):
                return _error(412, "PreconditionFailed")
            objects[key] = asked.body
            return Reply(headers=(("ETag", _tag(asked.body)),))
        if asked.method == "DELETE":
            objects.pop(key, None)
            return Reply(status=204)
        if there is None:
            return _error(404, "NoSuchKey")
        return _content(asked, there)

    def _bucket(self, asked: Asked, bucket: str, query: dict[str, list[str]]) -> Reply:
        if asked.method == "PUT":
            self.requests["CreateBucket"] += 1
            if bucket in self.buckets:
                return _error(409, "BucketAlreadyOwnedByYou")
            self.buckets[bucket] = {}
            return Reply(headers=_XML)
        objects = self.buckets.get(bucket)
        if objects is None:
            return _error(404, "NoSuchBucket")
        if asked.method == "POST" and "delete" in query:
            self.requests["DeleteObjects"] += 1
            for key in _KEY.findall(asked.body.decode()):
                objects.pop(unescape(key), None)
            return Reply(b"<DeleteResult/>", headers=_XML)
        self.requests["ListObjectsV2"] += 1
        return _listed(objects, query)


def _listed(objects: dict[str, bytes], query: dict[str, list[str]]) -> Reply:
    prefix, after = query.get("prefix", [""])[0], query.get("continuation-token", query.get("start-after", [""]))[0]
    keys = sorted(key for key in objects if key.startswith(prefix) and key > after)
    page, more = keys[:_PAGE], len(keys) > _PAGE
    entries = "".join(f"<Contents><Key>{escape(key)}</Key><Size>{len(objects[key])}</Size></Contents>" for key in page)
    token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
    truncated = f"<IsTruncated>{str(more).lower()}</IsTruncated>"
    body = f"<ListBucketResult><KeyCount>{len(page)}</KeyCount>{truncated}{token}{entries}</ListBucketResult>"
    return Reply(body.encode(), headers=_XML)


def _content(asked: Asked, content: bytes) -> Reply:
    headers = (("ETag", _tag(content)), ("Content-Type", "binary/octet-stream"))
    wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", asked.header("range") or "")
    if wanted is None:
        return Reply(content, headers=headers)
    first, last = int(wanted[1]), int(wanted[2] or len(content) - 1)
    part = content[first : last + 1]
    return Reply(part, 206, (*headers, ("Content-Range", f"bytes {first}-{first + len(part) - 1}/{len(content)}")))


def _matches(asked: Asked, there: bytes | None) -> bool:
    wanted = asked.header("if-match")
    return wanted is None or (there is not None and wanted.strip('"') == _tag(there).strip('"'))


def _tag(content: bytes) -> str:
    return f'"{md5(content, usedforsecurity=False).hexdigest()}"'


def _error(status: int, code: str) -> Reply:
    return Reply(f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode(), status, _XML)
