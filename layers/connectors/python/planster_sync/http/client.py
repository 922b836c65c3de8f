"""The one way to a vendor: every request of every connector goes through `HttpClient.send`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from planster_sync.errors import (
    CredentialsRejected,
    InvalidRequest,
    RetrySoon,
    SourceUnavailable,
    SyncError,
    Throttled,
)
from planster_sync.http.auth import Auth, HeaderAuth, Renewal
from planster_sync.http.limits import ACCEPTED_ENCODINGS, AnswerLimits, answer_ends
from planster_sync.http.messages import Answer, NoAnswer, Replay, Request, Transport
from planster_sync.http.redaction import is_credential_name, redact
from planster_sync.http.retries import RetryPolicy, error_of, had_no_effect, sentence_of, until_of
from planster_sync.ports.platform import Clock, RateBudget

__all__ = ["Answer", "Auth", "HeaderAuth", "HttpClient", "Renewal", "Replay", "Request"]

_PATH = re.compile(r"/[^\x00-\x20\x7f\\?#]*")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?")
_UNKNOWN_OUTCOME = "The warehouse system did not confirm the change; it is not known whether it was made."


@dataclass(frozen=True, slots=True)
class _Failure:
    """One attempt that did not give an answer. `untouched`: the vendor surely did not act on it."""

    error: type[SyncError]
    detail: str
    untouched: bool
    answer: Answer | None = None


class HttpClient:
    """Sends requests to one base URL for one account, within bounds of time, size and attempts.

    `transport` carries each attempt to the base URL. `statuses` is the vendor's own table of what a status means;
    `random` gives numbers in 0 .. 1 for the jitter. `ends` (UTC) is when whoever asks has no more use for any answer.
    """

    def __init__(
        self,
        transport: Transport,
        auth: Auth,
        budget: RateBudget,
        clock: Clock,
        retries: RetryPolicy,
        limits: AnswerLimits,
        statuses: Mapping[int, type[SyncError]],
        random: Callable[[], float],
        ends: datetime | None = None,
    ) -> None:
        self._transport = transport
        self._auth = auth
        self._budget = budget
        self._clock = clock
        self._retries = retries
        self._limits = limits
        self._statuses = statuses
        self._random = random
        self._ends = ends

    def send(self, request: Request, *, deadline: datetime | None) -> Answer:
        """The vendor's whole answer, status 2xx or one that the request expects.

        No attempt starts, and no wait ends, after `deadline` (UTC); an answer under way may end a little later.

        Raises:
            Throttled: the allowance is used up for longer than a short wait; `until` says for how long.
            SourceUnavailable: all attempts failed, or the vendor asks for a longer pause. For a request that is
                never replayed the sentence says whether the change may have been made.
            CredentialsRejected: refused, also after one renewal.
            SettingsInvalid: the host's name leads to an address that is not allowed.
            AnswerBroken: a redirect, an unknown status, an answer too large or wrongly compressed.
            Forbidden, NotFound, Conflict, Unsupported, InvalidRequest: by status, see `http.retries`.
        """
        deadline = min((each for each in (deadline, self._ends) if each is not None), default=None)
        failures = 0
        renewed = False
        while True:
            self._take(deadline)
            outcome = self._attempt(request, deadline)
            if isinstance(outcome, Answer):
                return outcome
            if not renewed and self._renewed(outcome):
                renewed = True
                continue
            failures += 1
            self._wait_or_raise(request, outcome, failures, deadline)

    def close(self) -> None:
        """Closes the kept connections. A later `send` opens new ones."""
        self._transport.close()

    def _take(self, deadline: datetime | None) -> None:
        self._budget.take(deadline)
        now = self._clock.now()
        if self._ends is not None and now >= self._ends:
            raise SourceUnavailable("The warehouse system was too slow for an answer at once.", remedy="Ask again.")
        if deadline is not None and now >= deadline:
            raise SourceUnavailable("The time for this part of the sync is over.", until=now)

    def _renewed(self, failure: _Failure) -> bool:
        if failure.answer is None or not issubclass(failure.error, CredentialsRejected):
            return False
        return self._auth.refused(failure.answer) is Renewal.RETRY_WITH_NEW

    def _wait_or_raise(self, request: Request, failure: _Failure, failures: int, deadline: datetime | None) -> None:
        if not issubclass(failure.error, RetrySoon):
            raise failure.error(sentence_of(failure.error), detail=failure.detail)
        now = self._clock.now()
        asked = until_of(failure.answer.headers, now) if failure.answer else None
        until = asked or now + timedelta(seconds=self._retries.wait_after(failures, self._random))
        if issubclass(failure.error, Throttled):
            self._budget.learned(until)
        if request.replay is Replay.NEVER and not failure.untouched:
            raise failure.error(_UNKNOWN_OUTCOME, until=until, detail=failure.detail)
        seconds = (until - now).total_seconds()
        too_late = deadline is not None and until >= deadline
        if failures >= self._retries.attempts or seconds > self._limits.short_wait or too_late:
            raise failure.error(sentence_of(failure.error), until=until, detail=failure.detail)
        self._clock.wait(seconds)

    def _attempt(self, request: Request, deadline: datetime | None) -> Answer | _Failure:
        signed = self._signed(request)
        if request.replay is Replay.NEVER:
            self._transport.close()  # a kept connection may have died unnoticed, which looks like an unknown outcome
        place = redact(f"{request.method} {request.path}")
        try:
            answer = self._transport.exchange(signed, answer_ends(self._limits, self._clock.now(), deadline))
        except NoAnswer as broken:
            return _Failure(SourceUnavailable, f"{place}: {_kinds(broken.reason)}", not broken.sent)
        return self._judged(request, answer, place)

    def _judged(self, request: Request, answer: Answer, place: str) -> Answer | _Failure:
        if answer.status in request.expects:
            return answer
        error = error_of(answer.status, self._statuses)
        if error is None:
            return answer
        detail = f"{place}: status {answer.status}, {len(answer.body)} bytes"
        return _Failure(error, detail, had_no_effect(answer.status, error), answer)

    def _signed(self, request: Request) -> Request:
        signed = self._auth.sign(request)
        _require_sendable(request, signed)
        headers = {"accept-encoding": ACCEPTED_ENCODINGS, "user-agent": "planster-sync", **signed.headers}
        return replace(signed, headers=headers)


def _require_sendable(request: Request, signed: Request) -> None:
    """Refuses here what `requests` would refuse with a message that quotes the value."""
    if not _PATH.fullmatch(signed.path) or {".", ".."} & set(signed.path.split("/")):
        raise InvalidRequest("A request's path must be plain: no query, no dot segments, nothing to be quoted.")
    if any(is_credential_name(name) for name, _ in signed.params):
        raise InvalidRequest("A credential must travel in a header, never in an address.")
    for name, value in signed.headers.items():
        if _HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value):
            continue
        if name in request.headers:
            raise InvalidRequest("A header contains characters that cannot be sent.")
        raise CredentialsRejected("The credentials contain characters that cannot be sent.")


def _kinds(error: BaseException) -> str:
    """The kinds of an error and its causes: their texts quote addresses and headers, their names do not."""
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < 6:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    return " < ".join(kinds)
