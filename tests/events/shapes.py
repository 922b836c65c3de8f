"""The envelopes in which functions are called, captured on the local cloud: `python -m tests.events.shapes`.

captured.json holds them as they came; tests/cloud compares their forms with what comes today.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from local_cloud.cloud import start_cloud
from local_cloud.processes import Children, free_port
from tests.events.probe import Probe, probe

CAPTURED = Path(__file__).parent / "captured.json"
PATH = "/v1/organisations/alder/integrations"
ENDED = {"organisation": "alder", "integration": "int-1"}


def captured() -> dict[str, Any]:
    """By trigger."""
    return dict(json.loads(CAPTURED.read_text()))


def capture(there: Probe) -> dict[str, Any]:
    """Everything but the tick, which takes a minute to come."""
    return {
        "queue": there.by_queue("body"),
        "bus": there.by_bus("sync run finished", ENDED),
        "get": there.by_http("ANY /v1/{proxy+}", "GET", PATH, None),
        "post": there.by_http("ANY /v1/{proxy+}", "POST", f"{PATH}/int-1/sync", "{}"),
        "page": there.by_http("ANY /console", "GET", "/console", None),
    }


def form(value: Any) -> Any:
    """What does not depend on the moment: names, and kinds of values; of JSON in a body, its own form."""
    if isinstance(value, dict):
        return {name: form(inner) for name, inner in sorted(value.items()) if name != "x-amzn-trace-id"}
    if isinstance(value, list):
        return [form(inner) for inner in value]
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        return form(json.loads(value))
    return type(value).__name__


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, Children(Path(scratch) / "logs") as children:
        cloud = start_cloud(children, port=free_port(), scratch=Path(scratch) / "cloud")
        with probe(cloud) as there:
            found = {**capture(there), "clock": there.by_clock()}
    CAPTURED.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")
    print(f"{CAPTURED} is captured anew; `python -m tests.events.write_events` makes events/ of it.")


if __name__ == "__main__":
    main()
