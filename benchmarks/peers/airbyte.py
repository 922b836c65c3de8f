"""airbyte-cdk: a declarative source read in this process, its records written with boto3.

Variants: everything, incremental. Messages are not turned into lines of JSON between two processes, as Airbyte's
platform would do: kind to the peer.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from typing import Any

from benchmarks.peers.handwritten import plain, table
from benchmarks.peers.work import CURSOR, PAGE, Work, report, told

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": True,
    "properties": {"id": {"type": "string"}, CURSOR: {"type": "string"}},
}


def stream(work: Work) -> dict[str, Any]:
    requester = {
        "type": "HttpRequester",
        "url_base": work.upstream,
        "path": f"/wms/{work.kind}",
        "http_method": "GET",
        "request_headers": work.headers,
    }
    strategy = {
        "type": "CursorPagination",
        "page_size": PAGE,
        "cursor_value": "{{ response['next_token'] }}",
        "stop_condition": "{{ response['next_token'] is none }}",
    }
    return {
        "type": "DeclarativeStream",
        "name": work.kind,
        "primary_key": ["id"],
        "schema_loader": {"type": "InlineSchemaLoader", "schema": _SCHEMA},
        "retriever": {
            "type": "SimpleRetriever",
            "requester": requester,
            "record_selector": {
                "type": "RecordSelector",
                "extractor": {"type": "DpathExtractor", "field_path": ["data"]},
            },
            "paginator": {
                "type": "DefaultPaginator",
                "page_token_option": _option("page_token"),
                "page_size_option": _option("limit"),
                "pagination_strategy": strategy,
            },
        },
        **({"incremental_sync": _cursor()} if work.variant == "incremental" else {}),
    }


def _option(name: str) -> dict[str, str]:
    return {"type": "RequestOption", "inject_into": "request_parameter", "field_name": name}


def _cursor() -> dict[str, Any]:
    return {
        "type": "DatetimeBasedCursor",
        "cursor_field": CURSOR,
        "datetime_format": _FORMAT,
        "cursor_datetime_formats": [_FORMAT],
        "start_datetime": {"type": "MinMaxDatetime", "datetime": "2020-01-01T00:00:00Z", "datetime_format": _FORMAT},
        "start_time_option": _option(f"{CURSOR}[gte]"),
    }


def manifest(work: Work) -> dict[str, Any]:
    return {
        "version": "7.0.0",
        "type": "DeclarativeSource",
        "check": {"type": "CheckStream", "stream_names": [work.kind]},
        "streams": [stream(work)],
        "spec": {"type": "Spec", "connection_specification": {"type": "object", "properties": {}}},
    }


def records(work: Work) -> Iterator[dict[str, Any]]:
    """Every record; the state that comes between them is kept for the next run."""
    os.environ["DO_NOT_TRACK"] = "true"
    logger = logging.getLogger("airbyte")
    logger.setLevel(logging.ERROR)
    from airbyte_cdk import models  # noqa: PLC0415  # reads its settings when it is imported
    from airbyte_cdk.sources.declarative import concurrent_declarative_source as declarative  # noqa: PLC0415

    is_incremental = work.variant == "incremental"
    described = {
        "stream": {
            "name": work.kind,
            "json_schema": _SCHEMA,
            "supported_sync_modes": ["full_refresh", "incremental"],
            "source_defined_primary_key": [["id"]],
        },
        "sync_mode": "incremental" if is_incremental else "full_refresh",
        "destination_sync_mode": "append_dedup",
    }
    catalog = models.ConfiguredAirbyteCatalogSerializer.load({"streams": [described]})
    kept = work.state / "state.json"
    state = []
    if is_incremental and kept.exists():
        state = [models.AirbyteStateMessageSerializer.load(json.loads(kept.read_text()))]
    source = declarative.ConcurrentDeclarativeSource(
        catalog=catalog, config={}, state=state, source_config=manifest(work)
    )
    for message in source.read(logger, {}, catalog, state):
        if message.type == models.Type.RECORD:
            yield message.record.data
        elif message.type == models.Type.STATE:
            kept.write_text(json.dumps(models.AirbyteStateMessageSerializer.dump(message.state)))


def main(work: Work) -> None:
    written = 0
    with table(work).batch_writer() as batch:
        for record in records(work):
            there = {name: value for name, value in record.items() if value is not None}
            batch.put_item(Item={**work.key(record["id"]), **plain(there)})
            written += 1
    report(written)


if __name__ == "__main__":
    main(told("everything", "incremental"))
