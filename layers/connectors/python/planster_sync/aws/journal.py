"""The structured log: one JSON line for each event, with fields from an allow-list only.

A field that is not on the list is left out and named in `left_out`, so that a slip shows in the log and leaks nothing.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

from planster_sync.http.redaction import redact

FIELDS = frozenset(
    {
        "code",
        "counts",
        "data_type",
        "failed",
        "finished",
        "integration",
        "message",
        "mode",
        "organisation",
        "pages",
        "record_writes",
        "request",
        "route",
        "run",
        "segment",
        "started",
        "state",
        "stream",
        "swept",
        "time",
        "until",
    }
)
FREE_TEXT = frozenset({"detail", "what"})
"""Sentences: allowed, and redacted again, because a vendor's words may have slipped into them."""


class PowertoolsJournal:
    """Writes through the logger that it is given; ids are logged as they are, sentences are redacted."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger

    def event(self, name: str, **fields: Any) -> None:
        self._logger.info(name, extra={"fields": _allowed(fields)})

    def failure(self, name: str, error: BaseException, **fields: Any) -> None:
        lines = "".join(traceback.format_exception(error)).splitlines()
        trace = "\n".join(redact(line) for line in lines)
        self._logger.error(
            name, extra={"fields": {**_allowed(fields), "error": type(error).__name__, "traceback": trace}}
        )


def _allowed(fields: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in fields.items() if name in FIELDS and value is not None}
    kept |= {name: redact(str(value)) for name, value in fields.items() if name in FREE_TEXT and value is not None}
    left_out = sorted(set(fields) - FIELDS - FREE_TEXT)
    return {**kept, "left_out": left_out} if left_out else kept
