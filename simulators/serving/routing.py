"""A vendor's routes, and the usual order in which a request is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic
from urllib.parse import unquote

from simulators.serving.exchange import Answer, Refusal, Request
from simulators.serving.limits import Allowance, Limiter
from simulators.serving.simulation import Call, T


@dataclass(frozen=True, slots=True)
class Route(Generic[T]):
    """A method, a path with `{name}` for its variable parts, and what answers it.

    `scope` is the vendor's word for what a caller must be allowed to do; empty for routes that need no credentials.
    """

    method: str
    path: str
    serve: Callable[[Call[T]], Answer]
    scope: str = ""

    def ids(self, segments: Sequence[str]) -> Mapping[str, str] | None:
        """The variable parts of a path that fits, or None."""
        wanted = self.path.removeprefix("/").split("/")
        if len(wanted) != len(segments):
            return None
        found: dict[str, str] = {}
        for name, segment in zip(wanted, segments, strict=True):
            if name.startswith("{"):
                found[name.strip("{}")] = segment
            elif name != segment:
                return None
        return found


def found(
    routes: Sequence[Route[T]], request: Request, unknown: Callable[[Request], Refusal]
) -> tuple[Route[T], Mapping[str, str]]:
    """The first route that fits, with its ids: fixed words go before variable ones in the table.

    Raises:
        Refusal: what `unknown` makes of a request without a route.
    """
    segments = [unquote(part) for part in request.path.removeprefix("/").split("/")]
    for route in routes:
        ids = route.ids(segments) if route.method == request.method else None
        if ids is not None:
            return route, ids
    raise unknown(request)


@dataclass(frozen=True, slots=True)
class Limit:
    """A rate limit per account: how it is told in headers, and how a request beyond it is refused."""

    limiter: Limiter
    headers: Callable[[Allowance], Mapping[str, str]]
    refuse: Callable[[Allowance], Refusal]


def in_order(
    call: Call[T],
    routes: Sequence[Route[T]],
    unknown: Callable[[Request], Refusal],
    admit: Callable[[Call[T], Route[T]], None],
    limit: Limit,
) -> Answer:
    """Route (404), then `admit` (401, 403), then rate limit (429), then fault rules, then what answers the route.

    Raises:
        Refusal: by one of the first three.
    """
    route, ids = found(routes, call.request, unknown)
    admit(call, route)
    key = call.holder.name if call.holder is not None else ""
    allowance = limit.limiter.take(key, call.now)
    if not allowance.granted:
        raise limit.refuse(allowance)
    try:
        answer = call.simulation.under_faults(call, lambda: route.serve(replace(call, ids=ids)))
    finally:
        limit.limiter.release(key)
    return replace(answer, headers={**limit.headers(allowance), **answer.headers})
