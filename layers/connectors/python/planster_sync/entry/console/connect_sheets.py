"""The form of a connector as a page shows it: made from what the API says of it, and what was typed into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from planster_sync.entry.api.connect_views import ConnectorView
from planster_sync.entry.api.history import ALL, FIELD
from planster_sync.entry.console.forms import Form

_WORDS = {"api": "API", "url": "address", "id": "id", "zone": "time zone", "limit": "limit"}
_TYPED = {"integer": "number", "number": "number", "object": "pairs", "boolean": "yes or no"}
_SAID = {"Field required": "Fill this in.", "String should have at least 1 character": "Fill this in."}
_OWN = frozenset({"name", "zone", "hours", FIELD})


class Entry(NamedTuple):
    """One field. `kind` is secret, number, pairs, yes or no, choice, date or text; only a secret is never shown again.

    `fits_all`: an address or a size with a default that is right for nearly everybody.
    """

    name: str
    label: str
    hint: str
    kind: str
    is_required: bool
    fits_all: bool = False
    choices: Sequence[str] = ()
    least: int | None = None
    most: int | None = None

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")


@dataclass(frozen=True, slots=True)
class ConnectSheet:
    """What a connector asks for, in the order in which it declares it."""

    connector: ConnectorView

    @property
    def credentials(self) -> list[Entry]:
        return list(_entries("credentials", self.connector.credentials))

    @property
    def settings(self) -> list[Entry]:
        return [each for each in self._settings if not each.fits_all]

    @property
    def usual_settings(self) -> list[Entry]:
        return [each for each in self._settings if each.fits_all]

    @property
    def entries(self) -> list[Entry]:
        return [*self.credentials, *self._settings]

    @property
    def _settings(self) -> list[Entry]:
        return list(_entries("settings", self.connector.settings))


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form; fields that are empty are left out, for the connector's own default to hold."""

    sheet: ConnectSheet
    form: Form

    @property
    def credentials(self) -> dict[str, Any]:
        return self._values("credentials.", self.sheet.credentials)

    @property
    def wanted(self) -> dict[str, Any]:
        """Name, night, data types, settings and history in the words of the API."""
        form, on = self.form, set(self.form.texts("data_types"))
        served = self.sheet.connector.data_types
        return {
            "name": form.text("name"),
            "zone": form.text("zone"),
            "hours": [int(hour) if hour.isdecimal() else hour for hour in form.texts("hours")],
            "data_types": {each.value: False for each in served if each.value not in on},
            "settings": self._values("settings.", self.sheet.entries),
            FIELD: form.text(FIELD) or ALL,
        }

    def shown(self, entry: Entry) -> str:
        """What the field holds when the page is shown again: what was typed, and never a secret."""
        return "" if entry.kind == "secret" else self.form.text(entry.name)

    def faults(self, found: Mapping[str, str]) -> dict[str, str]:
        """By the names of the form's own fields; under the empty name what concerns none of them."""
        known = {each.name for each in self.sheet.entries} | _OWN
        faults: dict[str, str] = {}
        for path, what in found.items():
            steps = path.split(".")
            names = (path, ".".join(steps[:2]), steps[0])
            faults.setdefault(next((name for name in names if name in known), ""), _SAID.get(what.rstrip("."), what))
        return faults

    def _values(self, prefix: str, entries: Sequence[Entry]) -> dict[str, Any]:
        typed = ((each, self.form.text(each.name)) for each in entries if each.name.startswith(prefix))
        return {each.name.removeprefix(prefix): _value(each.kind, text) for each, text in typed if text}


def _entries(place: str, schema: Mapping[str, Any]) -> Iterator[Entry]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        kind = _kind(field)
        yield Entry(
            name=f"{place}.{name}",
            label=_label(name),
            hint=_hint(field, kind),
            kind=kind,
            is_required=name in required,
            fits_all=bool(field.get("default")) and (kind == "number" or "http" in field.get("pattern", "")),
            choices=field.get("enum", ()),
            least=field.get("minimum"),
            most=field.get("maximum"),
        )


def _kind(field: Mapping[str, Any]) -> str:
    if field.get("writeOnly"):
        return "secret"
    if "enum" in field:
        return "choice"
    if field.get("format") == "date":
        return "date"
    return _TYPED.get(str(field.get("type")), "text")


def _label(name: str) -> str:
    text = " ".join(_WORDS.get(word, word) for word in name.split("_"))
    return f"{text[0].upper()}{text[1:]}"


def _hint(field: Mapping[str, Any], kind: str) -> str:
    told = [str(field.get("description", "")).replace("`", "")]
    if kind == "pairs":
        told.append("One to a line, such as 450 = shipped.")
    if field.get("default"):
        told.append(f"Left empty: {field['default']}.")
    return " ".join(each for each in told if each)


def _value(kind: str, text: str) -> Any:
    """What the API takes; what cannot be read is handed on as it is, for the API to say what it should be."""
    if kind == "number" and text.removeprefix("-").isdecimal():
        return int(text)
    if kind == "yes or no":
        return {"yes": True, "no": False}.get(text, text)
    if kind == "pairs":
        lines = [line.partition("=") for line in text.splitlines() if line.strip()]
        return {key.strip(): value.strip() for key, _, value in lines} if all(found for _, found, _ in lines) else text
    return text
