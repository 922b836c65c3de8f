"""What a test reads in a page: its text without the tags, its forms and their fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class SeenForm:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[SeenForm] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(SeenForm(given["action"], given["method"]))
        elif tag in ("input", "select", "textarea") and self.forms and "name" in given:
            self.forms[-1].fields[given["name"]] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def text_in(page: str) -> str:
    """The words of a page, one space between them."""
    reader = _Reader()
    reader.feed(page)
    return re.sub(r"\s+", " ", " ".join(reader.texts)).strip()


def forms_in(page: str) -> list[SeenForm]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def form_to(page: str, action: str) -> SeenForm:
    """The form that sends to this address, or to one that ends so; there is one."""
    (found,) = [form for form in forms_in(page) if form.action.endswith(action)]
    return found
