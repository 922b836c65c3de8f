"""The page on which one chooses who to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby
from urllib.parse import urlencode

from local_cloud.issuer.people import Bearer

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


def choice(people: Iterable[Bearer], given: Mapping[str, str], client: str) -> bytes:
    """A link for each of them; it repeats the request with the choice."""
    content = [f"<p>{escape(client)} wants to know. Nobody here is real.</p>"]
    for organisation, members in groupby(people, lambda each: each.organisation):
        links = "".join(f"<li>{_link(each, given)}</li>\n" for each in members)
        content.append(f"<h2>{escape(organisation)}</h2>\n<ul>\n{links}</ul>")
    return _PAGE.format(title="Who do you want to be?", content="\n".join(content)).encode()


def refused(description: str) -> bytes:
    return _PAGE.format(title="This cannot be done", content=f"<p>{escape(description)}</p>").encode()


def _link(person: Bearer, given: Mapping[str, str]) -> str:
    query = urlencode({**given, "person": person.subject})
    may = ", ".join(scope.rpartition("/")[2] for scope in person.scopes)
    return f'<a href="/authorize?{escape(query)}">{escape(person.role)} of {escape(person.organisation)}</a> ({may})'
