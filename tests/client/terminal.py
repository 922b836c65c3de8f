"""A person's or a script's terminal: a command is run as they run it, at a fixed width, by the world's clock."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from planster_cli.main import main
from planster_cli.surroundings import Surroundings

WIDTH = 110


class Keyboard(io.TextIOWrapper):
    """A standard input at which somebody sits."""

    def isatty(self) -> bool:
        return True


class Glass(io.TextIOWrapper):
    """A standard output that somebody watches."""

    def isatty(self) -> bool:
        return True


def _now() -> datetime:
    return datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Terminal:
    """One home folder; `code`, `out` and `err` are those of the last command."""

    home: Path
    now: Callable[[], datetime] = _now
    wait: Callable[[float], None] = lambda _: None
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    code: int = 0
    out: str = ""
    err: str = ""

    def run(
        self,
        *argv: str,
        typed: str | bytes | None = None,
        piped: str | bytes = b"",
        watched: bool = False,
        width: int = WIDTH,
    ) -> int:
        """`typed` is what a person types; `piped` what a program sends in their place."""
        told = typed if typed is not None else piped
        stream = io.BytesIO(told.encode() if isinstance(told, str) else told)
        out, err = io.BytesIO(), io.BytesIO()
        kind = Glass if watched else io.TextIOWrapper
        around = Surroundings(
            environment={"HOME": str(self.home), "TERM": "xterm-256color", **self.environment},
            input=Keyboard(stream, "utf-8") if typed is not None else io.TextIOWrapper(stream, "utf-8"),
            out=kind(out, "utf-8", newline="", write_through=True),
            err=io.TextIOWrapper(err, "utf-8", newline="", write_through=True),
            now=self.now,
            wait=self.wait,
            hidden=self._hidden,
            width=width,
        )
        self.code = main(argv, around)
        self.out, self.err = out.getvalue().decode(), err.getvalue().decode()
        return self.code

    def _hidden(self, prompt: str) -> str:
        """A secret, out of those that somebody types unseen."""
        self.asked.append(prompt)
        return self.secrets.pop(0)

    def target(self, url: str, organisation: str = "org1", *more: str, proof: str = "none") -> None:
        self.run("target", "add", "demo", "--url", url, "--organisation", organisation, "--proof", proof, *more)
        assert self.code == 0, self.err

    @property
    def json(self) -> Any:
        return json.loads(self.out)
