"""Moments that a caller names."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

_DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]")


def written_out(value: Any) -> Any:
    """The value, where it is a moment as ISO-8601 has it.

    Raises:
        ValueError: it is not; a bare number could mean seconds or a year.
    """
    if isinstance(value, datetime) or (isinstance(value, str) and _DATE.match(value)):
        return value
    raise ValueError("a moment such as 2026-05-04T08:00:00Z is needed")
