"""Log lines as CloudWatch keeps them: by group, each with its moment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Line:
    """`at` in seconds since 1970; `content` is the line's JSON."""

    group: str
    at: float
    content: dict[str, Any]

    @property
    def fields(self) -> dict[str, Any]:
        """What Logs Insights finds in it: dotted names, and those that begin with @."""
        return {"@timestamp": self.at * 1000, "@message": json.dumps(self.content), **dict(_flat("", self.content))}


def lines_of(group: str, text: str) -> Iterator[Line]:
    """Both kinds of lines that functions print: events of the journal, and metrics."""
    for row in text.splitlines():
        content = json.loads(row)
        metrics = content.get("_aws")
        at = metrics["Timestamp"] / 1000 if metrics else datetime.fromisoformat(content["timestamp"]).timestamp()
        yield Line(group, at, content)


def _flat(prefix: str, value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{prefix}.{name}" if prefix else name, inner)
    elif value is not None and not isinstance(value, list):
        yield prefix, value
