"""Query parameters. A name that this vendor does not know is passed over in silence, and the list comes whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from simulators.business.spec import Record
from simulators.cin7_core.answers import problem
from simulators.serving.asking import parameters
from simulators.serving.exchange import Request

MOST = 1000
_DEFAULT = 100

Test = Callable[[Record, str], bool]


def asked(request: Request) -> dict[str, str]:
    """The parameters by lower-case name; names are taken in any case."""
    return {name.lower(): value for name, value in parameters(request).items()}


def paging(given: Mapping[str, str], most: int = MOST) -> tuple[int, int]:
    """Page and limit; a limit above the most is cut without a word."""
    try:
        page, limit = int(given.get("page", "1")), int(given.get("limit", str(_DEFAULT)))
    except ValueError:
        raise problem(400, "Page and Limit must be numbers") from None
    if page < 1 or limit < 1:
        raise problem(400, "Page and Limit must be positive")
    return page, min(limit, most)


def chosen(rows: Iterable[Record], given: Mapping[str, str], tests: Mapping[str, Test]) -> Sequence[Record]:
    """The rows that pass every filter that is known here."""
    wanted = [(tests[name], value) for name, value in given.items() if name in tests and value]
    return [row for row in rows if all(test(row, value) for test, value in wanted)]


def equals(field: str) -> Test:
    return lambda row, value: str(row.get(field) or "").lower() == value.lower()


def begins(field: str) -> Test:
    return lambda row, value: str(row.get(field) or "").lower().startswith(value.lower())


def after(field: str) -> Test:
    """Changed after the moment, not at it."""
    return lambda row, value: moment(row[field]) > moment(value)


def before(field: str) -> Test:
    return lambda row, value: moment(row[field]) < moment(value)


def moment(text: str) -> datetime:
    """A moment in UTC, with or without a Z."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise problem(400, "The date must follow the ISO 8601 format") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def is_true(given: Mapping[str, str], name: str) -> bool:
    return given.get(name, "").lower() in {"true", "1"}
