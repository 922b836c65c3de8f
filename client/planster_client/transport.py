"""Requests to the API: proof of who asks, patience where asking again does no harm, failures as our own errors."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import msgspec
import requests
from requests.auth import AuthBase

from planster_client.answers import Answer
from planster_client.problems import NotLoggedIn, Problem, Refused, Unreachable

KEY = "Idempotency-Key"
_BUSY = frozenset({429, 502, 503, 504})
_NO_ANSWER = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)

T = TypeVar("T", bound=Answer)
Wait = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in seconds: for a connection, for an answer, and between two attempts at most.

    What the API wants to be asked again later than `pause` is told to the caller at once.
    """

    attempts: int = 4
    connect: float = 5.0
    answer: float = 35.0
    pause: float = 20.0


@dataclass(frozen=True, slots=True)
class Transport:
    """One API. Only what may be asked twice is asked again: GET, and what carries an `Idempotency-Key`."""

    url: str
    auth: AuthBase | None = None
    wait: Wait = time.sleep
    draw: Callable[[], float] = random.random
    patience: Patience = field(default_factory=Patience)
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, kind: type[T], method: str, path: str, body: object = None, **more: Any) -> T:
        """The answer as one of `answers`, with its whole document."""
        return read(kind, self.send(method, path, body, **more))

    def pages(self, kind: Any, name: str, path: str, query: Mapping[str, Any]) -> Iterator[Any]:
        """The items of every page, asked for as they are needed; an empty page may have more behind it."""
        after = None
        while True:
            page = self.send("GET", path, query={**query, "after": after}).json()
            for each in page[name]:
                yield convert(kind, each)
            after = page["after"]
            if after is None:
                return

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer below 400, whole; redirections are the caller's to follow.

        Raises:
            Problem: the API says no.
            NotLoggedIn: it does not take the token.
            Unreachable: no whole answer came.
        """
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        may_repeat = method == "GET" or KEY in (headers or {})
        attempts = self.patience.attempts if may_repeat else 1
        for attempt in range(1, attempts + 1):
            try:
                return self._once(method, path, body, asked, headers)
            except (Unreachable, Problem) as failure:
                pause = self._pause(failure, attempt)
                if attempt == attempts or pause is None:
                    raise
            self.wait(pause)
        raise AssertionError("there is at least one attempt")

    def address(self, link: str) -> str:
        """Where a path of the API is: behind whatever path its own address has, such as a stage's."""
        if urlsplit(link).scheme:
            return link
        base = urlsplit(self.url)
        before = base.path.rstrip("/")
        return f"{base.scheme}://{base.netloc}{link if link.startswith(f'{before}/') else before + link}"

    def _once(
        self, method: str, path: str, body: object, query: Mapping[str, Any], headers: Mapping[str, str] | None
    ) -> requests.Response:
        try:
            answer = self.session.request(
                method,
                self.address(path),
                params=query,
                json=body,
                headers={"Accept": "application/json, */*;q=0.5", **(headers or {})},
                auth=self.auth,
                timeout=(self.patience.connect, self.patience.answer),
                allow_redirects=False,
            )
        except _NO_ANSWER as lost:
            raise unreachable(self.url, lost) from lost
        return checked(answer)

    def _pause(self, failure: Unreachable | Problem, attempt: int) -> float | None:
        """Seconds before the next attempt; None where asking again soon would not help."""
        if isinstance(failure, Problem) and failure.status not in _BUSY:
            return None
        asked_for = failure.retry_after if isinstance(failure, Problem) else None
        if asked_for is not None:
            return asked_for if asked_for <= self.patience.pause else None
        return min(0.5 * (1 << attempt) * (0.5 + self.draw()), self.patience.pause)


def read(kind: type[T], answer: requests.Response) -> T:
    """The body as one of `answers`. Raises Refused where it is something else."""
    try:
        found: T = convert(kind, answer.json())
        return found
    except ValueError as misfit:
        raise Refused(
            f"The answer of {_host(answer.url)} is not what this client knows.",
            "Check the target's address, or bring the client up to date.",
        ) from misfit


def convert(kind: Any, document: Any) -> Any:
    """One answer, or one item of a page, with its whole document. Raises ValueError where it is something else."""
    found = msgspec.convert(document, kind, strict=False)
    if isinstance(found, Answer):
        found.document = document
    return found


def checked(answer: requests.Response) -> requests.Response:
    """The answer, if it is none of an error. Raises as `Transport.send`."""
    if answer.status_code < HTTPStatus.BAD_REQUEST:
        return answer
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        raise NotLoggedIn("The API does not take this session; it may have ended.", "Run `planster login`.")
    raise Problem(answer.status_code, _problem(answer), retry_after(answer))


def retry_after(answer: requests.Response) -> float | None:
    """Seconds, from a number or a date; None where there is none, or one that cannot be read."""
    told = answer.headers.get("Retry-After", "").strip()
    if told.isdecimal():
        return float(told)
    try:
        until, now = (parsedate_to_datetime(each) for each in (told, answer.headers.get("Date", "")))
    except ValueError:
        return None
    seconds: float = (until - now).total_seconds()
    return max(seconds, 0.0)


def unreachable(url: str, lost: Exception) -> Unreachable:
    return Unreachable(f"{_host(url)} does not answer ({type(lost).__name__}).", "Check the address and the network.")


def place(*segments: str) -> str:
    """A path of these segments, each quoted: an id may hold a slash."""
    return "/v1/" + "/".join(quote(each, safe="") for each in segments)


def _problem(answer: requests.Response) -> dict[str, Any]:
    try:
        document = json.loads(answer.content)
    except ValueError:
        return {}
    if not isinstance(document, dict):
        return {}
    if "code" not in document and answer.status_code == HTTPStatus.FORBIDDEN:
        return {
            "code": "forbidden",
            "detail": "The API does not let this session do that.",
            "remedy": "Log in as somebody who may, or ask for the scope that it needs.",
        }
    return document


def _host(url: str) -> str:
    return urlsplit(url).netloc or url
