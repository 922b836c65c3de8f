"""The console as one application: every page, the door before it, and a page for every error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from planster_sync.entry.api.problems import Problems
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.console import assets
from planster_sync.entry.console.deletions import DeletionPages
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.door import Door, OpenDoor
from planster_sync.entry.console.grid import GridPages
from planster_sync.entry.console.history import HistoryPages
from planster_sync.entry.console.leaving import LeavingPages
from planster_sync.entry.console.matrix import MatrixPages
from planster_sync.entry.console.navigation import HOME
from planster_sync.entry.console.overview import OverviewPages
from planster_sync.entry.console.preferences import PreferencePages
from planster_sync.entry.console.rendering import Pages
from planster_sync.entry.console.resolver import ConsoleResolver
from planster_sync.entry.console.syncing import SyncPages
from planster_sync.entry.console.visitors import Scope, Visitors

INTEGRATION = f"{HOME}/integrations/<integration>"


class _Route(NamedTuple):
    """`scope` is what a visitor needs; None: nobody has to be logged in."""

    method: str
    rule: str
    function: Callable[..., Any]
    scope: Scope | None = Scope.READ


def build_console(
    shop: ApiShop, visitors: Visitors, connectors: Sequence[str], new_key: Callable[[], str]
) -> ConsoleResolver:
    """Built once per environment; `resolve(event, context)` answers one HTTP API event (payload version 2)."""
    app = ConsoleResolver()
    desk = Desk(shop, app, Pages(), new_key)
    Problems(app, shop.clock, shop.journal, desk.show_problem).register()
    app.exception_handler(NotFoundError)(desk.show_lost)
    for route in _routes(desk, connectors):
        door = OpenDoor(visitors) if route.scope is None else Door(visitors, shop.quotas, route.scope)
        app.route(route.rule, route.method, middlewares=[door.admit])(route.function)
    app.route(f"{HOME}/static/<name>", "GET")(assets.asset)
    return app


def _routes(desk: Desk, connectors: Sequence[str]) -> list[_Route]:
    grid, matrix, overview = GridPages(desk), MatrixPages(desk, connectors), OverviewPages(desk)
    history, leaving = HistoryPages(desk), LeavingPages(desk)
    return [
        _Route("GET", HOME, grid.show),
        _Route("GET", f"{HOME}/live", grid.live),
        _Route("GET", f"{HOME}/connectors", matrix.show),
        _Route("GET", f"{HOME}/disconnections", leaving.list_all),
        _Route("GET", INTEGRATION, overview.show),
        _Route("GET", f"{INTEGRATION}/live", overview.live),
        _Route("GET", f"{INTEGRATION}/runs", history.list_all),
        _Route("GET", f"{INTEGRATION}/runs/<run>", history.show),
        _Route("GET", f"{INTEGRATION}/runs/<run>/live", history.live),
        *_acting(desk),
        _Route("GET", f"{INTEGRATION}/disconnect", leaving.show, Scope.ADMIN),
        _Route("POST", f"{INTEGRATION}/disconnect", leaving.disconnect, Scope.ADMIN),
    ]


def _acting(desk: Desk) -> list[_Route]:
    syncs, deletions, settings = SyncPages(desk), DeletionPages(desk), PreferencePages(desk)
    return [
        _Route("GET", f"{INTEGRATION}/sync", syncs.show, Scope.OPERATE),
        _Route("POST", f"{INTEGRATION}/sync", syncs.start, Scope.OPERATE),
        _Route("POST", f"{INTEGRATION}/runs/<run>/cancel", syncs.cancel, Scope.OPERATE),
        _Route("GET", f"{INTEGRATION}/held", deletions.list_all),
        _Route("POST", f"{INTEGRATION}/held/<data_type>/approve", deletions.approve, Scope.OPERATE),
        _Route("POST", f"{INTEGRATION}/held/<data_type>/reject", deletions.reject, Scope.OPERATE),
        _Route("GET", f"{INTEGRATION}/settings", settings.show),
        _Route("POST", f"{INTEGRATION}/settings", settings.change, Scope.ADMIN),
        _Route("POST", f"{INTEGRATION}/pause", settings.pause, Scope.ADMIN),
        _Route("POST", f"{INTEGRATION}/resume", settings.resume, Scope.ADMIN),
    ]
