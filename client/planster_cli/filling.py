"""A connector's form, filled in at a terminal: by a file, by the environment, or by somebody who is asked.

No secret is ever a word of the command line, where other users of the machine and the shell's history would see it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text

from planster_cli.asking import Desk
from planster_cli.failures import Misused
from planster_cli.reading import document
from planster_client.answers import Connector

VARIABLE = "PLANSTER_CREDENTIAL_"
"""Before a field's name in capitals, such as PLANSTER_CREDENTIAL_API_KEY."""


def credentials(at: Desk, connector: Connector, file: str | None) -> dict[str, Any]:
    """What the file and the environment hold, the file's first; what is missing is asked for.

    Raises:
        Misused: something is missing, and nobody is there who could be asked.
    """
    fields, required = _fields(connector.credentials), set(connector.credentials.get("required", ()))
    found = {name: typed(fields[name], text) for name, text in _in_environment(at, fields)}
    if file is not None:
        found |= _object(at, file)
    wanted = [name for name in fields if name not in found and (name in required or not (found or file))]
    if not wanted:
        return found
    if not at.around.input.isatty():
        names = ", ".join(f"{VARIABLE}{name.upper()}" for name in wanted if name in required)
        raise Misused(
            "Credentials are missing, and nobody is there to type them.",
            f"Give them as JSON with --credentials FILE (- for standard input), or in {names}.",
        )
    at.screen.note("They are stored encrypted; nobody gets to see them again.")
    for name in wanted:
        text = ask(at, fields[name], is_secret=name in connector.secrets, is_required=name in required)
        if text:
            found[name] = typed(fields[name], text)
    return found


def is_given(at: Desk, file: str | None) -> bool:
    """Whether a script has brought the credentials, so that nobody is asked for anything that need not be."""
    return file is not None or any(name.startswith(VARIABLE) for name in at.around.environment)


def settings(at: Desk, connector: Connector, given: Sequence[str], file: str | None) -> dict[str, Any]:
    """Those that are given as NAME=VALUE; where nothing is given, somebody is asked for those that have no default.

    Raises:
        Misused: one has no such name, or no value.
    """
    fields = _fields(connector.settings)
    found = dict(_given(fields, given))
    if given or is_given(at, file) or not at.around.input.isatty():
        return found
    for name, field in fields.items():
        text = ask(at, field, is_secret=False, is_required=False) if "default" not in field else ""
        if text:
            found[name] = typed(field, text)
    return found


def ask(at: Desk, field: Mapping[str, Any], *, is_secret: bool, is_required: bool) -> str:
    """What somebody types; asked again while something that is required is empty. Raises Abort at the input's end."""
    hint = str(field.get("description", ""))
    if hint:
        at.screen.note(hint)
    prompt = f"{field['title']}{'' if is_required else ' (optional)'}: "
    while True:
        text = at.around.hidden(prompt) if is_secret else _line(at, prompt)
        if text.strip() or not is_required:
            return text.strip()


def typed(field: Mapping[str, Any], text: str) -> Any:
    """A number, a yes or no or an object where the form wants one; anything else, also what is none, as it is."""
    kind = field.get("type")
    if kind in ("integer", "number", "boolean", "object"):
        try:
            return json.loads({"yes": "true", "no": "false"}.get(text, text))
        except ValueError:
            return text
    return text


def _line(at: Desk, prompt: str) -> str:
    at.screen.err.print(Text(prompt), end="")
    text = at.around.input.readline()
    if not text:
        raise KeyboardInterrupt  # the input has ended: nobody answers any more
    return text


def _fields(schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {
        name: {"title": name.replace("_", " ").capitalize(), **field}
        for name, field in schema.get("properties", {}).items()
    }


def _object(at: Desk, file: str) -> dict[str, Any]:
    told = document(at.around, file)
    if not isinstance(told, dict):
        raise Misused(f"The file {file} holds no JSON object.", 'Write {"FIELD": "VALUE", ...}.')
    return told


def _in_environment(at: Desk, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in fields:
        text = at.around.environment.get(f"{VARIABLE}{name.upper()}", "")
        if text:
            yield name, text


def _given(fields: Mapping[str, Mapping[str, Any]], given: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for each in given:
        name, sign, text = each.partition("=")
        if not sign or name not in fields:
            raise Misused(f"There is no setting {name}.", f"Write NAME=VALUE with one of: {', '.join(fields)}.")
        yield name, typed(fields[name], text)
