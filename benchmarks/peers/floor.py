"""The least that Python can do: no framework, no boto3, nothing validated, nothing that survives a crash.

    fingerprints    records are cut from the page unparsed, hashed, and only those that differ are parsed and written
    threads         the same with four writers at once
    two-level       where the bytes differ, the vendor's own stamp is left out and what remains is compared once more

Requests are signed as AWS asks (Signature Version 4), so that the floor pays for what everybody pays for.
"""

from __future__ import annotations

import http.client
import pickle
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest
from threading import local
from typing import Any
from urllib.parse import urlsplit

import msgspec
import orjson
from xxhash import xxh3_64_intdigest as fingerprint

from benchmarks.peers.work import PAGE, REGION, TABLE, VOLATILE, Work, report, told

BATCH = 25
THREADS = 4
_TARGET = "DynamoDB_20120810.BatchWriteItem"
_SIGNED = "content-type;host;x-amz-date;x-amz-target"
_TYPE = "application/x-amz-json-1.0"
_ATTEMPTS = 10

Seen = dict[str, tuple[int, int]]
"""Fingerprints by id: of the raw bytes, and of what they mean (0 where that was never asked)."""


class _Page(msgspec.Struct):
    data: list[msgspec.Raw]
    next_token: str | None


class _Named(msgspec.Struct):
    id: str


_PAGES = msgspec.json.Decoder(_Page)
_NAMES = msgspec.json.Decoder(_Named)


def connection(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    opened = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    opened.connect()
    opened.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def pages(work: Work) -> Iterator[list[msgspec.Raw]]:
    reader = connection(work.upstream)
    token: str | None = ""
    while token is not None:
        after = f"&page_token={token}" if token else ""
        reader.request("GET", f"/wms/{work.kind}?limit={PAGE}{after}", headers=work.headers)
        page = _PAGES.decode(reader.getresponse().read())
        yield page.data
        token = page.next_token


def packed(value: Any) -> dict[str, Any]:
    kind = type(value)
    if kind is str:
        return {"S": value}
    if kind is int or kind is float:
        return {"N": repr(value)}
    if kind is bool:
        return {"BOOL": value}
    if kind is dict:
        return {"M": {name: packed(inner) for name, inner in value.items() if inner is not None}}
    return {"L": [packed(inner) for inner in value]} if kind is list else {"NULL": True}


class Writer:
    """One connection on which batches are sent until all of their writes were taken."""

    def __init__(self, work: Work) -> None:
        self._connection = connection(work.dynamodb)
        self._host = urlsplit(work.dynamodb).netloc
        self._key: tuple[str, bytes] = ("", b"")

    def send(self, writes: list[dict[str, Any]]) -> None:
        for attempt in range(_ATTEMPTS):
            status, answer = self._post(orjson.dumps({"RequestItems": {TABLE: writes}}))
            if status == 200:
                left = orjson.loads(answer).get("UnprocessedItems")
                if not left:
                    return
                writes = left[TABLE]
            elif b"Throughput" not in answer and b"Throttling" not in answer:
                raise RuntimeError(answer[:200])
            time.sleep(min(1.0, 0.05 * 2**attempt))
        raise RuntimeError("The table stayed busy.")

    def _post(self, body: bytes) -> tuple[int, bytes]:
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{now[:8]}/{REGION}/dynamodb/aws4_request"
        headers = f"content-type:{_TYPE}\nhost:{self._host}\nx-amz-date:{now}\nx-amz-target:{_TARGET}\n"
        canonical = f"POST\n/\n\n{headers}\n{_SIGNED}\n{sha256(body).hexdigest()}"
        text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
        signature = digest(self._key_of(now[:8]), text.encode(), "sha256").hex()
        proof = f"AWS4-HMAC-SHA256 Credential=bench/{scope}, SignedHeaders={_SIGNED}, Signature={signature}"
        sent = {"Content-Type": _TYPE, "X-Amz-Date": now, "X-Amz-Target": _TARGET, "Authorization": proof}
        self._connection.request("POST", "/", body, sent)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def _key_of(self, day: str) -> bytes:
        if self._key[0] != day:
            key = b"AWS4bench"
            for part in (day, REGION, "dynamodb", "aws4_request"):
                key = digest(key, part.encode(), "sha256")
            self._key = day, key
        return self._key[1]


class Sender:
    """Collects writes into batches and hands them to one writer, or to a few at once."""

    def __init__(self, work: Work, threads: int) -> None:
        self._work = work
        self._writers = local()
        self._batch: list[dict[str, Any]] = []
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None
        self._running: list[Future[None]] = []

    def add(self, write: dict[str, Any]) -> None:
        self._batch.append(write)
        if len(self._batch) == BATCH:
            self._send()

    def end(self) -> None:
        if self._batch:
            self._send()
        for one in self._running:
            one.result()

    def _send(self) -> None:
        batch, self._batch = self._batch, []
        if self._pool is None:
            self._write(batch)
            return
        if len(self._running) >= 4 * THREADS:
            self._running.pop(0).result()
        self._running.append(self._pool.submit(self._write, batch))

    def _write(self, batch: list[dict[str, Any]]) -> None:
        if not hasattr(self._writers, "own"):
            self._writers.own = Writer(self._work)
        self._writers.own.send(batch)


def sync(work: Work, sender: Sender, meaning: Callable[[Any], int]) -> int:
    kept = work.state / "fingerprints"
    before: Seen = pickle.loads(kept.read_bytes()) if kept.exists() else {}  # noqa: S301  # its own file
    after: Seen = {}
    for page in pages(work):
        for raw in page:
            id_, now = _NAMES.decode(raw).id, fingerprint(memoryview(raw))
            was = before.pop(id_, None)
            if was is not None and was[0] == now:
                after[id_] = was
                continue
            record = orjson.loads(memoryview(raw))
            after[id_] = now, meaning(record)
            if was is None or not was[1] or was[1] != after[id_][1]:
                attributes = {name: packed(value) for name, value in record.items() if value is not None}
                key = {"pk": {"S": work.partition(id_)}, "sk": {"S": id_}}
                sender.add({"PutRequest": {"Item": {**key, **attributes}}})
    for id_ in before:
        sender.add({"DeleteRequest": {"Key": {"pk": {"S": work.partition(id_)}, "sk": {"S": id_}}}})
    sender.end()
    kept.write_bytes(pickle.dumps(after, protocol=5))
    return len(after)


def _meaning(record: dict[str, Any]) -> int:
    told_ = {name: value for name, value in record.items() if name != VOLATILE}
    return fingerprint(orjson.dumps(told_, option=orjson.OPT_SORT_KEYS))


if __name__ == "__main__":
    given = told("fingerprints", "threads", "two-level")
    threads = THREADS if given.variant == "threads" else 1
    report(sync(given, Sender(given, threads), _meaning if given.variant == "two-level" else lambda _record: 0))
