"""Who calls. A token sees its own organisation only; a caller that AWS IAM let in is a trusted back end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.event_handler import ApiGatewayResolver, Response

from planster_sync.errors import NotFound

BACK_END = "back end"
PLANNER = "planner"
_LONGEST_SUBJECT = 64


def own_organisation(app: ApiGatewayResolver, next_middleware: Callable[[ApiGatewayResolver], Response[Any]]) -> Any:
    """Lets a request through if its token names the path's organisation, or if it carries no token.

    A foreign organisation is answered like one that does not exist, so that nobody can find out who is a customer.
    """
    organisation = app.context["_route_args"].get("organisation")
    claims = _claims(app.current_event.raw_event)
    if organisation is not None and claims is not None and claims.get("organisation") != organisation:
        raise NotFound("There is no such organisation.", remedy="Check the address.")
    return next_middleware(app)


def requested_by(event: Mapping[str, Any]) -> str:
    """Who asked, as it is kept with the run: the token's subject, unless it looks like personal data."""
    claims = _claims(event)
    if claims is None:
        return BACK_END
    subject = str(claims.get("sub") or "")
    is_opaque = 0 < len(subject) <= _LONGEST_SUBJECT and "@" not in subject and " " not in subject
    return subject if is_opaque else PLANNER


def _claims(event: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The claims of the token that API Gateway has verified; None where the request came without one."""
    authorizer = (event.get("requestContext") or {}).get("authorizer") or {}
    if "jwt" not in authorizer:
        return None
    return (authorizer["jwt"] or {}).get("claims") or {}
