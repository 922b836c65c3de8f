"""The OpenAPI 3.1 document, made from the routes themselves."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from planster_sync.entry.api.caller import MEANINGS, Scope
from planster_sync.entry.api.consent_page import MEDIA_TYPE as PAGE
from planster_sync.entry.api.problems import MEDIA_TYPE, ProblemDocument
from planster_sync.entry.api.routing import ApiResolver

TITLE = "Planster Sync"
VERSION = "1.0.0"
_FRAMEWORK_SCHEMAS = ("HTTPValidationError", "ResponseValidationError", "ValidationError")
_TAG = {
    "ETag": {"description": "Send it back in `If-None-Match`.", "schema": {"type": "string"}},
    "Poll-After": {
        "description": "Where the answer has `poll_after_seconds`: the same.",
        "schema": {"type": "integer"},
    },
}
_SCHEME = "token"
_NEEDS = "x-needs"
_REFERENCE = "#/components/schemas/{model}"


def summary(function: Callable[..., Any]) -> str:
    """The first line of a route's docstring."""
    return description(function).partition("\n")[0]


def description(function: Callable[..., Any]) -> str:
    return inspect.getdoc(function) or ""


def needs(scope: Scope | None) -> dict[str, Any]:
    """The scope of an operation, until `openapi` writes it as security; the framework takes schemes, not scopes."""
    return {} if scope is None else {_NEEDS: scope.value}


def files(media_types: Sequence[str]) -> dict[int, Any] | None:
    """What a route answers that gives text of these types and no JSON; None for all others."""
    content = {media_type: {"schema": {"type": "string"}} for media_type in media_types}
    return {200: {"description": "", "content": content}} if content else None


def openapi(app: ApiResolver) -> str:
    """The document as JSON, the same text every time: the framework's, with our problem documents as its errors."""
    document = json.loads(app.get_openapi_json_schema(title=TITLE, version=VERSION))
    document.pop("servers", None)
    for path in document["paths"].values():
        for method, operation in path.items():
            _describe_answers(method, operation)
            scope = operation.pop(_NEEDS, None)
            by_token = [{_SCHEME: [scope] if scope else []}]
            operation["security"] = [] if _is_a_page(operation["responses"]) else by_token
    schemas = document["components"]["schemas"]
    for name in _FRAMEWORK_SCHEMAS:
        schemas.pop(name, None)
    schemas |= _problem_schemas()
    document["components"]["securitySchemes"] = {_SCHEME: _tokens()}
    for schema in schemas.values():
        if "enum" in schema:
            schema.pop("description", None)  # it is written for those who read the code
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _tokens() -> dict[str, Any]:
    lines = [f"`{scope.value}`: {meaning}" for scope, meaning in MEANINGS.items()]
    told = "A token of the deployment's issuer with the claim `organisation`, and in `scope` what its bearer may do."
    return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "\n\n".join([told, *lines])}


def _describe_answers(method: str, operation: dict[str, Any]) -> None:
    problem = {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model=ProblemDocument.__name__)}}}
    answers = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    for answer in answers.values():
        answer["description"] = operation["summary"]
    refused = problem | {PAGE: {"schema": {"type": "string"}}} if _is_a_page(answers) else problem
    if method == "get" and refused is problem:
        answers["200"]["headers"] = _TAG
        answers["304"] = {"description": "Nothing that the answer says has changed.", "headers": _TAG}
    if "202" in answers:
        answers["202"]["headers"] = {
            "Location": {"description": "Where to see what becomes of it.", "schema": {"type": "string"}}
        }
    retry = {"Retry-After": {"description": "Seconds, with 503 and 429.", "schema": {"type": "integer"}}}
    operation["responses"] = {
        **answers,
        "4XX": {"description": "The request cannot be served as it is.", "content": refused} | {"headers": retry},
        "5XX": {"description": "It failed on our side; 503 says when to come back.", "content": problem}
        | {"headers": retry},
    }


def _is_a_page(answers: Mapping[str, Any]) -> bool:
    """Whether a person's browser is answered: with sentences there, also where it fails."""
    return PAGE in answers.get("200", {}).get("content", {})


def _problem_schemas() -> dict[str, Any]:
    schema = ProblemDocument.model_json_schema(ref_template=_REFERENCE)
    parts = schema.pop("$defs", {})
    return {**parts, ProblemDocument.__name__: schema}
