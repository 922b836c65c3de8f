"""The measured looks at the status ask what they claim to ask."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.measuring import OURS, measure, server


def test_a_look_at_the_status_is_one_query_and_costs_no_body_where_nothing_has_changed() -> None:
    """What is counted for the organisation's minute comes on top, by the twenty."""
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

    by_name = {each["run"]: (int(each["dynamodb"]), each["bytes"] > 0) for each in told}
    assert by_name == {
        "status page": (1, True),
        "status page, If-None-Match": (1, False),
        "one integration": (2, True),
        "one integration, If-None-Match": (2, False),
    }
    assert max(each["dynamodb"] % 1 for each in told) <= 0.1
    assert {each["requests"] for each in told} == {told[0]["requests"]} != {0}
