"""The console as one application: every page, the door before it, and a page for every error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from planster_sync.entry.api.problems import Problems
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.console import assets
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.door import Door, OpenDoor
from planster_sync.entry.console.grid import GridPages
from planster_sync.entry.console.login import Login
from planster_sync.entry.console.login_pages import SIGNED_OUT, LoginPages
from planster_sync.entry.console.navigation import HOME
from planster_sync.entry.console.rendering import Pages
from planster_sync.entry.console.resolver import ConsoleResolver
from planster_sync.entry.console.visitors import Scope, Visitors

INTEGRATION = f"{HOME}/integrations/<integration>"


class _Route(NamedTuple):
    """`scope` is what a visitor needs; None: nobody has to be logged in."""

    method: str
    rule: str
    function: Callable[..., Any]
    scope: Scope | None = Scope.READ


def build_console(
    shop: ApiShop, visitors: Visitors, new_key: Callable[[], str], login: Callable[[], Login | None] = lambda: None
) -> ConsoleResolver:
    """Built once per environment; `resolve(event, context)` answers one HTTP API event (payload version 2)."""
    app = ConsoleResolver()
    desk = Desk(shop, app, Pages(), new_key)
    Problems(app, shop.clock, shop.journal, desk.show_problem).register()
    app.exception_handler(NotFoundError)(desk.show_lost)
    for route in (*_ways_in(LoginPages(desk, login)), *_routes(desk)):
        door = OpenDoor(visitors) if route.scope is None else Door(visitors, route.scope)
        app.route(route.rule, route.method, middlewares=[door.admit])(route.function)
    app.route(f"{HOME}/static/<name>", "GET")(assets.asset)
    return app


def _ways_in(pages: LoginPages) -> list[_Route]:
    return [
        _Route("GET", f"{HOME}/login", pages.sign_in, scope=None),
        _Route("GET", f"{HOME}/callback", pages.callback, scope=None),
        _Route("POST", f"{HOME}/logout", pages.log_out, scope=None),
        _Route("GET", SIGNED_OUT, pages.signed_out, scope=None),
    ]


def _routes(desk: Desk) -> list[_Route]:
    grid = GridPages(desk)
    return [
        _Route("GET", HOME, grid.show),
        _Route("GET", f"{HOME}/live", grid.live),
    ]
