"""Routes by path, in the form that ids need: a part holds any character, a record id even slashes.

A request is resolved for a caller: the one that the gateway has verified, or one that is given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, ApiGatewayResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.middlewares.openapi_validation import (
    OpenAPIRequestValidationMiddleware,
    OpenAPIResponseValidationMiddleware,
)
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestUnsupportedContentType

from planster_sync.errors import FieldsInvalid

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from planster_sync.entry.api.caller import Caller

REST_OF_PATH = frozenset({"record", "reference", "shipment"})
"""Path parameters that run to the end of the path: API Gateway hands `%2F` over decoded."""

NO_ENDS = {"data_type": "/bulk", "shipment": "/dry-run"}
"""Ends of addresses of their own, where a parameter could stand: its value never ends so."""

_JSON = "application/json"


def json_body(text: str) -> Any:
    """Parses a body; whatever is wrong with it, the error is the one that the framework expects of bad JSON.

    Raises:
        FieldsInvalid: it is a list or a single value. The framework would take a list's first entry for the body.
    """
    body = _parsed(text)
    if body is not None and not isinstance(body, dict):
        raise FieldsInvalid({"": "The body has to be one JSON object, in braces."})
    return body


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise json.JSONDecodeError("not a JSON document that can be read", "", 0) from error


class ApiResolver(APIGatewayHttpResolver):
    """The framework's resolver with wider path parameters; it knows who calls, and which methods a path has."""

    @property
    def caller(self) -> Caller:
        """Who asks the present request; known to routes, not before they are admitted."""
        admitted: Caller = self.context["caller"]
        return admitted

    @property
    def given_caller(self) -> Caller | None:
        """Of a request that is resolved for somebody."""
        given: Caller | None = self.context.get("given_caller")
        return given

    def admit_by(self, admit: Callable[[ApiResolver], Caller]) -> None:
        """Has every request admitted before its body is parsed."""
        self._request_validation_middleware = _Admission(self, admit)

    def answer_by(self, middleware: OpenAPIResponseValidationMiddleware) -> None:
        """Has every answer of a route pass this one instead of the framework's."""
        self._response_validation_middleware = middleware

    def resolve_for(self, caller: Caller, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Answers an event on behalf of a caller, whatever the event says of one; for pages of the same function.

        Usable within another resolver's request: the event at which that one is stays its event.
        """
        outer = getattr(BaseRouter, "current_event", None)
        self.context["given_caller"] = caller
        try:
            return self.resolve(event, context)
        finally:
            if outer is not None:
                BaseRouter.current_event = outer  # the framework keeps it once for all resolvers

    @staticmethod
    def _compile_regex(rule: str, base_regex: str = r"^{}\Z") -> re.Pattern[str]:
        return re.compile(base_regex.format(re.sub(r"<(\w+)>", _parameter, rule)), re.DOTALL)

    def methods_of(self, path: str) -> list[str]:
        """The methods under which a path is served, in alphabetical order."""
        routes = [*self._static_routes, *self._dynamic_routes]
        return sorted({route.method for route in routes if route.rule.match(path)})


class _Admission(OpenAPIRequestValidationMiddleware):
    """Stands where the framework validates, which it does ahead of all other middlewares."""

    def __init__(self, app: ApiResolver, admit: Callable[[ApiResolver], Caller]) -> None:
        self._app = app
        self._admit = admit

    def handler(self, app: ApiGatewayResolver, next_middleware: NextMiddleware) -> Response[Any]:
        app.context["caller"] = self._admit(self._app)
        _refuse_other_kinds(app)
        return super().handler(app, next_middleware)


def _refuse_other_kinds(app: ApiGatewayResolver) -> None:
    """A body that says it is no JSON is not looked into."""
    kind = str(app.current_event.headers.get("content-type") or _JSON).partition(";")[0].strip().lower()
    if app.current_event.body and kind != _JSON:
        raise RequestUnsupportedContentType(f"{kind} is not {_JSON}", [])


def _parameter(match: re.Match[str]) -> str:
    name = match[1]
    never = rf"(?<!{NO_ENDS[name]})" if name in NO_ENDS else ""
    return f"(?P<{name}>{'.+' if name in REST_OF_PATH else '[^/]+'}){never}"
