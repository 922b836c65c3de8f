"""Faults on demand: what a real service does on a bad day, for as many requests or seconds as a test wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from types import MappingProxyType
from typing import Any

from simulators.serving.exchange import Answer, PageFault

Serve = Callable[[], Answer]
Wait = Callable[[float], object]
Fail = Callable[[int], Answer]
"""The vendor's own error answer with a status."""

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


@dataclass(frozen=True, slots=True)
class Struck:
    """A request that a fault hits. `serve` makes the answer it would have had, `fail` the vendor's error answer."""

    rule: FaultRule
    serve: Serve
    fail: Fail
    wait: Wait

    def answer(self) -> Answer:
        """What the client sees instead."""
        return KINDS[self.rule.kind](self)

    def option(self, name: str, otherwise: float) -> float:
        return self.rule.options.get(name, otherwise)


def _error(status: int, retry_after: float | None = None) -> Callable[[Struck], Answer]:
    def answer(struck: Struck) -> Answer:
        made = struck.fail(status)
        after = struck.rule.options.get("retry_after", retry_after)
        return made if after is None else replace(made, headers={**made.headers, "retry-after": f"{after:g}"})

    return answer


def _html(status: int) -> Callable[[Struck], Answer]:
    return lambda _: Answer(status, HTML, content_type="text/html")


def _page(fault: PageFault) -> Callable[[Struck], Answer]:
    def answer(struck: Struck) -> Answer:
        honest = struck.serve()
        return honest if honest.page is None else honest.page.faulty(fault)

    return answer


def _oversize(struck: Struck) -> Answer:
    """Blanks behind the body: as JSON it stays what it was."""
    answer = struck.serve()
    return replace(answer, body=answer.body + b" " * int(struck.option("size_bytes", OVERSIZE_BYTES)))


def _truncated_json(struck: Struck) -> Answer:
    answer = struck.serve()
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _reset(struck: Struck) -> Answer:
    answer = struck.serve()
    return replace(answer, sent=len(answer.body) // 2)


def _slow(struck: Struck) -> Answer:
    struck.wait(struck.option("delay_seconds", 1.0))
    return struck.serve()


KINDS: Mapping[str, Callable[[Struck], Answer]] = MappingProxyType(
    {
        "status_500": _error(500),
        "status_503": _error(503),
        "status_429": _error(429, retry_after=1),
        "html_200": _html(200),
        "html_502": _html(502),
        "empty_page": _page("empty_page"),
        "empty_with_token": _page("empty_with_token"),
        "truncated_json": _truncated_json,
        "reset": _reset,
        "slow": _slow,
        "repeat_token": _page("repeat_token"),
        "endless_page": _page("endless_page"),
        "oversize": _oversize,
    }
)
"""Every kind of fault. `truncated_json` and `reset` let a write take effect and lose its answer."""
