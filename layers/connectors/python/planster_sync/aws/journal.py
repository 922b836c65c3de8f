"""The structured log: one JSON line for each event, with fields from an allow-list only.

A field that is not on the list is left out and named in `left_out`, so that a slip shows in the log and leaks nothing.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from typing import Any, Protocol

from planster_sync.http.redaction import redact
from planster_sync.ports.platform import Clock

FIELDS = frozenset(
    {
        "after",
        "before",
        "blocked",
        "calls",
        "code",
        "connector",
        "count",
        "counts",
        "data_type",
        "failed",
        "fetched",
        "finished",
        "integration",
        "kind",
        "late",
        "late_percent",
        "message",
        "missed",
        "mode",
        "night",
        "organisation",
        "overdue",
        "p95_ms",
        "pages",
        "quarantined",
        "record_writes",
        "reference",
        "request",
        "route",
        "run",
        "seconds",
        "segment",
        "started",
        "state",
        "stream",
        "swept",
        "throttled",
        "time",
        "tokens",
        "unanswered",
        "unavailable",
        "until",
        "waited",
        "webhook",
    }
)
FREE_TEXT = frozenset({"detail", "what"})
"""Sentences: allowed, and redacted again, because a vendor's words may have slipped into them."""

TRACE = "_X_AMZN_TRACE_ID"


class Output(Protocol):
    def write(self, line: str, /) -> int: ...


class LogLines:
    """Ids are logged as they are, sentences are redacted.

    `output` is the function's standard output, which Lambda passes to CloudWatch line by line; `environment` is the
    process's own, which names the invocation's trace anew each time (AWS: Using Lambda environment variables).
    """

    def __init__(self, service: str, clock: Clock, output: Output, environment: Mapping[str, str]) -> None:
        self._service = service
        self._clock = clock
        self._output = output
        self._environment = environment

    def event(self, name: str, **fields: Any) -> None:
        self._write("INFO", name, _allowed(fields))

    def failure(self, name: str, error: BaseException, **fields: Any) -> None:
        lines = "".join(traceback.format_exception(error)).splitlines()
        trace = "\n".join(redact(line) for line in lines)
        self._write("ERROR", name, {**_allowed(fields), "error": type(error).__name__, "traceback": trace})

    def _write(self, level: str, name: str, fields: Mapping[str, Any]) -> None:
        line = {
            "level": level,
            "timestamp": self._clock.now().isoformat(timespec="milliseconds"),
            "service": self._service,
            "message": name,
            "fields": fields,
            "trace": _root(self._environment.get(TRACE, "")),
        }
        self._output.write(json.dumps(line, default=str, ensure_ascii=False) + "\n")


def _allowed(fields: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in fields.items() if name in FIELDS and value is not None}
    kept |= {name: redact(str(value)) for name, value in fields.items() if name in FREE_TEXT and value is not None}
    left_out = sorted(set(fields) - FIELDS - FREE_TEXT)
    return {**kept, "left_out": left_out} if left_out else kept


def _root(trace: str) -> str | None:
    """The trace's own id out of `Root=...;Parent=...;Sampled=...`."""
    return next((part.removeprefix("Root=") for part in trace.split(";") if part.startswith("Root=")), None)
