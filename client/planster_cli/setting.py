"""`planster settings`, `pause` and `resume`: when an integration is synced, and what of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import click
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from planster_cli import names
from planster_cli.asking import DataTypeName, Desk, desk
from planster_cli.words import listed, until
from planster_client.answers import Settings

Hour = click.IntRange(0, 23)


class Day(click.ParamType[str]):
    """A day as the API has it, or the word for all of them."""

    name = "day"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value != "all":
            try:
                return date.fromisoformat(value).isoformat()
            except ValueError:
                self.fail(f"{value} is no day such as 2025-01-31, nor all", param, ctx)
        return value


@click.command()
@names.integration()
@click.option("--name", help="What it is called.")
@click.option("--zone", help="IANA time zone, as Europe/Berlin.")
@click.option("--hour", "hours", type=Hour, multiple=True, help="Local hour at which it is synced; repeat it for more.")
@click.option("--on", type=DataTypeName, multiple=True, metavar="DATA_TYPE", help="Sync this data type.")
@click.option("--off", type=DataTypeName, multiple=True, metavar="DATA_TYPE", help="Sync it no more.")
@click.option("--snapshot-days", type=click.IntRange(1, 31), help="How often everything is read.")
@click.option(
    "--history-from",
    type=Day(),
    metavar="DAY",
    help="First day of creation that is wanted of orders, returns and bills, as 2025-01-31, or all. Only moves back.",
)
@desk
def settings(
    at: Desk,
    integration: str,
    hours: Sequence[int],
    on: Sequence[str],
    off: Sequence[str],
    **named: Any,
) -> None:
    """The settings of INTEGRATION; with options, what they change. What is not named stays."""
    change = {name: each for name, each in named.items() if each is not None}
    if hours:
        change["hours"] = sorted(set(hours))
    if on or off:
        change["data_types"] = {**dict.fromkeys(on, True), **dict.fromkeys(off, False)}
    place = at.integration(integration)
    _show(at, place.change_settings(change) if change else place.settings())


@click.command()
@names.integration()
@desk
def pause(at: Desk, integration: str) -> None:
    """Sync nothing of INTEGRATION until it is resumed; what is at work stops within minutes."""
    _show(at, at.integration(integration).pause())


@click.command()
@names.integration()
@desk
def resume(at: Desk, integration: str) -> None:
    """Go on after a pause; a night that was missed is caught up at once."""
    _show(at, at.integration(integration).resume())


def _show(at: Desk, found: Settings) -> None:
    at.answer(found, *_pictures(found, at.around.now()))


def _history(found: Settings) -> str:
    if not found.history_of:
        return "all of it; this system cannot bound it"
    return f"from {found.history_from} on ({listed(found.history_of)})" if found.history_from else "all of it"


def _pictures(found: Settings, now: datetime) -> Iterator[RenderableType]:
    guard = found.deletion_guard
    made = Table.grid(padding=(0, 2))
    made.add_column(style="dim", no_wrap=True)
    made.add_column()
    rows = {
        "name": found.name,
        "connector": found.connector,
        "status": found.status.replace("_", " "),
        "synced at": f"{', '.join(f'{hour:02}:00' for hour in found.hours)} in {found.zone}",
        "next sync": until(found.next_due_at, now),
        "on": listed([name for name, is_on in found.data_types.items() if is_on]),
        "off": listed([name for name, is_on in found.data_types.items() if not is_on]) or "-",
        "everything is read": f"every {found.snapshot_days} days",
        "history": _history(found),
        "held for a person": f"deletions of more than {guard['share']:.0%}, "
        f"or more than {guard['count']:g} and {guard['count_share']:.0%}",
    }
    for name, words in rows.items():
        made.add_row(name, Text(words))
    yield made
