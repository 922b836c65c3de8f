"""The vendor's API over the source, with everything that vendors do wrong: fault point F20 and the poison of F21.

It speaks Trackstar's protocol, so that the real connector, its paging and the real HTTP client stand in the simulation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from random import Random
from types import MappingProxyType

from planster_sync.http.messages import Answer, NoAnswer, Request
from tests.chaos.hub import START, Hub
from tests.chaos.perils import Perils
from tests.chaos.plan import Plan
from tests.chaos.source import PATHS, Shelf, Version, created, status

READ_OF = {path: read for read, path in PATHS.items()}


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the vendor saw it."""

    at: float
    tenant: str
    token: str
    process: str
    read: str
    kind: str
    status: int
    wait: float


@dataclass(frozen=True, slots=True)
class Served:
    """A page as it was given out: what a worker may rely on afterwards."""

    at: float
    shelf: Shelf
    process: object
    versions: tuple[tuple[str, int], ...]
    following: str | None
    is_list: bool
    is_end: bool


@dataclass(eq=False)
class Tenant:
    """One account: its lists, the token that is valid, and until when it is out of order."""

    name: str
    shelves: dict[str, Shelf]
    token: str
    down_until: float = 0.0


@dataclass(eq=False)
class Vendor:
    hub: Hub
    plan: Plan
    random: Random
    hit: Callable[[str], None]
    tenants: dict[str, Tenant] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    served: Callable[[Served], None] = lambda served: None
    before_page: Callable[[Tenant, Shelf], None] = lambda tenant, shelf: None
    between_pages: Callable[[Shelf, str], None] = lambda shelf, id_: None
    asked_for: Callable[[str, str], None] = lambda wanted, asked: None
    calm: bool = False
    served_now: str = ""
    """The tenant whose request is being answered."""
    _nonces: count[int] = field(default_factory=count)

    def happens(self, fault: str) -> bool:
        is_spared = self.calm or (self.plan.only not in ("", self.served_now))
        chance = 0.0 if is_spared else self.plan.chance(fault)
        if chance and self.random.random() < chance:
            self.hit(fault)
            return True
        return False

    def answer(self, request: Request) -> Answer:
        """What the vendor says to one request.

        Raises:
            NoAnswer: it did not say anything in time.
        """
        tenant = self._tenant(request)
        self.served_now = tenant.name if tenant else ""
        read = READ_OF.get(request.path, "")
        params = dict(request.params)
        kind = "lookup" if "ids[in]" in params else "list"
        answer = self._judged(tenant, request, read, params, kind)
        process = self.hub.current
        token = request.headers.get("x-trackstar-access-token", "")
        name = process.name if process else ""
        if process is not None and tenant is not None:
            self.asked_for(process.tenant, tenant.name)
        wait = float(answer.headers.get("retry-after", 0))
        self.calls.append(Call(self.hub.now, self.served_now, token, name, read, kind, answer.status, wait))
        return answer

    def _tenant(self, request: Request) -> Tenant | None:
        token = request.headers.get("x-trackstar-access-token", "")
        return next((tenant for tenant in self.tenants.values() if token == tenant.token), None)

    def _judged(
        self, tenant: Tenant | None, request: Request, read: str, params: Mapping[str, str], kind: str
    ) -> Answer:
        if tenant is None or self.happens("refused_mid_read"):
            return _said(401, {"error": "unauthorised"})
        refusal = self._refusal(tenant)
        if refusal is not None:
            return refusal
        if read not in tenant.shelves:
            return _said(404, {"error": "no such list"})
        unknown = next((name for name in params if name not in _PARAMETERS), None)
        if unknown is not None:
            return _said(422, {"error": "unknown field", "detail": {"query": {unknown: ["Unknown field."]}}})
        shelf = tenant.shelves[read]
        if kind == "list":
            self.before_page(tenant, shelf)
        body = self._looked_up(shelf, params) if kind == "lookup" else self._page(shelf, params)
        if body is None:
            return _said(422, {"error": "page token expired"})
        if self.happens("truncated_answer"):
            body = body[: self.random.randrange(len(body))]
        return Answer(200, {"content-type": "application/json"}, body)

    def _refusal(self, tenant: Tenant) -> Answer | None:
        if self.hub.now < tenant.down_until and not self.calm:
            self.hit("outage")
            return Answer(503, {}, b"<html>down</html>")
        if self.happens("vendor_timeout"):
            self.hub.pause(30.0)
            raise NoAnswer(TimeoutError("the answer took too long"), sent=True)
        fault = next((fault for fault in _REFUSALS if self.happens(fault)), None)
        return self.random.choice(_REFUSALS[fault]) if fault else None

    def _page(self, shelf: Shelf, params: Mapping[str, str]) -> bytes | None:
        token = params.get("page_token")
        if token is not None and self.happens("token_expired"):
            return None
        limit = int(params["limit"])
        records = self._asked(shelf, params)
        start = _position(records, token)
        if token is None and self.happens("empty_list"):
            return self._sent(shelf, (), None, is_list=True)
        if self.happens("empty_page"):
            return self._sent(shelf, (), self._token(records, start, token), is_list=True)
        if 0 < start < len(records) and self.happens("overlapping_page"):
            start -= 1
            self.between_pages(shelf, records[start][0])
            records = self._asked(shelf, params)
        if limit > 1 and self.happens("short_page"):
            limit = self.random.randrange(1, limit)
        page = records[start : start + limit]
        more = start + limit < len(records)
        following = self._token(records, start + limit, token) if more else None
        if following is not None and self.happens("early_end"):
            following = None
        if token is not None and following is not None and self.happens("repeated_token"):
            following = token
        return self._sent(shelf, page, following, is_list=True, asked=token)

    def _asked(self, shelf: Shelf, params: Mapping[str, str]) -> list[tuple[str, Version]]:
        return [found for found in shelf.list(self.hub.now, _since(params)) if _is_in_slice(found[0], params)]

    def _token(self, records: Sequence[tuple[str, Version]], start: int, before: str | None) -> str:
        """Where the next page begins: behind an id, or, at vendors that count, at a position that shifts."""
        nonce = next(self._nonces)
        if self.plan.offset_paging:
            return f"o:{start}:{nonce}"
        if start == 0:
            return f"k::{nonce}"
        return f"k:{records[start - 1][0]}:{nonce}"

    def _looked_up(self, shelf: Shelf, params: Mapping[str, str]) -> bytes:
        wanted = params["ids[in]"].split(",")
        now = self.hub.now
        found = [(id_, version) for id_ in wanted if (version := shelf.shown(id_, now)) is not None]
        return self._sent(shelf, tuple(found), None, is_list=False)

    def _sent(
        self,
        shelf: Shelf,
        page: Sequence[tuple[str, Version]],
        following: str | None,
        *,
        is_list: bool,
        asked: str | None = None,
    ) -> bytes:
        versions = tuple((id_, version.number) for id_, version in page)
        is_usable = following is not None and following != asked
        usable = following if is_usable else None
        self.served(
            Served(self.hub.now, shelf, self.hub.current, versions, usable, is_list, is_list and following is None)
        )
        count_said = len(page)
        if self.happens("lying_count"):
            count_said = self.random.choice((0, len(page) + 3, 10_000))
        raws = b",".join(version.raw or b"" for _, version in page)
        tail = json.dumps({"next_token": following, "total_count": count_said})[1:]
        return b'{"data":[' + raws + b"]," + tail.encode()


