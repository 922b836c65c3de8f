"""The terminal: where pictures go for people, and JSON for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from rich.console import Console, RenderableType

from planster_cli.surroundings import Surroundings

NARROWEST_FILE = 120
"""Without a terminal nobody says how wide a line may be."""


@dataclass(frozen=True, slots=True)
class Screen:
    """`out` is what was asked for, `err` is everything that is said about it."""

    out: Console
    err: Console

    @classmethod
    def of(cls, surroundings: Surroundings) -> Screen:
        return cls(_console(surroundings, surroundings.out), _console(surroundings, surroundings.err))

    @property
    def is_live(self) -> bool:
        """Whether somebody watches, so that lines may move."""
        return self.out.is_terminal

    def show(self, *pictures: RenderableType) -> None:
        with self.out.capture() as drawn:
            for picture in pictures:
                self.out.print(picture)
        lines = drawn.get().splitlines()
        self.out.file.write("".join(f"{line if self.is_live else line.rstrip()}\n" for line in lines))
        self.out.file.flush()

    def note(self, text: str) -> None:
        """A sentence beside the answer."""
        self.err.print(text, markup=False, style="dim")

    def say(self, text: str) -> None:
        self.out.print(text, markup=False, soft_wrap=True)

    def json(self, document: Any) -> None:
        """One document on one line, as `jq` and logs like it."""
        self.out.file.write(json.dumps(document, ensure_ascii=False) + "\n")
        self.out.file.flush()


def _console(surroundings: Surroundings, stream: Any) -> Console:
    width = surroundings.width
    console = Console(file=stream, width=width, highlight=False, emoji=False, _environ=surroundings.environment)
    if width is None and not console.is_terminal:
        return Console(
            file=stream, width=NARROWEST_FILE, highlight=False, emoji=False, _environ=surroundings.environment
        )
    return console
