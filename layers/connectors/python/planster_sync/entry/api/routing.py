"""Routes by path, in the form that ids need: a part holds any character, a record id even slashes."""

from __future__ import annotations

import json
import re
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.api_gateway import ResponseBuilder, Route
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestUnsupportedContentType

from planster_sync.errors import FieldsInvalid, TooLarge

REST_OF_PATH = frozenset({"record", "reference", "shipment"})
"""Path parameters that run to the end of the path: API Gateway hands `%2F` over decoded."""

NO_VALUES = {"data_type": "bulk"}
"""Words of an address that stand where a parameter could: they are never its value."""

LARGEST_BODY = 768 * 1024
"""Characters as the event carries them: the largest form, a CSV of 400,000 characters, with room for escapes."""
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
    """The framework's resolver with wider path parameters; it knows which methods a path has."""

    @staticmethod
    def _compile_regex(rule: str, base_regex: str = r"^{}\Z") -> re.Pattern[str]:
        return re.compile(base_regex.format(re.sub(r"<(\w+)>", _parameter, rule)), re.DOTALL)

    def _call_route(self, route: Route, route_arguments: dict[str, str]) -> ResponseBuilder[Any]:
        """Refuses a body that is too large, or no JSON, before anything looks into it."""
        wrong = self._wrong_body() if route.operation_id is not None else None
        refused = self._call_exception_handler(wrong, route) if wrong is not None else None
        return refused or super()._call_route(route, route_arguments)

    def _wrong_body(self) -> Exception | None:
        body = self.current_event.body
        if not body:
            return None
        if len(body) > LARGEST_BODY:
            return TooLarge(f"The body has more than {LARGEST_BODY // 1024} KB.", remedy="Split the request.")
        kind = str(self.current_event.headers.get("content-type") or _JSON).partition(";")[0].strip().lower()
        return None if kind == _JSON else RequestUnsupportedContentType(f"{kind} is not {_JSON}", [])

    def methods_of(self, path: str) -> list[str]:
        """The methods under which a path is served, in alphabetical order."""
        routes = [*self._static_routes, *self._dynamic_routes]
        return sorted({route.method for route in routes if route.rule.match(path)})


def _parameter(match: re.Match[str]) -> str:
    name = match[1]
    never = rf"(?!{NO_VALUES[name]}\Z)" if name in NO_VALUES else ""
    return f"(?P<{name}>{never}{'.+' if name in REST_OF_PATH else '[^/]+'})"
