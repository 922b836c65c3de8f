"""Reading query parameters as this vendor does, and what it answers where it does not like them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from simulators.serving.exchange import Refusal, Request, refusal
from simulators.shipbob.words import moment_of


def invalid(field: str, message: str) -> Refusal:
    """A parameter that does not fit (400): the field with its complaints."""
    return refusal(400, {field: [message]})


def problem(status: int, title: str, detail: str, errors: Mapping[str, list[str]] | None = None) -> Refusal:
    """A problem document (RFC 7807)."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": None}
    return refusal(status, body if errors is None else {**body, "errors": dict(errors)})


@dataclass(frozen=True, slots=True)
class Question:
    """The parameters of one request. Every one of them is known to the route."""

    given: tuple[tuple[str, str], ...]

    def text(self, name: str) -> str | None:
        return next((value for key, value in reversed(self.given) if key == name), None)

    def texts(self, name: str) -> list[str]:
        """All values of a parameter that may repeat."""
        return [value for key, value in self.given if key == name]

    def number(self, name: str, otherwise: int, most: int) -> int:
        """A whole number from 1 to `most`."""
        told = self.text(name)
        if told is None:
            return otherwise
        if not (told.isascii() and told.isdecimal()) or not 1 <= int(told) <= most:
            raise invalid(name, f"The field {name} must be between 1 and {most}.")
        return int(told)

    def numbers(self, name: str) -> set[int] | None:
        """A list of ids, separated by commas; None where nobody asks for some."""
        told = self.text(name)
        if told is None:
            return None
        parts = told.split(",")
        if not all(part.isascii() and part.isdecimal() for part in parts):
            raise invalid(name, f"The value '{told}' is not valid.")
        return {int(part) for part in parts}

    def words(self, name: str, known: Collection[str]) -> set[str] | None:
        told = self.text(name)
        if told is None:
            return None
        parts = set(told.split(","))
        if not parts <= set(known):
            raise invalid(name, f"The value '{told}' is not valid.")
        return parts

    def flag(self, name: str) -> bool | None:
        told = self.text(name)
        if told is None:
            return None
        if told.lower() not in {"true", "false"}:
            raise invalid(name, f"The value '{told}' is not valid.")
        return told.lower() == "true"

    def moment(self, name: str) -> datetime | None:
        told = self.text(name)
        try:
            return moment_of(told)
        except ValueError:
            raise invalid(name, f"The value '{told}' is not valid.") from None

    def lies_within(self, moment: datetime | None, start: str, end: str) -> bool:
        """Whether a moment lies between two filters, bounds included; without a moment only where neither is given."""
        since, until = self.moment(start), self.moment(end)
        if since is None and until is None:
            return True
        return moment is not None and (since is None or moment >= since) and (until is None or moment <= until)


def question(request: Request, known: Collection[str], refuse: Callable[[str, str], Refusal] = invalid) -> Question:
    """The request's parameters under their documented names: the vendor does not mind upper and lower case in them.

    Raises:
        Refusal: one of them is not the route's.
    """
    documented = {name.casefold(): name for name in known}
    given = parse_qsl(request.query, keep_blank_values=True)
    for name, _ in given:
        if name.casefold() not in documented:
            raise refuse(name, f"The parameter {name} is not known.")
    return Question(tuple((documented[name.casefold()], value) for name, value in given))
