"""The words of GraphQL texts, documents and schemas alike. Source: GraphQL specification, October 2021, section 2.1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<skip>[\s,\ufeff]+|\#[^\n]*)
      |(?P<block>\"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*\"\"\")
      |(?P<text>"(?:[^"\\\n]|\\.)*")
      |(?P<float>-?(?:0|[1-9]\d*)(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)(?![\w.]))
      |(?P<int>-?(?:0|[1-9]\d*)(?![\w.]))
      |(?P<name>[A-Za-z_]\w*)
      |(?P<mark>\.\.\.|[!$()\[\]{}:=@|&])""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word; `kind` is block, text, float, int, name, mark or end."""

    kind: str
    text: str
    at: int

    @property
    def value(self) -> str | int | float:
        """What a literal stands for."""
        if self.kind == "block":
            return self.text[3:-3].strip()
        literal: str | int | float = json.loads(self.text)
        return literal


class SyntaxProblem(Exception):
    """A text that is no GraphQL; `line` and `column` count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


class Reader:
    """Goes through a text word by word."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = list(_words(text))
        self._place = 0

    @property
    def ahead(self) -> Token:
        return self._words[self._place]

    def next(self) -> Token:
        found = self.ahead
        self._place += found.kind != "end"
        return found

    def sees(self, text: str) -> bool:
        """Whether this name or mark comes next."""
        return self.ahead.kind in {"name", "mark"} and self.ahead.text == text

    def takes(self, text: str) -> bool:
        """Goes over this name or mark if it comes next."""
        found = self.sees(text)
        if found:
            self.next()
        return found

    def expects(self, text: str) -> None:
        if not self.takes(text):
            raise self.problem(f"Expected {text!r}, found {self.ahead.text or '<EOF>'!r}")

    def name(self) -> str:
        if self.ahead.kind != "name":
            raise self.problem(f"Expected Name, found {self.ahead.text or '<EOF>'!r}")
        return self.next().text

    def problem(self, message: str, at: int | None = None) -> SyntaxProblem:
        return SyntaxProblem(f"Syntax Error: {message}.", *self.position(self.ahead.at if at is None else at))

    def position(self, at: int) -> tuple[int, int]:
        before = self._text[:at]
        return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def _words(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            line = text.count("\n", 0, at) + 1
            raise SyntaxProblem(f"Syntax Error: Unexpected character {text[at]!r}.", line, at - text.rfind("\n", 0, at))
        if match.lastgroup != "skip":
            yield Token(str(match.lastgroup), match[0], at)
        at = match.end()
    yield Token("end", "", at)
