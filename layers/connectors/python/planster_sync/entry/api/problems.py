"""Every error of the API as a problem document (RFC 9457): what happened, what to do, and whether to try again."""

from __future__ import annotations

import json
import math
from binascii import Error as NotBase64
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestUnsupportedContentType, RequestValidationError
from pydantic import BaseModel, Field

from planster_sync import errors as tree
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.errors import (
    AskCustomer,
    Conflict,
    CoolingDown,
    FieldsInvalid,
    InvalidRequest,
    NotFound,
    RequestTooLarge,
    RetrySoon,
    ScopeMissing,
    StepAside,
    SyncError,
    TooManyRequests,
    Unauthenticated,
    Unsupported,
)
from planster_sync.ports.platform import Clock, Journal

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5
MOST_ERRORS = 20
_LONGEST_PLACE = 100

STATUS: dict[type[SyncError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Unsupported: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvalidRequest: HTTPStatus.UNPROCESSABLE_ENTITY,
    AskCustomer: HTTPStatus.CONFLICT,
    StepAside: HTTPStatus.CONFLICT,
    CoolingDown: HTTPStatus.TOO_MANY_REQUESTS,
    RetrySoon: HTTPStatus.SERVICE_UNAVAILABLE,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    ScopeMissing: HTTPStatus.FORBIDDEN,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    RequestTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}
"""The nearest class counts; an error that is not here is nobody's but ours: 500."""


_NO_JSON, _NO_METHOD = "unsupported_media_type", "method_not_allowed"
"""Codes of the protocol's own refusals, which no error of the tree stands for."""


def codes() -> list[str]:
    """Every code that a problem document may carry, in alphabetical order."""
    known = (each for each in vars(tree).values() if isinstance(each, type) and issubclass(each, SyncError))
    return sorted({*(each.code for each in known), _NO_JSON, _NO_METHOD})


class Fault(BaseModel):
    """One part of a request that is wrong."""

    where: str = Field(description="The part of the request, such as `query.limit` or `body.mode`.")
    what: str


class ProblemDocument(BaseModel):
    """An error as RFC 9457 has it; `code` is stable, `detail` and `remedy` are sentences for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable; docs/errors.md explains each.", json_schema_extra={"enum": [*codes()]})
    remedy: str
    retryable: bool
    request: str = Field(description="The request's id: name it when you ask for help.")
    errors: list[Fault] | None = None


class Problems:
    """Answers for whatever a route raises. Registered once, on the whole application."""

    def __init__(self, app: ApiResolver, clock: Clock, journal: Journal) -> None:
        self._app = app
        self._clock = clock
        self._journal = journal

    def register(self) -> None:
        app = self._app
        app.exception_handler(SyncError)(self.known)
        app.exception_handler(RequestValidationError)(self.invalid)
        app.exception_handler(RequestUnsupportedContentType)(self.wrong_media_type)
        app.exception_handler([UnicodeDecodeError, NotBase64])(self.undecodable)
        app.exception_handler(NotFoundError)(self.unrouted)
        app.exception_handler(Exception)(self.unknown)

    def known(self, error: SyncError) -> Response[str]:
        """A failure of our own tree."""
        status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), None)
        if status is None:
            return self.unknown(error)
        headers = {}
        if isinstance(error, RetrySoon | CoolingDown | TooManyRequests):
            headers["Retry-After"] = str(self._seconds_until(error))
            self._journal.event("request_postponed", request=self._request, **error.for_log())
        if isinstance(error, Unauthenticated | ScopeMissing):
            headers["WWW-Authenticate"] = _challenge(error)
        errors = _named(error) if isinstance(error, FieldsInvalid) else None
        return self._answer(
            status, error.code, error.what, error.remedy, error.retryable, errors=errors, headers=headers
        )

    def invalid(self, error: RequestValidationError) -> Response[str]:
        """A body, query or path that breaks the schema."""
        faults = error.errors()
        is_json = all(fault["type"] != "json_invalid" for fault in faults)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_json else HTTPStatus.BAD_REQUEST
        what = "The request does not have the form that this address needs." if is_json else "The body is not JSON."
        remedy = "Correct the parts that `errors` names." if is_json else "Send one JSON object."
        wrong = InvalidRequest(what, remedy=remedy)
        return self._answer(status, wrong.code, wrong.what, wrong.remedy, wrong.retryable, errors=_faults(faults))

    def wrong_media_type(self, _error: RequestUnsupportedContentType) -> Response[str]:
        return self._answer(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _NO_JSON, "The body is not JSON.",
            "Send the body as application/json.", retryable=False,
        )  # fmt: skip

    def undecodable(self, error: Exception) -> Response[str]:
        """A body of bytes that are no text; the same error elsewhere is a bug."""
        if not self._app.current_event.is_base64_encoded:
            return self.unknown(error)
        return self._answer(
            HTTPStatus.BAD_REQUEST, InvalidRequest.code, "The body is not text.", "Send JSON in UTF-8.", retryable=False
        )

    def unrouted(self, _error: NotFoundError) -> Response[str]:
        """An address that is not served, or not with this method."""
        methods = self._app.methods_of(self._app.current_event.path)
        if not methods:
            return self._answer(
                HTTPStatus.NOT_FOUND, NotFound.code, "There is no such address.",
                "Check the address; /v1/openapi.json lists them all.", retryable=False,
            )  # fmt: skip
        allowed = ", ".join(methods)
        return self._answer(
            HTTPStatus.METHOD_NOT_ALLOWED, _NO_METHOD, "This address does not answer to that method.",
            f"Use {allowed}.", retryable=False, headers={"Allow": allowed},
        )  # fmt: skip

    def unknown(self, error: Exception) -> Response[str]:
        """A bug: the traceback goes to the log, a neutral sentence to the caller."""
        self._journal.failure("internal", error, request=self._request, route=self._route)
        return self._answer(
            HTTPStatus.INTERNAL_SERVER_ERROR, SyncError.code, "Something went wrong on our side.",
            "Try again; if it stays, report it with the request's id.", retryable=True,
        )  # fmt: skip

    @property
    def _request(self) -> str:
        return str(self._app.current_event.request_context.request_id or "")

    @property
    def _route(self) -> str:
        route = self._app.context.get("_route")
        return f"{route.method} {route.path}" if route else ""

    def _seconds_until(self, error: RetrySoon | CoolingDown | TooManyRequests) -> int:
        if error.until is None:
            return RETRY_AFTER_SECONDS
        return max(math.ceil((error.until - self._clock.now()).total_seconds()), 1)

    def _answer(
        self,
        status: HTTPStatus,
        code: str,
        what: str,
        remedy: str,
        retryable: bool,
        *,
        errors: list[Fault] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response[str]:
        document = ProblemDocument(
            type=f"urn:planster:problem:{code}",
            title=status.phrase,
            status=status.value,
            detail=what,
            code=code,
            remedy=remedy,
            retryable=retryable,
            request=self._request,
            errors=errors,
        )
        body = json.dumps(document.model_dump(exclude_none=True), ensure_ascii=False)
        return Response(status.value, MEDIA_TYPE, body, headers={"Cache-Control": "no-store", **(headers or {})})


def _challenge(error: Unauthenticated | ScopeMissing) -> str:
    """As RFC 6750, 3 has it."""
    return f'Bearer error="insufficient_scope", scope="{error.scope}"' if isinstance(error, ScopeMissing) else "Bearer"


def _named(error: FieldsInvalid) -> list[Fault]:
    """The fields of a body, as the schema's own faults name them."""
    told = list(error.fields.items())[:MOST_ERRORS]
    return [Fault(where=f"body.{field}".rstrip(".")[:_LONGEST_PLACE], what=what) for field, what in told]


def _faults(errors: Sequence[Any]) -> list[Fault]:
    """Says where and why, and never what the value was."""
    return [
        Fault(where=".".join(str(part) for part in error["loc"])[:_LONGEST_PLACE], what=str(error["msg"]))
        for error in errors[:MOST_ERRORS]
    ]
