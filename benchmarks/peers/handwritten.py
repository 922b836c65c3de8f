"""The sync that a competent engineer writes in a day: requests, pydantic and boto3's batch writer.

    everything      reads all and writes all
    incremental     asks for what was touched since the last run; it never hears of deletions
    hashes          reads all, writes what differs from a manifest of content hashes, deletes what is gone
    prime-hashes    makes that manifest without writing, so that a measurement may begin on the second day

The two with hashes parse and dump with orjson, the others with what requests brings.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterator
from decimal import Decimal
from typing import Any

import boto3
import orjson
import requests

from benchmarks.peers.models import MODELS
from benchmarks.peers.work import CURSOR, PAGE, TABLE, VOLATILE, Work, report, told


def pages(work: Work, filters: dict[str, str]) -> Generator[requests.Response, str, None]:
    params: dict[str, str] = {"limit": str(PAGE), **filters}
    with requests.Session() as session:
        session.headers.update(work.headers)
        while True:
            answer = session.get(work.url, params=params, timeout=60)
            answer.raise_for_status()
            params["page_token"] = yield answer


def parsed(work: Work, filters: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
    source = pages(work, filters)
    answer = next(source)
    while True:
        page = orjson.loads(answer.content) if "hashes" in work.variant else answer.json(parse_float=Decimal)
        yield page["data"]
        if page["next_token"] is None:
            return
        answer = source.send(page["next_token"])


def item(work: Work, record: dict[str, Any]) -> dict[str, Any]:
    """The record validated, as boto3 takes it: numbers as Decimal, times as text."""
    model = MODELS[work.kind].model_validate(record)
    return {**work.key(model.id), **plain(model.model_dump(exclude_none=True))}


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return Decimal(repr(value)) if isinstance(value, float) else value


def table(work: Work) -> Any:
    return boto3.resource("dynamodb", **work.client()).Table(TABLE)


def write_all(work: Work) -> int:
    kept = work.state / "cursor"
    since = kept.read_text() if work.variant == "incremental" and kept.exists() else ""
    newest, records = since, 0
    with table(work).batch_writer() as batch:
        for page in parsed(work, {f"{CURSOR}[gte]": since} if since else {}):
            for record in page:
                batch.put_item(Item=item(work, record))
                newest = max(newest, record[CURSOR])
            records += len(page)
    kept.write_text(newest)
    return records


def write_changes(work: Work) -> int:
    kept = work.state / "manifest.json"
    before: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
    after: dict[str, str] = {}
    writes = work.variant == "hashes"
    with table(work).batch_writer() as batch:
        for page in parsed(work, {}):
            for record in page:
                id_ = record["id"]
                after[id_] = _content(record)
                if writes and before.get(id_) != after[id_]:
                    batch.put_item(Item=item(work, record))
        if writes:
            for id_ in before.keys() - after.keys():
                batch.delete_item(Key=work.key(id_))
    kept.write_text(json.dumps(after))
    return len(after)


def _content(record: dict[str, Any]) -> str:
    told_ = {name: value for name, value in record.items() if name != VOLATILE}
    return hashlib.sha256(orjson.dumps(told_, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


if __name__ == "__main__":
    given = told("everything", "incremental", "hashes", "prime-hashes")
    report(write_changes(given) if "hashes" in given.variant else write_all(given))
