"""What every answer is: `document` is all of it, as it came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct, field


class Answer(Struct, kw_only=True):
    """A whole answer."""

    document: dict[str, Any] = field(default_factory=dict)


class Accepted(Answer):
    """Something was taken on."""

    message: str


class Trouble(Struct, kw_only=True):
    """A failure or a warning of a sync: what happened, whose move it is, what to do, when it is tried again."""

    code: str
    what: str
    remedy: str
    whose_move: str = ""
    retryable: bool = False
    blocking: bool = False
    retry_at: datetime | None = None
