"""Exports, wherever the API keeps them: in parts, or as a file that it sends the client to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests

from planster_client.problems import Refused
from planster_client.transport import Transport, checked, retry_after, unreachable

CHUNK = 1 << 16
_ELSEWHERE = frozenset({301, 302, 303, 307, 308})
SECONDS = 2.0
"""Between two looks at a file that is still being made, where the API names no time."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the file; `records` is None where nobody counted."""

    content: bytes
    records: int | None = None


def parts(transport: Transport, path: str, query: Mapping[str, Any]) -> Iterator[Part]:
    """The pieces in their order, of which a failure leaves out the rest: what came before it is no whole file.

    Raises:
        Refused: the API sends the client to a place that it must not go to with its token.
    """
    following: str | None = path
    asked: Mapping[str, Any] | None = query
    while following is not None:
        answer = transport.send("GET", following, query=asked)
        asked = None
        if answer.status_code in _ELSEWHERE:
            yield from _file(transport, transport.address(answer.headers["Location"]))
            return
        if answer.status_code == HTTPStatus.ACCEPTED:
            transport.wait(retry_after(answer) or SECONDS)
            following = _own(transport, answer.headers["Location"])
            continue
        counted = answer.headers.get("X-Records", "")
        yield Part(answer.content, int(counted) if counted.isdecimal() else None)
        link = answer.links.get("next")
        following = _own(transport, link["url"]) if link else None


def _file(transport: Transport, address: str) -> Iterator[Part]:
    """A file that carries its permission in its address: no token goes there."""
    try:
        with requests.get(
            address, stream=True, timeout=(transport.patience.connect, transport.patience.answer)
        ) as answer:
            checked(answer)
            for content in answer.iter_content(CHUNK):
                yield Part(content)
    except requests.RequestException as lost:
        raise unreachable(address, lost) from lost


def _own(transport: Transport, link: str) -> str:
    """The address, if it is the same API's."""
    address = transport.address(link)
    if urlsplit(address)[:2] != urlsplit(transport.url)[:2]:
        raise Refused("The export goes on at another host than the API's.", "Check the target's address.")
    return address
