"""The console's door: who may see which page, and which forms are let in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from aws_lambda_powertools.event_handler import ApiGatewayResolver, Response

from planster_sync.entry.api.caller import Scope
from planster_sync.entry.api.quotas import Quotas
from planster_sync.entry.console.forms import Form, prove_own
from planster_sync.entry.console.visitors import Visitor, Visitors
from planster_sync.errors import ScopeMissing

Next = Callable[[ApiGatewayResolver], Response[Any]]
LOGIN = "/console/login"


@dataclass(frozen=True, slots=True)
class Door:
    """Stands before one page; `scope` is what a visitor needs for it."""

    visitors: Visitors
    scope: Scope
    quotas: Quotas

    def admit(self, app: ApiGatewayResolver, next_middleware: Next) -> Response[Any]:
        """Lets a visitor in who may see the page; shows anybody else to the login.

        The visitor is the caller of the API's own routes, which the page asks.

        Raises:
            TooManyRequests: the visitor's organisation has used up its minute.
            ScopeMissing: the visitor may not do this.
            FormRefused: the form is not one of our own.
        """
        event = app.current_event.raw_event
        app.context.pop("visitor", None)
        visitor = self.visitors.visitor(event)
        if visitor is None:
            return _to_login(app)
        _admit(app, visitor)
        self.quotas.take(visitor.organisation)
        if not visitor.may(self.scope):
            raise ScopeMissing(self.scope.value)
        if app.current_event.http_method == "POST":
            form = Form.of(app)
            prove_own(event, form, visitor.form_token)
            app.context["form"] = form
        return next_middleware(app)


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """Stands before a page that nobody has to be logged in for; knows the visitor all the same."""

    visitors: Visitors

    def admit(self, app: ApiGatewayResolver, next_middleware: Next) -> Response[Any]:
        app.context.pop("visitor", None)
        visitor = self.visitors.visitor(app.current_event.raw_event)
        if visitor is not None:
            _admit(app, visitor)
        return next_middleware(app)


def _admit(app: ApiGatewayResolver, visitor: Visitor) -> None:
    app.context["visitor"] = visitor
    app.context["caller"] = visitor.caller


def _to_login(app: ApiGatewayResolver) -> Response[Any]:
    """What was asked for is asked for again after the login; a form is not: its page is not known here."""
    event = app.current_event
    page = quote(event.path, safe="/") if event.http_method == "GET" else "/console"
    query = event.raw_event.get("rawQueryString") if event.http_method == "GET" else ""
    target = f"{LOGIN}?{urlencode({'next': f'{page}?{query}' if query else page})}"
    return Response(HTTPStatus.SEE_OTHER.value, "text/html; charset=utf-8", "", headers={"Location": target})
