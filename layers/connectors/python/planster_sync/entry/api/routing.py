"""Routes by path, in the form that ids need: a part holds any character, a record id even slashes."""

from __future__ import annotations

import json
import re
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

REST_OF_PATH = frozenset({"record", "reference", "shipment"})
"""Path parameters that run to the end of the path: API Gateway hands `%2F` over decoded."""


def json_body(text: str) -> Any:
    """Parses a body; whatever is wrong with it, the error is the one that the framework expects of bad JSON."""
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

    def methods_of(self, path: str) -> list[str]:
        """The methods under which a path is served, in alphabetical order."""
        routes = [*self._static_routes, *self._dynamic_routes]
        return sorted({route.method for route in routes if route.rule.match(path)})


def _parameter(match: re.Match[str]) -> str:
    return f"(?P<{match[1]}>{'.+' if match[1] in REST_OF_PATH else '[^/]+'})"