@dataclass(frozen=True, slots=True)
class VendorTransport:
    """Carries one client's requests to the simulated vendor, in virtual time.

    `stage` names where in its work the process is; `counted` is told of every answer.
    """

    vendor: Vendor
    perils: Perils
    latency: Callable[[], float]
    stage: Callable[[], str]
    counted: Callable[[], None]

    def exchange(self, request: Request, ends: datetime) -> Answer:
        latency = self.latency()
        left = (ends - self.vendor.hub.clock_of_current()).total_seconds()
        if latency > left:
            self.vendor.hub.pause(max(left, 0.0))
            raise NoAnswer(TimeoutError("the answer took too long"), sent=True)
        answer = self.perils.around(self.stage(), lambda: self.vendor.answer(request), latency)
        self.counted()
        return answer

    def close(self) -> None:
        """There is no connection to close."""


_PARAMETERS = frozenset(
    {
        "limit",
        "page_token",
        "ids[in]",
        "trackstar_updated_date[gte]",
        "trackstar_updated_date[gt]",
        "created_date[gte]",
        "created_date[lt]",
        "status[in]",
    }
)


def _said(code: int, content: Mapping[str, object]) -> Answer:
    return Answer(code, {"content-type": "application/json"}, json.dumps(content).encode())


_REFUSALS: Mapping[str, tuple[Answer, ...]] = MappingProxyType(
    {
        "too_many_requests": tuple(Answer(429, {"retry-after": wait}, b"{}") for wait in ("1", "5", "30", "600")),
        "too_many_requests_silent": (Answer(429, {}, b"{}"),),
        "server_error": (_said(500, {"error": "internal"}),),
        "bad_gateway": (Answer(502, {"content-type": "text/html"}, b"<html><body>Bad gateway</body></html>"),),
        "error_with_200": (_said(200, {"error": "busy"}), Answer(200, {}, b"<html>Log in</html>")),
    }
)


def _since(params: Mapping[str, str]) -> float | None:
    """The filter's lower bound; one that is exclusive begins a second later, as stamps have whole seconds."""
    for operator, shift in (("gte", 0.0), ("gt", 1.0)):
        text = params.get(f"trackstar_updated_date[{operator}]")
        if text is not None:
            return (datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC) - START).total_seconds() + shift
    return None


def _is_in_slice(id_: str, params: Mapping[str, str]) -> bool:
    """Whether a record lies within the filters by creation and by status."""
    at, since, until = created(id_), params.get("created_date[gte]"), params.get("created_date[lt]")
    if at is None:
        is_inside = since is None and until is None
    else:
        is_inside = (since is None or since <= at) and (until is None or at < until)
    return is_inside and status(id_) in params.get("status[in]", status(id_)).split(",")


def _position(records: Sequence[tuple[str, Version]], token: str | None) -> int:
    if token is None:
        return 0
    kind, place, _ = token.split(":")
    if kind == "o":
        return int(place)
    return sum(1 for id_, _ in records if id_ <= place)
