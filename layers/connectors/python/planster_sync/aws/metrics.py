"""Metrics as log lines in CloudWatch's embedded metric format, by data type and by connector and data type only.

No integration and no organisation is ever a dimension: at a thousand integrations that would cost more than all the
rest. Source: Amazon CloudWatch User Guide, "Embedded metric format specification".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TextIO

from planster_sync.model.data_types import DataType
from planster_sync.ports.platform import Clock

DIMENSIONS = [["data_type"], ["connector", "data_type"]]


class MetricLines:
    """`output` is the function's standard output, which Lambda passes to CloudWatch line by line."""

    def __init__(self, namespace: str, clock: Clock, output: TextIO) -> None:
        self._namespace = namespace
        self._clock = clock
        self._output = output

    def count(self, connector: str, data_type: DataType, values: Mapping[str, int]) -> None:
        """One line with each count that is not zero: a metric is billed in the hours in which it has values."""
        counted = {name: value for name, value in values.items() if value}
        if not counted:
            return
        described = {
            "Namespace": self._namespace,
            "Dimensions": DIMENSIONS,
            "Metrics": [{"Name": name, "Unit": "Count"} for name in counted],
        }
        line = {
            "_aws": {"Timestamp": int(self._clock.now().timestamp() * 1000), "CloudWatchMetrics": [described]},
            "connector": connector,
            "data_type": data_type,
            **counted,
        }
        self._output.write(json.dumps(line) + "\n")
