"""What every request passes before anything else of it is looked at: size, caller, organisation, scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planster_sync.entry.api.caller import NOBODY, Caller, Scope, caller_of
from planster_sync.entry.api.quotas import Quotas
from planster_sync.errors import NotFound, RequestTooLarge, ScopeMissing, Unauthenticated

if TYPE_CHECKING:
    from planster_sync.entry.api.routing import ApiResolver

LARGEST_BODY = 768 * 1024
"""Bytes, once base64 is undone: the largest form, a CSV of 400,000 characters, with room for escapes."""


@dataclass(frozen=True, slots=True)
class Gate:
    """`needs` says by operation id which scope a route needs; None where whoever comes in may ask.

    `anonymous` is who a request stands for that came without any proof; None: it is refused, but for the operations
    that are `proven_otherwise`: their addresses hold a proof of their own.
    """

    needs: Mapping[str, Scope | None]
    anonymous: Caller | None
    quotas: Quotas
    proven_otherwise: frozenset[str] = frozenset()

    def admit(self, app: ApiResolver) -> Caller:
        """The caller of the present request.

        A foreign organisation is answered like one that does not exist, so that nobody can find out who is a customer.

        Raises:
            RequestTooLarge: the body has more than LARGEST_BODY bytes; it is not parsed.
            Unauthenticated: nobody has checked who calls.
            TooManyRequests: the caller's organisation has used up its minute.
            NotFound: the caller does not see the address's organisation.
            ScopeMissing: the caller lacks the route's scope.
        """
        _weigh(app.current_event.body, is_base64=bool(app.current_event.is_base64_encoded))
        caller = app.given_caller or caller_of(app.current_event.raw_event) or self.anonymous
        if caller is None and app.context["_route"].operation_id in self.proven_otherwise:
            caller = NOBODY
        if caller is None:
            raise Unauthenticated
        organisation = app.context["_route_args"].get("organisation")
        counted = caller.organisation or organisation
        if counted:
            self.quotas.take(counted)
        if organisation is not None and not caller.sees(organisation):
            raise NotFound("There is no such organisation.", remedy="Check the address.")
        scope = self.needs.get(app.context["_route"].operation_id)
        if scope is not None and scope not in caller.scopes:
            raise ScopeMissing(scope.value)
        return caller


def _weigh(body: str | None, *, is_base64: bool) -> None:
    size = 0 if body is None else len(body) * 3 // 4 - body[-2:].count("=") if is_base64 else len(body.encode())
    if size > LARGEST_BODY:
        raise RequestTooLarge(f"The body has {size} bytes; {LARGEST_BODY} are the most.")
