"""Faults on demand: what a real service does on a bad day, for as many requests or seconds as a test wants."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from types import MappingProxyType
from typing import Any

from simulators.trackstar.answers import Answer, PageParts, page_answer, token_after

Serve = Callable[[], Answer]
Wait = Callable[[float], object]

HTML = b"<!doctype html><html><head><title>Just a moment</title></head><body><h1>Please wait</h1></body></html>"
OVERSIZE_BYTES = 32 * 1024 * 1024


@dataclass(slots=True)
class FaultRule:
    """One fault. It skips its first `after_requests` matches, then strikes `times` times or until `ends`."""

    match: str
    kind: str
    connection: str | None = None
    times: int | None = None
    ends: datetime | None = None
    after_requests: int = 0
    options: Mapping[str, float] = field(default_factory=dict)
    seen: int = 0
    struck: int = 0

    def matches(self, path: str, connection: str | None) -> bool:
        return path.startswith(self.match) and self.connection in {None, connection}

    def strikes(self, now: datetime) -> bool:
        """Counts a matching request and says whether the fault hits it."""
        self.seen += 1
        if self.seen <= self.after_requests:
            return False
        if self.times is not None and self.struck >= self.times:
            return False
        if self.ends is not None and now >= self.ends:
            return False
        self.struck += 1
        return True

    def told(self) -> Mapping[str, Any]:
        """The rule and how often it has struck, for `/_sim/state`."""
        return {"match": self.match, "kind": self.kind, "connection": self.connection, "struck": self.struck}


def fault_rule(told: Mapping[str, Any], now: datetime) -> FaultRule:
    """A rule as the control route receives it.

    Raises:
        ValueError: an unknown kind or key, or an option that is no number.
    """
    fields = dict(told)
    kind = fields.pop("kind", None)
    if kind not in KINDS:
        raise ValueError(f"unknown kind of fault: {kind}; known: {', '.join(KINDS)}")
    match, connection = str(fields.pop("match", "/")), fields.pop("connection", None)
    times, seconds, after = fields.pop("times", None), fields.pop("seconds", None), fields.pop("after_requests", 0)
    unknown = set(fields) - {"retry_after", "delay_seconds", "size_bytes"}
    if unknown:
        raise ValueError(f"unknown keys of a fault: {', '.join(sorted(unknown))}")
    times = 1 if times is None and seconds is None else times
    ends = None if seconds is None else now + timedelta(seconds=float(seconds))
    options = {name: float(value) for name, value in fields.items()}
    return FaultRule(match, kind, connection, times, ends, int(after), options)


class FaultBook:
    """The rules in force. The first rule that strikes decides a request."""

    def __init__(self) -> None:
        self._rules: list[FaultRule] = []
        self._lock = Lock()

    def add(self, rules: list[FaultRule]) -> None:
        with self._lock:
            self._rules += rules

    def clear(self) -> None:
        with self._lock:
            self._rules = []

    def told(self) -> list[Mapping[str, Any]]:
        with self._lock:
            return [rule.told() for rule in self._rules]

    def strike(self, path: str, connection: str | None, now: datetime) -> FaultRule | None:
        """The rule that hits this request, if any."""
        with self._lock:
            hit = None
            for rule in self._rules:
                if rule.matches(path, connection) and rule.strikes(now):
                    hit = rule
                    break
            return hit


def struck(rule: FaultRule, serve: Serve, wait: Wait) -> Answer:
    """The answer of a request that a fault hits; `serve` makes the answer that it would have had."""
    return KINDS[rule.kind](rule, serve, wait)


def _error(status: int, rule: FaultRule) -> Answer:
    after = rule.options.get("retry_after")
    headers = {} if after is None else {"retry-after": f"{after:g}"}
    body = json.dumps({"error": f"Simulated {status}", "origin": "trackstar"}).encode()
    return Answer(status, body, headers)


def _status_500(rule: FaultRule, _serve: Serve, _wait: Wait) -> Answer:
    return _error(500, rule)


def _status_503(rule: FaultRule, _serve: Serve, _wait: Wait) -> Answer:
    return _error(503, rule)


def _status_429(rule: FaultRule, _serve: Serve, _wait: Wait) -> Answer:
    rule.options = {"retry_after": 1.0, **rule.options}
    return _error(429, rule)


def _html_200(_rule: FaultRule, _serve: Serve, _wait: Wait) -> Answer:
    return Answer(200, HTML, content_type="text/html")


def _html_502(_rule: FaultRule, _serve: Serve, _wait: Wait) -> Answer:
    return Answer(502, HTML, content_type="text/html")


def _empty_page(_rule: FaultRule, serve: Serve, _wait: Wait) -> Answer:
    page = serve().page or PageParts((), None, None)
    return page_answer(replace(page, records=(), next_token=None))


def _empty_with_token(_rule: FaultRule, serve: Serve, _wait: Wait) -> Answer:
    page = serve().page or PageParts((), None, None)
    return page_answer(replace(page, records=(), next_token=page.asked or token_after("")))


def _repeat_token(_rule: FaultRule, serve: Serve, _wait: Wait) -> Answer:
    answer = serve()
    if answer.page is None:
        return answer
    return page_answer(replace(answer.page, next_token=answer.page.asked or token_after("")))


def _oversize(rule: FaultRule, serve: Serve, _wait: Wait) -> Answer:
    page = serve().page or PageParts((), None, None)
    return page_answer(page, padding=int(rule.options.get("size_bytes", OVERSIZE_BYTES)))


def _truncated_json(_rule: FaultRule, serve: Serve, _wait: Wait) -> Answer:
    answer = serve()
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _reset(_rule: FaultRule, serve: Serve, _wait: Wait) -> Answer:
    answer = serve()
    return replace(answer, sent=len(answer.body) // 2)


def _slow(rule: FaultRule, serve: Serve, wait: Wait) -> Answer:
    wait(rule.options.get("delay_seconds", 1.0))
    return serve()


KINDS: Mapping[str, Callable[[FaultRule, Serve, Wait], Answer]] = MappingProxyType(
    {
        "status_500": _status_500,
        "status_503": _status_503,
        "status_429": _status_429,
        "html_200": _html_200,
        "html_502": _html_502,
        "empty_page": _empty_page,
        "empty_with_token": _empty_with_token,
        "truncated_json": _truncated_json,
        "reset": _reset,
        "slow": _slow,
        "repeat_token": _repeat_token,
        "oversize": _oversize,
    }
)
"""Every kind of fault. `truncated_json` and `reset` let a write take effect and lose its answer."""
