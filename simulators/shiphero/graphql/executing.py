"""Answers an operation out of plain objects and lists, page by page, and counts what it costs.

A connection's value is a plain list; its page is cut here. Cursors are offsets in base64, as Relay's first library made
them. Sources: Relay cursor connections; the vendor's GraphQL primer (costs).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulators.shiphero.graphql.documents import Field
from simulators.shiphero.graphql.types import Schema

FIRST = 100
"""Rows of a page when nobody says how many."""

CONNECTION = "Connection"


def cursor_of(offset: int) -> str:
    return base64.b64encode(f"arrayconnection:{offset}".encode()).decode()


def offset_of(cursor: str | None) -> int:
    """Where the page behind a cursor begins; 0 for none. Raises ValueError: it is no cursor."""
    if not cursor:
        return 0
    try:
        kind, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError) as problem:
        raise ValueError(cursor) from problem
    if kind != "arrayconnection":
        raise ValueError(cursor)
    return int(number) + 1


@dataclass(frozen=True, slots=True)
class Costed:
    """A value with what it costs: rows, lists inside rows multiplied in."""

    value: Any
    cost: int


def price(schema: Schema, type_name: str, fields: Sequence[Field]) -> int:
    """What fields may cost at most: of each list the rows asked for, times what the lists inside them cost."""
    total = 0
    for each in fields:
        member = schema.objects[type_name].get(each.name)
        if member is None:
            continue
        inner = member.type
        while inner.items is not None:
            inner = inner.items
        if inner.name not in schema.objects:
            continue
        inside = price(schema, inner.name, each.fields)
        total += _asked(each) * max(1, inside) if inner.name.endswith(CONNECTION) else inside
    return total


def answered(schema: Schema, type_name: str, fields: Sequence[Field], source: Mapping[str, Any]) -> Costed:
    """What was asked of an object, and what the rows in it cost.

    Raises:
        ValueError: a cursor that is none.
    """
    found: dict[str, Any] = {}
    cost = 0
    for each in fields:
        if each.name == "__typename":
            found[each.key] = type_name
            continue
        type_ = schema.objects[type_name][each.name].type
        part = _value(schema, type_.name or _item(type_), each, source.get(each.name))
        found[each.key] = part.value
        cost += part.cost
    return Costed(found, cost)


def _value(schema: Schema, name: str, asked: Field, value: Any) -> Costed:
    if value is None or name not in schema.objects:
        return Costed(value, 0)
    if name.endswith(CONNECTION):
        return _connection(schema, name, asked, value)
    if isinstance(value, Mapping):
        return answered(schema, name, asked.fields, value)
    parts = [answered(schema, name, asked.fields, each) for each in value]
    return Costed([part.value for part in parts], sum(part.cost for part in parts))


def _connection(schema: Schema, name: str, asked: Field, rows: Sequence[Mapping[str, Any]]) -> Costed:
    start = offset_of(asked.arguments.get("after"))
    page = rows[start : start + _asked(asked)]
    whole = {
        "pageInfo": {
            "hasNextPage": start + len(page) < len(rows),
            "hasPreviousPage": start > 0,
            "startCursor": cursor_of(start) if page else None,
            "endCursor": cursor_of(start + len(page) - 1) if page else None,
        },
        "edges": [{"cursor": cursor_of(start + place), "node": row} for place, row in enumerate(page)],
    }
    found = answered(schema, name, asked.fields, whole)
    return Costed(found.value, max(len(page), found.cost))


def _asked(asked: Field) -> int:
    first = asked.arguments.get("first")
    return FIRST if first is None else int(first)


def _item(type_: Any) -> str:
    while type_.items is not None:
        type_ = type_.items
    name: str = type_.name
    return name
