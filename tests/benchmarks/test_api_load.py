"""The measured looks at the status ask what they claim to ask."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.measuring import OURS, measure, server


def test_a_look_at_the_status_is_one_query_and_costs_no_body_where_nothing_has_changed() -> None:
    with server("benchmarks.endpoints") as endpoint:
        command: list[str | Path] = [
            OURS,
            "-m",
            "benchmarks.api_load",
            "--endpoint",
            endpoint.url,
            "--rate",
            "100",
            "--seconds",
            "0.2",
        ]
        told = [json.loads(line) for line in measure("API", command).output.splitlines() if line.startswith('{"run"')]

    by_name = {each["run"]: (each["dynamodb"], each["bytes"] > 0) for each in told}
    assert by_name == {
        "status page": (1.0, True),
        "status page, If-None-Match": (1.0, False),
        "one integration": (2.0, True),
        "one integration, If-None-Match": (2.0, False),
    }
    assert {each["requests"] for each in told} == {told[0]["requests"]} != {0}
