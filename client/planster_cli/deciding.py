"""`planster held`: deletions that look implausible wait for a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import click
from rich.text import Text

from planster_cli import names
from planster_cli.asking import DataTypeName, Desk, desk
from planster_cli.exits import Exit
from planster_cli.failures import Misused
from planster_cli.tables import table
from planster_cli.words import ago, listed, number, plain
from planster_client import OneIntegration
from planster_client.answers import Decided, HeldDeletion


@click.group()
def held() -> None:
    """Deletions that were not applied because they are implausibly large: list, approve, reject."""


@held.command("list")
@names.integration()
@desk
def show(at: Desk, integration: str) -> None:
    """What would be deleted, with examples. None of it was."""
    found = at.integration(integration).held()
    made = table("data type", "missing", "of", "since", "run", "examples", numbers=("missing", "of"), wide="examples")
    for each in found.held:
        made.add_row(*_cells(each, at.around.now()))
    at.answer(found, made if found.held else Text("No deletion is held."))


def _cells(each: HeldDeletion, now: datetime) -> tuple[str | Text, ...]:
    share = f"{number(each.live)} ({each.share:.0%})"
    approved = "approved; the next sync deletes them. " if each.approved_at else ""
    words = Text(approved + ", ".join(each.examples), style="dim")
    return plain(each.data_type), number(each.count), share, ago(each.at, now), each.run, words


@held.command()
@names.integration()
@click.argument("data_type", type=DataTypeName, metavar="DATA_TYPE")
@click.option("--run", metavar="ID", help="The run that `held list` showed.")
@desk
def approve(at: Desk, integration: str, data_type: str, run: str | None) -> int:
    """Let the next sync delete what is still missing then.

    Without --run it shows what is held and asks.
    """
    place = at.integration(integration)
    return _decide(at, place, data_type, run, place.approve)


@held.command()
@names.integration()
@click.argument("data_type", type=DataTypeName, metavar="DATA_TYPE")
@click.option("--run", metavar="ID", help="The run that `held list` showed.")
@desk
def reject(at: Desk, integration: str, data_type: str, run: str | None) -> int:
    """Keep the records until the source shows them again."""
    place = at.integration(integration)
    return _decide(at, place, data_type, run, place.reject)


def _decide(
    at: Desk, place: OneIntegration, data_type: str, run: str | None, decide: Callable[[str, str], Decided]
) -> int:
    decided = decide(data_type, run or _looked_at(at, place, data_type))
    at.answer(decided, Text(f"{listed(decided.data_types)}: {decided.message}"))
    return Exit.DONE


def _looked_at(at: Desk, place: OneIntegration, data_type: str) -> str:
    """The run of what a person has just agreed to.

    Raises:
        Misused: nothing of that data type is held, or nobody is there who could be asked.
        Abort: the answer is no.
    """
    there = next((each for each in place.held().held if each.data_type == data_type), None)
    if there is None:
        raise Misused(f"No deletion of {plain(data_type)} is held.", f"Look: planster held list {place.id}")
    if not at.around.input.isatty():
        raise Misused("Nobody is there to look at it.", f"Repeat it with --run {there.run}, once it was looked at.")
    at.screen.err.print(there.sentence, markup=False)
    at.screen.err.print(f"Such as: {', '.join(there.examples)}", markup=False)
    at.screen.err.print(f"Decided together: {listed(there.decided_with)}. Go on? [y/N] ", end="", markup=False)
    if at.around.input.readline().strip().lower() not in ("y", "yes"):
        raise click.Abort
    return there.run
