"""The OpenAPI 3.1 document, made from the routes themselves."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from planster_sync.entry.api.caller import MEANINGS, Scope
from planster_sync.entry.api.consent_page import MEDIA_TYPE as PAGE
from planster_sync.entry.api.links import links_of
from planster_sync.entry.api.problems import MEDIA_TYPE, ProblemDocument
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.entry.api.samples import BODIES, PARAMETERS, PROBLEMS, Problem

TITLE = "Planster Sync"
VERSION = "1.0.0"
ABOUT = (
    "How fresh each number is, syncing now, checking and correcting records, and writing back to the warehouse system. "
    "Every address lies below an organisation; a token reaches its own one only."
)
_FRAMEWORK_SCHEMAS = ("HTTPValidationError", "ResponseValidationError", "ValidationError")
_REFERENCE = "#/components/schemas/{model}"
_ANSWER = "#/components/responses/{name}"
_HEADER = "#/components/headers/{name}"
_TOKEN = "token"  # noqa: S105  # the scheme's name

_TAGS = {
    "Integrations": "What is connected, how fresh it is, and its settings.",
    "Connecting": "What can be connected, by a form, a consent or a dialogue, and connecting again.",
    "Syncs": "Syncing now, and the history of runs.",
    "Deletions": "Deletions that wait for a person.",
    "Quarantine": "Source records that were set aside.",
    "Records": "Planster's copy of the records: pages, changes and files.",
    "Corrections": "Corrections by hand.",
    "Source": "The connection and the source's own records.",
    "Inbound shipments": "What is created and changed in the warehouse system.",
    "Webhooks": "Addresses that are told what happened.",
    "Service": "The API itself.",
}
_TAG_OF = {
    "health": "Service",
    "status": "Integrations",
    "freshness": "Integrations",
    "integrations": "Integrations",
    "settings": "Integrations",
    "pause": "Integrations",
    "resume": "Integrations",
    "disconnect": "Integrations",
    "connectors": "Connecting",
    "connect": "Connecting",
    "reconnect": "Connecting",
    "disconnections": "Integrations",
    "sync": "Syncs",
    "runs": "Syncs",
    "held": "Deletions",
    "quarantine": "Quarantine",
    "records": "Records",
    "changes": "Records",
    "exports": "Records",
    "export-files": "Records",
    "adjustments": "Corrections",
    "check": "Source",
    "diagnose": "Syncs",
    "webhooks": "Webhooks",
    "verify": "Source",
    "inbound-shipments": "Inbound shipments",
    "inbound-shipment-writes": "Inbound shipments",
}
"""By the first word of an address that says what it is about; one that is not here is its own tag."""

_HEADERS = {
    "ETag": {"description": "Send it back in `If-None-Match`.", "schema": {"type": "string"}},
    "Poll-After": {
        "description": "Where the answer has `poll_after_seconds`: the same.",
        "schema": {"type": "integer"},
    },
    "Location": {"description": "Where to see what becomes of it.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds, with 503 and 429.", "schema": {"type": "integer"}},
}
_NEEDS = "x-needs"


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
    """The document as JSON, the same text every time: the framework's, with our answers, links and examples."""
    document = json.loads(app.get_openapi_json_schema(title=TITLE, version=VERSION, description=ABOUT))
    document.pop("servers", None)
    operations = list(_operations(document))
    places = {operation["operationId"]: path for path, _, operation in operations}
    for path, method, operation in operations:
        operation["tags"] = [_tag(path)]
        _describe_asking(operation)
        _describe_answers(method, operation, links_of(operation["operationId"], path, places))
        scope = operation.pop(_NEEDS, None)
        operation["security"] = [] if _is_a_page(operation["responses"]) else [{_TOKEN: [scope] if scope else []}]
    document["tags"] = _tags(operation["tags"][0] for _, _, operation in operations)
    document["components"] |= _components()
    document["components"]["schemas"] = _schemas(document["components"]["schemas"])
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _tag(path: str) -> str:
    """What an address is about: its first own word behind the integration, or behind the organisation."""
    below = path.rpartition("{integration}")[2] or "/integrations"
    word = below.replace("/v1/organisations/{organisation}", "").removeprefix("/v1").split("/")[1]
    return _TAG_OF.get(word) or word.replace("-", " ").capitalize()


def _tags(used: Iterator[str]) -> list[dict[str, str]]:
    found = list(dict.fromkeys(used))
    order = [name for name in _TAGS if name in found] + sorted(set(found) - set(_TAGS))
    return [{"name": name, "description": _TAGS.get(name, f"{name}.")} for name in order]


