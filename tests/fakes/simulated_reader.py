"""The text of DynamoDB's expressions, token by token. Reserved words are not refused: moto and the emulator do that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn

Path = tuple[str | int, ...]
"""Names of attributes and places in lists, outermost first."""

_TOKEN = re.compile(r"\s*([#:][A-Za-z0-9_]+|[A-Za-z][A-Za-z0-9_]*|[0-9]+|<>|<=|>=|[=<>(),.\[\]+-])")
_BLANK = re.compile(r"\s*\Z")
_WORDS = frozenset({"AND", "OR", "NOT", "IN", "BETWEEN", "SET", "REMOVE", "ADD", "DELETE"})


class Malformed(Exception):
    """An expression that DynamoDB refuses."""


class Reader:
    """One pass over an expression's text. `names` resolves #name; what was used is noted, and paths are counted."""

    def __init__(self, text: str, names: Mapping[str, str]) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._names = names
        self.used: set[str] = set()
        self.paths = 0

    def peek(self) -> str:
        return self._tokens[self._at]

    def word(self) -> str:
        """The next token as a keyword, or nothing."""
        token = self.peek().upper()
        return token if token in _WORDS else ""

    def next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def take(self, token: str) -> bool:
        if self.peek().upper() != token:
            return False
        self._at += 1
        return True

    def expect(self, token: str) -> None:
        if not self.take(token):
            self.fail()

    def end(self) -> None:
        if self.peek():
            self.fail()

    def fail(self) -> NoReturn:
        near = " ".join(self._tokens[max(0, self._at - 1) : self._at + 2]).strip()
        raise Malformed(f'Syntax error; token: "{self.peek() or "<EOF>"}", near: "{near}"')

    def path(self) -> Path:
        self.paths += 1
        path: list[str | int] = [self._name()]
        while True:
            if self.take("."):
                path.append(self._name())
            elif self.take("["):
                path.append(self._place())
                self.expect("]")
            else:
                return tuple(path)

    def value(self) -> str:
        token = self.next()
        if not token.startswith(":"):
            self._at -= 1
            self.fail()
        self.used.add(token)
        return token

    def _place(self) -> int:
        token = self.next()
        if not token.isdigit():
            self._at -= 1
            self.fail()
        return int(token)

    def _name(self) -> str:
        token = self.peek()
        if token.startswith("#"):
            self.used.add(token)
            if token not in self._names:
                raise Malformed(
                    f"An expression attribute name used in the document path is not defined; attribute name: {token}"
                )
            self._at += 1
            return self._names[token]
        if not token or not token[0].isalpha() or self.word():
            self.fail()
        self._at += 1
        return token


def _tokens(text: str) -> list[str]:
    """Ends with an empty token. A bare name begins with a letter: `_name` has to be written as #name."""
    tokens: list[str] = []
    at = 0
    while not _BLANK.match(text, at):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Malformed(f'Syntax error; token: "{text[at:].lstrip()[:1]}", near: "{text[at : at + 12].strip()}"')
        tokens.append(found[1])
        at = found.end()
    if not tokens:
        raise Malformed("The expression can not be empty;")
    return [*tokens, "", ""]
