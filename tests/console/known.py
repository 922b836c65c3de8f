"""People whom the console's tests let in: each by a cookie that names them."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any

from planster_sync.entry.api.caller import Scope
from planster_sync.entry.console.visitors import Visitor

PLANNER = Visitor("org1", "user-7", frozenset(Scope), "form-token-of-user-7", "Ada Planner")
READER = Visitor("org1", "user-8", frozenset({Scope.READ}), "form-token-of-user-8", "Rea Reader")
STRANGER = Visitor("org2", "user-9", frozenset(Scope), "form-token-of-user-9", "Sam Stranger")


class KnownVisitors:
    """Knows these three, by the cookie `visitor`."""

    def __init__(self) -> None:
        self._known = {each.subject: each for each in (PLANNER, READER, STRANGER)}

    def visitor(self, event: Mapping[str, Any]) -> Visitor | None:
        jar = SimpleCookie("; ".join(event.get("cookies") or ()))
        jar.load(str((event.get("headers") or {}).get("cookie") or ""))
        return self._known.get(jar["visitor"].value) if "visitor" in jar else None
