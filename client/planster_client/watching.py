"""Asking again without hammering: the API says when it is worth it, and says in one line that nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import TypeVar

from planster_client.answers import Answer
from planster_client.transport import Transport, read

T = TypeVar("T", bound=Answer)
POLL_AFTER = "Poll-After"
SECONDS = 10.0
"""Between two looks where the API names no time."""


def changes(transport: Transport, kind: type[T], path: str) -> Iterator[T]:
    """The answer now, and each later one that differs from the one before; without end."""
    tag: str | None = None
    while True:
        answer = transport.send("GET", path, headers={"If-None-Match": tag} if tag else None)
        if answer.status_code != HTTPStatus.NOT_MODIFIED:
            tag = answer.headers.get("ETag")
            yield read(kind, answer)
        told = answer.headers.get(POLL_AFTER, "")
        transport.wait(float(told) if told.isdecimal() else SECONDS)
