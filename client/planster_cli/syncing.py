"""`planster sync`: what it will take, starting it, and following it to its end."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.text import Text

from planster_cli import names
from planster_cli.asking import DataTypeName, Desk, desk
from planster_cli.exits import Exit
from planster_cli.failures import Misused
from planster_cli.following import follow
from planster_client import OneIntegration
from planster_client.answers import SyncAccepted

MODES = ("auto", "snapshot", "refresh")


@click.command()
@names.integration()
@click.argument("data_types", type=DataTypeName, nargs=-1, metavar="[DATA_TYPE]...")
@click.option(
    "--mode",
    type=click.Choice(MODES),
    default="auto",
    help="auto: what changed; snapshot: everything; refresh: everything, written anew.",
)
@click.option("--follow", "is_followed", is_flag=True, help="Show how far it is, until it has ended.")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask before everything is read.")
@click.option("--key", metavar="TEXT", help="Idempotency key: the same one within a day starts nothing anew.")
@desk
def sync(
    at: Desk,
    integration: str,
    data_types: Sequence[str],
    mode: str,
    is_followed: bool,
    is_agreed: bool,
    key: str | None,
) -> int:
    """Sync INTEGRATION now: all of it, or these data types.

    With --follow it ends with 0 where the sync succeeded and 1 where it failed or was cancelled. Ctrl-C stops the
    looking, not the sync.
    """
    place = at.integration(integration)
    if mode != "auto" and not is_agreed:
        _agree(at, place, mode, data_types)
    accepted = place.sync(data_types, mode, key)
    if not is_followed:
        at.answer(accepted, _told(accepted, integration))
        return Exit.DONE
    if at.is_for_people:
        at.screen.note(accepted.message)
    return follow(at, place, accepted.run)


def _agree(at: Desk, place: OneIntegration, mode: str, data_types: Sequence[str]) -> None:
    """Says what it will take at the vendor, and asks.

    Raises:
        Misused: nobody is there who could be asked.
        Abort: the answer is no.
    """
    sentence = place.expected(mode, data_types).sentence
    at.screen.err.print(sentence, markup=False)
    if not at.around.input.isatty():
        raise Misused("Everything would be read, and nobody is there to agree.", "Repeat it with --yes.")
    at.screen.err.print("Go on? [y/N] ", end="", markup=False)
    if at.around.input.readline().strip().lower() not in ("y", "yes"):
        raise click.Abort


def _told(accepted: SyncAccepted, integration: str) -> Text:
    return Text.assemble(
        f"{accepted.message}\n", ("Follow it: ", "dim"), f"planster runs {integration} {accepted.run} --follow"
    )
