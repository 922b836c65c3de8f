"""What a command is given from outside: streams, environment, time. Tests give their own."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from typing import TextIO


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`width` is None where the terminal says it. `hidden` asks for a secret and does not show what is typed."""

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    input: TextIO = field(default_factory=lambda: sys.stdin)
    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    now: Callable[[], datetime] = _now
    wait: Callable[[float], None] = time.sleep
    hidden: Callable[[str], str] = getpass
    width: int | None = None

    def folder(self, variable: str, usual: str) -> Path:
        """Planster's own folder below an XDG base directory (XDG Base Directory Specification)."""
        told = self.environment.get(variable, "")
        base = Path(told) if Path(told).is_absolute() else Path(self.environment.get("HOME", "~")).expanduser() / usual
        return base / "planster"

    def text_of(self, name: str) -> str:
        """A file's text, or the standard input's for `-`. Raises OSError and ValueError as reading does."""
        return self.input.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")

    def bytes_of(self, name: str) -> bytes:
        """A file's bytes, or the standard input's for `-`. Raises OSError as reading does."""
        return self.input.buffer.read() if name == "-" else Path(name).read_bytes()
