"""What every page of the console works with: the API's routes, whoever looks, and a way to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from planster_sync.entry.api.problems import ProblemDocument
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.console.forms import Form
from planster_sync.entry.console.rendering import Pages
from planster_sync.entry.console.resolver import ConsoleResolver
from planster_sync.entry.console.visitors import Visitor
from planster_sync.errors import NotFound, SettingsInvalid

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Desk:
    """`new_key` gives a name that nobody has given before, for a form that must take effect once."""

    shop: ApiShop
    app: ConsoleResolver
    pages: Pages
    new_key: Callable[[], str]

    @property
    def visitor(self) -> Visitor:
        """Whoever asks for the present page; no page behind the door is made without one."""
        found = self.seen
        if found is None:
            raise LookupError("a page behind the door was asked for by nobody")
        return found

    @property
    def seen(self) -> Visitor | None:
        """Whoever asks, if anybody is logged in."""
        visitor: Visitor | None = self.app.context.get("visitor")
        return visitor

    @property
    def form(self) -> Form:
        form: Form = self.app.context["form"]
        return form

    def query(self, name: str) -> str:
        return str((self.app.current_event.query_string_parameters or {}).get(name) or "")

    def title(self, connector: str) -> str:
        """A connector's name for people; its own name where there is no such connector."""
        try:
            return self.shop.capabilities(connector).title
        except SettingsInvalid:
            return connector

    def show(self, page: str, answers: HTTPStatus = HTTPStatus.OK, **content: Any) -> Response[str]:
        """A page by the name of its file."""
        return Response(answers.value, HTML, self._rendered(page, content))

    def show_part(self, page: str, **content: Any) -> Response[str]:
        """A part of a page that is fetched anew while something happens; 304 where the browser has it as it is."""
        text = self._rendered(page, content)
        tag = f'W/"{blake2b(text.encode(), digest_size=12).hexdigest()}"'
        if tag in str(self.app.current_event.headers.get("if-none-match") or ""):
            return Response(HTTPStatus.NOT_MODIFIED.value, HTML, headers={"ETag": tag})
        return Response(HTTPStatus.OK.value, HTML, text, headers={"ETag": tag})

    def show_problem(self, problem: ProblemDocument) -> Response[str]:
        """A failure as a page: what happened, and what to do."""
        return self.show("problem.html", HTTPStatus(problem.status), problem=problem)

    def show_lost(self, _error: NotFoundError) -> Response[str]:
        """An address that is no page."""
        return self.show(
            "problem.html",
            HTTPStatus.NOT_FOUND,
            problem=ProblemDocument(
                type=f"urn:planster:problem:{NotFound.code}",
                title=HTTPStatus.NOT_FOUND.phrase,
                status=HTTPStatus.NOT_FOUND.value,
                detail="There is no such page.",
                code=NotFound.code,
                remedy="Go on from the list of integrations.",
                retryable=False,
                request=self.request,
            ),
        )

    @property
    def request(self) -> str:
        """The request's id."""
        return str(self.app.current_event.request_context.request_id or "")

    def go(self, address: str, **query: str) -> Response[str]:
        """Sends the browser on with a GET, so that loading the page anew sends nothing twice."""
        target = f"{address}?{urlencode(query)}" if query else address
        return Response(HTTPStatus.SEE_OTHER.value, HTML, "", headers={"Location": target})

    def _rendered(self, page: str, content: Mapping[str, Any]) -> str:
        event = self.app.current_event
        return self.pages.render(
            page,
            now=self.shop.clock.now(),
            path=quote(event.path, safe="/"),
            visitor=self.seen,
            query=self.query,
            **content,
        )
