"""How status looks: the worst first, what to do beneath, what is not offered out of the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from planster_cli.advice import About, what_to_do
from planster_cli.tables import Fitting
from planster_cli.words import FRESHNESS, HEALTH, MOVE, STATUS, ago, listed, look, marked, number, plain, some, until
from planster_client.answers import DataType, Integration, StatusPage

_SEVERITY = list(HEALTH)
_OUT_OF_IT = ("unsupported", "disabled")
_AT_WORK = ("syncing", "waiting")
_OPTIONAL = ("set aside", "held", "now")


def page(seen: StatusPage, now: datetime) -> Iterator[RenderableType]:
    """An organisation: a line for each integration, a mark for each data type, then what to do."""
    yield _headline(seen.health, seen.sentence)
    if not seen.integrations:
        return
    worst_first = sorted(seen.integrations, key=lambda each: -_severity(each.health))
    rows = [_row(each, now) for each in worst_first]
    yield Text()
    yield Fitting(rows, expendable=("system", "next sync", "last success"))
    yield Text()
    yield _legend(worst_first)
    yield from _actions([each for each in worst_first if each.action])


def integration(seen: Integration, now: datetime) -> Iterator[RenderableType]:
    """One integration: its data types, what is wrong with them, and what to do."""
    yield _headline(seen.health, f"{seen.name}: {seen.sentence}")
    yield Text(_facts(seen, now), style="dim")
    counted = [each for each in seen.data_types if each.freshness not in _OUT_OF_IT]
    yield Text()
    yield _by_type(counted, now)
    yield from _histories(counted)
    yield from _left_out(seen.data_types)
    yield from what_to_do(_troubles(counted), now)


def _by_type(counted: Sequence[DataType], now: datetime) -> Fitting:
    """A line for each data type; columns that say nothing about any of them are left out."""
    rows = [_type_row(each, now) for each in counted]
    silent = [name for name in _OPTIONAL if all(str(row[name]) in ("", "-") for row in rows)]
    told = [{name: cell for name, cell in row.items() if name not in silent} for row in rows]
    wide = None if "now" in silent else "now"
    return Fitting(told, numbers=("records", "set aside", "held"), wide=wide, expendable=("last success",))


def _type_row(each: DataType, now: datetime) -> dict[str, str | Text]:
    return {
        "data type": plain(each.data_type),
        "state": _state(each),
        "last success": ago(each.last_success_at, now),
        "records": number(each.live),
        "set aside": some(each.quarantined),
        "held": some(each.held.count if each.held else 0),
        "now": _news(each),
    }


def _news(each: DataType) -> Text:
    """What is going on; at rest there is nothing to say."""
    if each.waiting:
        return Text(each.waiting.sentence, style="yellow")
    return Text(each.sentence if each.state in _AT_WORK else "", style="dim")


def _row(each: Integration, now: datetime) -> dict[str, str | Text]:
    words = marked(HEALTH, each.health) if each.status == "active" else marked(STATUS, each.status)
    return {
        "integration": Text(each.name),
        "id": Text(each.id, style="bold"),
        "system": Text(each.connector, style="dim"),
        "state": words,
        "data types": _strip(each.data_types),
        "last success": ago(each.last_success_at, now),
        "next sync": until(each.next_due_at, now),
    }


def _headline(health: str, sentence: str) -> Text:
    found = look(HEALTH, health)
    return Text.assemble((f"{found.mark} ", found.style), (sentence, "bold"))


def _facts(seen: Integration, now: datetime) -> str:
    hours = ", ".join(f"{hour:02}:00" for hour in seen.hours)
    at_work = f" · at work: {', '.join(seen.active_runs)}" if seen.active_runs else ""
    due = f"next sync {until(seen.next_due_at, now)}" if seen.next_due_at else "no sync is due"
    return f"  {seen.id} on {seen.connector} · each night at {hours} in {seen.zone} · {due}{at_work}"


def _strip(data_types: Sequence[DataType]) -> Text:
    looks = [look(FRESHNESS, each.freshness) for each in data_types]
    return Text.assemble(*((each.mark, each.style) for each in looks))


def _legend(shown: Sequence[Integration]) -> Text:
    """Only the marks that are there."""
    words = {each.freshness for child in shown for each in child.data_types}
    looks = {look(FRESHNESS, word) for word in FRESHNESS if word in words}
    parts = [
        part
        for each in sorted(looks, key=[*FRESHNESS.values()].index)
        for part in ((each.mark, each.style), (f" {each.words}  ", "dim"))
    ]
    return Text.assemble(*parts)


def _state(each: DataType) -> Text:
    if each.held or each.problem or each.warnings:
        found = look(HEALTH, each.health)
        return Text(f"{found.mark} {plain(each.state)}", style=found.style)
    return marked(FRESHNESS, each.freshness)


def _actions(troubled: Sequence[Integration]) -> Iterator[RenderableType]:
    if not troubled:
        return
    yield Text("\nWhat to do", style="bold")
    made = Table.grid(padding=(0, 2))
    made.add_column(no_wrap=True)
    made.add_column()
    for each in troubled:
        action = each.action
        assert action is not None  # noqa: S101  for the type checker: they were chosen by it
        about = f" ({listed(action.data_types)})" if action.data_types else ""
        mover = MOVE.get(action.whose_move, plain(action.whose_move))
        made.add_row(
            Text(f"  {each.name}", style="bold"),
            Text.assemble(f"{action.what}{about}\n", ("→ ", "dim"), (f"{mover}: ", "bold"), action.remedy),
        )
    yield made


def _histories(data_types: Sequence[DataType]) -> Iterator[RenderableType]:
    """How far back history is, where it is bounded: a line for all that share a bound."""
    for words in dict.fromkeys(each.history for each in data_types if each.history):
        yield Text(f"{listed([each.data_type for each in data_types if each.history == words])}: {words}", style="dim")


def _left_out(data_types: Sequence[DataType]) -> Iterator[RenderableType]:
    told = {"Not offered by the connected system": "unsupported", "Switched off": "disabled"}
    for words, freshness in told.items():
        names = [each.data_type for each in data_types if each.freshness == freshness]
        if names:
            yield Text(f"{words}: {listed(names)}.", style="dim")


def _troubles(data_types: Sequence[DataType]) -> Iterator[About]:
    for each in data_types:
        for trouble in (*([each.problem] if each.problem else []), *each.warnings):
            yield [each.data_type], trouble


def _severity(health: str) -> int:
    return _SEVERITY.index(health) if health in _SEVERITY else len(_SEVERITY)
