"""The least that a singer target can be: a line of JSON in, a write by boto3 out; nothing is validated."""

from __future__ import annotations

import json
import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.peers.handwritten import table
from benchmarks.peers.work import Work, report


def main(work: Work) -> None:
    records, state = 0, None
    with table(work).batch_writer() as batch:
        for line in sys.stdin.buffer:
            message = json.loads(line, parse_float=Decimal)
            if message["type"] == "RECORD":
                record = _without_nulls(message["record"])
                batch.put_item(Item={**work.key(record["id"]), **record})
                records += 1
            elif message["type"] == "STATE":
                state = message["value"]
    if state is not None:
        (work.state / "state.json").write_text(json.dumps(state))
    report(records)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


if __name__ == "__main__":
    found = os.environ
    main(
        Work(
            found["PEER_UPSTREAM"],
            found["PEER_DYNAMODB"],
            found["PEER_KIND"],
            Path(found["PEER_STATE"]),
            found["PEER_VARIANT"],
            found["PEER_TOKEN"],
        )
    )
