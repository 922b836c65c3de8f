"""dlt: its REST source into a destination of one's own that writes with boto3. Variants: everything, incremental.

Detection of timestamps in text is off: values arrive as the vendor sent them. One boto3 resource for each loader
thread, because making one takes a tenth of a second.
"""

from __future__ import annotations

import os
import threading
from typing import Any

import boto3

from benchmarks.peers.handwritten import plain
from benchmarks.peers.work import CURSOR, PAGE, TABLE, Work, report, told

_LONG_AGO = "2020-01-01T00:00:00Z"
_written = 0


def source(work: Work, dlt_rest: Any) -> Any:
    params: dict[str, Any] = {"limit": PAGE}
    endpoint: dict[str, Any] = {
        "path": f"wms/{work.kind}",
        "params": params,
        "data_selector": "data",
        "paginator": {"type": "cursor", "cursor_path": "next_token", "cursor_param": "page_token"},
    }
    if work.variant == "incremental":
        params[f"{CURSOR}[gte]"] = "{incremental.start_value}"
        endpoint["incremental"] = {"cursor_path": CURSOR, "initial_value": _LONG_AGO}
    resource = {"name": work.kind, "primary_key": "id", "write_disposition": "append", "endpoint": endpoint}
    client = {"base_url": f"{work.upstream}/", "headers": work.headers}
    made = dlt_rest({"client": client, "resources": [resource]}, max_table_nesting=0)
    made.schema.remove_type_detection("iso_timestamp")
    return made


def destination(work: Work, dlt: Any) -> Any:
    threads = threading.local()

    @dlt.destination(  # type: ignore[untyped-decorator]
        batch_size=PAGE,
        loader_file_format="typed-jsonl",
        name="records",
        naming_convention="direct",
        max_table_nesting=0,
        skip_dlt_columns_and_tables=True,
    )
    def records(items: list[dict[str, Any]], table: Any) -> None:  # noqa: ARG001
        global _written  # noqa: PLW0603  # the loader's threads share nothing else with the end of the run
        if not hasattr(threads, "table"):
            threads.table = boto3.session.Session().resource("dynamodb", **work.client()).Table(TABLE)
        with threads.table.batch_writer() as batch:
            for record in items:
                kept = {name: value for name, value in record.items() if value is not None}
                batch.put_item(Item={**work.key(record["id"]), **plain(kept)})
        _written += len(items)

    return records()


def main(work: Work) -> None:
    os.environ.update(
        RUNTIME__DLTHUB_TELEMETRY="false", RUNTIME__LOG_LEVEL="ERROR", DLT_DATA_DIR=str(work.state.resolve())
    )
    os.chdir(work.state)
    import dlt  # noqa: PLC0415  # reads its settings when it is imported
    from dlt.sources.rest_api import rest_api_source  # noqa: PLC0415

    pipeline = dlt.pipeline(
        f"peers_{work.kind}",
        destination=destination(work, dlt),
        dataset_name="peers",
        pipelines_dir=str(work.state.resolve() / "pipelines"),
    )
    pipeline.run(source(work, rest_api_source))
    report(_written)


if __name__ == "__main__":
    main(told("everything", "incremental"))
