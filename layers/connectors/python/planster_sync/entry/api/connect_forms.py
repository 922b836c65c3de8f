"""The form of each connector, made from its declared models, and what is wrong with one that was filled in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from planster_sync.ports.source import Capabilities

LARGEST = 4096
"""Bytes of a connection's credentials, and of its settings, as JSON."""

Schema = dict[str, Any]


def credentials_form(capabilities: Capabilities) -> Schema:
    """JSON schema of what a person types; what a consent brings is not in it."""
    form = _form(capabilities.credentials, capabilities.granted)
    return {**form, "required": sorted({*form["required"], *capabilities.typed})}


def settings_form(capabilities: Capabilities) -> Schema:
    return _form(capabilities.settings, frozenset())


def secret_fields(form: Schema) -> list[str]:
    """Which fields must not be shown while they are typed: nobody gets them back."""
    return sorted(name for name, field in form.get("properties", {}).items() if _is_secret(field))


def faults_in_credentials(capabilities: Capabilities, filled: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong, by dotted field; never a value, and no name but those of the form."""
    known = set(capabilities.credentials.model_fields) - capabilities.granted
    if not set(filled) <= known:
        return {"credentials": f"It may hold {', '.join(sorted(known))} and nothing else."}
    left_out = {f"credentials.{name}": "Field required." for name in sorted(capabilities.typed - set(filled))}
    return left_out or _faults(capabilities.credentials, filled, "credentials")


def faults_in_settings(capabilities: Capabilities, filled: Mapping[str, Any]) -> dict[str, str]:
    return _faults(capabilities.settings, filled, "settings")


def _faults(model: type[BaseModel], filled: Mapping[str, Any], place: str) -> dict[str, str]:
    if len(json.dumps(filled).encode()) > LARGEST:
        return {place: f"It is larger than {LARGEST} bytes."}
    try:
        model.model_validate(dict(filled))
    except ValidationError as misfit:
        told = misfit.errors(include_input=False, include_url=False, include_context=False)
        return {".".join((place, *(str(step) for step in each["loc"]))): _sentence(str(each["msg"])) for each in told}
    return {}


def _sentence(told: str) -> str:
    return f"{told.removeprefix('Value error, ').rstrip('.')}."


def _form(model: type[BaseModel], left_out: frozenset[str]) -> Schema:
    """Each field has a label (`title`), its explanation (`description`) and its bounds."""
    form = model.model_json_schema()
    form.pop("description", None)  # it is written for those who read the code
    named = form.pop("$defs", {})
    form["properties"] = {
        name: _flat(name, field, named) for name, field in form.get("properties", {}).items() if name not in left_out
    }
    required = [name for name in form.get("required", ()) if name not in left_out]
    return {**form, "required": required}


def _flat(name: str, field: Schema, named: Schema) -> Schema:
    """A field that may be left out is what it is otherwise, for null need not be asked for; a list of words stands in
    the field itself."""
    words = named.get(str(field.get("$ref", "")).rpartition("/")[2], {})
    plain = {"title": name.replace("_", " ").capitalize(), **_without(words, "title", "description")}
    choices = list(_choices(field))
    if len(choices) == 1:
        return {**plain, **choices[0], **_without(field, "anyOf", "default")}
    return {**plain, **_without(field, "$ref")}


def _without(field: Schema, *names: str) -> Schema:
    return {name: value for name, value in field.items() if name not in names}


def _choices(field: Schema) -> Iterator[Schema]:
    return (each for each in field.get("anyOf", ()) if each.get("type") != "null")


def _is_secret(field: Schema) -> bool:
    return bool(field.get("writeOnly"))
