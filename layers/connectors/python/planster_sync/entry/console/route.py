"""What a page of the console is reached by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from planster_sync.entry.api.caller import Scope
from planster_sync.entry.console.navigation import HOME

INTEGRATION = f"{HOME}/integrations/<integration>"


class Route(NamedTuple):
    """`scope` is what a visitor needs; None: nobody has to be logged in."""

    method: str
    rule: str
    function: Callable[..., Any]
    scope: Scope | None = Scope.READ
