"""The style of the OpenAPI document, beyond its validity: `python -m tests.integration.api.openapi_style` in the root.

The rules are those that a client's author misses most: names, sentences, examples that hold, refusals that are told.
Prints what breaks one, and ends with 1.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator

from tests.integration.api.write_openapi import DOCUMENT

Part = Mapping[str, Any]
PROBLEM = "application/problem+json"
_LONGEST_SUMMARY = 120


class Operation(NamedTuple):
    path: str
    method: str
    told: Part

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path}"


def findings(document: Part) -> list[str]:
    """Every place that breaks a rule, with the rule; in the order of the rules."""
    return [f"{rule.__doc__}: {place}" for rule in RULES for place in rule(document)]


def the_document_says_what_it_is(document: Part) -> Iterator[str]:
    """OpenAPI 3.1 with a title, a version and a description"""
    if not document["openapi"].startswith("3.1."):
        yield document["openapi"]
    yield from (name for name in ("title", "version", "description") if not document["info"].get(name))


def operations_are_named(document: Part) -> Iterator[str]:
    """An operationId in camelCase, no two alike"""
    names = Counter(each.told.get("operationId", "") for each in _operations(document))
    yield from (name or "without" for name, count in names.items() if count > 1)
    yield from (name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name))


def operations_are_told_in_a_sentence(document: Part) -> Iterator[str]:
    """A summary of one line, and a description"""
    for each in _operations(document):
        summary = each.told.get("summary", "")
        if not summary or "\n" in summary or len(summary) > _LONGEST_SUMMARY or not each.told.get("description"):
            yield each.name


def operations_have_one_tag(document: Part) -> Iterator[str]:
    """One tag, which the document describes in a sentence"""
    described = {tag["name"] for tag in document.get("tags", ()) if " " in tag.get("description", "")}
    yield from (each.name for each in _operations(document) if not _is_one_of(each.told.get("tags"), described))


def parameters_are_told(document: Part) -> Iterator[str]:
    """A parameter has a description and a schema; one of an address a value as an example"""
    for each in _operations(document):
        for parameter in each.told.get("parameters", ()):
            schema = parameter.get("schema", {})
            has_values = "example" in parameter or "$ref" in schema or "enum" in schema
            if not parameter.get("description") or not schema or (parameter["in"] == "path" and not has_values):
                yield f"{each.name} {parameter['name']}"


def bodies_have_examples_that_hold(document: Part) -> Iterator[str]:
    """A body has an example, and its schema takes it"""
    for each in _operations(document):
        for content in each.told.get("requestBody", {}).get("content", {}).values():
            if "example" not in content or not _holds(document, content["schema"], content["example"]):
                yield each.name


def successes_are_told(document: Part) -> Iterator[str]:
    """An answer of success has a description and a schema"""
    for each in _operations(document):
        successes = [answer for status, answer in each.told["responses"].items() if status.startswith("2")]
        contents = [content for answer in successes for content in answer.get("content", {}).values()]
        if not contents or not all(content.get("schema") for content in contents):
            yield each.name
        yield from (each.name for answer in successes if not answer.get("description"))


def refusals_are_problems(document: Part) -> Iterator[str]:
    """Refusals and failures are problem documents, with examples whose codes are known"""
    for each in _operations(document):
        for status in ("401", "403", "4XX", "5XX"):
            answer = _resolved(document, each.told["responses"].get(status, {}))
            content = answer.get("content", {}).get(PROBLEM, {})
            values = [example["value"] for example in content.get("examples", {}).values()]
            is_told = values or status in ("401", "403")
            if not content or not is_told or not all(_holds(document, content["schema"], value) for value in values):
                yield f"{each.name} {status}"


def tenants_are_behind_a_token(document: Part) -> Iterator[str]:
    """Whatever lies below an organisation needs a token"""
    for each in _operations(document):
        needed = each.told.get("security", document.get("security"))
        if "{organisation}" in each.path and not needed:
            yield each.name


def objects_are_described(document: Part) -> Iterator[str]:
    """A schema says what it is: objects in a sentence"""
    for name, schema in document["components"]["schemas"].items():
        if schema.get("type") == "object" and not schema.get("description"):
            yield name


RULES: tuple[Callable[[Part], Iterator[str]], ...] = (
    the_document_says_what_it_is,
    operations_are_named,
    operations_are_told_in_a_sentence,
    operations_have_one_tag,
    parameters_are_told,
    bodies_have_examples_that_hold,
    successes_are_told,
    refusals_are_problems,
    tenants_are_behind_a_token,
    objects_are_described,
)


def _operations(document: Part) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield Operation(path, method, told)


def _is_one_of(tags: Any, described: set[str]) -> bool:
    return bool(tags) and len(tags) == 1 and tags[0] in described


def _resolved(document: Part, part: Part) -> Part:
    found: Any = document
    for name in part["$ref"].removeprefix("#/").split("/") if "$ref" in part else ():
        found = found[name]
    return found if "$ref" in part else part


def _holds(document: Part, schema: Part, value: Any) -> bool:
    whole = {**schema, "components": document["components"]}
    return bool(Draft202012Validator(whole).is_valid(value))


def main() -> int:
    broken = findings(json.loads(DOCUMENT.read_text(encoding="utf-8")))
    print("\n".join(broken) or f"{DOCUMENT.name}: {len(RULES)} rules of style, nothing to say")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