def _describe_asking(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        parameter["schema"].pop("description", None)  # the parameter's own says it
        if parameter["in"] == "path" and parameter["name"] in PARAMETERS:
            parameter["example"] = PARAMETERS[parameter["name"]]
    if operation["operationId"] in BODIES:
        operation["requestBody"]["content"]["application/json"]["example"] = BODIES[operation["operationId"]]


def _describe_answers(method: str, operation: dict[str, Any], links: Mapping[str, Any]) -> None:
    answers = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    for status, answer in answers.items():
        answer["description"] = operation["summary"]
        if links:
            answer["links"] = links
        if status == "202":
            answer["headers"] = _headers("Location")
    if method == "get" and not _is_a_page(answers):
        answers["200"]["headers"] = _headers("ETag", "Poll-After")
        answers["304"] = {"$ref": _ANSWER.format(name="Unchanged")}
    refused = "RefusedOnPage" if _is_a_page(answers) else "Refused"
    if _is_a_page(answers):
        answers["303"] = {"description": "It goes on on a page of the console.", "headers": _headers("Location")}
    shared = {"401": "NoToken", "403": "NotAllowed", "4XX": refused, "5XX": "Failed"}
    operation["responses"] = answers | {status: {"$ref": _ANSWER.format(name=name)} for status, name in shared.items()}


def _is_a_page(answers: Mapping[str, Any]) -> bool:
    """Whether a person's browser is answered: with sentences there, also where it fails."""
    return PAGE in answers.get("200", {}).get("content", {})


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": _HEADER.format(name=name)} for name in names}


def _components() -> dict[str, Any]:
    """What every operation shares. API Gateway itself refuses with a message what it does not hand on."""
    refusal = {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}
    gateway = {"application/json": {"schema": refusal, "example": {"message": "Not Found"}}}
    return {
        "headers": _HEADERS,
        "responses": {
            "Unchanged": {
                "description": "Nothing that the answer says has changed.",
                "headers": _headers("ETag", "Poll-After"),
            },
            "NoToken": {"description": "There is no token, or it is not valid.", "content": gateway | _problem({401})},
            "NotAllowed": {"description": "The token does not allow it.", "content": gateway | _problem({403})},
            "Refused": {
                "description": "The request cannot be served as it is; a mere `message` comes from API Gateway.",
                "content": gateway | _problem(range(400, 500)),
                "headers": _headers("Retry-After"),
            },
            "RefusedOnPage": {
                "description": "It cannot be served as it is; a page says why, or a problem document.",
                "content": gateway | _problem(range(400, 500)) | {PAGE: {"schema": {"type": "string"}}},
            },
            "Failed": {
                "description": "It failed on our side; 503 says when to come back.",
                "content": gateway | _problem(range(500, 600)),
                "headers": _headers("Retry-After"),
            },
        },
        "securitySchemes": {_TOKEN: _tokens()},
    }


def _tokens() -> dict[str, Any]:
    lines = [f"`{scope.value}`: {meaning}" for scope, meaning in MEANINGS.items()]
    told = "A token of the deployment's issuer with the claim `organisation`, and in `scope` what its bearer may do."
    back_ends = "Back ends sign with AWS IAM instead."
    text = "\n\n".join([told, *lines, back_ends])
    return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": text}


def _problem(statuses: Container[int]) -> dict[str, Any]:
    """A problem document's place in an answer, with an example for each code that comes with such a status."""
    schema = {"$ref": _REFERENCE.format(model=ProblemDocument.__name__)}
    examples = {each.code: {"value": _document_of(each)} for each in PROBLEMS if each.status in statuses}
    return {MEDIA_TYPE: {"schema": schema} | ({"examples": examples} if examples else {})}


def _document_of(problem: Problem) -> dict[str, Any]:
    title, type_ = HTTPStatus(problem.status).phrase, f"urn:planster:problem:{problem.code}"
    return {**problem._asdict(), "type": type_, "title": title, "request": "cjs7xh0kFiAEJ-g="}


def _schemas(schemas: dict[str, Any]) -> dict[str, Any]:
    problem = ProblemDocument.model_json_schema(ref_template=_REFERENCE)
    found = {name: schema for name, schema in schemas.items() if name not in _FRAMEWORK_SCHEMAS}
    found |= {**problem.pop("$defs", {}), ProblemDocument.__name__: problem}
    for schema in found.values():
        if "enum" in schema:
            schema.pop("description", None)  # it is written for those who read the code
    return found
