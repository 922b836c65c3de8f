"""What every page of the console works with: the API's routes, whoever looks, and a way to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, urlencode

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from planster_sync.entry.api.problems import ProblemDocument
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.unchanged import POLL_AFTER
from planster_sync.entry.console.forms import MOST_FIELDS, Form
from planster_sync.entry.console.rendering import Pages
from planster_sync.entry.console.resolver import ConsoleResolver
from planster_sync.entry.console.visitors import Visitor
from planster_sync.errors import InvalidRequest, NotFound, SettingsInvalid

Word = TypeVar("Word", bound=StrEnum)
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

    @property
    def organisation(self) -> str:
        """The visitor's, and no other: no address of the console names one."""
        return self.visitor.organisation

    def query(self, name: str) -> str:
        return next(iter(self.queries(name)), "")

    def queries(self, name: str) -> list[str]:
        """Every value of a parameter that may be given more than once, empty ones left out."""
        text = str(self.app.current_event.raw_event.get("rawQueryString") or "")
        try:
            pairs = parse_qsl(text, max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise InvalidRequest("The address has too many parts.", remedy="Follow a link of the console.") from error
        return [value for key, value in pairs if key == name]

    def one_of(self, words: type[Word], text: str | None) -> Word | None:
        """A word of a closed list; None where there is none.

        Raises:
            InvalidRequest: it is not in the list.
        """
        try:
            return words(text) if text else None
        except ValueError as error:
            raise InvalidRequest("The address names something unknown.", remedy="Follow a link instead.") from error

    def title(self, connector: str) -> str:
        """A connector's name for people; its own name where there is no such connector."""
        try:
            return self.shop.capabilities(connector).title
        except SettingsInvalid:
            return connector

    def show(self, page: str, answers: HTTPStatus = HTTPStatus.OK, **content: Any) -> Response[str]:
        """A page by the name of its file."""
        return Response(answers.value, HTML, self._rendered(page, content))

    def show_part(self, page: str, poll_after: int, **content: Any) -> Response[str]:
        """A part of a page that is fetched anew while something happens; 304 where the browser has it as it is."""
        text = self._rendered(page, content)
        tag = f'W/"{blake2b(text.encode(), digest_size=12).hexdigest()}"'
        headers = {"ETag": tag, POLL_AFTER: str(poll_after)}
        if tag in str(self.app.current_event.headers.get("if-none-match") or ""):
            return Response(HTTPStatus.NOT_MODIFIED.value, HTML, headers=headers)
        return Response(HTTPStatus.OK.value, HTML, text, headers=headers)

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
