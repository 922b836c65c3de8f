"""The vendor's filters: which fields and operators each list knows, and what they select."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl

from simulators.business.spec import Record
from simulators.trackstar.answers import invalid
from simulators.trackstar.shelf import Condition, Reading

MOST = 1_000
MOST_VALUES = 100
PARAMETER = re.compile(r"([a-z_]+)(?:\[([a-z_-]+)\])?")
MOMENT = re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ")

DATE = frozenset({"eq", "neq", "gt", "gte", "lt", "lte", "in", "nin"})
RANGE = DATE - {"in", "nin"}
WORD = frozenset({"eq", "neq", "in", "nin", "contains", "not_contains"})
SKU = WORD - {"neq"}
NUMBER = SKU | {"eq-insensitive", "in-insensitive", "contains-insensitive"}
PLACE = frozenset({"eq", "contains", "not_contains"})
PLAIN = frozenset({"plain"})
TAGS = frozenset({"contains", "not_contains"})

EVERYWHERE: Mapping[str, frozenset[str]] = MappingProxyType(
    dict.fromkeys(("created_date", "updated_date", "trackstar_created_date", "trackstar_updated_date"), DATE)
)
OWNED = {"warehouse_customer_id": WORD}
TAGGED = {"trackstar_tags": TAGS}
FIELDS: Mapping[str, Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "inventory": {"sku": SKU, "active": PLAIN, **OWNED, **TAGGED},
        "inventory_ledger": {"event_type": WORD, **OWNED},
        "products": {"sku": SKU, **OWNED, **TAGGED},
        "inbound_shipments": {
            "status": WORD,
            "warehouse_id": PLACE,
            "expected_arrival_date": RANGE,
            "purchase_order_number": WORD,
            **OWNED,
            **TAGGED,
        },
        "suppliers": OWNED,
        "orders": {
            "status": WORD,
            "channel": WORD,
            "type": WORD,
            "order_number": NUMBER,
            "reference_id": NUMBER,
            "required_ship_date": RANGE,
            **OWNED,
            **TAGGED,
        },
        "channels": OWNED,
        "returns": {"status": WORD, **OWNED, **TAGGED},
        "bills": OWNED,
        "warehouses": TAGGED,
        "locations": {"type": WORD},
        "shipping_methods": {},
        "warehouse_customers": {},
        "labor_activities": dict.fromkeys(
            ("user_id", "warehouse_id", "activity_type", "associated_object_type", "associated_object_id"), PLAIN
        ),
    }
)
"""Per list: its own filters, besides the dates and `ids[in]` that every list has."""

DATES = frozenset({*EVERYWHERE, "expected_arrival_date", "required_ship_date"})


@dataclass(frozen=True, slots=True)
class Question:
    """What a list request asks for. `ids` present means that `conditions` were ignored."""

    limit: int
    page_token: str | None
    ids: tuple[str, ...] | None
    conditions: tuple[Condition, ...]
    readings: Mapping[str, Reading]
    identity: tuple[tuple[str, str], ...]


def question(collection: str, query: str) -> Question:
    """Reads a list request's query.

    Raises:
        Refusal: 422 for an unknown parameter, field or operator, a wrong value or more than 100 list values.
    """
    given = dict(parse_qsl(query, keep_blank_values=True))
    limit = _limit(given.pop("limit", str(MOST)))
    token = given.pop("page_token", None)
    ids = given.pop("ids[in]", None)
    allowed = {**EVERYWHERE, **FIELDS[collection]}
    conditions = [_condition(name, value, allowed) for name, value in given.items()]
    if ids is not None:
        return Question(limit, token, _listed("ids", ids), (), {}, ())
    readings = {field: _reading(field) for field, _ in conditions}
    return Question(limit, token, None, tuple(conditions), readings, tuple(sorted(given.items())))


def no_parameters(query: str) -> None:
    """A single record takes no parameters. Raises Refusal (422) when there are some."""
    for name, _ in parse_qsl(query, keep_blank_values=True):
        raise invalid("query", name, "Unknown field.")


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST:
        raise invalid("query", "limit", f"Must be an integer from 1 to {MOST}.")
    return int(text)


def _listed(field: str, text: str) -> tuple[str, ...]:
    values = tuple(text.split(","))
    if len(values) > MOST_VALUES:
        raise invalid("query", field, f"At most {MOST_VALUES} values.")
    return values


def _condition(name: str, value: str, allowed: Mapping[str, frozenset[str]]) -> Condition:
    parsed = PARAMETER.fullmatch(name)
    if parsed is None or parsed[1] not in allowed:
        raise invalid("query", name, "Unknown field.")
    field, operators = parsed[1], allowed[parsed[1]]
    operator = parsed[2] or ("plain" if operators is PLAIN else "eq")
    if operator not in operators:
        raise invalid("query", name, f"Unknown operator for {field}.")
    values = _listed(name, value) if operator.removesuffix("-insensitive") in {"in", "nin"} else (value,)
    if field in DATES and not all(MOMENT.fullmatch(each) for each in values):
        raise invalid("query", name, "Not a valid datetime.")
    if field == "trackstar_tags":
        return field, _tagged(operator, value)
    return field, _test(operator, values)


def _reading(field: str) -> Reading:
    if field == "channel":
        return lambda record: (record.get("channel_object") or {}).get("channel_id") or record.get("channel")
    if field == "trackstar_tags":
        return lambda record: tuple(_tag_words(record))
    if field == "active":
        return lambda record: str(record.get("active")).lower()
    return lambda record: record.get(field)


def _tag_words(record: Record) -> list[str]:
    words: list[str] = []
    for tag in record.get("trackstar_tags") or []:
        words += [tag] if isinstance(tag, str) else [f"{name}:{value}" for name, value in tag.items()]
    return words


def _tagged(operator: str, wanted: str) -> Callable[[object], bool]:
    def holds(tags: object) -> bool:
        return isinstance(tags, tuple) and wanted in tags

    return holds if operator == "contains" else lambda tags: not holds(tags)


COMPARISONS: Mapping[str, Callable[[str, tuple[str, ...]], bool]] = MappingProxyType(
    {
        "plain": lambda value, wanted: value == wanted[0],
        "eq": lambda value, wanted: value == wanted[0],
        "in": lambda value, wanted: value in wanted,
        "gt": lambda value, wanted: value > wanted[0],
        "gte": lambda value, wanted: value >= wanted[0],
        "lt": lambda value, wanted: value < wanted[0],
        "lte": lambda value, wanted: value <= wanted[0],
        "contains": lambda value, wanted: wanted[0] in value,
    }
)
OPPOSITES = MappingProxyType({"neq": "eq", "nin": "in", "not_contains": "contains"})


def _test(operator: str, values: tuple[str, ...]) -> Callable[[object], bool]:
    """Null and absent satisfy only the negative operators."""
    if operator in OPPOSITES:
        positive = _test(OPPOSITES[operator], values)
        return lambda value: not positive(value)
    if operator.endswith("-insensitive"):
        folded = _test(operator.removesuffix("-insensitive"), tuple(value.casefold() for value in values))
        return lambda value: isinstance(value, str) and folded(value.casefold())
    compare = COMPARISONS[operator]
    return lambda value: isinstance(value, str) and compare(value, values)
