"""Where a number comes from, and what was corrected by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from planster_client.answers.base import Answer, Trouble


class Finding(Struct, kw_only=True):
    verdict: str
    data_type: str = ""
    problem: Trouble | None = None


class Check(Answer):
    """What the connection check found out."""

    works: bool
    sentence: str
    checked_at: datetime
    credentials: Finding
    data_types: list[Finding]


class Definition(Struct, kw_only=True):
    """What a unified field is taken from."""

    fields: list[str] = field(default_factory=list)
    rule: str = ""


class Difference(Struct, kw_only=True):
    path: str
    stored: Any = None
    source: Any = None
    definition: Definition | None = None


class LastChange(Struct, kw_only=True):
    at: datetime
    run: str | None = None
    adjusted_by: str | None = None


class Verified(Struct, kw_only=True):
    """One stored record beside its source."""

    record: str
    outcome: str
    sentence: str
    last_change: LastChange
    stored: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] | None = None
    differences: list[Difference] = field(default_factory=list)
    problem: Trouble | None = None


class Verification(Answer):
    records: list[Verified]
    definitions: dict[str, Definition] = field(default_factory=dict)
    read_at: datetime | None = None
    problem: Trouble | None = None


class Adjustment(Answer):
    """A correction by hand; `ended_how` is read, replaced or withdrawn."""

    data_type: str
    record: str
    fields: dict[str, Any]
    author: str
    reason: str
    made_at: datetime
    ended_at: datetime | None = None
    ended_how: str | None = None


class AdjustmentMade(Answer):
    adjustment: Adjustment
    record: dict[str, Any]


class AdjustmentHistory(Answer):
    ended: list[Adjustment]
    in_force: Adjustment | None = None


class LineError(Struct, kw_only=True):
    """What is wrong with one line; the line of names is line 1."""

    line: int
    what: str
    remedy: str = ""


class LineChange(Struct, kw_only=True):
    lines: list[int]
    record: str
    fields: dict[str, Any]
    before: dict[str, Any]


class BulkAdjustment(Answer):
    applied: bool
    lines: int
    errors: list[LineError]
    changes: list[LineChange]
