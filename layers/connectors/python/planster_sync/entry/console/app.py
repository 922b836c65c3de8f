"""The console as one application: every page, the door before it, and a page for every error."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from planster_sync.entry.api.caller import Scope
from planster_sync.entry.api.problems import Problems
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.console import assets
from planster_sync.entry.console.connect_pages import RETURN, ConnectPages
from planster_sync.entry.console.data_pages import data_pages
from planster_sync.entry.console.deletions import DeletionPages
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.door import Door, OpenDoor
from planster_sync.entry.console.grid import GridPages
from planster_sync.entry.console.history import HistoryPages
from planster_sync.entry.console.leaving import LeavingPages
from planster_sync.entry.console.login import Login
from planster_sync.entry.console.login_pages import SIGNED_OUT, LoginPages
from planster_sync.entry.console.matrix import MatrixPages
from planster_sync.entry.console.navigation import HOME
from planster_sync.entry.console.overview import OverviewPages
from planster_sync.entry.console.preferences import PreferencePages
from planster_sync.entry.console.reconnect_pages import ReconnectPages
from planster_sync.entry.console.rendering import Pages
from planster_sync.entry.console.resolver import ConsoleResolver
from planster_sync.entry.console.route import INTEGRATION, Route
from planster_sync.entry.console.syncing import SyncPages
from planster_sync.entry.console.visitors import Visitors


def build_console(
    shop: ApiShop,
    visitors: Visitors,
    connectors: Sequence[str],
    new_key: Callable[[], str],
    login: Callable[[], Login | None] = lambda: None,
) -> ConsoleResolver:
    """Built once per environment; `resolve(event, context)` answers one HTTP API event (payload version 2)."""
    app = ConsoleResolver()
    desk = Desk(shop, app, Pages(), new_key)
    Problems(app, shop.clock, shop.journal, desk.show_problem).register()
    app.exception_handler(NotFoundError)(desk.show_lost)
    for route in (*_ways_in(LoginPages(desk, login)), *_routes(desk, connectors), *data_pages(desk)):
        door = OpenDoor(visitors) if route.scope is None else Door(visitors, route.scope, shop.quotas)
        app.route(route.rule, route.method, middlewares=[door.admit])(route.function)
    app.route(f"{HOME}/static/<name>", "GET")(assets.asset)
    return app


def _ways_in(pages: LoginPages) -> list[Route]:
    return [
        Route("GET", f"{HOME}/login", pages.sign_in, scope=None),
        Route("GET", f"{HOME}/callback", pages.callback, scope=None),
        Route("POST", f"{HOME}/logout", pages.log_out, scope=None),
        Route("GET", SIGNED_OUT, pages.signed_out, scope=None),
    ]


def _routes(desk: Desk, connectors: Sequence[str]) -> list[Route]:
    grid, matrix, overview = GridPages(desk), MatrixPages(desk, connectors), OverviewPages(desk)
    history, leaving = HistoryPages(desk), LeavingPages(desk)
    return [
        Route("GET", HOME, grid.show),
        Route("GET", f"{HOME}/live", grid.live),
        Route("GET", f"{HOME}/connectors", matrix.show),
        Route("GET", f"{HOME}/disconnections", leaving.list_all),
        Route("GET", INTEGRATION, overview.show),
        Route("GET", f"{INTEGRATION}/live", overview.live),
        Route("GET", f"{INTEGRATION}/runs", history.list_all),
        Route("GET", f"{INTEGRATION}/runs/<run>", history.show),
        Route("GET", f"{INTEGRATION}/runs/<run>/live", history.live),
        *_acting(desk),
        *_connecting(desk),
        Route("GET", f"{INTEGRATION}/disconnect", leaving.show, Scope.ADMIN),
        Route("POST", f"{INTEGRATION}/disconnect", leaving.disconnect, Scope.ADMIN),
    ]


def _acting(desk: Desk) -> list[Route]:
    syncs, deletions, settings = SyncPages(desk), DeletionPages(desk), PreferencePages(desk)
    return [
        Route("GET", f"{INTEGRATION}/sync", syncs.show, Scope.OPERATE),
        Route("POST", f"{INTEGRATION}/sync", syncs.start, Scope.OPERATE),
        Route("POST", f"{INTEGRATION}/runs/<run>/cancel", syncs.cancel, Scope.OPERATE),
        Route("GET", f"{INTEGRATION}/held", deletions.list_all),
        Route("POST", f"{INTEGRATION}/held/<data_type>/approve", deletions.approve, Scope.OPERATE),
        Route("POST", f"{INTEGRATION}/held/<data_type>/reject", deletions.reject, Scope.OPERATE),
        Route("GET", f"{INTEGRATION}/settings", settings.show),
        Route("POST", f"{INTEGRATION}/settings", settings.change, Scope.ADMIN),
        Route("POST", f"{INTEGRATION}/pause", settings.pause, Scope.ADMIN),
        Route("POST", f"{INTEGRATION}/resume", settings.resume, Scope.ADMIN),
    ]


def _connecting(desk: Desk) -> list[Route]:
    """Everybody may look at the forms, which say who may fill them in."""
    connect, reconnect = ConnectPages(desk), ReconnectPages(desk)
    one = f"{HOME}/connect/<connector>"
    return [
        Route("GET", f"{HOME}/connect", connect.choose),
        Route("GET", RETURN, connect.returned, Scope.ADMIN),
        Route("GET", one, connect.show),
        Route("POST", one, connect.take, Scope.ADMIN),
        Route("POST", f"{one}/exchange", connect.exchange, Scope.ADMIN),
        Route("GET", f"{INTEGRATION}/reconnect", reconnect.show),
        Route("POST", f"{INTEGRATION}/reconnect", reconnect.take, Scope.ADMIN),
    ]
